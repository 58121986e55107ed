"""A document sent as CDA or as JSON has the same findings and stores the same data. Its outcome can be read later."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from mockregister import safexml
from mockregister.client import SERVICES
from mockregister.document import reader, writer
from mockregister.mocking.journal import Criteria
from mockregister.model import ClinicalDocument, EntryKind
from mockregister.register.rows import DocumentRow, EventRow, Row, SubmissionRow, Table
from mockregister.web.api.model_schemas import schema_of
from tests.builders import (
    SET_ID,
    UNIT,
    a_condition,
    a_document,
    a_link,
    a_marker,
    a_nullification,
    a_procedure,
    an_alternatively_identified_patient,
    an_encounter,
    an_episode,
    an_organizer,
    as_xml,
    at,
    the_next_document,
    uuid,
)
from tests.snapshots import snapshot
from tests.strategies import documents
from tests.web.api.conftest import Api


def as_json(document: ClinicalDocument) -> dict[str, Any]:
    dumped: dict[str, Any] = schema_of(ClinicalDocument)().dump(document)
    return dumped


def a_full_document(**fields: Any) -> ClinicalDocument:
    return a_document(
        episodes=[an_episode(markers=[a_marker()], link=a_link())],
        encounters=[an_encounter()],
        conditions=[a_condition()],
        procedures=[a_procedure()],
        organizers=[an_organizer()],
        **fields,
    )


def post(api: Api, body: Any, service: str = "save", kind: str = "application/json") -> Any:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return api.ask(f"submissions?service={service}", "POST", data=content, content_type=kind)


def rows(api: Api) -> dict[str, dict[str, Row | None]]:
    """Return all stored rows without what differs between any two submissions."""
    state = snapshot(api.namespace.register.store)
    return {table.label: dict(_timeless(table, id, row) for id, row in state.rows(table)) for table in Table}


def _timeless(table: Table, id: str, row: Row) -> tuple[str, Row | None]:
    moment = at("2019-06-01 12:00")
    if isinstance(row, DocumentRow):
        return id, replace(row, submission="", received=moment, content=b"")
    if isinstance(row, SubmissionRow):
        return table.label, replace(row, received=moment, seconds={}, findings=())
    if isinstance(row, EventRow):
        return id, replace(row, at=moment)
    return id, replace(row, checked=moment) if hasattr(row, "checked") else row  # type: ignore[type-var]


def test_a_json_submission_and_the_same_cda_store_the_same_data(api: Api) -> None:
    other = Api(api.http, f"{api.register}-other")
    follows = the_next_document(nullified=[a_nullification(EntryKind.PROCEDURE, "procedure")])
    for document in (a_full_document(), follows):
        as_cda = post(api, writer.write(document), kind="application/xml")
        as_model = post(other, as_json(document))
        assert (as_cda.status_code, as_model.status_code) == (201, 201), as_model.text
        assert told(as_cda.json) == told(as_model.json)
    assert rows(api) == rows(other)


def told(answer: dict[str, Any]) -> list[tuple[str, ...]]:
    return [(finding["level"], finding["code"], finding["location"], finding["text"]) for finding in answer["findings"]]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(documents())
def test_any_document_is_converted_to_json_and_back(document: ClinicalDocument) -> None:
    assert schema_of(ClinicalDocument)().load(json.loads(json.dumps(as_json(document)))) == document


def test_a_document_that_was_read_can_be_posted_to_another_register(api: Api) -> None:
    api.submit(a_full_document(patient=an_alternatively_identified_patient()))
    document = api.get(f"documents/{uuid('document 1')}")
    del document["meta"], document["findings"]
    assert post(Api(api.http, f"{api.register}-other"), document).status_code == 201


def test_a_document_can_be_read_as_it_was_sent(api: Api) -> None:
    content = as_xml(a_full_document())
    api.submit(content)
    for kind in ("application/xml", "text/xml", "text/html, application/xml;q=0.9"):
        response = api.ask(f"documents/{uuid('document 1')}", headers={"Accept": kind})
        assert (response.data, response.content_type) == (content, "application/xml")
    model = api.get(f"documents/{uuid('document 1')}")
    assert model["encounters"] == as_json(a_full_document())["encounters"]
    assert model["meta"]["status"] == "current"


def test_documents_of_two_sets_whose_ids_end_alike_can_both_be_read(api: Api) -> None:
    other = uuid("other set")
    sent = {SET_ID: a_document(), other: a_document(set_id=other)}
    api.put(*sent.values())
    for set_id, document in sent.items():
        path = f"documents/{set_id.upper()}^{uuid('document 1')}"
        assert api.ask(path, headers={"Accept": "application/xml"}).data == as_xml(document)
        assert api.get(path)["set_id"] == set_id


def test_an_answer_has_status_and_findings(api: Api) -> None:
    response = post(api, as_json(a_full_document()))
    answer = response.json
    assert (answer["status"], answer["stored"]) == ("Success", True)
    assert response.headers["Location"] == f"/r/{api.register}/api/v1/submissions/{answer['id']}"
    finding = next(found for found in answer["findings"] if found["stands_at"]["kind"] == "procedure")
    assert (finding["level"], finding["severity"]) == ("BUSINESS_RULE", "Error")
    assert finding["rule_number"] > 0
    assert (finding["rule_id"], finding["rule_set"]) == (finding["code"], "sds:lpr:3.0.6")
    assert finding["document"] == f"{SET_ID}^{uuid('document 1')}"
    cda = api.ask(f"documents/{uuid('document 1')}", headers={"Accept": "application/xml"}).data
    [element] = safexml.parse(cda).xpath(finding["location"])
    assert finding["line"] == element.sourceline > 1


def test_findings_of_every_level_have_their_line(api: Api) -> None:
    document = as_xml(a_full_document()).decode()
    for broken, level in (
        (document.replace('classCode="ENC"', 'classCode="nonsense"'), "XSD"),
        (document.replace('<low value="', '<low value="x'), "XSD"),
        (document.replace("<priorityCode ", '<priorityCode nullFlavor="NI" '), "SCHEMATRON"),
        (document.replace(UNIT, "999"), "INTEGRITY_CHECK"),
    ):
        answer = post(api, broken, kind="application/xml").json
        assert {finding["level"] for finding in answer["findings"]} == {level}, answer["findings"]
        assert all(finding["line"] > 1 for finding in answer["findings"])


def test_an_answer_has_the_findings_and_the_duration_of_each_level(api: Api) -> None:
    answer = post(api, as_json(a_full_document())).json
    assert [level["level"] for level in answer["levels"]] == ["parse", "XSD", "SCHEMATRON", "INTEGRITY_CHECK", "BUSINESS_RULE"]
    assert all(level["seconds"] > 0 for level in answer["levels"])
    assert answer["levels"][-1]["errors"] == len(answer["findings"])


@pytest.mark.parametrize(
    ("service", "status", "kept"),
    [("save", "Success", True), ("save-if-no-errors", "Failure", False), ("validate", "Failure", False)],
)
def test_the_service_decides_what_is_stored(api: Api, service: str, status: str, kept: bool) -> None:
    response = post(api, as_json(a_full_document()), service)
    assert response.status_code == (201 if kept else 200)
    assert (response.json["status"], response.json["stored"]) == (status, kept)
    assert api.get(f"submissions/{response.json['id']}")["findings"] == response.json["findings"]
    assert len(api.get("documents")["items"]) == kept


def test_a_submission_can_be_read_later_with_its_findings(api: Api) -> None:
    answer = api.submit(a_full_document())
    read = api.get(f"submissions/{answer['id']}")
    assert read == answer
    assert (read["author_unit"], read["care_provider"]) == ("6071000016008", "29190941")
    assert read["service"] == "PatientHealthcareReportingService"
    assert read["documents"] == [{"id": uuid("document 1").lower(), "set_id": SET_ID.lower()}]
    rule = answer["findings"][0]["rule_id"]
    for query in ({}, {"rule": rule}, {"has": "errors"}, {"set": SET_ID}, {"patient": "2512489996"}, {"sor": "6071000016008"}):
        assert [item["id"] for item in api.get("submissions", **query)["items"]] == [answer["id"]], query
    for query in ({"rule": "99.99"}, {"has": "warnings"}, {"set": uuid("x")}, {"to": "1999-01-01"}, {"authority": "99999999"}):
        assert api.get("submissions", **query)["items"] == [], query


def test_a_refused_submission_can_be_read_from_the_journal(api: Api) -> None:
    post(api, as_json(a_full_document()), "save-if-no-errors")
    [refused] = api.get("submissions", stored="false", patient="2512489996", has="errors")["items"]
    for patient, found in (("1.2.208.176.1.2^251248-9996", [refused]), ("1.2.3^2512489996", []), ("0101019999", [])):
        assert api.get("submissions", stored="false", patient=patient)["items"] == found, patient
    assert (refused["status"], refused["stored"]) == ("Failure", False)
    read = api.get(f"submissions/{refused['id']}")
    assert read["findings"] != []
    assert api.get("submissions")["items"] == api.get("submissions", stored="false", has="warnings")["items"] == []
    assert api.problem(f"submissions/{uuid('nothing')}")["status"] == 404


def test_a_submission_that_was_not_stored_names_its_service(api: Api) -> None:
    for word in ("validate", "save-if-no-errors"):
        answer = post(api, as_json(a_full_document()), word)
        [refused, *_] = api.get("submissions", stored="false")["items"]
        read = api.get(f"submissions/{refused['id']}")
        assert answer.json["service"] == refused["service"] == read["service"] == SERVICES[word]


def test_a_submission_is_in_the_journal_as_over_soap(api: Api) -> None:
    response = post(api, as_json(a_full_document()))
    [exchange] = api.namespace.journal.find(Criteria(set=SET_ID, service="json"))
    assert response.headers["X-Mock-Exchange"] == exchange.id
    assert (exchange.stored, exchange.outcome, len(exchange.documents)) == (True, "Success", 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda body: body.update(foo=1), "foo"),
        (lambda body: body["encounters"][0]["stays"][0].update(foo=1), "encounters.0.stays.0.foo"),
        (lambda body: body["episodes"][0].update(start="soon"), "episodes.0.start"),
        (lambda body: body["conditions"][0].update(main="yes"), "conditions.0.main"),
        (lambda body: body["procedures"][0].pop("code"), "procedures.0.code"),
        (lambda body: body["encounters"][0]["episode"].update(kind="stay"), "encounters.0.episode.kind"),
        (lambda body: body["encounters"][0]["episode"].update(form="act"), "encounters.0.episode"),
        (lambda body: body.update(version="1"), "version"),
        (lambda body: body.update(version=10**18), "version"),
        (lambda body: body.update(title="a\x00b"), "title"),
        (lambda body: body.update(title="\ud800"), "title"),
        (lambda body: body.update(patient=None), "patient"),
        (lambda body: body.update(episodes={}), "episodes"),
        (lambda body: body.pop("id"), "id"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(api: Api, change: Any, field: str) -> None:
    body = as_json(a_full_document())
    change(body)
    response = post(api, body)
    problem = response.get_json(force=True)
    assert (response.status_code, response.content_type) == (422, "application/problem+json")
    assert field in [error["field"] for error in problem["errors"]]
    assert snapshot(api.namespace.register.store).is_empty
    assert api.namespace.journal.count() == 0


def test_a_hundred_wrong_fields_are_reported_with_the_number_of_the_others(api: Api) -> None:
    problem = post(api, {"episodes": [{}] * 500}).get_json(force=True)
    assert len(problem["errors"]) == 100
    assert problem["more_errors"] == 500 - 99 + len(post(api, {}).get_json(force=True)["errors"]) - 1
    assert "more_errors" not in post(api, {}).get_json(force=True)


@pytest.mark.parametrize("wrong", [{}, {"additional_care_providers": [{}] * 3}, 1])
def test_reading_a_list_stops_at_the_ten_thousandth_wrong_field(api: Api, wrong: object) -> None:
    few, many = ({"episodes": [wrong] * number} for number in (12_000, 15_000))
    assert post(api, few).get_json(force=True) == post(api, many).get_json(force=True)


def test_a_long_name_of_an_unknown_field_is_shortened(api: Api) -> None:
    [told] = post(api, as_json(a_full_document()) | {"x" * 10_000: 1}).get_json(force=True)["errors"]
    assert told == {"field": "x" * 100, "detail": "Unknown field."}


def test_more_values_than_the_setting_allows_elements_are_refused(api: Api) -> None:
    most = api.namespace.register.settings.max_elements
    response = post(api, f'{{"episodes": [{"0," * most}0]}}')
    assert (response.status_code, response.content_type) == (413, "application/problem+json")


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ('{"version": NaN}', "application/json", 400),
        ("[]", "application/json", 422),
        ("null", "application/json", 422),
        ("<a/>", "text/plain", 415),
        ("a=1", "application/x-www-form-urlencoded", 415),
    ],
)
def test_a_body_that_is_not_a_document_is_refused(api: Api, content: str, kind: str, status: int) -> None:
    response = post(api, content, kind=kind)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert snapshot(api.namespace.register.store).is_empty


def test_bytes_that_are_not_xml_are_answered_with_a_finding(api: Api) -> None:
    answer = post(api, b"\x00<", kind="application/xml").json
    assert [finding["code"] for finding in answer["findings"]] == ["MALFORMED_DOCUMENT_FOUND"]


def test_an_unknown_service_is_refused(api: Api) -> None:
    assert api.problem("submissions?service=keep", "POST", json={})["field"] == "service"


def test_json_is_read_as_the_same_document(api: Api) -> None:
    post(api, as_json(a_full_document()))
    cda = api.ask(f"documents/{uuid('document 1')}", headers={"Accept": "application/xml"}).data
    assert reader.read(safexml.parse(cda)).document == a_full_document()


def test_documents_show_their_status_and_relation(api: Api) -> None:
    api.submit(a_full_document(), the_next_document(episodes=[an_episode("another")]))
    listed = api.get("documents", set=SET_ID)["items"]
    assert {(document["version"], document["meta"]["status"], document["meta"]["relation"]) for document in listed} == {
        (1, "current", None),
        (2, "current", "APND"),
    }
    assert next(document["meta"]["parent"] for document in listed if document["version"] == 2) == uuid("document 1").lower()
    document_set = api.get(f"document-sets/{SET_ID}")
    assert [document["version"] for document in document_set["documents"]] == [1, 2]
    assert {"kind": "encounter", "id": uuid("encounter").lower(), "status": "closed"} in document_set["elements"]
    assert [found["set_id"] for found in api.get("document-sets", patient="2512489996")["items"]] == [SET_ID.lower()]
