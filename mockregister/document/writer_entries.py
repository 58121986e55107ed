"""Write the entries of the model as CDA: one function for each thing that has a template in the profile."""

from __future__ import annotations

from collections.abc import Iterable

from mockregister.document import templates as t
from mockregister.document.building import (
    XSI_TYPE,
    Markup,
    code,
    coded,
    element,
    identifier,
    null,
    observed,
    often,
    organization,
    own_code,
    participant,
    period,
    point,
    pointing,
    related,
    replacing,
    statement,
    template_ids,
    text,
)
from mockregister.model import (
    Code,
    Condition,
    Encounter,
    EpisodeOfCare,
    Indication,
    Marker,
    Nullification,
    ObservationOrganizer,
    Payment,
    Procedure,
    ProcedureForm,
    Reference,
    Referral,
    ReferralReason,
    Result,
    Scope,
    Stay,
)

_PROCEDURE_FORMS = {
    ProcedureForm.ACT: ("act", "ACT", t.PROCEDURE_ACT, t.CDA_ACT),
    ProcedureForm.OBSERVATION: ("observation", "OBS", t.PROCEDURE_OBSERVATION, t.CDA_OBSERVATION),
    ProcedureForm.PROCEDURE: ("procedure", "PROC", t.PROCEDURE_PROCEDURE, t.CDA_PROCEDURE),
}


def episode(entry: EpisodeOfCare) -> Markup:
    """Return an episode of care, template .80."""
    return statement(
        *("act", "PCPR", t.EPISODE_OF_CARE, t.CDA_ACT),
        identifier(entry.id),
        null("code", "NA"),
        period("effectiveTime", entry.start, entry.end),
        participant("RESP", t.RESPONSIBLE_UNIT, entry.responsible_unit),
        _referral(entry.referral),
        coded("COMP", "REG", t.CLINICAL_THEME, entry.label),
        *[_marker(marker) for marker in entry.markers],
        None if entry.link is None else coded("COMP", "REG", t.EPISODE_LINK, entry.link.code, _to_episode(entry.link.target)),
        observed("COMP", t.EPISODE_COMPLETION, entry.completion),
        replacing(entry.replaces),
    )


def _referral(referral: Referral | None) -> Markup | None:
    """Return a referral, template .51."""
    if referral is None:
        return None
    act = element(
        "act",
        template_ids(t.REFERRAL, t.CDA_ACT),
        null("code", "NA"),
        point("effectiveTime", referral.time),
        participant("REF", t.REFERRER, referral.referrer),
        _referral_reason(referral.reason),
        coded("COMP", "REG", t.RIGHT_TO_CHOOSE_HOSPITAL, referral.free_choice),
        coded("COMP", "REG", t.REFERRAL_ORIGIN, referral.origin),
        classCode="PCPR",
        moodCode="RQO",
    )
    return related("RSON", act)


def _referral_reason(reason: ReferralReason | None) -> Markup | None:
    """Return a reason for a referral, template .55."""
    if reason is None:
        return None
    return coded("RSON", "REG", t.REFERRAL_REASON, reason.code, *_supplementary(reason.supplementary))


def _supplementary(codes: Iterable[Code]) -> list[Markup | None]:
    """Return supplementary codes, template .5."""
    return [coded("COMP", "REG", t.SUPPLEMENTARY_CODE, each) for each in codes]


def _marker(marker: Marker) -> Markup | None:
    """Return an episode of care marker, template .82."""
    own_id = None if marker.id is None else identifier(marker.id)
    content = own_id, own_code(marker.code), point("effectiveTime", marker.time)
    return related("COMP", statement("act", "REG", t.MARKER, t.CDA_ACT, *content))


