"""The parts of a document, each complete with synthetic defaults; any field of the dataclass can be given by keyword.

Ids are made from names: ``"encounter"`` always becomes the same UUID, so ``an_encounter()`` belongs to ``an_episode()`` without
further arguments.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from mockregister.clock import COPENHAGEN
from mockregister.document import writer
from mockregister.model import (
    Author,
    ClinicalDocument,
    Code,
    Condition,
    Encounter,
    EntryKind,
    EpisodeLink,
    EpisodeOfCare,
    Identifier,
    Indication,
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
    ReferralReason,
    Relation,
    Residence,
    Result,
    Scope,
    Stay,
)

CPR_NUMBER = "2512489996"
AUTHOR_UNIT = "6071000016008"
UNIT = "276231000016004"
CUSTODIAN = "29190941"
ALTERNATIVE_ROOT = "1.2.208.176.1.6.1.3"


def uuid(name: str) -> str:
    """Return the UUID for ``name``, in upper case: the same every time."""
    return str(uuid5(NAMESPACE_OID, name)).upper()


SET_ID = uuid("set")


def at(text: str) -> datetime:
    """Return a moment in Danish time: ``at("2019-05-01 10:00")``. Raise ValueError for a text that is not an ISO 8601 time."""
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


def an_id(name: str, set_id: str = SET_ID) -> Identifier:
    """Return the identifier named ``name`` in a set."""
    return Identifier(set_id, uuid(name))


def an_sks_code(code: str, display: str = "") -> Code:
    """Return an SKS code."""
    return Code(code, display)


def internal(kind: EntryKind, name: str, form: ProcedureForm | None = None) -> Reference:
    """Return a reference to an entry of the same document."""
    return Reference(Scope.INTERNAL, kind, an_id(name), _form_for(kind, form))


def external(kind: EntryKind, name: str, form: ProcedureForm | None = None) -> Reference:
    """Return a reference to an entry that the set already has; ``replaces=`` takes the same kind of reference."""
    return Reference(Scope.EXTERNAL, kind, an_id(name), _form_for(kind, form))


def set_external(episode_uuid: str) -> Reference:
    """Return a reference to an episode of care of any set, by its UUID alone."""
    return Reference(Scope.SET_EXTERNAL, EntryKind.EPISODE_OF_CARE, Identifier(episode_uuid))


def _form_for(kind: EntryKind, form: ProcedureForm | None) -> ProcedureForm | None:
    return form or (ProcedureForm.PROCEDURE if kind is EntryKind.PROCEDURE else None)


def a_patient(cpr: str = CPR_NUMBER, **fields: Any) -> Patient:
    """Return a patient with a CPR number."""
    return Patient(**{"cpr": cpr, **fields})


def an_alternatively_identified_patient(number: str = "2512480AG1", **fields: Any) -> Patient:
    """Return a patient without a CPR number, with the name, sex and residence that the profile then requires."""
    defaults = {
        "alternative_ids": (Identifier(ALTERNATIVE_ROOT, number),),
        "name": PersonName("Prøvesen", ("Petra",)),
        "gender": "F",
        "residences": (a_residence(),),
    }
    return Patient(**{**defaults, **fields})


def a_residence(**fields: Any) -> Residence:
    """Return an unofficial residence in a Danish municipality."""
    defaults = {
        "street": ("Prøvevej 1",),
        "postal_code": "9000",
        "city": "Aalborg",
        "municipality": "0851",
        "country": "5100",
    }
    return Residence(**{**defaults, **fields})


def a_document(*, version: int = 1, name: str = "", **fields: Any) -> ClinicalDocument:
    """Return a document of the set ``SET_ID``; its id is made from ``name``, by default ``document <version>``.

    Lists of entries may be any iterable: ``episodes=``, ``encounters=``, ``procedures=``, ``conditions=``, ``organizers=``,
    ``nullified=``.
    """
    set_id = fields.get("set_id", SET_ID)
    defaults = {
        "id": an_id(name or f"document {version}", set_id),
        "set_id": set_id,
        "version": version,
        "effective_time": at("2019-06-01 11:00"),
        "patient": a_patient(),
        "author": Author(AUTHOR_UNIT, at("2019-06-01 11:00")),
        "custodian": CUSTODIAN,
    }
    return ClinicalDocument(**{**defaults, **_as_tuples(fields)})


def the_next_document(relation: Relation = Relation.APPEND, *, version: int = 2, **fields: Any) -> ClinicalDocument:
    """Return a document that follows version ``version - 1`` of its set, made by ``a_document`` without a name."""
    return a_document(version=version, **{"parent": a_parent(relation, version - 1), **fields})


def as_xml(document: ClinicalDocument | None = None, *, pretty: bool = True, **fields: Any) -> bytes:
    """Return a document as bytes.

    Without a document, the fields go to ``a_document``: ``as_xml(episodes=[an_episode()])``.
    """
    return writer.write(document or a_document(**fields), pretty=pretty)


def a_parent(relation: Relation = Relation.APPEND, version: int = 1, name: str = "") -> ParentDocument:
    """Return the parent document: by default the one that ``a_document(version=version)`` makes."""
    return ParentDocument(relation, an_id(name or f"document {version}"), SET_ID, version)


def _as_tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else value
        for name, value in fields.items()
    }


def a_referral(**fields: Any) -> Referral:
    """Return a referral from general practice."""
    defaults = {
        "time": at("2019-04-30 12:00"),
        "free_choice": Code("ALDB00", "fritvalg ikke relevant"),
        "origin": Code("ALDA30", "Praktiserende læge"),
    }
    return Referral(**{**defaults, **fields})


def a_referral_reason(code: str = "DJ189", *supplementary: str) -> ReferralReason:
    """Return a reason for a referral, with its supplementary codes."""
    return ReferralReason(Code(code), tuple(Code(each) for each in supplementary))


def an_episode(name: str = "episode", **fields: Any) -> EpisodeOfCare:
    """Return an open episode of care."""
    defaults = {
        "id": an_id(name),
        "start": at("2019-05-01 10:00"),
        "end": None,
        "responsible_unit": UNIT,
        "referral": a_referral(),
        "label": Code("ALAL02", "Hjertesygdomme"),
    }
    return EpisodeOfCare(**{**defaults, **_as_tuples(fields)})


def a_marker(name: str | None = "marker", **fields: Any) -> Marker:
    """Return an episode of care marker; ``name=None`` makes one without an id."""
    defaults = {"code": Code("AFB23A"), "time": at("2019-05-01 10:00"), "id": an_id(name) if name else None}
    return Marker(**{**defaults, **fields})


def a_link(target: Reference | None = None, code: str = "ALAA01") -> EpisodeLink:
    """Return a link to another episode of care, by default to one of another set."""
    return EpisodeLink(Code(code), target or set_external(uuid("another episode")))


def a_stay(**fields: Any) -> Stay:
    """Return a stay at the unit of ``an_encounter``, from its start to its end."""
    defaults = {"start": at("2019-05-02 08:00"), "end": at("2019-05-02 12:00"), "unit": UNIT}
    return Stay(**{**defaults, **fields})


def an_absence(**fields: Any) -> Stay:
    """Return an absence during an encounter."""
    return a_stay(**{"unit": "", "absence": Code("ALCF02"), **fields})


def a_payment(**fields: Any) -> Payment:
    """Return a payment for ``an_encounter``, from its start to its end."""
    defaults = {
        "agreement": Code("ALFA2"),
        "start": at("2019-05-02 08:00"),
        "end": at("2019-05-02 12:00"),
        "payer": Code("ALFB01"),
        "specialisation": Code("ALFC2", "hovedfunktion"),
    }
    return Payment(**{**defaults, **fields})


def an_encounter(name: str = "encounter", **fields: Any) -> Encounter:
    """Return a planned visit of four hours on ``an_episode``."""
    defaults = {
        "id": an_id(name),
        "episode": internal(EntryKind.EPISODE_OF_CARE, "episode"),
        "type": Code("ALCA00", "fysisk fremmøde"),
        "start": at("2019-05-02 08:00"),
        "end": at("2019-05-02 12:00"),
        "priority": Code("ATA3", "Planlagt"),
        "responsible_unit": UNIT,
        "stays": (a_stay(),),
        "payments": (a_payment(),),
    }
    return Encounter(**{**defaults, **_as_tuples(fields)})


def a_condition(name: str = "condition", **fields: Any) -> Condition:
    """Return the main condition of ``an_encounter``."""
    defaults = {
        "id": an_id(name),
        "main": True,
        "encounter": internal(EntryKind.ENCOUNTER, "encounter"),
        "code": Code("DI109", "Essentiel hypertension"),
        "kind": Code("ALGA01", "aktionsdiagnose"),
    }
    return Condition(**{**defaults, **_as_tuples(fields)})


def a_minor_condition(name: str = "minor condition", **fields: Any) -> Condition:
    """Return a minor condition of ``an_encounter``."""
    return a_condition(name, **{"main": False, "kind": Code("ALGA02", "bidiagnose"), **fields})


def a_procedure(name: str = "procedure", **fields: Any) -> Procedure:
    """Return a scan during ``an_encounter``, sent as a CDA procedure."""
    defaults = {
        "id": an_id(name),
        "form": ProcedureForm.PROCEDURE,
        "owner": internal(EntryKind.ENCOUNTER, "encounter"),
        "code": Code("UXCA00", "CT-skanning af cerebrum"),
        "start": at("2019-05-02 09:00"),
        "end": at("2019-05-02 09:30"),
        "producer": UNIT,
    }
    return Procedure(**{**defaults, **_as_tuples(fields)})


def an_indication(code: str = "DI109", *supplementary: str) -> Indication:
    """Return the reason for a procedure, with its supplementary codes."""
    return Indication(Code(code), tuple(Code(each) for each in supplementary))


def a_result(type: str = "RDA22", value: str = "1", time: datetime | None = None) -> Result:
    """Return one result of a result report."""
    return Result(Code(type), value, time)


def an_organizer(name: str = "organizer", /, **fields: Any) -> ObservationOrganizer:
    """Return a complete result report caused by ``an_encounter``."""
    defaults = {
        "id": an_id(name),
        "cause": internal(EntryKind.ENCOUNTER, "encounter"),
        "name": Code("RAA02", "Fødselsanmeldelse mor"),
        "status": Code("RAS01"),
        "responsible_unit": UNIT,
        "results": (a_result(),),
    }
    return ObservationOrganizer(**{**defaults, **_as_tuples(fields)})


def a_nullification(kind: EntryKind, name: str, form: ProcedureForm | None = None) -> Nullification:
    """Return the nullification of an entry of the set."""
    return Nullification(external(kind, name, form))
