"""Check that what a document names is in the national registers: SKS, SOR, authority codes, CPR and CVR."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from mockregister.clock import COPENHAGEN
from mockregister.codes import cpr, cvr
from mockregister.codes.tables import CodeTables
from mockregister.model import CPR, SKS
from mockregister.register.codings import codings, units
from mockregister.register.indexes import all_codes
from mockregister.register.proposal import Proposal, Statement
from mockregister.register.rows import EntryRow, Status
from mockregister.register.view import View
from mockregister.register.violation import Violation

_LARGEST = 2**63 - 1


def check(proposal: Proposal, after: View, codes: CodeTables) -> Iterator[Violation]:
    """Yield a violation for each unknown value.

    ``after`` is the register with the document, because a code's period may come from an entry of an earlier document.
    """
    yield from _patient(proposal)
    for residence in proposal.document.patient.residences:
        for attribute, code in (("municipality", residence.municipality), ("country", residence.country)):
            if code and not codes.authorities.known(code):
                yield proposal.violation("MYNDIGHED_CODE_NOT_FOUND", residence, code, attribute=attribute)
    if proposal.document.custodian and not cvr.is_cvr(proposal.document.custodian):
        yield proposal.violation("INVALID_CVR_NUMBER", proposal.document, attribute="custodian")
    for statement in proposal.statements:
        yield from _entry(proposal, statement, after, codes)


def _entry(proposal: Proposal, statement: Statement, after: View, codes: CodeTables) -> Iterator[Violation]:
    unknown = {
        code for code in all_codes(statement.entry) if code.system == SKS and code.code and not codes.sks.known(code.code)
    }  # unknown at any time; a code that is only invalid at the time of the entry is for the business rules (fact 113)
    if unknown:
        row = EntryRow(statement.kind, statement.entry, proposal.set_key, statement.owner_key, Status.LIVE, proposal.key)
        for coding in codings(row, after):
            if coding.code in unknown:
                start, end = map(_minutes, coding.period)
                yield proposal.violation("SKS_CODE_NOT_FOUND", coding.code, coding.code.code, start, end)
    for unit in units(statement.entry):
        if unit.sor_id and unit.sor_id not in codes.sor:  # without a SOR id, level 3 checks in the document what was sent instead
            code = "SOR_ORG_UNIT_NOT_FOUND" if _is_number(unit.sor_id) else "SOR_IDENTIFIER_INVALID"
            yield proposal.violation(code, unit.at, unit.sor_id, attribute=unit.attribute)


def _minutes(time: datetime | None) -> str:
    """Return a moment as ``2018-11-07T16:43+01:00``; empty for an open end (fact 152)."""
    return time.isoformat(timespec="minutes") if time else ""


def _is_number(text: str) -> bool:
    """Return whether a SOR id is a whole number of 64 bits; any other text is invalid, not only unknown."""
    return text.isdecimal() and text.isascii() and len(text) <= len(str(_LARGEST)) and int(text) <= _LARGEST


def _patient(proposal: Proposal) -> Iterator[Violation]:
    """Yield what is wrong with the patient's numbers (facts 41, 87); the CPR number must agree with sex and birth date."""
    patient = proposal.document.patient
    for identifier in patient.alternative_ids:
        if identifier.root == CPR:
            yield proposal.violation("ALTERNATIVE_IDENTIFIER_WITH_CPR_SYSTEMID_NOT_ALLOWED", identifier)
        elif not cpr.is_ecpr(identifier.root, identifier.extension):
            yield proposal.violation("INVALID_REPLACEMENT_NUMBER", identifier)
    born = cpr.birth_date(patient.cpr)
    if not patient.cpr and not patient.alternative_ids:
        yield proposal.violation("CPR_NUMBER_MISSING", patient)
    elif patient.cpr and born is None:
        code = "INVALID_REPLACEMENT_CPR_NUMBER" if cpr.is_replacement(patient.cpr) else "INVALID_CPR_NUMBER"
        yield proposal.violation(code, patient, attribute="cpr")
    if born is not None and patient.gender in ("M", "F") and patient.gender != cpr.sex(patient.cpr):
        yield proposal.violation("GENDERS_MISMATCH", patient, attribute="gender")
    if born is not None and patient.birth_time is not None and patient.birth_time.astimezone(COPENHAGEN).date() != born:
        yield proposal.violation("BIRTH_DATES_MISMATCH", patient, attribute="birth_time")
