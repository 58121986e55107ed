"""What the pages show, what their forms do, and in which words."""

from __future__ import annotations

import re
from contextlib import closing
from importlib import resources

import pytest

from mockregister.finding import Severity
from mockregister.web.pages.control import DONE
from mockregister.web.pages.explanations import ABOUT
from mockregister.web.pages.submissions import Verdict
from mockregister.web.pages.surroundings import LEVELS, SECTIONS
from mockregister.web.pages.texts import DANISH
from tests.builders import CPR_NUMBER, an_encounter, an_episode, as_xml, uuid
from tests.web.pages.conftest import Reader, clean_document, document_with_a_violation, reader_of

PAGES = (
    *("/", "/submissions", "/patients", f"/patients/{CPR_NUMBER}", "/error-list", "/rules", "/rules/05.104", "/codes"),
    *("/codes?q=DI109", "/codes/lists", "/codes/lists/admin.konttype", "/codes/sks/DI109", "/codes/units", "/control"),
)
ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nb")
LITERAL = re.compile(r"""\bt\((?:'([^']+)'|"([^"]+)")\)""")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_whole_and_guarded(filled: Reader, path: str) -> None:
    response = filled.ask("GET", path)
    assert response.status_code == 200
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    page = filled.page(path)
    assert not page.xpath("//@style | //style | //script[not(@src)] | //@*[starts-with(name(), 'on')]")
    assert len(page.xpath("//h1")) == 1


@pytest.mark.parametrize("path", PAGES)
def test_no_id_stands_twice_on_a_page(filled: Reader, path: str) -> None:
    ids = filled.page(path).xpath("//@id")
    assert len(ids) == len(set(ids))


def test_every_word_of_the_templates_has_its_danish() -> None:
    folder = resources.files("mockregister.web.pages") / "templates"
    said = [found for one in folder.iterdir() for found in LITERAL.findall(one.read_text("utf-8"))]
    words = {single or double for single, double in said}
    words |= {*SECTIONS.values(), *LEVELS.values(), *DONE.values(), *ABOUT.values(), *(one.value for one in Verdict)}
    assert words
    assert words - DANISH.keys() == set()


def test_the_language_is_the_browsers_until_one_is_chosen(reader: Reader) -> None:
    danish = {"Accept-Language": "da-DK,da;q=0.9,en;q=0.5"}
    assert reader.page("/", headers=danish).get("lang") == "da"
    reader.send("/preferences", language="en", back="/patients")
    assert reader.page("/", headers=danish).get("lang") == "en"


def test_the_colours_are_the_systems_until_some_are_chosen(reader: Reader) -> None:
    assert reader.page("/").get("data-theme") == "auto"
    reader.send("/preferences", theme="dark", back="/")
    assert reader.page("/").get("data-theme") == "dark"
    reader.send("/preferences", theme="pink", back="/")
    assert reader.page("/").get("data-theme") == "dark"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_choice_leads_back_to_this_server_only(reader: Reader, address: str) -> None:
    response = reader.ask("POST", "/preferences", data={"theme": "dark", "back": address})
    assert response.headers["Location"] == "/"


def test_a_dropped_document_is_validated_and_not_stored(reader: Reader) -> None:
    page = reader.drop(document_with_a_violation(), service="validate")
    assert "05.104" in page.text_content()
    assert reader.namespace.register.state.is_empty
    assert reader.namespace.journal.count() == 1


def test_a_clean_document_that_was_only_validated_is_called_clean(reader: Reader) -> None:
    assert "Nothing found, not stored" in reader.drop(clean_document(), service="validate").text_content()


@pytest.mark.parametrize("service", ["validate", "save"])
def test_what_came_of_a_drop_is_shown_without_a_journal_too(service: str) -> None:
    with closing(reader_of(journal=0)) as server:
        page = next(server).drop(document_with_a_violation(), service=service)
    assert "05.104" in page.text_content()


def test_a_drop_without_files_says_what_is_missing(reader: Reader) -> None:
    response = reader.send("/documents", service="validate")
    assert response.status_code == 422
    assert "Choose at least one XML file" in response.text