def _to_episode(reference: Reference | None) -> Markup | None:
    """Return a reference to an episode of care; its template says whether that is in the set (.69) or in any set (.129)."""
    anywhere = reference is not None and reference.scope is Scope.SET_EXTERNAL
    template = t.SET_EXTERNAL_EPISODE_OF_CARE_REFERENCE if anywhere else t.EXTERNAL_EPISODE_OF_CARE_REFERENCE
    return pointing(reference, external=(template,))


def encounter(entry: Encounter) -> Markup:
    """Return an encounter, template .74."""
    return statement(
        *("encounter", "ENC", t.ENCOUNTER, t.CDA_ENCOUNTER),
        identifier(entry.id),
        code("code", entry.type),
        period("effectiveTime", entry.start, entry.end),
        code("priorityCode", entry.priority),
        participant("RESP", t.RESPONSIBLE_UNIT, entry.responsible_unit),
        *[_stay(stay) for stay in entry.stays],
        *[_payment("REFR", payment) for payment in entry.payments],
        coded("RSON", "REG", t.ENCOUNTER_REASON, entry.reason),
        _referral(entry.referral),
        _treatment_start(entry),
        _to_episode(entry.episode),
        replacing(entry.replaces),
    )


def _stay(stay: Stay) -> Markup:
    """Return a stay or an absence, template .50."""
    content = template_ids(t.SERVICE_DELIVERY_LOCATION, t.CDA_PARTICIPANT), period("time", stay.start, stay.end)
    return element("participant", *content, _whereabouts(stay.unit, stay.absence), typeCode="LOC")


@often
def _whereabouts(unit: str, absence: Code | None) -> Markup:
    role = template_ids(t.STAY_ROLE if unit else t.ABSENCE_ROLE)
    place = organization(unit) if unit else null("scopingEntity")
    return element("participantRole", role, code("code", absence), place, classCode="SDLOC")


def _payment(type_code: str, payment: Payment | None) -> Markup | None:
    """Return a payment, template .7."""
    if payment is None:
        return None
    act = statement(
        *("act", "ACT", t.PAYMENT_CONTRACT, t.CDA_ACT),
        own_code(payment.agreement),
        period("effectiveTime", payment.start, payment.end),
        _payer(payment.payer),
        coded("COMP", "ACT", t.SPECIALIZATION_LEVEL, payment.specialisation),
    )
    return related(type_code, act)


@often
def _payer(payer: Code | None) -> Markup | None:
    """Return the payer, template .8; the profile writes its SKS code as an identifier."""
    if payer is None:
        return None
    as_id = element("id", root=payer.system, extension=payer.code, assigningAuthorityName="Sundhedsdatastyrelsen")
    role = element("participantRole", element("scopingEntity", as_id), classCode="PAYOR")
    return element("participant", template_ids(t.PAYOR, t.CDA_PARTICIPANT), role, typeCode="IND")


def _treatment_start(entry: Encounter) -> Markup | None:
    """Return the time at which treatment began, template .112."""
    if entry.treatment_start is None:
        return None
    content = null("code", "NA"), point("effectiveTime", entry.treatment_start)
    return related("COMP", statement("act", "REG", t.TREATMENT_START, t.CDA_ACT, *content))


def condition(entry: Condition) -> Markup:
    """Return a condition, template .45 or .46 with .36."""
    return element(
        "observation",
        template_ids(t.MAIN_CONDITION if entry.main else t.MINOR_CONDITION, t.CONDITION, t.CDA_OBSERVATION),
        identifier(entry.id),
        own_code(entry.code),
        code("targetSiteCode", entry.side),
        *[observed("COMP", t.CANCER_RECURRENCE, recurrence) for recurrence in entry.recurrences],
        *[observed("COMP", t.METASTASIS, metastasis) for metastasis in entry.metastases],
        observed("COMP", t.CONDITION_KIND, entry.kind),
        *_supplementary(entry.supplementary),
        pointing(entry.encounter),
        replacing(entry.replaces),
        classCode="OBS",
        moodCode="EVN",
        negationInd="true" if entry.negated else "",
    )


