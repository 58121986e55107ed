"""The facts that rules look at: one episode of care and everything on it, with owners, codes and units resolved.

The register keeps trees of entries, but rules follow paths such as ``the.encounter.unit.psychiatric``. ``gathering`` turns a
tree into facts in one walk. Where the model has an empty text for an absent value, a fact has None. Attribute names are the
vocabulary of the rules: a rule that misspells a name stops the start.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar

from mockregister.codes.lists import NO_LISTS, Membership
from mockregister.codes.sks import SksRow, SksTable
from mockregister.model import EntryKind, Identifier, Period

WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")
DECIMAL_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
DATE_TIME = re.compile(r"[0-9]{14}[+-][0-9]{4}")


@lru_cache(maxsize=4096)
def _decimal(form: re.Pattern[str], text: str) -> Decimal | None:
    """Return the number that a text of this form represents; cached, because several rules ask for the same text."""
    return Decimal(text) if form.fullmatch(text) else None


class Session:
    """Everything that the rules see at once: the facts on one episode of care, its patient, and the register's moment.

    ``received`` is when the report arrived; for a report that is not stored yet, that is now.
    """

    __slots__ = ("_by_kind", "episode", "facts", "now", "patient", "received")

    patient: Patient
    episode: Episode

    def __init__(self, now: datetime, received: datetime | None = None) -> None:
        self.now, self.received = now, received or now
        self.facts: list[Fact] = []
        self._by_kind: dict[type[Fact], list[Fact]] = {}

    def every(self, kind: type[Fact]) -> Sequence[Fact]:
        """Return all facts of a kind, owners before what they own."""
        if not self._by_kind:
            for fact in self.facts:
                self._by_kind.setdefault(type(fact), []).append(fact)
        if kind is AnyCondition:
            return [*self.every(MainCondition), *self.every(MinorCondition)]
        return self._by_kind.get(kind, ())


@dataclass(slots=True, eq=False)
class Fact:
    """Something on the episode of care. Findings are reported at it, or at its nearest owner that has an id.

    ``source`` is the object of the model that states it. Only reports and results have a ``key``, the code of the report's name
    or the result's type by which rules find them, and a ``cause``: what gave rise to the report (årsag).
    """

    owner: Fact | None
    id: Identifier | None
    session: Session = field(init=False)
    source: object = field(init=False, default=None)
    key: str = field(init=False, default="")
    cause: Fact | None = field(init=False, default=None)

    entry_kind: ClassVar[str] = ""

    def place(self) -> Fact:
        """Return the nearest object that has an id, starting with this one."""
        return self if self.id is not None or self.owner is None else self.owner.place()


@dataclass(slots=True, eq=False)
class Coded:
    """A code (SksKode) as an element uses it; the element's period decides which row of the table is meant (fact 109).

    ``always`` are its lists if its only row is valid at all times, as most are; the dates then do not matter.
    ``supplementary`` are the codes that add to it (tillægskoder). Two codes are equal if they have the same text.
    """

    text: str
    period: Period
    sks: SksTable
    always: Membership | None
    supplementary: tuple[Coded, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Coded) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def row(self) -> SksRow | None:
        """The row that is meant, with its validity; None for an unknown code."""
        return self.sks.row_near(self.text, *self.period)

    @property
    def valid_from(self) -> datetime | None:
        """The first moment of its validity (gyldigFraDato); None if it has no beginning."""
        row = None if self.always is not None else self.row
        return None if row is None else row.valid_from

    @property
    def valid_to(self) -> datetime | None:
        """The last moment of its validity (gyldigTilDato); None if it has no end."""
        row = None if self.always is not None else self.row
        return None if row is None else row.valid_to

    def lists(self, when: datetime | Period | None) -> Membership:
        """Return the lists of every row valid at the moment or at some time in the period; none if ``when`` is missing."""
        if when is None or (isinstance(when, Period) and when.start is None):
            return NO_LISTS
        if self.always is not None:
            return self.always
        if isinstance(when, Period):
            return self.sks.lists_within(self.text, *when)
        return self.sks.lists_at(self.text, when)

    def is_invalid(self, start: datetime | None, end: datetime | None) -> bool:
        """Return whether the row is valid at no time from start to end; a missing moment sets no limit. False without a row."""
        if self.always is not None:
            return False
        row = self.row
        if row is None:
            return False
        is_late = start is not None and row.valid_to is not None and start > row.valid_to
        return is_late or (row.valid_from is not None and end is not None and row.valid_from > end)


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisational unit (SOR-enhed): when it opened and closed, and whether it has a psychiatric speciality."""

    sor_id: str
    opened: datetime | None
    closed: datetime | None
    psychiatric: bool
    name: str = ""

    @property
    def somatic(self) -> bool:
        """Whether it has no psychiatric speciality."""
        return not self.psychiatric


