"""Pages show the content of the register in the reader's language, and have forms."""

from __future__ import annotations

import re
from contextlib import closing
from importlib import resources
from typing import Any

import pytest
from lxml import html

from mockregister.finding import Severity
from mockregister.model import PersonName
from mockregister.synthetic.breaking import PROVOCATIONS
from mockregister.validation.editions import NEWEST
from mockregister.validation.rules import FAMILIES
from mockregister.web.pages import exchanges, integrity_codes
from mockregister.web.pages.codes import KINDS
from mockregister.web.pages.control import DONE, FAULT_FIELDS, FAULT_TITLES
from mockregister.web.pages.explanations import ABOUT
from mockregister.web.pages.patients import ORDER_NAMES
from mockregister.web.pages.submissions import Verdict
from mockregister.web.pages.surroundings import LEVELS, SECTIONS
from mockregister.web.pages.texts import DANISH
from tests.builders import CPR_NUMBER, an_alternatively_identified_patient, an_encounter, an_episode, an_id, as_xml, uuid
from tests.snapshots import snapshot
from tests.web.pages.conftest import Reader, clean_document, document_with_a_violation, reader_of

PAGES = (
    *("/", "/exchanges", "/?authority=29190941"),
    *("/submissions", "/patients", f"/patients/{CPR_NUMBER}", "/error-list", "/rules", "/rules/05.104", "/codes"),
    *("/codes?q=DI109", "/codes/lists", "/codes/lists/admin.konttype", "/codes/sks/DI109", "/codes/units", "/control"),
    *("/control/editions?edition=2018-09-12", "/exams"),
)
ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nb")
LITERAL = re.compile(r"""\bt\((?:'([^']+)'|"([^"]+)")\)""")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_complete_and_has_a_content_security_policy(filled: Reader, path: str) -> None:
    response = filled.ask("GET", path)
    assert response.status_code == 200
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    page = filled.page(path)
    assert not page.xpath("//@style | //style | //script[not(@src)] | //@*[starts-with(name(), 'on')]")
    assert len(page.xpath("//h1")) == 1


@pytest.mark.parametrize("path", PAGES)
def test_ids_are_unique_on_a_page(filled: Reader, path: str) -> None:
    ids = filled.page(path).xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_every_table_has_a_name(filled: Reader, path: str) -> None:
    page = filled.page(path)
    for table in page.xpath("//table"):
        assert page.xpath(f"//*[@id='{table.get('aria-labelledby')}']")[0].text_content().strip()


def test_every_text_of_the_templates_has_a_danish_translation() -> None:
    folder = resources.files("mockregister.web.pages") / "templates"
    said = [found for file in folder.iterdir() for found in LITERAL.findall(file.read_text("utf-8"))]
    words = {single or double for single, double in said}
    words |= {*SECTIONS.values(), *LEVELS.values(), *DONE.values(), *ABOUT.values(), *FAULT_FIELDS.values()}
    words |= {verdict.value for verdict in Verdict}
    words |= {*FAULT_TITLES.values(), *KINDS.values(), *ORDER_NAMES.values(), *exchanges.ORDERS.values(), *exchanges.OUTCOMES}
    words |= {name.replace("_", " ") for name in FAMILIES}
    assert words
    assert words - DANISH.keys() == set()


def test_the_language_is_the_browsers_until_another_is_chosen(reader: Reader) -> None:
    danish = {"Accept-Language": "da-DK,da;q=0.9,en;q=0.5"}
    assert reader.page("/", headers=danish).get("lang") == "da"
    reader.send("/preferences", language="en", back="/patients")
    assert reader.page("/", headers=danish).get("lang") == "en"


def test_the_colours_are_the_systems_until_others_are_chosen(reader: Reader) -> None:
    assert reader.page("/").get("data-theme") == "auto"
    reader.send("/preferences", theme="dark", back="/")
    assert reader.page("/").get("data-theme") == "dark"
    reader.send("/preferences", theme="pink", back="/")
    assert reader.page("/").get("data-theme") == "dark"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_choice_redirects_only_to_this_server(reader: Reader, address: str) -> None:
    response = reader.ask("POST", "/preferences", data={"theme": "dark", "back": address})
    assert response.headers["Location"] == "/"


