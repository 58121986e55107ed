"""A standard SOAP toolkit finds submitted documents with ITI-18 and fetches them with ITI-43."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import zeep
from flask.testing import FlaskClient

from mockregister.client import SERVICES, Sending, read_answer, write_request
from mockregister.envelope import mime
from mockregister.envelope.author_institution import SCHEME
from mockregister.envelope.ebrim import APPENDS, APPROVED, DEPRECATED, REPLACES
from mockregister.envelope.soap import Version
from mockregister.envelope.xdr import HAS_MEMBER, SOURCE_ID, SUBMISSION_SET, UNIQUE_ID
from mockregister.model import EntryKind, Relation
from mockregister.settings import Settings
from mockregister.web.xds.metadata import REPOSITORY_ID
from mockregister.web.xds.stored_queries import QUERIES
from tests.applications import application
from tests.builders import (
    CPR_NUMBER,
    SET_ID,
    a_condition,
    a_document,
    a_nullification,
    a_patient,
    an_alternatively_identified_patient,
    an_encounter,
    an_episode,
    an_id,
    as_xml,
    the_next_document,
    uuid,
)
from tests.cards import a_header
from tests.web.calls import asked, retrieval, stored_query
from tests.web.test_zeep import ADDRESS, OPERATION, Wire

IDS = {query.name: id for id, query in QUERIES.items()}
CX = f"{CPR_NUMBER}^^^&1.2.208.176.1.2&ISO"
PORTS = ["Soap12", "Soap11"]
ENTRY, SET = "$XDSDocumentEntry", "$XDSSubmissionSet"


@pytest.fixture
def http() -> Iterator[FlaskClient]:
    with application() as app:
        yield app.test_client()


class Xds:
    """Queries a register with zeep."""

    def __init__(self, http: FlaskClient, port: str = "Soap12", mtom: bool = False, register: str = "") -> None:
        wire = Wire(http, mtom=mtom)
        self.registry = zeep.Client(f"{ADDRESS}{register}/xds/registry?wsdl", transport=wire)
        self.repository = zeep.Client(f"{ADDRESS}{register}/xds/repository?wsdl", transport=wire)
        self.port, self.mtom = port, mtom

    def query(self, id: str, returns: str = "LeafClass", **parameters: str | list[str]) -> Any:
        service = self.registry.bind("DocumentRegistry_Service", f"DocumentRegistry_Port_{self.port}")
        return service.DocumentRegistry_RegistryStoredQuery(**query(IDS.get(id, id), returns, **parameters))

    def retrieve(self, *unique_ids: str, repository: str = REPOSITORY_ID) -> Any:
        service = self.repository.bind("DocumentRepository_Service", f"DocumentRepository_Port_{self.port}")
        wanted = [{"RepositoryUniqueId": repository, "DocumentUniqueId": unique_id} for unique_id in unique_ids]
        return service.DocumentRepository_RetrieveDocumentSet(DocumentRequest=wanted)

    def content(self, unique_id: str) -> bytes:
        """Return the document with this id. zeep's multipart reader removes the last line break of a part."""
        [given] = self.retrieve(unique_id).DocumentResponse
        return bytes(given.Document) + (b"\n" if self.mtom else b"")


def query(id: str, returns: str, **parameters: str | list[str]) -> dict[str, Any]:
    slots = [
        {"name": f"${name}", "ValueList": {"Value": [values] if isinstance(values, str) else values}}
        for name, values in parameters.items()
    ]
    option = {"returnType": returns, "returnComposedObjects": True}
    return {"ResponseOption": option, "AdhocQuery": {"id": id, "Slot": slots}}


def find_documents(xds: Xds, status: str = APPROVED, returns: str = "LeafClass", **more: str | list[str]) -> Any:
    fixed = {"XDSDocumentEntryPatientId": f"'{CX}'", "XDSDocumentEntryStatus": f"('{status}')"}
    return xds.query("FindDocuments", returns, **{**fixed, **more})