def test_a_finding_is_marked_at_the_line_of_its_element_and_explained(reader: Reader) -> None:
    page = reader.drop(document_with_a_violation())
    row = page.xpath("//div[contains(@class, 'marked')]")[0]
    note = row.getnext().text_content()
    assert "<encounter" in row.text_content()
    assert "05.104" in note
    assert "The rule is violated when" in note


def test_a_document_of_one_line_is_broken_at_its_tags(reader: Reader) -> None:
    flat = as_xml(episodes=[an_episode()], encounters=[an_encounter(end=None)], pretty=False)
    page = reader.drop(flat.replace(b'<encounter classCode="ENC" moodCode="EVN"', b'<encounter classCode="ENC" moodCode="INT"'))
    assert "long lines are broken at tags" in page.text_content()
    assert "<encounter" in page.xpath("//div[contains(@class, 'marked')]")[0].text_content()


def test_what_is_no_xml_is_shown_as_it_came(reader: Reader) -> None:
    page = reader.drop(b"<a>\n<b></a>\xff\xfe")
    assert "MALFORMED_DOCUMENT_FOUND" in page.text_content()
    assert page.xpath("//div[contains(@class, 'row')]")


def test_the_live_part_costs_nothing_while_nothing_happens(filled: Reader) -> None:
    first = filled.ask("GET", "/live")
    again = filled.ask("GET", "/live", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    filled.drop(clean_document(), service="validate")
    assert filled.ask("GET", "/live", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_stored_submission_is_shown_after_the_journal_forgot_it(filled: Reader) -> None:
    filled.send("/control/journal")
    address = filled.page("/submissions").xpath("//tbody//a/@href")[0]
    assert "05.104" in filled.text(address)


def test_a_patient_is_found_by_part_of_the_number_and_shown_with_a_picture(filled: Reader) -> None:
    assert filled.page(f"/patients?q={CPR_NUMBER[2:6]}").xpath(f"//a[contains(@href, '/patients/{CPR_NUMBER}')]")
    assert "No patient has such a number" in filled.text("/patients?q=0000000000")
    page = filled.page(f"/patients/{CPR_NUMBER}")
    picture = page.xpath("//svg")[0]
    assert picture.get("role") == "img"
    assert picture.xpath("./title")
    assert picture.xpath(".//g[contains(@class, 'encounter')]/rect")
    assert "05.104" in page.xpath(f"//li[@id='e-{uuid('encounter').lower()}']")[0].text_content()


def test_the_error_list_tells_by_authority_and_by_rule(filled: Reader) -> None:
    assert uuid("episode").lower() in filled.text("/error-list?authority=29190941&rule=05.104")
    assert uuid("episode").lower() not in filled.text("/error-list?authority=1")
    assert filled.ask("GET", "/error-list/error-list.zip").data.startswith(b"PK")


def test_a_rule_is_switched_by_its_page(filled: Reader) -> None:
    settings = filled.namespace.register.rule_settings
    filled.send("/rules/05.104", enabled="no")
    filled.send("/rules/05.104", severity="Warning")
    assert not settings.enabled("05.104")
    assert settings.severities["05.104"] is Severity.WARNING
    assert filled.page("/rules?state=off").xpath("count(//tbody/tr)") == 1
    filled.send("/rules/05.104", restore="yes")
    assert settings.enabled("05.104")
    assert filled.send("/rules/05.104", severity="Awful").status_code == 422


def test_rules_are_filtered_by_words_family_and_list(reader: Reader) -> None:
    shown = reader.page("/rules?family=stay").xpath("//tbody/tr/td[1]")
    assert {one.text_content().strip()[:2] for one in shown} == {"09"}
    assert 0 < len(reader.page("/rules?q=kontakt ophold").xpath("//tbody/tr")) < 399


def test_revalidation_meets_the_rules_of_now(filled: Reader) -> None:
    filled.send("/rules/05.104", enabled="no")
    filled.send("/error-list/revalidation")
    assert "Nothing stands against" in filled.text("/error-list")