def test_a_dropped_document_is_validated_and_not_stored(reader: Reader) -> None:
    page = reader.drop(document_with_a_violation(), service="validate")
    assert "05.104" in page.text_content()
    assert snapshot(reader.namespace.register.store).is_empty
    assert reader.namespace.journal.count() == 1


def test_a_clean_document_that_was_only_validated_is_called_clean(reader: Reader) -> None:
    assert "Nothing found, not stored" in reader.drop(clean_document(), service="validate").text_content()


@pytest.mark.parametrize("service", ["validate", "save"])
def test_the_result_of_a_dropped_document_is_shown_without_a_journal(service: str) -> None:
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


def test_a_document_on_one_line_is_shown_with_line_breaks_at_tags(reader: Reader) -> None:
    flat = as_xml(episodes=[an_episode()], encounters=[an_encounter(end=None)], pretty=False)
    page = reader.drop(flat.replace(b'<encounter classCode="ENC" moodCode="EVN"', b'<encounter classCode="ENC" moodCode="INT"'))
    assert "long lines are broken at tags" in page.text_content()
    assert "<encounter" in page.xpath("//div[contains(@class, 'marked')]")[0].text_content()


def test_a_file_that_is_not_xml_is_shown_as_it_came(reader: Reader) -> None:
    page = reader.drop(b"<a>\n<b></a>\xff\xfe")
    assert "MALFORMED_DOCUMENT_FOUND" in page.text_content()
    assert page.xpath("//div[contains(@class, 'row')]")