@dataclass(slots=True, eq=False)
class Patient(Fact):
    """The patient (patient): ``born`` is the date of birth, ``identifiers`` the keys of CPR number and alternative ids."""

    born: date | None
    identifiers: frozenset[str]

    entry_kind: ClassVar[str] = "patient"

    def is_same(self, other: Patient | None) -> bool:
        """Return whether both are the same patient (erSammePatient): they share a CPR number or alternative id."""
        return other is not None and not self.identifiers.isdisjoint(other.identifiers)


@dataclass(slots=True, eq=False)
class Residence(Fact):
    """An unofficial residence (uofficiel bopæl); the codes are compared as texts."""

    country: str | None
    municipality: str | None
    start: datetime | None
    end: datetime | None


@dataclass(slots=True, eq=False)
class Episode(Fact):
    """The episode of care (forløbselement). ``reported`` is the report's timestamp, ``now`` the register's moment."""

    patient: Patient
    start: datetime | None
    end: datetime | None
    reported: datetime | None
    now: datetime
    unit: Unit | None
    label: Coded | None
    completion: Coded | None
    period: Period
    link: Link | None = None
    referral: Referral | None = None
    latest_time: datetime | None = None
    markers: list[Marker] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    entry_kind: ClassVar[str] = EntryKind.EPISODE_OF_CARE.value


@dataclass(slots=True, eq=False)
class Link:
    """A link to another episode of care (reference); ``episode`` is missing if the register does not know it.

    The other episode and everything on it can only be reached from here; no rule looks at them directly.
    """

    code: Coded
    episode: Episode | None
    same_patient: bool

    @property
    def other_patient(self) -> bool:
        """Whether the patients of the two episodes have no id in common, or the other episode is unknown."""
        return not self.same_patient


@dataclass(slots=True, eq=False)
class Marker(Fact):
    """An episode of care marker (forløbsmarkør)."""

    episode: Episode
    code: Coded
    time: datetime | None
    reports: list[Report] = field(default_factory=list)

    entry_kind: ClassVar[str] = EntryKind.MARKER.value


@dataclass(slots=True, eq=False)
class Referral(Fact):
    """A referral (henvisning) of an episode of care or of an encounter; the other one is missing."""

    patient: Patient
    episode: Episode | None
    encounter: Encounter | None
    time: datetime | None
    origin: Coded | None
    free_choice: Coded | None
    reason: Coded | None


@dataclass(slots=True, eq=False)
class Encounter(Fact):
    """An encounter (kontakt)."""

    episode: Episode
    start: datetime | None
    end: datetime | None
    treatment_start: datetime | None
    unit: Unit | None
    type: Coded | None
    priority: Coded | None
    reason: Coded | None
    period: Period
    referral: Referral | None = None
    stays: list[Stay] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    main_condition: MainCondition | None = None
    minor_conditions: list[MinorCondition] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    entry_kind: ClassVar[str] = EntryKind.ENCOUNTER.value

    @property
    def minor_codes(self) -> tuple[Coded, ...]:
        """The codes of its minor conditions."""
        return tuple(minor.code for minor in self.minor_conditions)

    @property
    def report(self) -> Report | None:
        """The first result report that it caused (resultatIndberetning)."""
        return self.reports[0] if self.reports else None


@dataclass(slots=True, eq=False)
class Stay(Fact):
    """Where the patient was during an encounter (opholdsadresse): a unit, or an absence."""

    encounter: Encounter
    start: datetime | None
    end: datetime | None
    unit: Unit | None
    absence: Coded | None

    @property
    def period(self) -> Period:
        """From start to end."""
        return Period(self.start, self.end)


