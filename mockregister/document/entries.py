"""Read the entries of a document into the model: one function for each thing that has a template in the profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from lxml import etree

from mockregister.document import templates as t
from mockregister.document.markup import (
    CODE,
    EFFECTIVE_TIME,
    ID,
    PARTICIPANT_ROLE,
    TIME,
    VALUE,
    ClinicalStatement,
    attribute,
    cda,
    first,
    moment,
    text,
)
from mockregister.document.places import Places
from mockregister.document.references import reference, replaced
from mockregister.document.values import (
    code,
    codes,
    identifier,
    organization_id,
    own_code,
    own_id,
    period,
    placed,
    shared_code,
)
from mockregister.model import (
    Code,
    Condition,
    Encounter,
    EntryKind,
    EpisodeLink,
    EpisodeOfCare,
    Indication,
    Marker,
    Nullification,
    ObservationOrganizer,
    Payment,
    Procedure,
    ProcedureForm,
    Referral,
    ReferralReason,
    Result,
    Stay,
)
from mockregister.sharing import shared

Reason = TypeVar("Reason", ReferralReason, Indication)

_PRIORITY = cda("priorityCode")
_STATUS = cda("statusCode")
_TARGET_SITE = cda("targetSiteCode")
_MATERIAL_CODE = tuple(cda(name) for name in ("consumable", "manufacturedProduct", "manufacturedMaterial", "code"))


def episode(act: etree._Element, places: Places) -> EpisodeOfCare:
    """Return an episode of care, template .80."""
    statement = ClinicalStatement(act)
    start, end = period(act)
    unit = organization_id(statement.participants(t.RESPONSIBLE_UNIT, "RESP"))
    entry = EpisodeOfCare(
        id=own_id(act, places),
        start=start,
        end=end,
        responsible_unit=shared(attribute(unit, "extension")),
        referral=_referral(statement.one(t.REFERRAL), places),
        label=code(first(statement.one(t.CLINICAL_THEME), CODE), places),
        markers=tuple(_marker(marker, places) for marker in statement.all(t.MARKER)),
        link=_link(statement.one(t.EPISODE_LINK), places),
        completion=code(first(statement.one(t.EPISODE_COMPLETION), CODE), places),
        replaces=replaced(statement, places, EntryKind.EPISODE_OF_CARE),
    )
    return places.put(entry, act, responsible_unit=unit)


def _referral(act: etree._Element | None, places: Places) -> Referral | None:
    """Return a referral, template .51."""
    if act is None:
        return None
    statement = ClinicalStatement(act)
    referrer = organization_id(statement.participants(t.REFERRER, "REF"))
    referral = Referral(
        time=moment(first(act, EFFECTIVE_TIME)),
        free_choice=code(first(statement.one(t.RIGHT_TO_CHOOSE_HOSPITAL), CODE), places),
        origin=code(first(statement.one(t.REFERRAL_ORIGIN), CODE), places),
        reason=_reason(ReferralReason, statement.one(t.REFERRAL_REASON), places),
        referrer=shared(attribute(referrer, "extension")),
    )
    return places.put(referral, act, referrer=referrer)


def _reason(make: type[Reason], act: etree._Element | None, places: Places) -> Reason | None:
    """Return the reason for a referral, template .55, or for a procedure, template .19."""
    if act is None:
        return None
    return places.put(make(own_code(act, places), codes(ClinicalStatement(act).all(t.SUPPLEMENTARY_CODE), places)), act)


def _marker(act: etree._Element, places: Places) -> Marker:
    """Return an episode of care marker, template .82."""
    marker_id = identifier(first(act, ID), places)
    return places.put(Marker(own_code(act, places), moment(first(act, EFFECTIVE_TIME)), marker_id), act)


def _link(act: etree._Element | None, places: Places) -> EpisodeLink | None:
    """Return a link to another episode of care, template .83; None if it has no target."""
    if act is None:
        return None
    target = reference(ClinicalStatement(act), places, EntryKind.EPISODE_OF_CARE)
    return places.put(EpisodeLink(own_code(act, places), target), act) if target else None


def encounter(element: etree._Element, places: Places) -> Encounter:
    """Return an encounter, template .74."""
    statement = ClinicalStatement(element)
    start, end = period(element)
    unit = organization_id(statement.participants(t.RESPONSIBLE_UNIT, "RESP"))
    entry = Encounter(
        id=own_id(element, places),
        episode=reference(statement, places, EntryKind.EPISODE_OF_CARE),
        type=code(first(element, CODE), places),
        start=start,
        end=end,
        priority=code(first(element, _PRIORITY), places),
        responsible_unit=shared(attribute(unit, "extension")),
        stays=tuple(_stay(participant, places) for participant in statement.participants(t.SERVICE_DELIVERY_LOCATION, "LOC")),
        payments=tuple(_payment(payment, places) for payment in statement.all(t.PAYMENT_CONTRACT)),
        reason=code(first(statement.one(t.ENCOUNTER_REASON), CODE), places),
        referral=_referral(statement.one(t.REFERRAL), places),
        treatment_start=moment(first(statement.one(t.TREATMENT_START), EFFECTIVE_TIME)),
        replaces=replaced(statement, places, EntryKind.ENCOUNTER),
    )
    return places.put(entry, element, responsible_unit=unit, treatment_start=statement.one(t.TREATMENT_START))


def _stay(participant: etree._Element, places: Places) -> Stay:
    """Return a stay or an absence, template .50; a participant with both violates rule 09.61."""
    start, end = period(participant, TIME)
    unit, absence = organization_id((participant,)), code(first(first(participant, PARTICIPANT_ROLE), CODE), places)
    return places.put(Stay(start, end, shared(attribute(unit, "extension")), absence), participant, unit=unit)


def _payment(act: etree._Element, places: Places) -> Payment:
    """Return a payment, template .7."""
    statement = ClinicalStatement(act)
    start, end = period(act)
    payment = Payment(
        agreement=code(first(act, CODE), places),
        start=start,
        end=end,
        payer=_payer(statement.participants(t.PAYOR, "IND"), places),
        specialisation=code(first(statement.one(t.SPECIALIZATION_LEVEL), CODE), places),
    )
    return places.put(payment, act)


def _payer(participants: Sequence[etree._Element], places: Places) -> Code | None:
    """Return the payer, template .8; the profile writes its SKS code as an identifier."""
    element = organization_id(participants)
    if element is None or not element.get("extension"):
        return None
    return placed(shared_code(element.get("extension", ""), "", element.get("root", "")), element, places)


def condition(observation: etree._Element, places: Places, *, main: bool) -> Condition:
    """Return a condition, template .36, as a main condition (.45) or a minor one (.46)."""
    statement = ClinicalStatement(observation)
    entry = Condition(
        id=own_id(observation, places),
        main=main,
        encounter=reference(statement, places, EntryKind.ENCOUNTER),
        code=own_code(observation, places),
        kind=code(first(statement.one(t.CONDITION_KIND), CODE), places),
        side=code(first(observation, _TARGET_SITE), places),
        supplementary=codes(statement.all(t.SUPPLEMENTARY_CODE), places),
        metastases=codes(statement.all(t.METASTASIS), places),
        recurrences=codes(statement.all(t.CANCER_RECURRENCE), places),
        negated=observation.get("negationInd") in ("true", "1"),
        replaces=replaced(statement, places, EntryKind.CONDITION),
    )
    return places.put(entry, observation)


def procedure(element: etree._Element, places: Places, *, form: ProcedureForm) -> Procedure:
    """Return a procedure, templates .130 and .131, that was sent as a CDA act (.25), observation (.29) or procedure (.30)."""
    statement = ClinicalStatement(element)
    start, end = period(element)
    performers = statement.participants(t.PROCEDURE_PRODUCER, "PRF")
    unit = organization_id(performers)
    entry = Procedure(
        id=own_id(element, places),
        form=form,
        owner=reference(statement, places, EntryKind.EPISODE_OF_CARE, EntryKind.ENCOUNTER),
        code=own_code(element, places),
        start=start,
        end=end,
        producer=shared(attribute(unit, "extension")),
        staff=code(first(performers[0], PARTICIPANT_ROLE, CODE), places) if performers else None,
        supplementary=codes(statement.all(t.SUPPLEMENTARY_CODE), places),
        side=code(first(element, _TARGET_SITE), places),
        contrast=code(first(statement.one(t.CONTRAST_AGENT), *_MATERIAL_CODE), places),
        payment=next((_payment(payment, places) for payment in statement.all(t.PAYMENT_CONTRACT)), None),
        indication=_reason(Indication, statement.one(t.PROCEDURE_REASON), places),
        action=code(first(statement.one(t.PROCEDURE_STATUS), CODE), places),
        replaces=replaced(statement, places, EntryKind.PROCEDURE, form),
    )
    return places.put(entry, element, producer=unit)


def organizer(act: etree._Element, places: Places) -> ObservationOrganizer:
    """Return a result report, template .88, in the entry .90 that has its id and its cause."""
    entry = ClinicalStatement(act)
    battery = ClinicalStatement(next(iter(entry.all(t.OBSERVATION_ORGANIZER)), act))
    unit = organization_id(battery.participants(t.RESPONSIBLE_UNIT, "RESP"))
    report = ObservationOrganizer(
        id=own_id(act, places),
        cause=reference(entry, places),
        name=own_code(battery.element, places),
        status=code(first(battery.element, _STATUS), places),
        responsible_unit=shared(attribute(unit, "extension")),
        results=tuple(_result(observation, places) for observation in battery.all(t.OBSERVATION)),
        replaces=replaced(entry, places, EntryKind.OBSERVATION_ORGANIZER),
    )
    return places.put(report, act, responsible_unit=unit)


def _result(observation: etree._Element, places: Places) -> Result:
    """Return one result, template .89; a quantity or a code instead of a text becomes its text."""
    value = first(observation, VALUE)
    written = text(value) or attribute(value, "value") or attribute(value, "code")
    result = Result(own_code(observation, places), written, moment(first(observation, EFFECTIVE_TIME)))
    return places.put(result, observation, value=value)


def nullification(act: etree._Element, places: Places) -> Nullification | None:
    """Return a nullified entry, template .118; None if it names no entry."""
    target = replaced(ClinicalStatement(act), places)
    return places.put(Nullification(target), act) if target else None