def objects(answer: Any, kind: str) -> list[Any]:
    assert answer.status.endswith(":Success"), answer
    found = answer.RegistryObjectList._value_1 if answer.RegistryObjectList else []  # zeep returns None for an empty list
    return [each[kind] for each in found if kind in each]


def errors(answer: Any) -> list[str]:
    return [error.errorCode for error in answer.RegistryErrorList.RegistryError]


def external_id(found: Any, name: str) -> str:
    return next(id.value for id in found.ExternalIdentifier if id.Name.LocalizedString[0].value.endswith(name))


def slot(found: Any, name: str) -> str:
    return next(each.ValueList.Value[0] for each in found.Slot if each.name == name)


def submit(http: FlaskClient, *documents: bytes, register: str = "") -> None:
    sending = Sending(service="save", register=register)
    headers, body = write_request(documents, sending)
    response = http.post(sending.path, data=body, headers=headers)
    answer = read_answer(response.status_code, dict(response.headers), response.data)
    assert answer.status == "Success", answer.findings


def first(**fields: Any) -> bytes:
    return as_xml(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()], **fields)


def addendum(version: int = 2) -> bytes:
    return as_xml(the_next_document(version=version, episodes=[an_episode(f"episode {version}")]))


def replacement(version: int = 2) -> bytes:
    return as_xml(the_next_document(Relation.REPLACE, version=version, episodes=[an_episode()]))


def removal(version: int = 2) -> bytes:
    taken = [a_nullification(EntryKind.EPISODE_OF_CARE, "episode")]
    return as_xml(the_next_document(version=version, nullified=taken))


def unique_id(name: str) -> str:
    return f"{SET_ID}^{uuid(name)}"


@pytest.mark.parametrize("address", ["registry", "repository"])
def test_zeep_loads_the_wsdl_files_without_warnings(http: FlaskClient, address: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "zeep"):
        zeep.Client(f"{ADDRESS}/xds/{address}?wsdl", transport=Wire(http))
    assert [record for record in caplog.records if record.name.startswith("zeep")] == []


def test_the_wsdl_files_use_the_names_of_ihe(http: FlaskClient) -> None:
    xds = Xds(http)
    for client, name in ((xds.registry, "DocumentRegistry"), (xds.repository, "DocumentRepository")):
        names = {f"{{urn:ihe:iti:xds-b:2007}}{name}_Binding_Soap{version}" for version in ("12", "11")}
        assert set(client.wsdl.bindings) == names


@pytest.mark.parametrize("mtom", [False, True])
@pytest.mark.parametrize("port", PORTS)
def test_zeep_reads_back_the_submitted_document(http: FlaskClient, port: str, mtom: bool) -> None:
    document = first()
    author = {"id": "A", "classificationScheme": SCHEME, "classifiedObject": "Set"}
    institution = ["Region^^^^^&1.2.208.176.1.1&ISO^^^^6071000016008"]
    author["Slot"] = [{"name": "authorInstitution", "ValueList": {"Value": institution}}]  # type: ignore[assignment]
    ids = [
        {"id": "U", "registryObject": "Set", "identificationScheme": UNIQUE_ID, "value": "1.2.3.4"},
        {"id": "S", "registryObject": "Set", "identificationScheme": SOURCE_ID, "value": "1.2.3"},
    ]
    package = {"RegistryPackage": {"id": "Set", "Classification": [author], "ExternalIdentifier": ids}}
    is_set = {"Classification": {"id": "C", "classifiedObject": "Set", "classificationNode": SUBMISSION_SET}}
    url = f"{ADDRESS}/cda-ws/DocumentRepository_Service/{SERVICES['save']}?wsdl"
    zeep.Client(url, transport=Wire(http)).service[OPERATION](
        SubmitObjectsRequest={"RegistryObjectList": {"_value_1": [package, is_set]}},
        Document=[{"id": "Document01", "_value_1": document}],
    )
    xds = Xds(http, port, mtom)
    [entry] = objects(find_documents(xds), "ExtrinsicObject")
    assert external_id(entry, "uniqueId") == unique_id("document 1")
    assert slot(entry, "size") == str(len(document))
    assert slot(entry, "repositoryUniqueId") == REPOSITORY_ID
    assert xds.content(external_id(entry, "uniqueId")) == document
    [submission] = objects(xds.query("GetSubmissionSetAndContents", XDSSubmissionSetUniqueId="'1.2.3.4'"), "RegistryPackage")
    assert external_id(submission, "sourceId") == "1.2.3"
    assert external_id(submission, "patientId") == CX