def test_the_live_part_is_not_sent_again_if_nothing_happened(filled: Reader) -> None:
    first = filled.ask("GET", "/live")
    again = filled.ask("GET", "/live", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    filled.drop(clean_document(), service="validate")
    assert filled.ask("GET", "/live", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_patient_is_linked_only_if_there_is_a_page(reader: Reader) -> None:
    page = reader.drop(document_with_a_violation(), service="validate")
    assert CPR_NUMBER in page.text_content()
    for shown in (page, reader.page("/")):
        assert not shown.xpath("//a[contains(@href, '/patients/')]")
    page = reader.drop(document_with_a_violation())
    assert page.xpath(f"//a[contains(@href, '/patients/{CPR_NUMBER}')]")


def test_numbers_have_the_readers_decimal_mark(filled: Reader) -> None:
    address = filled.page("/").xpath("//*[@id='live-list']//tbody//a/@href")[0]
    taken = {language: levels_of(filled, address, language) for language in ("en", "da")}
    assert "Level 1, schema" in taken["en"]
    assert "Niveau 1, skema" in taken["da"]
    assert re.search(r"\d\.\d", taken["en"])
    assert re.search(r"\d,\d", taken["da"])
    assert not re.search(r"\d\.\d", taken["da"])


def levels_of(reader: Reader, address: str, language: str) -> str:
    reader.send("/preferences", language=language, back="/")
    return str(reader.page(address).xpath("//table[@class='levels']")[0].text_content())


@pytest.mark.parametrize("path", ["/submissions", "/patients", "/error-list", "/codes", "/codes/units"])
def test_an_impossible_page_number_of_a_list_is_accepted(filled: Reader, path: str) -> None:
    for number in ("-1", "99", "9223372036854775807", "9" * 40, "x"):
        assert "The register is empty" not in filled.text(f"{path}?page={number}"), number


def test_a_submission_belongs_to_the_section_overview(filled: Reader) -> None:
    address = filled.page("/submissions").xpath("//tbody//a/@href")[0]
    for path in ("/", "/submissions", address):
        assert filled.page(path).xpath("//nav//a[@aria-current='page']/text()") == ["Overview"]


def test_a_stored_submission_is_shown_after_the_journal_was_cleared(filled: Reader) -> None:
    filled.send("/control/journal")
    address = filled.page("/submissions").xpath("//tbody//a/@href")[0]
    assert "05.104" in filled.text(address)


def test_a_patient_is_found_by_part_of_the_number_and_shown_with_a_timeline(filled: Reader) -> None:
    assert filled.page(f"/patients?q={CPR_NUMBER[2:6]}").xpath(f"//a[contains(@href, '/patients/{CPR_NUMBER}')]")
    assert "No patient has such a number" in filled.text("/patients?q=0000000000")
    page = filled.page(f"/patients/{CPR_NUMBER}")
    picture = page.xpath("//svg")[0]
    assert picture.get("role") == "group"
    assert picture.xpath("./title")
    assert picture.xpath(".//g[contains(@class, 'encounter')]/rect")
    assert "05.104" in page.xpath(f"//li[@id='e-{uuid('encounter').lower()}']")[0].text_content()


def petra(**fields: Any) -> bytes:
    """Return a document about a patient with an alternative id, in its own set."""
    who = an_alternatively_identified_patient("0102030AB1", name=PersonName("Prøvesen", ("Petra",)), **fields)
    return as_xml(
        patient=who, set_id=uuid(f"set {fields}"), episodes=[an_episode(id=an_id(f"episode {fields}", uuid(f"set {fields}")))]
    )


def test_a_patient_is_found_by_words_of_the_name(reader: Reader) -> None:
    reader.drop(petra())
    for text in ("prøvesen", "petra prø", "0102030AB1"):
        assert reader.page(f"/patients?q={text}").xpath("//tbody/tr/td[1]/a/text()") == ["0102030AB1"]
    assert "Petra Prøvesen" in reader.text("/patients")
    assert not reader.page("/patients?q=petra+hansen").xpath("//tbody/tr")
    assert reader.page("/submissions").xpath("//tbody//a[@class='code']/text()") == ["0102030AB1"]


def test_a_patient_who_got_a_cpr_number_is_counted_once(reader: Reader) -> None:
    reader.drop(petra())
    reader.drop(petra(cpr=CPR_NUMBER))
    assert reader.page("/patients").xpath("//tbody/tr/td[1]/a/text()") == [CPR_NUMBER]
    assert "1 found" in reader.text("/patients?q=prøvesen")
    assert patients_in_the_overview(reader) == "1"


def test_a_deleted_patient_is_not_counted(filled: Reader) -> None:
    assert patients_in_the_overview(filled) == "1"
    filled.ask("POST", "/__admin/reset", json={"patient": CPR_NUMBER})
    assert patients_in_the_overview(filled) == "0"


def patients_in_the_overview(reader: Reader) -> str:
    return str(reader.page("/").xpath("//dl[contains(@class, 'figures')]/div[1]/dd/text()")[0])


def test_an_edition_is_chosen_on_the_control_page(reader: Reader) -> None:
    assert "2019-02-01" in reader.text("/control")
    reader.send("/control/edition", edition="2018-09-12")
    assert "sds:lpr:3.0.5" in reader.text("/control")


def test_an_episode_links_to_the_episode_that_it_refers_to(reader: Reader) -> None:
    reader.send("/control/seed", seed="birth")
    patients = reader.page("/patients").xpath("//tbody/tr/td[1]/a/@href")
    links = [link for patient in patients for link in reader.page(patient).xpath("//a[contains(@href, '/patients/with/')]/@href")]
    assert len(links) == 3
    for link in links:
        address, _, place = reader.ask("GET", link).headers["Location"].partition("#")
        assert reader.page(address).xpath(f"//*[@id='{place}']")


def test_a_cancer_notification_is_shown_in_words(reader: Reader) -> None:
    reader.send("/control/seed", seed="cancer")
    said = reader.text(reader.page("/patients").xpath("//tbody/tr/td[1]/a/@href")[0])
    assert "cM0: Ingen fjernmetastaser (AZCD40)" in said
    assert "diagnosen stillet første gang (ZDW10)" in said


def test_every_integrity_code_is_explained_in_danish() -> None:
    assert integrity_codes.DANISH.keys() == PROVOCATIONS.keys()
    assert {name for provocation in PROVOCATIONS.values() for name in provocation.params} <= DANISH.keys()


def test_an_integrity_code_is_explained_in_the_readers_language(reader: Reader) -> None:
    reader.send("/preferences", language="da", back="/")
    reader.drop(clean_document())
    page = reader.drop(clean_document())
    assert page.xpath("//pre[@lang='da']/text()") == [integrity_codes.DANISH["SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"]]


@pytest.mark.parametrize("path", ["/nope", "/patients/nobody", "/codes/sks/nope", "/exchanges/nope", "/r/other/nope"])
def test_the_page_for_an_unknown_address_is_in_the_readers_language(reader: Reader, path: str) -> None:
    response = reader.ask("GET", path, headers={"Accept": "text/html", "Accept-Language": "da"})
    page = html.fromstring(response.data.decode())
    assert response.status_code == 404
    assert page.get("lang") == page.xpath("//*[@role='alert']/@lang")[0] == "da"
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_a_client_that_does_not_ask_for_html_gets_a_problem(reader: Reader) -> None:
    assert reader.ask("GET", "/nope", headers={"Accept": "*/*"}).content_type == "application/problem+json"
    assert reader.ask("GET", "/api/nope", headers={"Accept": "text/html"}).content_type == "application/problem+json"


def test_the_error_list_is_filtered_by_authority_and_rule(filled: Reader) -> None:
    assert uuid("episode").lower() in filled.text("/error-list?authority=29190941&rule=05.104")
    assert uuid("episode").lower() not in filled.text("/error-list?authority=1")
    assert filled.ask("GET", "/error-list/error-list.zip").data.startswith(b"PK")


def test_a_rule_is_changed_on_its_page(filled: Reader) -> None:
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
    assert {cell.text_content().strip()[:2] for cell in shown} == {"09"}
    assert 0 < len(reader.page("/rules?q=kontakt ophold").xpath("//tbody/tr")) < len(NEWEST.rules)


def test_revalidation_uses_the_current_rules(filled: Reader) -> None:
    filled.send("/rules/05.104", enabled="no")
    filled.send("/error-list/revalidation")
    assert "No stored data has findings" in filled.text("/error-list")


def test_a_refused_document_can_be_mended_on_the_page_and_downloaded(reader: Reader) -> None:
    wrong = clean_document().replace(b"2512489996", b"251248-9996")
    assert wrong != clean_document()
    page = reader.drop(wrong)
    (button,) = page.xpath("//a[contains(@href, '/mended/1')]/@href")
    mending = reader.page(button)
    assert [line.text_content() for line in mending.xpath("//ins")]
    (link,) = mending.xpath("//a[contains(@href, '.xml')]/@href")
    assert reader.ask("GET", link).data == clean_document()
    assert reader.ask("GET", button.replace("/mended/1", "/mended/7")).status_code == 404
    assert not reader.drop(clean_document()).xpath("//a[contains(@href, '/mended/')]")


def test_a_rule_is_worded_in_the_readers_language(filled: Reader) -> None:
    said = (
        "kontaktårsagen er angivet, og kontaktens prioritet hører til kodelisten admin.prioritet.plan "
        "på kontaktens starttidspunkt"
    )
    assert "reason is given and priority is in admin.prioritet.plan at start" in filled.text("/rules/05.104")
    filled.http.set_cookie("language", "da")
    assert said in filled.text("/rules/05.104")
    assert "7 dage efter kontaktens sluttidspunkt" in filled.text("/rules/RAA04.2-w")
    assert "05.104" in filled.text("/rules?q=kontaktårsagen+angivet")
    submission = filled.page("/exchanges").xpath("//tbody//a/@href")[0]
    assert said in filled.text(submission)


def test_changes_of_a_rule_in_another_edition_are_worded_in_danish(reader: Reader) -> None:
    reader.http.set_cookie("language", "da")
    told = reader.text("/control/editions?edition=2018-06-13")
    assert "Betingelse" in told
    assert "hører til kodelisten" in told
    assert not re.search(r"\b(is given|is missing|is in|is not in)\b", told)
