"""Pages show findings at their lines, compare versions, list uses of codes, and summarise a patient."""

from __future__ import annotations

from mockregister.model import EntryKind
from tests.builders import CPR_NUMBER, SET_ID, a_parent, an_encounter, an_episode, as_xml, external
from tests.web.pages.conftest import Reader, document_with_a_violation


def test_the_list_of_findings_has_the_line_of_the_mark(filled: Reader) -> None:
    page = filled.page(filled.page("/submissions").xpath("//tbody//a/@href")[0])
    line = page.xpath("//nav[@class='jump']//small/text()")[0]
    assert line == f"line {page.xpath('//div[contains(@class, chr)]'.replace('chr', repr('marked')))[0].xpath('span/text()')[0]}"


def test_marks_link_to_each_other(reader: Reader) -> None:
    page = reader.drop(document_with_a_violation().replace(b'moodCode="EVN"', b'moodCode="INT"', 3), service="validate")
    steps = page.xpath("//a[@data-mark]/@href")
    assert steps
    assert all(page.xpath(f"//*[@id='{address[1:]}']") for address in steps)


def test_versions_of_a_set_are_compared(reader: Reader) -> None:
    reader.drop(as_xml(episodes=[an_episode()]))
    reader.drop(
        as_xml(version=2, parent=a_parent(), encounters=[an_encounter(episode=external(EntryKind.EPISODE_OF_CARE, "episode"))])
    )
    address = f"/sets/{SET_ID.lower()}"
    assert address in reader.page(f"/patients/{CPR_NUMBER}").xpath("//table//a/@href")
    page = reader.page(address)
    assert any("<encounter" in line.text_content() for line in page.xpath("//ins"))
    assert len(page.xpath("//table/tbody/tr")) == 2
    assert "Both versions have the same content." in reader.text(f"{address}?from=2&to=2")
    assert reader.page(f"{address}?from=99&to=-1").xpath("//del")
    assert reader.ask("GET", "/sets/nope").status_code == 404


def test_the_page_of_a_patient_begins_with_a_summary(filled: Reader) -> None:
    page = filled.page(f"/patients/{CPR_NUMBER}")
    summary = page.xpath("//section[@aria-labelledby='summary-title']")[0]
    assert "Region Nordjylland" in summary.text_content()
    assert [link.text for link in summary.xpath(".//a[contains(@class, 'badge')]")] == ["05.104"]
    for address in (*summary.xpath(".//a/@href"), *page.xpath("//svg//a/@href")):
        assert page.xpath(f"//*[@id='{address[1:]}']"), address


def test_the_page_of_a_code_shows_its_uses_and_the_rules_that_name_it(filled: Reader) -> None:
    page = filled.page("/codes/sks/DI109")
    assert page.xpath(f"//section[@aria-labelledby='used-title']//a[contains(@href, '/patients/{CPR_NUMBER}')]")
    assert page.xpath("//section[@aria-labelledby='naming-title']//a/text()")
    assert "No stored element uses it." in filled.text("/codes/sks/DC509")


def test_a_member_of_a_list_by_its_form_only_is_marked_as_a_guess(reader: Reader) -> None:
    page = reader.page("/codes/sks/AAF")
    guesses = page.xpath("//h3[starts-with(text(), 'Assumed')]/following-sibling::ul[1]//a/text()")
    assert "res.loklymf ?" in guesses
    assert "res.loklymf" not in page.xpath("//h3[text()='Member of']/following-sibling::ul[1]//a/text()")
    answer = reader.ask("GET", "/api/v1/codes/AAF").json["rows"][0]
    assert "res.loklymf" in answer["guessed_lists"]
    assert "res.loklymf" not in answer["lists"]
    assert reader.page("/codes/lists/res.loklymf?q=AAF").xpath("//span[@class='badge']/text()")[0] == "a guess"