def test_a_document_entry_has_author_patient_and_times(http: FlaskClient) -> None:
    submit(http, first())
    [entry] = objects(find_documents(Xds(http)), "ExtrinsicObject")
    assert (entry.id, entry.status, entry.mimeType) == (f"urn:uuid:{uuid('document 1').lower()}", APPROVED, "text/xml")
    assert external_id(entry, "patientId") == CX
    assert slot(entry, "creationTime") == "20190601090000"
    assert slot(entry, "repositoryUniqueId") == REPOSITORY_ID
    codes = {each.nodeRepresentation for each in entry.Classification}
    assert {"34133-9", "001", "N", "1.2.208.176.7.1.10.71"} <= codes
    [institution] = [slot(each, "authorInstitution") for each in entry.Classification if not each.nodeRepresentation]
    assert institution == "Region Nordjylland^^^^^&1.2.208.176.1.1&ISO^^^^6071000016008"


def test_object_refs_have_only_ids(http: FlaskClient) -> None:
    submit(http, first())
    answer = find_documents(Xds(http), returns="ObjectRef")
    assert [each.id for each in objects(answer, "ObjectRef")] == [f"urn:uuid:{uuid('document 1').lower()}"]


def test_replaced_documents_are_deprecated_and_associated_with_their_replacement(http: FlaskClient) -> None:
    submit(http, first())
    submit(http, replacement())
    xds = Xds(http)
    assert [external_id(each, "uniqueId") for each in objects(find_documents(xds), "ExtrinsicObject")] == [
        unique_id("document 2")
    ]
    assert [external_id(each, "uniqueId") for each in objects(find_documents(xds, DEPRECATED), "ExtrinsicObject")] == [
        unique_id("document 1")
    ]
    answer = xds.query(
        "GetRelatedDocuments", XDSDocumentEntryUniqueId=f"'{unique_id('document 1')}'", AssociationTypes=f"('{REPLACES}')"
    )
    [tie] = objects(answer, "Association")
    assert (tie.sourceObject, tie.targetObject) == (
        f"urn:uuid:{uuid('document 2').lower()}",
        f"urn:uuid:{uuid('document 1').lower()}",
    )
    assert len(objects(answer, "ExtrinsicObject")) == 2
    assert xds.content(unique_id("document 1")) == first()


def test_addenda_are_associated_by_apnd_and_their_parent_stays_approved(http: FlaskClient) -> None:
    submit(http, first())
    submit(http, addendum())
    xds = Xds(http)
    assert len(objects(find_documents(xds), "ExtrinsicObject")) == 2
    asked = {"XDSDocumentEntryEntryUUID": f"'urn:uuid:{uuid('document 2')}'"}
    appended = xds.query("GetRelatedDocuments", **asked, AssociationTypes=f"('{APPENDS}','{REPLACES}')")
    assert [tie.associationType for tie in objects(appended, "Association")] == [APPENDS]
    replaced = xds.query("GetRelatedDocuments", **asked, AssociationTypes=f"('{REPLACES}')")
    assert objects(replaced, "Association") == objects(replaced, "ExtrinsicObject") == []


