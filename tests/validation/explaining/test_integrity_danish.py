"""The texts of level 3 in Danish, with what follows them: which unit, which encoding, what was sent instead."""

from __future__ import annotations

import base64

import pytest

from mockregister.errors import UnreadableDocument
from mockregister.finding import Finding, Level
from mockregister.packing import BEGINNINGS
from mockregister.safexml import parse
from mockregister.validation.explaining.integrity_danish import in_danish
from mockregister.validation.level3_integrity import TEXTS, malformed

DETAILS = {
    "it is '6071'": "den er '6071'",
    "it is '6071', a number alone": "den er '6071', som kun er et tal",
    "its id (XON.10) is 'x', which is not a number": "dens id (XON.10) er 'x', som ikke er et tal",
    "no data producer is registered for the unit '1'": "ingen dataproducent er registreret for enheden '1'",
    "the Classification of its author has no Slot": "Classification for dens forfatter har ingen Slot",
}


def finding(code: str, text: str) -> Finding:
    return Finding(Level.INTEGRITY_CHECK, text, code=code)


@pytest.mark.parametrize(("english", "danish"), DETAILS.items())
def test_what_the_author_institution_is_instead_is_told_in_danish(english: str, danish: str) -> None:
    code = "AUTHOR_INSTITUTION_NOT_FOUND"
    assert in_danish(finding(code, f"{TEXTS[code]}, but {english}")).endswith(f", men {danish}")


def test_who_does_not_report_is_told_in_danish() -> None:
    code = "CUSTODIAN_NOT_FOUND"
    told = in_danish(finding(code, f"{TEXTS[code]}: the unit '1' does not report for the custodian '2'"))
    assert told.endswith(" er ikke registreret som hørende sammen: enheden '1' indberetter ikke for custodian '2'")


def test_a_misplaced_document_is_not_told_as_a_missing_one() -> None:
    text = "The submission has a misplaced document: Doc in no namespace; send each as Document directly within Request"
    assert in_danish(finding("CLINICAL_DOCUMENT_NOT_FOUND", text)) == (
        "Indsendelsen har et dokument på et forkert sted: Doc uden navnerum; send hvert dokument som Document direkte i Request"
    )


def why_unreadable(content: bytes) -> Finding:
    """Return the finding about a document that is not readable XML."""
    with pytest.raises(UnreadableDocument) as raised:
        parse(content)
    return malformed(raised.value, content)


@pytest.mark.parametrize(
    ("content", "danish"),
    [
        (b"<a>", "XML'en er ikke velformet: "),
        (b'<?xml version="1.2"?><a/>', "Dokumentet er i XML 1.2; skriv det i XML 1.0."),
        (b"<!DOCTYPE a []><a/>", "En dokumenttypeerklæring er ikke tilladt; send dokumentet uden DOCTYPE."),
        (b" ", "det er tomt; send selve XML'en"),
        (base64.b64encode(b"<a/>"), "det begynder med 'PGEvPg==' og er XML i base64; send selve XML'en"),
    ],
)
def test_what_is_not_readable_is_told_in_danish(content: bytes, danish: str) -> None:
    assert in_danish(why_unreadable(content)).startswith(f"Dokumentet kan ikke læses: {danish}")


@pytest.mark.parametrize(("beginning", "name"), BEGINNINGS.items())
def test_other_formats_have_a_danish_name(beginning: bytes, name: str) -> None:
    told = in_danish(why_unreadable(beginning + b" and more"))
    assert name == "JSON" or name not in told
    assert told.endswith("; send selve XML'en, som den er")