def procedure(entry: Procedure) -> Markup:
    """Return a procedure, template .25, .29 or .30; template .25 has no side."""
    as_act = entry.form is ProcedureForm.ACT
    return statement(
        *_PROCEDURE_FORMS[entry.form],
        identifier(entry.id),
        own_code(entry.code),
        period("effectiveTime", entry.start, entry.end),
        None if as_act else code("targetSiteCode", entry.side),
        _producer(entry.producer, entry.staff),
        *_supplementary(entry.supplementary),
        _contrast(entry.contrast),
        _payment("COMP", entry.payment),
        _indication(entry.indication),
        coded("COMP", "ACT", t.PROCEDURE_STATUS, entry.action),
        pointing(entry.owner, internal=(t.PROCEDURE_ACT_OWNER,) if as_act else ()),
        replacing(entry.replaces),
    )


@often
def _producer(unit: str, staff: Code | None) -> Markup | None:
    """Return the producer, template .16."""
    if not unit and staff is None:
        return None
    role = element("participantRole", code("code", staff), organization(unit), classCode="ROL")
    return element("participant", template_ids(t.PROCEDURE_PRODUCER, t.CDA_PARTICIPANT), role, typeCode="PRF")


def _contrast(value: Code | None) -> Markup | None:
    """Return the contrast agent used, templates .2, .4 and .3."""
    if value is None:
        return None
    substance = template_ids(t.CONTRAST_AGENT_MATERIAL, t.CDA_MATERIAL), code("code", value)
    material = element("manufacturedMaterial", *substance, classCode="MMAT")
    produced = template_ids(t.CONTRAST_AGENT_PRODUCT, t.CDA_MANUFACTURED_PRODUCT)
    product = element("manufacturedProduct", produced, material, classCode="MANU")
    consumable = element("consumable", product, typeCode="CSM")
    kind = "substanceAdministration", "SBADM", t.CONTRAST_AGENT, t.CDA_SUBSTANCE_ADMINISTRATION
    return related("COMP", statement(*kind, consumable))


def _indication(indication: Indication | None) -> Markup | None:
    """Return the reason for a procedure, template .19."""
    if indication is None:
        return None
    return observed("RSON", t.PROCEDURE_REASON, indication.code, *_supplementary(indication.supplementary))


def organizer(entry: ObservationOrganizer) -> Markup:
    """Return a result report, template .88, in the entry .90 that has its id and its cause."""
    return statement(
        *("act", "REG", t.OBSERVATION_ORGANIZER_ENTRY, t.CDA_ACT),
        identifier(entry.id),
        null("code", "NA"),
        related("REFR", _battery(entry)),
        pointing(entry.cause),
        replacing(entry.replaces),
    )


def _battery(entry: ObservationOrganizer) -> Markup:
    """Return the report itself, template .88; the type of its status has no code system."""
    return statement(
        *("organizer", "BATTERY", t.OBSERVATION_ORGANIZER, t.CDA_ORGANIZER),
        own_code(entry.name),
        element("statusCode", code=entry.status.code) if entry.status else null("statusCode"),
        participant("RESP", t.RESPONSIBLE_UNIT, entry.responsible_unit),
        *[element("component", _result(result), typeCode="COMP") for result in entry.results],
    )


def _result(result: Result) -> Markup:
    """Return one result, template .89."""
    return statement(
        *("observation", "OBS", t.OBSERVATION, t.CDA_OBSERVATION),
        own_code(result.type),
        point("effectiveTime", result.time),
        element("value", text(result.value), **{XSI_TYPE: "ST"}),
    )


def nullification(entry: Nullification) -> Markup:
    """Return a nullified entry, template .118."""
    return statement(
        *("act", "ACT", t.NULLIFY, t.CDA_ACT),
        null("code", "NA"),
        element("statusCode", code="nullified"),
        replacing(entry.target, t.REPLACEMENT_REFERENCE, t.CDA_REFERENCE),
    )