def test_removed_documents_are_shown_only_with_the_parameter_history(http: FlaskClient) -> None:
    submit(http, as_xml(episodes=[an_episode()]))
    submit(http, removal())
    xds = Xds(http)
    assert objects(find_documents(xds, DEPRECATED), "ExtrinsicObject") == []
    assert objects(find_documents(xds), "ExtrinsicObject") == []
    assert errors(xds.retrieve(unique_id("document 1")).RegistryResponse) == ["XDSDocumentUniqueIdError"]
    history = with_history(xds)
    assert len(objects(find_documents(history, DEPRECATED), "ExtrinsicObject")) == 2
    assert history.content(unique_id("document 1")) == as_xml(episodes=[an_episode()])


def with_history(xds: Xds) -> Xds:
    for client in (xds.registry, xds.repository):
        for service in client.wsdl.services.values():
            for port in service.ports.values():
                port.binding_options["address"] += "?history=true"
    return xds


def test_a_submission_set_is_returned_with_its_documents(http: FlaskClient) -> None:
    submit(http, first(), addendum())
    xds = Xds(http)
    asked = {"XDSSubmissionSetPatientId": f"'{CX}'", "XDSSubmissionSetStatus": f"('{APPROVED}')"}
    [package] = objects(xds.query("FindSubmissionSets", **asked), "RegistryPackage")
    assert {each.classificationNode for each in package.Classification} >= {SUBMISSION_SET}
    assert external_id(package, "uniqueId") == f"2.25.{UUID(package.id.removeprefix('urn:uuid:')).int}"
    for name, value in (("EntryUUID", package.id), ("UniqueId", external_id(package, "uniqueId"))):
        answer = xds.query("GetSubmissionSetAndContents", **{f"XDSSubmissionSet{name}": f"'{value}'"})
        assert len(objects(answer, "ExtrinsicObject")) == 2
        members = objects(answer, "Association")
        assert {(tie.associationType, tie.sourceObject) for tie in members} == {(HAS_MEMBER, package.id)}
        assert {slot(tie, "SubmissionSetStatus") for tie in members} == {"Original"}


def test_get_all_returns_everything_about_a_patient(http: FlaskClient) -> None:
    submit(http, first())
    submit(http, addendum())
    statuses = f"('{APPROVED}','{DEPRECATED}')"
    asked = {"XDSDocumentEntryStatus": statuses, "XDSSubmissionSetStatus": statuses, "XDSFolderStatus": statuses}
    answer = Xds(http).query("GetAll", patientId=f"'{CX}'", **asked)
    assert (len(objects(answer, "ExtrinsicObject")), len(objects(answer, "RegistryPackage"))) == (2, 2)
    assert sorted(tie.associationType for tie in objects(answer, "Association")) == sorted([APPENDS, HAS_MEMBER, HAS_MEMBER])


def test_get_all_returns_all_associations_of_the_found_documents(http: FlaskClient) -> None:
    submit(http, first())
    submit(http, replacement())
    asked = {"XDSDocumentEntryStatus": f"('{APPROVED}')", "XDSSubmissionSetStatus": f"('{APPROVED}')"}
    answer = Xds(http).query("GetAll", patientId=f"'{CX}'", **asked, XDSFolderStatus=f"('{APPROVED}')")
    assert len(objects(answer, "ExtrinsicObject")) == 1
    ties = [tie.associationType for tie in objects(answer, "Association")]
    assert sorted(ties) == sorted([REPLACES, HAS_MEMBER, HAS_MEMBER]), "the replaced document is named, not shown"


def test_associations_are_found_by_a_submission_set_too(http: FlaskClient) -> None:
    submit(http, first(), addendum())
    xds = Xds(http)
    asked = {"XDSSubmissionSetPatientId": f"'{CX}'", "XDSSubmissionSetStatus": f"('{APPROVED}')"}
    [package] = objects(xds.query("FindSubmissionSets", **asked), "RegistryPackage")
    ties = objects(xds.query("GetAssociations", uuid=f"('{package.id}')"), "Association")
    assert [(tie.associationType, tie.sourceObject) for tie in ties] == [(HAS_MEMBER, package.id)] * 2


