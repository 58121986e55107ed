"""Pages show any content of documents, headers and queries as text."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from mockregister.client import Sending, write_request
from mockregister.model import Author, Identifier, PersonName
from tests.builders import (
    a_condition,
    a_referral,
    an_alternatively_identified_patient,
    an_encounter,
    an_episode,
    an_sks_code,
    as_xml,
)
from tests.web.pages.conftest import Reader

SCRIPT = "<script>alert(1)</script>"
SEARCHES = ("/patients?q=", "/rules?q=", "/codes?q=", "/codes/lists?q=", "/codes/units?q=", "/?done=", "/?page=")
EVIL = f"""'"><img src=x onerror=alert(1)>{SCRIPT}{{{{ 7*7 }}}}"""


def hostile_document(**fields: Any) -> bytes:
    entries = {
        "episodes": [an_episode(label=an_sks_code("ALAL02", EVIL), referral=a_referral(origin=an_sks_code("ALDA30", EVIL)))],
        "encounters": [an_encounter(reason=an_sks_code("ALCC01", EVIL), type=an_sks_code("ALCA00", EVIL))],
        "conditions": [a_condition(code=an_sks_code("DI109", EVIL))],
        "title": EVIL,
    }
    return as_xml(**entries | fields)


def assert_harmless(page: Any) -> None:
    assert not page.xpath("//script[not(@src)] | //img[@src='x'] | //@onerror")
    assert "49}}" not in page.text_content()


def test_a_document_full_of_markup_is_shown_as_text(reader: Reader) -> None:
    page = reader.drop(hostile_document(), name=f"{EVIL}.xml")
    assert_harmless(page)
    assert "alert(1)" in page.text_content()
    for path in ("/", "/live", "/submissions", "/patients", "/patients/2512489996", "/error-list"):
        assert_harmless(reader.page(path))
    reader.send("/control/journal")


def test_patients_with_markup_for_numbers_and_names_are_shown_as_text(reader: Reader) -> None:
    patient = an_alternatively_identified_patient(
        EVIL, name=PersonName(EVIL, (EVIL,)), alternative_ids=(Identifier("1.2.3", EVIL),)
    )
    assert_harmless(reader.drop(hostile_document(patient=patient, author=Author(EVIL), custodian=EVIL), service="validate"))
    assert_harmless(reader.page("/"))


def test_a_xon_name_with_markup_is_shown_as_text(reader: Reader) -> None:
    headers, body = write_request([hostile_document()], Sending(service="save", author="1"))  # SOR has no name for this unit
    evil = b"&lt;script&gt;alert(1)&lt;/script&gt;^^^^^&amp;1.2.208.176.1.1&amp;ISO^^^^99999999999999"
    body = re.sub(rb"mockregister\^{5}&amp;1\.2\.208\.176\.1\.1&amp;ISO\^{4}\d+", evil, body)  # SOR has no name for this unit
    assert evil in body
    reader.http.post(Sending(service="save").path, data=body, headers=headers)
    address = reader.page("/submissions").xpath("//tbody//a/@href")[0]
    for path in (address, "/submissions", "/"):
        assert_harmless(reader.page(path))
    assert "alert(1)" in reader.text("/submissions")


def test_invisible_characters_are_shown_in_the_source(reader: Reader) -> None:
    page = reader.drop(as_xml(episodes=[an_episode()], title="a\u202eb\u200bc"), service="validate")
    source = page.xpath("//div[@class='source']")[0].text_content()
    assert "a⟨U+202E⟩b⟨U+200B⟩c" in source
    assert "\u202e" not in source


def test_bytes_that_xml_cannot_contain_are_shown_too(reader: Reader) -> None:
    page = reader.drop(b"<a>\x00\x1b[31m</a>", service="validate")
    assert "<a>⟨U+0000⟩⟨U+001B⟩[31m</a>" in page.xpath("//div[@data-source]")[0].text_content()


@pytest.mark.parametrize("path", SEARCHES)
def test_a_query_with_markup_is_shown_as_text(reader: Reader, path: str) -> None:
    assert_harmless(reader.page(path + quote(EVIL)))


@pytest.mark.parametrize("path", ["/patients/", "/rules/", "/exchanges/", "/submissions/", "/codes/sks/", "/codes/units/"])
def test_an_address_with_markup_is_not_made_a_link(reader: Reader, path: str) -> None:
    response = reader.ask("GET", path + quote(EVIL, safe=""), headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert SCRIPT not in response.text