@dataclass(slots=True, eq=False)
class Payment(Fact):
    """Who pays (betalingsoplysning) for an encounter or a procedure; for a procedure, ``encounter`` is missing."""

    encounter: Encounter | None
    start: datetime | None
    end: datetime | None
    agreement: Coded | None
    payer: Coded | None
    specialisation: Coded | None

    @property
    def period(self) -> Period:
        """From start to end."""
        return Period(self.start, self.end)


@dataclass(slots=True, eq=False)
class AnyCondition(Fact):
    """A condition (diagnose), main or minor by its template; rules look at ``MainCondition`` and ``MinorCondition`` too."""

    encounter: Encounter
    code: Coded
    kind: Coded | None
    side: Coded | None
    metastases: tuple[Coded, ...]
    recurrences: tuple[Coded, ...]
    reports: list[Report] = field(default_factory=list)

    entry_kind: ClassVar[str] = EntryKind.CONDITION.value


class MainCondition(AnyCondition):
    """The main condition of an encounter (aktionsdiagnose)."""

    __slots__ = ()


class MinorCondition(AnyCondition):
    """A minor condition of an encounter (bidiagnose)."""

    __slots__ = ()

    @property
    def other_minor_codes(self) -> tuple[Coded, ...]:
        """The codes of the other minor conditions of the same encounter."""
        return tuple(minor.code for minor in self.encounter.minor_conditions if minor is not self)


@dataclass(slots=True, eq=False)
class Procedure(Fact):
    """A procedure (procedure) of an encounter, or directly of the episode of care; the other is missing."""

    patient: Patient
    episode: Episode | None
    encounter: Encounter | None
    start: datetime | None
    end: datetime | None
    code: Coded
    producer: Unit | None
    staff: Coded | None
    side: Coded | None
    contrast: Coded | None
    action: Coded | None
    indication: Coded | None
    period: Period
    payment: Payment | None = None
    reports: list[Report] = field(default_factory=list)

    entry_kind: ClassVar[str] = EntryKind.PROCEDURE.value


@dataclass(slots=True, eq=False)
class Report(Fact):
    """A result report (resultatindberetning). Its owner is its cause (årsag): only the attribute for that kind of cause is set.

    ``cause_period`` is the time of the cause: for a condition its encounter's period, for a marker its moment.
    """

    name: Coded
    status: Coded | None
    unit: Unit | None
    cause_period: Period
    encounter: Encounter | None
    condition: AnyCondition | None
    procedure: Procedure | None
    results: list[Result] = field(default_factory=list)
    results_by_type: dict[str, list[Result]] = field(default_factory=dict)

    entry_kind: ClassVar[str] = EntryKind.OBSERVATION_ORGANIZER.value

    @property
    def marker(self) -> Marker | None:
        """The episode of care marker that caused it."""
        return self.owner if isinstance(self.owner, Marker) else None

    @property
    def episode(self) -> Episode | None:
        """The episode of care that caused it, as a whole."""
        return self.owner if isinstance(self.owner, Episode) else None

    @property
    def cause_start(self) -> datetime | None:
        """When the cause began."""
        return self.cause_period.start

    @property
    def cause_end(self) -> datetime | None:
        """When the cause ended."""
        return self.cause_period.end


@dataclass(slots=True, eq=False)
class Result(Fact):
    """One result (resultat); its value is a code, a number or a moment, depending on its type.

    A value that is not an SKS code becomes a code without lists.
    """

    report: Report
    type: Coded
    text: str
    value: Coded
    time: datetime | None

    @property
    def whole_number(self) -> Decimal | None:
        """The value as a whole number: digits with an optional sign."""
        return _decimal(WHOLE_NUMBER, self.text)

    @property
    def number(self) -> Decimal | None:
        """The value as a number with an optional fraction after a point."""
        return _decimal(DECIMAL_NUMBER, self.text)

    @property
    def is_date_time(self) -> bool:
        """Whether the value is a moment ``YYYYMMDDhhmmss±ZZzz`` that exists."""
        if not DATE_TIME.fullmatch(self.text):
            return False
        try:
            datetime.strptime(self.text, "%Y%m%d%H%M%S%z")
        except ValueError:
            return False
        return True