def test_a_patient_who_got_a_cpr_number_is_found_under_each_id(http: FlaskClient) -> None:
    alternative = an_alternatively_identified_patient()
    submit(http, as_xml(patient=alternative, episodes=[an_episode()]))
    submit(http, as_xml(the_next_document(patient=replace(alternative, cpr=CPR_NUMBER), episodes=[an_episode("other")])))
    xds, [before] = Xds(http), alternative.alternative_ids
    for known in (CX, CX.replace(CPR_NUMBER, "251248-9996"), f"{before.extension}^^^&{before.root}&ISO"):
        found = objects(find_documents(xds, XDSDocumentEntryPatientId=f"'{known}'"), "ExtrinsicObject")
        assert {external_id(each, "patientId") for each in found} == {CX}
        assert {slot(each, "sourcePatientId") for each in found} == {CX, f"{before.extension}^^^&{before.root}&ISO"}
    asked = {"XDSSubmissionSetPatientId": f"'{CX}'", "XDSSubmissionSetStatus": f"('{APPROVED}')"}
    assert len(objects(xds.query("FindSubmissionSets", **asked), "RegistryPackage")) == 2


def test_there_are_no_folders(http: FlaskClient) -> None:
    submit(http, first())
    xds, document = Xds(http), f"'{unique_id('document 1')}'"
    of_patient = {"XDSFolderPatientId": f"'{CX}'", "XDSFolderStatus": f"('{APPROVED}')"}
    for answer in (
        xds.query("FindFolders", **of_patient),
        xds.query("GetFolders", XDSFolderUniqueId="('1.2.3')"),
        xds.query("GetFolderAndContents", XDSFolderUniqueId="'1.2.3'"),
        xds.query("GetFoldersForDocument", XDSDocumentEntryUniqueId=document),
    ):
        assert objects(answer, "RegistryPackage") == []


def test_documents_are_found_by_both_kinds_of_id_in_upper_or_lower_case(http: FlaskClient) -> None:
    submit(http, first())
    submit(http, addendum())
    xds = Xds(http)
    by_uuid = [f"('urn:uuid:{uuid('document 1')}',", f"'urn:uuid:{uuid('document 2').lower()}')"]
    assert len(objects(xds.query("GetDocuments", XDSDocumentEntryEntryUUID=by_uuid), "ExtrinsicObject")) == 2
    by_unique_id = f"'{unique_id('document 1').lower()}'"
    assert len(objects(xds.query("GetDocuments", XDSDocumentEntryUniqueId=by_unique_id), "ExtrinsicObject")) == 1
    answer = xds.query("GetDocumentsAndAssociations", XDSDocumentEntryUniqueId=by_unique_id)
    assert sorted(tie.associationType for tie in objects(answer, "Association")) == sorted([APPENDS, HAS_MEMBER])
    document = f"('urn:uuid:{uuid('document 1')}')"
    assert len(objects(xds.query("GetAssociations", uuid=document), "Association")) == 2
    assert len(objects(xds.query("GetSubmissionSets", uuid=document), "RegistryPackage")) == 1


