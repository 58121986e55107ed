"""The register in a few figures, and the patients and episodes of care that these count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mockregister.model import EntryKind, Patient
from mockregister.register.elements import Look
from mockregister.register.indexes import (
    BY_STANDING,
    CONDITIONS_BY_GROUP,
    CONTACTS_BY_MONTH,
    DOCUMENTS_BY_MONTH,
    ENTRIES_OF_SET,
    EPISODES_BY_FINDING,
    ERROR_NOW,
    NO_DEADLINE,
    SETS_OF_AUTHORITY,
    SETS_OF_PATIENT,
    STANDING_BY_DAY,
    STANDING_BY_RULE,
    Index,
    split,
    standing_key,
)
from mockregister.register.rows import LinkRow, Table
from mockregister.register.store import Rows
from mockregister.register.view import View


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures; ``with_errors`` and ``with_warnings`` count episodes of care."""

    patients: int
    episodes: int
    documents: int
    with_errors: int
    with_warnings: int


@dataclass(frozen=True, slots=True)
class StandingCount:
    """How many episodes of care in the error list an authority (a CVR number) reported on a day.

    ``error_by`` is the moment at which a warning becomes an error; None for errors, and for warnings without a deadline.
    """

    day: date
    authority: str
    episodes: int
    is_error: bool
    error_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleCount:
    """In how many episodes of care of an authority (a CVR number) a code was found."""

    code: str
    authority: str
    is_error: bool
    episodes: int


def figures(look: Look, patients: int) -> Figures:
    """Return the figures of a moment, given the number of patients."""
    standing = list(standing_counts(look))
    with_errors = sum(count.episodes for count in standing if count.is_error)
    return Figures(
        patients=patients,
        episodes=look.rows.postings(BY_STANDING, standing_key(EntryKind.EPISODE_OF_CARE, "live")),
        documents=look.rows.count(Table.DOCUMENTS),
        with_errors=with_errors,
        with_warnings=sum(count.episodes for count in standing) - with_errors,
    )


def standing_counts(look: Look) -> Iterator[StandingCount]:
    """Yield how many episodes of care are in the error list at this moment, by day of report and authority."""
    return standing_in(look.rows.counts(STANDING_BY_DAY), look.now)


def standing_in(counts: Mapping[str, int], now: datetime) -> Iterator[StandingCount]:
    """Yield what the counts of the index ``STANDING_BY_DAY`` say at a moment."""
    for key, episodes in counts.items():
        day, word, authority = split(key, 3)
        is_error, error_by = error_at(word, now)
        yield StandingCount(date.fromisoformat(day), authority, episodes, is_error, error_by)


def rule_counts(look: Look) -> Iterator[RuleCount]:
    """Yield in how many episodes of care each code is found at this moment, by authority."""
    return rules_in(look.rows.counts(STANDING_BY_RULE), look.now)


def rules_in(counts: Mapping[str, int], now: datetime) -> Iterator[RuleCount]:
    """Yield what the counts of the index ``STANDING_BY_RULE`` say at a moment."""
    found: Counter[tuple[str, str, bool]] = Counter()
    for key, episodes in counts.items():
        code, word, authority = split(key, 3)
        is_error, _ = error_at(word, now)
        found[code.removesuffix("-w") if is_error and word != ERROR_NOW else code, authority, is_error] += episodes
    return (RuleCount(*kind, episodes) for kind, episodes in found.items())


def contacts_by_month(look: Look) -> Counter[tuple[str, str]]:
    """Return how many contacts began in each month (``2019-06``), by month and authority (a CVR number)."""
    return _pairs(look, CONTACTS_BY_MONTH)


def documents_by_month(look: Look) -> Counter[tuple[str, str]]:
    """Return how many documents were received in each month (``2019-06``), by month and authority (a CVR number)."""
    return _pairs(look, DOCUMENTS_BY_MONTH)


def condition_groups(look: Look) -> Counter[tuple[str, str]]:
    """Return how many live diagnoses there are, by their first three characters (``DI1``) and authority (a CVR number)."""
    return _pairs(look, CONDITIONS_BY_GROUP)


def document_sets_of(look: Look, authority: str) -> int:
    """Return how many document sets an authority (a CVR number) reports."""
    return look.rows.postings(SETS_OF_AUTHORITY, authority)


def patient_count(rows: Rows) -> int:
    """Return how many patients are known; a patient who got a CPR number later counts once."""
    keys = rows.counts(SETS_OF_PATIENT)
    links = {id: row.cpr for id, row in rows.rows(Table.LINKS) if isinstance(row, LinkRow) and id in keys}
    return len(keys) - len(links) + len({cpr for cpr in links.values() if cpr not in keys})


def _pairs(look: Look, index: Index) -> Counter[tuple[str, str]]:
    counts = ((split(key, 2), rows) for key, rows in look.rows.counts(index).items())
    return Counter({(first, authority): rows for (first, authority), rows in counts})


def error_at(word: str, now: datetime) -> tuple[bool, datetime | None]:
    """Return whether the word of a key means an error at ``now``, and if not, when it will mean one; None for never."""
    if word in (ERROR_NOW, NO_DEADLINE):
        return word == ERROR_NOW, None
    error_by = datetime.fromisoformat(word)
    return (True, None) if error_by <= now else (False, error_by)


def with_finding(view: View, code: str) -> list[str]:
    """Return the keys of the episodes of care with a finding of this code, oldest first."""
    return [key for key in view.rows.find(EPISODES_BY_FINDING, code) if view.live_entry(key) is not None]


def episodes_of_sets(view: View, sets: list[str]) -> list[str]:
    """Return the keys of the live episodes of care in document sets."""
    keys = (key for set_key in sets for key in view.rows.find(ENTRIES_OF_SET, set_key))
    rows = ((key, view.live_entry(key)) for key in keys)
    return [key for key, row in rows if row is not None and row.kind is EntryKind.EPISODE_OF_CARE]


def name_of(patient: Patient) -> str:
    """Return a patient's name, given names first."""
    return " ".join((*patient.name.given, patient.name.family)) if patient.name else ""
