"""The overview has charts with tables. Every bar links to its list."""

from __future__ import annotations

import pytest
from lxml import html

from mockregister.web.pages import denmark
from mockregister.web.pages.charts import ChartSeries, ChartValue, Columns, scale
from tests.builders import CPR_NUMBER
from tests.web.pages.conftest import Reader, document_with_a_violation

NORTH, SOUTH = "29190941", "29190909"


def links_in(page: html.HtmlElement, title: str) -> list[str]:
    """Return the links of the bars and of the table of a chart."""
    return [str(href) for href in page.xpath(f"//section[@aria-labelledby='{title}-title']//a/@href")]


def test_every_chart_has_a_table_with_the_same_links(filled: Reader) -> None:
    page = filled.page("/")
    for section in page.xpath("//section[.//svg[@class='chart' or @class='map']]"):
        drawn = set(section.xpath(".//svg//a/@href"))
        assert drawn <= set(section.xpath(".//table//a/@href"))
        assert not section.xpath(".//svg//a[not(@aria-label) or @tabindex != '-1']")


@pytest.mark.parametrize("title", ["contacts", "rules", "authorities", "ages", "documents", "chapters"])
def test_a_bar_links_to_its_list(filled: Reader, title: str) -> None:
    addresses = links_in(filled.page("/"), title)
    assert addresses
    for address in addresses:
        assert filled.page(address).xpath("//tbody/tr//a"), address


def test_a_region_has_its_own_overview(filled: Reader) -> None:
    assert f"/?authority={NORTH}" in links_in(filled.page("/"), "map")
    north, south = filled.page(f"/?authority={NORTH}"), filled.page(f"/?authority={SOUTH}")
    assert north.xpath("//h1")[0].text_content() == "Region Nordjylland"
    assert links_in(north, "rules")
    assert not links_in(south, "rules")
    assert not links_in(south, "contacts")


def test_the_most_frequent_reasons_for_refusals_link_to_the_refused_submissions(reader: Reader) -> None:
    reader.drop(document_with_a_violation(), service="validate")
    page = reader.page(f"/?authority={NORTH}")
    address = links_in(page, "refusals")[0]
    assert "05.104" in address
    assert len(reader.page(address).xpath("//tbody/tr")) == 1
    assert "Level 4, business rule" in page.xpath("//section[@aria-labelledby='times-title']")[0].text_content()


def test_every_chart_of_an_empty_register_says_so(reader: Reader) -> None:
    page = reader.page("/")
    assert not page.xpath("//svg[@class='chart']//rect")
    assert page.text_content().count("Nothing to show yet.") == 8


def test_the_figures_and_the_latest_submissions_are_those_of_the_authority(filled: Reader) -> None:
    filled.http.set_cookie("language", "da")
    figures = {
        cvr: [
            " ".join(box.text_content().split()) for box in filled.page(f"/?authority={cvr}").xpath("//*[@id='live-figures']/div")
        ]
        for cvr in (NORTH, SOUTH)
    }
    names = ("Dokumentsæt", "Kontakter", "Dokumenter", "Forløbselementer med fejl", "Forløbselementer med kun advarsler")
    assert figures[NORTH] == [f"{name}{number}" for name, number in zip(names, (1, 1, 1, 1, 0), strict=True)]
    assert figures[SOUTH] == [f"{name}0" for name in names]
    assert filled.page(f"/live?authority={NORTH}").xpath("//tbody/tr")
    assert not filled.page(f"/live?authority={SOUTH}").xpath("//tbody/tr")


def test_an_unknown_authority_gives_an_empty_overview(filled: Reader) -> None:
    assert "<b>evil" in filled.page("/?authority=%3Cb%3Eevil").xpath("//h1")[0].text_content()


def test_an_authority_without_a_name_is_shown_by_its_number(reader: Reader) -> None:
    reader.drop(document_with_a_violation().replace(NORTH.encode(), b"12345674"), service="save")
    assert "12345674" in reader.page("/").xpath("//section[@aria-labelledby='authorities-title']")[0].text_content()


@pytest.mark.parametrize(
    ("highest", "end", "step"), [(0, 1, 1), (3, 3, 1), (7, 8, 2), (60, 60, 20), (61, 80, 20), (999, 1000, 500)]
)
def test_a_scale_has_round_numbers_and_space_at_the_top(highest: int, end: int, step: int) -> None:
    assert scale(highest) == (end, step)


def test_pieces_of_a_bar_are_stacked() -> None:
    lower, upper = (ChartSeries(name, name, [ChartValue(number), ChartValue(0)]) for name, number in (("x", 1), ("y", 3)))
    below, above = Columns("ab", "ab", [lower, upper]).pieces
    assert below.y == pytest.approx(above.y + above.height, abs=0.2)
    assert below.x + below.width < 100


def test_the_map_fits_its_frame() -> None:
    shapes = list(denmark.shapes())
    assert [shape.name for shape in shapes] == ["Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland", "Nordjylland"]
    points = [point.split() for shape in shapes for point in shape.path.replace("Z", "").replace("M", "L").split("L") if point]
    assert all(0 <= float(x) <= denmark.WIDTH and 0 <= float(y) <= denmark.HEIGHT for x, y in points)


def test_lists_of_months_and_authorities_have_the_right_rows(filled: Reader) -> None:
    assert filled.page(f"/submissions?authority={NORTH}").xpath("//tbody/tr")
    assert not filled.page(f"/submissions?authority={SOUTH}").xpath("//tbody/tr")
    assert not filled.page("/submissions?month=2001-01").xpath("//tbody/tr")
    assert filled.page("/patients?diagnosis=DI&order=latest").xpath("//tbody/tr/td[1]/a/text()") == [CPR_NUMBER]
    assert not filled.page("/patients?from=2019-06-01&to=nonsense").xpath("//tbody/tr")
    assert filled.page("/error-list?age=0&severity=error").xpath("//table[@class='top']/tbody/tr")
    assert not filled.page("/error-list?age=5").xpath("//table[@class='top']/tbody/tr")