@pytest.mark.parametrize(
    ("parameter", "fits", "does_not"),
    [
        ("XDSDocumentEntryCreationTimeFrom", "'20190601'", "'20190602'"),
        ("XDSDocumentEntryCreationTimeTo", "20190602", "20190601"),
        ("XDSDocumentEntryTypeCode", "('34133-9^^2.16.840.1.113883.6.1','x^^y')", "('34133-9^^other')"),
        ("XDSDocumentEntryClassCode", "('001^^1.2.208.184.100.9')", "('002^^1.2.208.184.100.9')"),
        ("XDSDocumentEntryType", "('urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1')", "('urn:uuid:on-demand')"),
        ("XDSDocumentEntryServiceStartTimeFrom", "'20990101'", None),
        ("XDSDocumentEntryServiceStopTimeTo", "'19000101'", None),
        ("XDSDocumentEntryAuthorPerson", None, "('%')"),
        ("XDSDocumentEntryEventCodeList", None, "('a^^b')"),
        ("XDSSubmissionSetStatus", "('urn:of:another:query')", None),
    ],
)
def test_parameters_filter_the_documents(http: FlaskClient, parameter: str, fits: str | None, does_not: str | None) -> None:
    submit(http, first())
    xds = Xds(http)
    for value, found in ((fits, 1), (does_not, 0)):
        if value is not None:
            assert len(objects(find_documents(xds, **{parameter: value}), "ExtrinsicObject")) == found


@pytest.mark.parametrize(
    ("parameter", "fits", "does_not"),
    [
        ("ContentType", "('34133-9^^2.16.840.1.113883.6.1')", "('x^^y')"),
        ("SubmissionTimeFrom", "'2000'", "'2999'"),
        ("SubmissionTimeTo", "'2999'", "'2000'"),
        ("SourceId", f"('{REPOSITORY_ID}')", "('1.2.3')"),
        ("AuthorPerson", None, "'%'"),
    ],
)
def test_parameters_filter_the_submission_sets(http: FlaskClient, parameter: str, fits: str | None, does_not: str) -> None:
    submit(http, first())
    xds, asked = Xds(http), {"XDSSubmissionSetPatientId": f"'{CX}'", "XDSSubmissionSetStatus": f"('{APPROVED}')"}
    for value, found in ((fits, 1), (does_not, 0)):
        if value is not None:
            answer = xds.query("FindSubmissionSets", **asked, **{f"XDSSubmissionSet{parameter}": value})
            assert len(objects(answer, "RegistryPackage")) == found


def test_an_error_in_a_query_is_answered_with_a_registry_error(http: FlaskClient) -> None:
    xds = Xds(http)
    assert errors(xds.query("urn:uuid:nothing")) == ["XDSUnknownStoredQuery"]
    assert errors(xds.query("FindDocuments", XDSDocumentEntryPatientId=f"'{CX}'")) == ["XDSStoredQueryMissingParam"]
    assert errors(xds.query("GetDocuments")) == ["XDSStoredQueryMissingParam"]
    both = {"XDSDocumentEntryUniqueId": "'a'", "XDSDocumentEntryEntryUUID": "'b'"}
    assert errors(xds.query("GetDocuments", **both)) == ["XDSStoredQueryParamNumber"]
    assert errors(find_documents(xds, XDSDocumentEntryPatientId=f"('{CX}','other')")) == ["XDSStoredQueryParamNumber"]
    assert errors(find_documents(xds, returns="RegistryObject")) == ["XDSRegistryError"]
    assert errors(find_documents(xds, "urn:of:no:status")) == ["XDSStoredQueryMissingParam"], "what is not known is not said"
    assert errors(find_documents(xds, XDSDocumentEntryCreationTimeFrom="'2019-06-01'")) == ["XDSRegistryError"]
    several = {"XDSDocumentEntryUniqueId": "('a','b')", "AssociationTypes": f"('{APPENDS}')"}
    assert errors(xds.query("GetRelatedDocuments", **several)) == ["XDSStoredQueryParamNumber"]


def test_leaf_classes_are_returned_only_for_a_single_patient(http: FlaskClient) -> None:
    submit(http, first())
    other = uuid("other set")
    episode = an_episode(id=an_id("other episode", other))
    submit(http, as_xml(a_document(set_id=other, patient=a_patient("0101019999"), name="other", episodes=[episode])))
    ids = f"('{unique_id('document 1')}','{other}^{uuid('other')}')"
    xds = Xds(http)
    assert errors(xds.query("GetDocuments", XDSDocumentEntryUniqueId=ids)) == ["XDSResultNotSinglePatient"]
    assert len(objects(xds.query("GetDocuments", "ObjectRef", XDSDocumentEntryUniqueId=ids), "ObjectRef")) == 2


