"""The smallest submissions that provoke each integrity code: they are submitted one after the other, and the last one fails.

Some codes are marked as unreachable: the schema, the profile or the service refuses every document that would provoke them.
The fault controls (``X-Mock-Outcome: <code>``) can answer with these, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from mockregister.clock import COPENHAGEN
from mockregister.errors import NotFound
from mockregister.model import (
    CPR,
    SOR,
    Author,
    ClinicalDocument,
    Code,
    Condition,
    Encounter,
    EntryKind,
    EpisodeLink,
    EpisodeOfCare,
    Identifier,
    Marker,
    Nullification,
    ObservationOrganizer,
    ParentDocument,
    Patient,
    Payment,
    PersonName,
    Procedure,
    ProcedureForm,
    Reference,
    Referral,
    Relation,
    Residence,
    Result,
    Scope,
    Stay,
)

EOC, ENCOUNTER, CONDITION = EntryKind.EPISODE_OF_CARE, EntryKind.ENCOUNTER, EntryKind.CONDITION
PROCEDURE, MARKER, REPORT = EntryKind.PROCEDURE, EntryKind.MARKER, EntryKind.OBSERVATION_ORGANIZER
UNIT = "276231000016004"
OWNER = "6071000016008"
CUSTODIAN = "29190941"
SHAK = b"1.2.208.176.1.4"


@dataclass(frozen=True)
class Provocation:
    """How an integrity code is provoked, and ``when`` the register answers with it.

    ``params`` are what its parameters mean, in order. ``submissions`` are submitted in order, each with its documents; ``alter``
    changes the last document's XML if the model cannot express the error. ``author`` is the submission set's author
    institution, as XON. The register needs the setting ``producers`` and, if ``by_hand`` is given, an edit by hand of the episode
    of care with this extension before the last submission. Without submissions, ``unreachable`` says why no document can
    provoke the code.
    """

    when: str
    params: tuple[str, ...] = ()
    submissions: tuple[tuple[ClinicalDocument, ...], ...] = ()
    alter: Callable[[bytes], bytes] = field(default=lambda content: content)
    author: str = f"Region Nordjylland^^^^^&{SOR}&ISO^^^^{OWNER}"
    producers: str = "any"
    by_hand: str = ""
    unreachable: str = ""


def document_for(code: str) -> Provocation:
    """Return how to provoke a code. Raise NotFound for a text that is not an integrity code."""
    if code not in PROVOCATIONS:
        raise NotFound(f"'{code}' is not an integrity code; docs/errors.md lists them.")
    return PROVOCATIONS[code]


# small parts


def _uuid(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, f"mockregister {name}")).upper()


SET, OTHER_SET = _uuid("set"), _uuid("other set")


def _at(hour: int) -> datetime:
    return datetime(2019, 5, 2, hour, tzinfo=COPENHAGEN)


def _id(name: str, root: str = SET) -> Identifier:
    return Identifier(root, _uuid(name))


def _to(scope: Scope, kind: EntryKind, name: str, root: str = SET) -> Reference:
    return Reference(scope, kind, _id(name, root), ProcedureForm.PROCEDURE if kind is PROCEDURE else None)


def _internal(kind: EntryKind, name: str) -> Reference:
    return _to(Scope.INTERNAL, kind, name)


def _external(kind: EntryKind, name: str, root: str = SET) -> Reference:
    return _to(Scope.EXTERNAL, kind, name, root)


PATIENT = Patient("2512489996")
NAMED = Patient(
    alternative_ids=(Identifier("1.2.208.176.1.6.1.3", "2512480AG1"),),
    name=PersonName("Prøvesen", ("Petra",)),
    gender="F",
    residences=(Residence(("Prøvevej 1",), "9000", "Aalborg", "0851", "5100"),),
)
FIRST = ClinicalDocument(_id("document 1"), SET, 1, _at(20), PATIENT, Author(OWNER, _at(20)), CUSTODIAN)
REFERRAL = Referral(_at(7), Code("ALDB00"), Code("ALDA30"))
EPISODE = EpisodeOfCare(_id("episode"), _at(8), None, UNIT, REFERRAL, Code("ALAL02"))
VISIT = Encounter(
    _id("encounter"),
    _internal(EOC, "episode"),
    Code("ALCA00"),
    _at(8),
    _at(12),
    Code("ATA1"),
    UNIT,
    (Stay(_at(8), _at(12), UNIT),),
    (Payment(Code("ALFA2"), _at(8), _at(12), Code("ALFB01"), Code("ALFC2")),),
    Code("ALCC01"),
)
MAIN = Condition(_id("condition"), True, _internal(ENCOUNTER, "encounter"), Code("DI109"), Code("ALGA01"))
MINOR = Condition(_id("minor condition"), False, _internal(ENCOUNTER, "encounter"), Code("DI109"), Code("ALGA02"))
SCAN = Procedure(
    _id("procedure"),
    ProcedureForm.PROCEDURE,
    _internal(ENCOUNTER, "encounter"),
    Code("UXCA00"),
    _at(9),
    _at(10),
    UNIT,
)
MARK = Marker(Code("AFB23A"), _at(8), _id("marker"))
RESULT = ObservationOrganizer(
    _id("report"),
    _internal(ENCOUNTER, "encounter"),
    Code("RAA02"),
    Code("RAS01"),
    UNIT,
    (Result(Code("RDA22"), "1"),),
)
WITH_EPISODE = replace(FIRST, episodes=(EPISODE,))
WITH_VISIT = replace(WITH_EPISODE, encounters=(VISIT,))


def _next(version: int = 2, relation: Relation = Relation.APPEND) -> ClinicalDocument:
    """Return version ``version`` of the set, without entries; its parent is the version before it."""
    parent = ParentDocument(relation, _id(f"document {version - 1}"), SET, version - 1)
    return replace(FIRST, id=_id(f"document {version}"), version=version, parent=parent)


def _alone(**fields: Any) -> tuple[tuple[ClinicalDocument, ...], ...]:
    """Return one submission of one new document."""
    return ((replace(FIRST, **fields),),)


def _after(first: ClinicalDocument, **fields: Any) -> tuple[tuple[ClinicalDocument, ...], ...]:
    """Return a first document and an addendum to it."""
    return ((first,), (replace(_next(), **fields),))


def _patient(**fields: Any) -> tuple[tuple[ClinicalDocument, ...], ...]:
    return _alone(patient=replace(PATIENT, **fields))


def _alternative(**fields: Any) -> tuple[tuple[ClinicalDocument, ...], ...]:
    return _alone(patient=replace(NAMED, **fields))


def _cause(reference: Reference) -> tuple[tuple[ClinicalDocument, ...], ...]:
    return _alone(organizers=(replace(RESULT, cause=reference),))


def _template(last_arc: str) -> bytes:
    return b'<templateId root="1.2.208.176.7.1.10.%s"/>' % last_arc.encode()


def _foreign_referrer(content: bytes) -> bytes:
    """Return the document with a referrer that lacks its template id, and whose unit has a number of another system than SOR."""
    before, _, after = content.partition(_template("52"))
    return before + after.replace(SOR.encode(), SHAK, 1)


_LEVEL_2 = "the profile (level 2) refuses such a document first"

PROVOCATIONS: dict[str, Provocation] = {
    # the submission set
    "AUTHOR_INSTITUTION_NOT_FOUND": Provocation(
        "The submission set's authorInstitution is missing, or is not an XON with a name, the SOR OID and a SOR id. With the "
        "setting producers = listed, also: it names a unit that is not registered. The errorCode is XDSMissingDocumentMetadata.",
        submissions=_alone(),
        author=OWNER,
    ),
    "CUSTODIAN_NOT_FOUND": Provocation(
        "Only with the setting producers = listed: the author's unit does not report for the document's custodian.",
        submissions=_alone(custodian="99999993"),
        producers="listed",
    ),
    "CLINICAL_DOCUMENT_NOT_FOUND": Provocation(
        "The submission has no document.", unreachable="it takes a request without a document"
    ),
    "NO_PATIENT_ID_IN_COMMON": Provocation(
        "The documents of one submission have no patient id in common. Documents of the same set may have different ids.",
        submissions=((FIRST, replace(FIRST, id=_id("other", OTHER_SET), set_id=OTHER_SET, patient=Patient("2512480002"))),),
    ),
    "DUPLICATE_DOCUMENT": Provocation(
        "Two documents of one submission have the same id.", submissions=((WITH_EPISODE, WITH_EPISODE),)
    ),
    "MALFORMED_DOCUMENT_FOUND": Provocation(
        "A document is not well-formed XML, is not in the encoding it declares, or has a document type declaration.",
        submissions=_alone(),
        alter=lambda content: content.replace(b"</ClinicalDocument>", b"", 1),
    ),
    # the chain of documents
    "CLINICAL_DOCUMENT_ID_NOT_FOUND": Provocation("The ClinicalDocument has no id.", unreachable=_LEVEL_2),
    "SET_ID_NOT_FOUND": Provocation("The ClinicalDocument has no setId.", unreachable=_LEVEL_2),
    "SET_NOT_FOUND": Provocation(
        "The document has a relatedDocument, but the register does not have the set.", ("set",), ((_next(),),)
    ),
    "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT": Provocation(
        "The register already has the set, and the document has no relatedDocument. Often the document was sent twice.",
        ("set",),
        ((FIRST,), (FIRST,)),
    ),
    "PARENT_DOCUMENT_ID_MISMATCH": Provocation(
        "The parentDocument is not the latest document of the set.",
        ("extension sent", "extension of the latest"),
        ((FIRST,), (replace(_next(), parent=ParentDocument(Relation.APPEND, _id("lost"), SET, 1)),)),
    ),
    "PARENT_DOCUMENT_VERSION_MISMATCH": Provocation(
        "The parentDocument does not have the version of the set's latest document, or the document's own version is not higher.",
        ("version sent", "version of the latest"),
        ((FIRST,), (replace(_next(3), parent=ParentDocument(Relation.APPEND, _id("document 1"), SET, 2)),)),
    ),
    # ids
    "EXTENSION_ALREADY_USED": Provocation(
        "Two things in a document have the same id, or the id belongs to an entry of another kind or to an earlier document.",
        ("extension",),
        _alone(episodes=(EPISODE,), encounters=(VISIT,), conditions=(MAIN, replace(MINOR, id=MAIN.id))),
    ),
    "EOC_ALREADY_EXISTS": Provocation(
        "The register has the episode of care, live or nullified, and the document does not say that it replaces it.",
        ("extension",),
        _after(WITH_EPISODE, episodes=(EPISODE,)),
    ),
    "EOC_MARKER_ALREADY_EXISTS": Provocation(
        "The register has the marker, and it is not sent with a replacement of its own episode of care.",
        ("extension",),
        _after(
            replace(FIRST, episodes=(replace(EPISODE, markers=(MARK,)),)),
            episodes=(replace(EPISODE, id=_id("second"), markers=(MARK,)),),
        ),
    ),
    "ENCOUNTER_ALREADY_EXISTS": Provocation(
        "The register has the encounter, live or nullified, and the document does not say that it replaces it.",
        ("extension",),
        _after(WITH_VISIT, encounters=(replace(VISIT, episode=_external(EOC, "episode")),)),
    ),
    "CONDITION_OBSERVATION_ALREADY_EXISTS": Provocation(
        "The register has the condition, as a main or minor one, and the document does not say that it replaces it.",
        ("extension",),
        _after(
            replace(WITH_VISIT, conditions=(MAIN,)),
            conditions=(replace(MINOR, id=MAIN.id, encounter=_external(ENCOUNTER, "encounter")),),
        ),
    ),
    "PROCEDURE_ALREADY_EXISTS": Provocation(
        "The register has the procedure, live or nullified, and the document does not say that it replaces it.",
        ("extension",),
        _after(replace(WITH_VISIT, procedures=(SCAN,)), procedures=(replace(SCAN, owner=_external(ENCOUNTER, "encounter")),)),
    ),
    "OBSERVATION_ORGANIZER_ALREADY_EXISTS": Provocation(
        "The register has the result report, live or nullified, and the document does not say that it replaces it.",
        ("extension",),
        _after(
            replace(WITH_VISIT, organizers=(RESULT,)),
            organizers=(replace(RESULT, cause=_external(ENCOUNTER, "encounter")),),
        ),
    ),
    # references
    "INTERNAL_EOC_NOT_FOUND": Provocation(
        "An internal reference names an episode of care that is not in the document, or an encounter names no episode of care.",
        ("extension",),
        _alone(encounters=(VISIT,)),
    ),
    "INTERNAL_EOC_MARKER_NOT_FOUND": Provocation(
        "An internal reference names a marker that is not in the document.",
        ("extension",),
        _cause(_internal(MARKER, "lost")),
    ),
    "INTERNAL_ENCOUNTER_NOT_FOUND": Provocation(
        "An internal reference names an encounter that is not in the document, or a condition or procedure names no encounter.",
        ("extension",),
        _alone(conditions=(MAIN,)),
    ),
    "INTERNAL_CONDITION_OBSERVATION_NOT_FOUND": Provocation(
        "An internal reference names a condition that is not in the document.",
        ("extension",),
        _cause(_internal(CONDITION, "lost")),
    ),
    "INTERNAL_PROCEDURE_NOT_FOUND": Provocation(
        "An internal reference names a procedure that is not in the document.",
        ("extension",),
        _cause(_internal(PROCEDURE, "lost")),
    ),
    "EXTERNAL_EOC_NOT_FOUND": Provocation(
        "An external reference, replacement or nullification names an episode of care that the set does not have.",
        ("extension",),
        _after(FIRST, encounters=(replace(VISIT, episode=_external(EOC, "lost")),)),
    ),
    "EXTERNAL_EOC_NOT_PART_OF_SET": Provocation(
        "An external reference names an episode of care that the register has in another set.",
        ("extension", "set"),
        (
            (WITH_EPISODE,),
            (
                replace(
                    FIRST,
                    id=_id("document", OTHER_SET),
                    set_id=OTHER_SET,
                    encounters=(replace(VISIT, id=_id("visit", OTHER_SET), episode=_external(EOC, "episode", OTHER_SET)),),
                ),
            ),
        ),
    ),
    "EXTERNAL_EPISODE_OF_CARE_MARKER_NOT_FOUND": Provocation(
        "An external reference names a marker that the set does not have.",
        ("extension",),
        _cause(_external(MARKER, "lost")),
    ),
    "EXTERNAL_ENCOUNTER_NOT_FOUND": Provocation(
        "An external reference, replacement or nullification names an encounter that the set does not have.",
        ("extension",),
        _after(FIRST, nullified=(Nullification(_external(ENCOUNTER, "lost")),)),
    ),
    "EXTERNAL_CONDITION_OBSERVATION_NOT_FOUND": Provocation(
        "An external reference, replacement or nullification names a condition that the set does not have.",
        ("extension",),
        _after(FIRST, nullified=(Nullification(_external(CONDITION, "lost")),)),
    ),
    "EXTERNAL_PROCEDURE_NOT_FOUND": Provocation(
        "An external reference, replacement or nullification names a procedure that the set does not have, or no longer has "
        "because its encounter was nullified.",
        ("extension",),
        _after(FIRST, nullified=(Nullification(_external(PROCEDURE, "lost")),)),
    ),
    "EXTERNAL_OBSERVATION_ORGANIZER_NOT_FOUND": Provocation(
        "A replacement or nullification names a result report that the set does not have.",
        ("extension",),
        _after(FIRST, nullified=(Nullification(_external(REPORT, "lost")),)),
    ),
    "EOC_SELF_REFERENCE": Provocation(
        "An episode of care links to itself.",
        ("extension",),
        _alone(episodes=(replace(EPISODE, link=EpisodeLink(Code("ALAA01"), _internal(EOC, "episode"))),)),
    ),
    "OBSERVATION_ORGANIZER_HAS_NO_REFERENCE": Provocation(
        "A result report does not say what gave rise to it.", ("extension",), unreachable=_LEVEL_2
    ),
    "ELEMENT_CAN_NOT_BE_MOVED_FROM_DELETED_EOC": Provocation(
        "An entry was nullified together with its episode of care, and a later document moves it to another episode of care.",
        ("extension",),
        (
            (WITH_VISIT,),
            (replace(_next(), nullified=(Nullification(_external(EOC, "episode")),)),),
            (
                replace(
                    _next(3),
                    episodes=(replace(EPISODE, id=_id("second")),),
                    encounters=(replace(VISIT, episode=_internal(EOC, "second"), replaces=_external(ENCOUNTER, "encounter")),),
                ),
            ),
        ),
    ),
    "WEBSERVICE_CHANGE_NOT_ALLOWED": Provocation(
        "The episode of care was edited in the register's own user interface, and the document would change it.",
        ("extension",),
        _after(WITH_EPISODE, encounters=(replace(VISIT, episode=_external(EOC, "episode")),)),
        by_hand=EPISODE.id.extension,
    ),
    # main conditions
    "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION": Provocation(
        "A main condition is added to, or moved to, an encounter that already has one.",
        ("extension",),
        _alone(episodes=(EPISODE,), encounters=(VISIT,), conditions=(MAIN, replace(MAIN, id=_id("second")))),
    ),
    "CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION": Provocation(
        "A minor condition is replaced by a main condition, while the encounter still has another main condition.",
        ("extension",),
        _after(
            replace(WITH_VISIT, conditions=(MAIN, MINOR)),
            conditions=(
                replace(
                    MAIN,
                    id=MINOR.id,
                    encounter=_external(ENCOUNTER, "encounter"),
                    replaces=_external(CONDITION, "minor condition"),
                ),
            ),
        ),
    ),
    # codes and units
    "SKS_CODE_NOT_FOUND": Provocation(
        "SKS has never had the code. The parameters from and to are the period in which the code should have been valid: that "
        "of the element, or of the nearest element around it that has a period; a period without an end has an empty to. A "
        "code that SKS has, but that was not valid then, breaks a business rule instead.",
        ("code", "from", "to"),
        _alone(episodes=(replace(EPISODE, label=Code("???")),)),
    ),
    "SOR_IDENTIFIER_EXPECTED": Provocation(
        "A participant's unit has a number of another system than SOR, or no number, and the participant lacks the template id "
        "by which the profile (level 2) would find this.",
        ("template ids", "SOR OID"),
        _alone(episodes=(replace(EPISODE, referral=replace(REFERRAL, referrer=UNIT)),)),
        alter=_foreign_referrer,
    ),
    "SOR_IDENTIFIER_INVALID": Provocation(
        "A SOR id is not a number.", ("value",), _alone(episodes=(replace(EPISODE, responsible_unit=f"{UNIT}x"),))
    ),
    "SOR_ORG_UNIT_NOT_FOUND": Provocation(
        "SOR does not have the unit.", ("SOR id",), _alone(episodes=(replace(EPISODE, responsible_unit="99999999999999"),))
    ),
    "MYNDIGHED_CODE_NOT_FOUND": Provocation(
        "The municipality or country of a residence is not an authority code (myndighedskode).",
        ("code",),
        _alternative(residences=(replace(NAMED.residences[0], country="Denmark"),)),
    ),
    "INVALID_CVR_NUMBER": Provocation(
        "The custodian's number is not a CVR number: its last digit does not fit the others (modulus 11).",
        submissions=_alone(custodian="29190942"),
    ),
    # the patient
    "CPR_NUMBER_MISSING": Provocation(
        "The patientRole has the template for patients with a CPR number, but no CPR number.", unreachable=_LEVEL_2
    ),
    "INVALID_CPR_NUMBER": Provocation(
        "The CPR number has ten digits, but does not begin with a date that exists. The last digit is not checked.",
        submissions=_patient(cpr="3102489996"),
    ),
    "INVALID_REPLACEMENT_CPR_NUMBER": Provocation(
        "The CPR number is an administrative one (60 is added to the day), and its date does not exist.",
        submissions=_patient(cpr="9202489996"),
    ),
    "GENDERS_MISMATCH": Provocation(
        "The administrativeGenderCode is not what the last digit of the CPR number says.",
        submissions=_patient(name=NAMED.name, gender="M"),
    ),
    "BIRTH_DATES_MISMATCH": Provocation(
        "The birthTime is on another day than the CPR number says.",
        submissions=_patient(name=NAMED.name, gender="F", birth_time=_at(8)),
    ),
    "CPR_AND_ALTERNATIVE_IDENTIFICATION_NOT_ALLOWED": Provocation(
        "The patientRole has a CPR number and an alternative id, but not the template for patients with both (.133).",
        submissions=_alternative(cpr="2512489996"),
        alter=lambda content: content.replace(_template("133"), b"").replace(_template("107"), b""),
    ),
    "MULTIPLE_ALTERNATIVE_IDENTIFIERS_NOT_ALLOWED": Provocation(
        "The patientRole has more than one alternative id.",
        submissions=_alternative(alternative_ids=(*NAMED.alternative_ids, Identifier("2.16.840.1.113883.4.3", "X24483652"))),
    ),
    "INVALID_REPLACEMENT_NUMBER": Provocation(
        "An alternative id has the root of a system of replacement numbers, but not the form of that system's numbers.",
        submissions=_alternative(alternative_ids=(Identifier("1.2.208.176.1.6.1.3", "AB"),)),
    ),
    "ALTERNATIVE_IDENTIFIER_WITH_CPR_SYSTEMID_NOT_ALLOWED": Provocation(
        "An alternative id has the root of the CPR system.",
        submissions=_alternative(alternative_ids=(Identifier(CPR, "2512489996"),)),
    ),
}
