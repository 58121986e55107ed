"""Every code in an entry, each with the period in which the code must be known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce, singledispatch

from mockregister.model import (
    Code,
    Condition,
    Encounter,
    EpisodeOfCare,
    Marker,
    ObservationOrganizer,
    Payment,
    Period,
    Procedure,
    Referral,
)
from mockregister.register.rows import EntryRow, Stated
from mockregister.register.view import View


@dataclass(frozen=True, slots=True)
class Coding:
    """A code, and the period in which it must be known."""

    code: Code
    period: Period


@dataclass(frozen=True, slots=True)
class UnitField:
    """A SOR id, the object that has it, and the name of the object's field."""

    at: object
    attribute: str
    sor_id: str


def moment(time: datetime | None) -> Period:
    """Return a period that is a single moment."""
    return Period(time, time)


def period_of(entry: Stated, owner: str, view: View) -> Period:
    """Return the period of an entry, or of the nearest owner that has one."""
    periods = [_own_period(entry), *(_own_period(row.entry) for _, row in view.with_owners(owner))]
    return reduce(Period.or_else, periods)


@singledispatch
def _own_period(entry: object) -> Period:
    return Period()


@_own_period.register(EpisodeOfCare)
@_own_period.register(Encounter)
@_own_period.register(Procedure)
def _(entry: EpisodeOfCare | Encounter | Procedure) -> Period:
    return Period(entry.start, entry.end)


@_own_period.register
def _(entry: Marker) -> Period:
    return moment(entry.time)


def codings(row: EntryRow, view: View) -> Iterator[Coding]:
    """Return every code of an entry with its period; an episode of care includes the codes of its markers."""
    period = period_of(row.entry, row.owner, view)
    return (Coding(code, said) for code, said in _codes(row.entry, period) if code is not None)


Codes = Iterator[tuple[Code | None, Period]]


@singledispatch
def _codes(entry: object, period: Period) -> Codes:
    yield from ()


@_codes.register
def _(entry: EpisodeOfCare, period: Period) -> Codes:
    yield from ((entry.label, period), (entry.completion, period), (entry.link.code if entry.link else None, period))
    yield from _referral_codes(entry.referral, period)
    for marker in entry.markers:
        yield marker.code, moment(marker.time).or_else(period)


@_codes.register
def _(entry: Encounter, period: Period) -> Codes:
    yield from ((code, period) for code in (entry.type, entry.priority, entry.reason))
    yield from _referral_codes(entry.referral, period)
    for stay in entry.stays:
        yield stay.absence, Period(stay.start, stay.end).or_else(period)
    for payment in entry.payments:
        yield from _payment_codes(payment, period)


@_codes.register
def _(entry: Condition, period: Period) -> Codes:
    lists = (*entry.supplementary, *entry.metastases, *entry.recurrences)
    yield from ((code, period) for code in (entry.code, entry.kind, entry.side, *lists))


@_codes.register
def _(entry: Procedure, period: Period) -> Codes:
    single = entry.code, entry.staff, entry.side, entry.contrast, entry.action
    reason = (entry.indication.code, *entry.indication.supplementary) if entry.indication else ()
    yield from ((code, period) for code in (*single, *entry.supplementary, *reason))
    yield from _payment_codes(entry.payment, period)


@_codes.register
def _(entry: ObservationOrganizer, period: Period) -> Codes:
    yield from ((entry.name, period), (entry.status, period))
    for result in entry.results:
        yield result.type, moment(result.time).or_else(period)


def _referral_codes(referral: Referral | None, period: Period) -> Codes:
    if referral is not None:
        period = moment(referral.time).or_else(period)
        reason = (referral.reason.code, *referral.reason.supplementary) if referral.reason else ()
        yield from ((code, period) for code in (referral.free_choice, referral.origin, *reason))


def _payment_codes(payment: Payment | None, period: Period) -> Codes:
    if payment is not None:
        period = Period(payment.start, payment.end).or_else(period)
        yield from ((code, period) for code in (payment.agreement, payment.payer, payment.specialisation))


def units(entry: Stated) -> Iterator[UnitField]:
    """Yield every SOR id of an entry; one that the profile requires and the entry lacks is yielded as an empty text."""
    if isinstance(entry, EpisodeOfCare | Encounter):
        yield UnitField(entry, "responsible_unit", entry.responsible_unit)
        if entry.referral is not None and entry.referral.referrer:
            yield UnitField(entry.referral, "referrer", entry.referral.referrer)
    if isinstance(entry, Encounter):
        yield from (UnitField(stay, "unit", stay.unit) for stay in entry.stays if stay.unit)
    if isinstance(entry, Procedure):
        yield UnitField(entry, "producer", entry.producer)
    if isinstance(entry, ObservationOrganizer):
        yield UnitField(entry, "responsible_unit", entry.responsible_unit)
