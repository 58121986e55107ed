"""``POST /api/v1/mendings`` returns the mended document, the difference and the remaining findings."""

from __future__ import annotations

from mockregister.cli.demo import example
from tests.web.api.conftest import Api

LOWER_CASE = example().replace(b'code="DI109"', b'code="di109"')
XML = "application/xml"


def test_a_document_is_returned_mended(api: Api) -> None:
    told = api.ask("mendings", "POST", data=LOWER_CASE, content_type=XML).json
    assert told["document"] == example().decode()
    assert told["mends"] == [{"what": "@code of main condition 1 › code becomes 'DI109'; it was 'di109'.", "line": 247}]
    assert (told["left"], "+++ after" in told["diff"]) == ([], True)
    assert api.get("document-sets")["items"] == []


def test_remaining_findings_are_explained(api: Api) -> None:
    told = api.ask("mendings?explain=da", "POST", data=b"<ClinicalDocument>", content_type=XML).json
    assert (told["mends"], told["diff"], told["document"]) == ([], "", "<ClinicalDocument>")
    assert told["left"][0]["explanation"]["advice"] == "Send velformet XML."


def test_an_unknown_parameter_is_refused(api: Api) -> None:
    assert api.problem("mendings?language=da", "POST", data=LOWER_CASE, content_type=XML)["field"] == "language"