def test_missing_documents_are_reported_beside_the_found_ones(http: FlaskClient) -> None:
    submit(http, first())
    xds = Xds(http)
    some = xds.retrieve(unique_id("document 1"), unique_id("nothing"))
    assert some.RegistryResponse.status.endswith(":PartialSuccess")
    assert errors(some.RegistryResponse) == ["XDSDocumentUniqueIdError"]
    assert [each.DocumentUniqueId for each in some.DocumentResponse] == [unique_id("document 1")]
    none = xds.retrieve(unique_id("document 1"), repository="1.2.3")
    assert none.RegistryResponse.status.endswith(":Failure")
    assert errors(none.RegistryResponse) == ["XDSUnknownRepositoryId"]


def test_a_document_that_is_asked_for_twice_is_given_once(http: FlaskClient) -> None:
    submit(http, first())
    given = Xds(http).retrieve(*[unique_id("document 1")] * 3)
    assert [each.DocumentUniqueId for each in given.DocumentResponse] == [unique_id("document 1")]


def test_every_register_has_its_own_documents(http: FlaskClient) -> None:
    submit(http, first(), register="mine")
    assert objects(find_documents(Xds(http)), "ExtrinsicObject") == []
    assert len(objects(find_documents(Xds(http, register="/r/mine")), "ExtrinsicObject")) == 1


def test_an_answer_has_the_packaging_of_the_query(http: FlaskClient) -> None:
    envelope = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        '<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"'
        ' xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><q:ResponseOption returnType="ObjectRef"/>'
        f'<AdhocQuery id="{IDS["GetDocuments"]}"/></q:AdhocQueryRequest></s:Body></s:Envelope>'
    ).encode()
    plain = http.post("/xds/registry", data=envelope, content_type="application/soap+xml")
    assert plain.content_type.startswith("application/soap+xml; charset=UTF-8; action=")
    kind, package = mime.write(envelope, "application/soap+xml")
    assert http.post("/xds/registry", data=package, content_type=kind).content_type.startswith("multipart/related")


@pytest.mark.parametrize(
    ("path", "content", "kind", "status", "sentence"),
    [
        ("registry", b"<a/>", "application/soap+xml", 500, "send a SOAP envelope"),
        ("registry", b"{}", "application/json", 500, "multipart/related"),
        ("repository", b"nonsense", "text/xml", 500, "cannot be read"),
    ],
)
def test_an_invalid_query_is_answered_with_a_fault(
    http: FlaskClient, path: str, content: bytes, kind: str, status: int, sentence: str
) -> None:
    response = http.post(f"/xds/{path}", data=content, content_type=kind)
    assert response.status_code == status
    assert "Fault" in response.text
    assert "ProvideAndRegister" not in response.content_type
    assert sentence in response.text


def test_the_answer_to_a_get_says_what_to_do(http: FlaskClient) -> None:
    response = http.get("/xds/registry")
    assert (response.status_code, response.headers["Allow"]) == (500, "POST")
    assert "?wsdl" in response.text


@pytest.mark.parametrize(("where", "payload"), [("registry", stored_query()), ("repository", retrieval("document 1"))])
def test_queries_are_admitted_by_the_same_rules_as_submissions(where: str, payload: str) -> None:
    with application(Settings(auth="headers", clock=datetime(2019, 6, 1, 12, tzinfo=UTC))) as app:
        for header, status in (("", 500), (a_header(), 200)):
            kind, body = asked(payload, Version.SOAP12, header)
            response = app.test_client().post(f"/xds/{where}", data=body, headers={"Content-Type": kind})
            assert (response.status_code, b"Unable to find signature" in response.data) == (status, not header)
