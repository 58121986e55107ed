"""The indexes: the keys under which rows are found. An index is part of the state.

The register itself uses the first seven below; the others serve readers, such as ``query.py``. A key depends on the row alone,
so indexing costs the same whatever else is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, get_args, get_type_hints

from mockregister.finding import Finding, Severity
from mockregister.model import Code, EntryKind
from mockregister.register.rows import (
    EntryRow,
    EpisodeRow,
    Stated,
    Status,
    Table,
    patient_keys,
)
from mockregister.sharing import shared

UNIT_FIELDS = frozenset({"responsible_unit", "unit", "producer"})
PREFIX_LENGTH = 3
ANYTHING = "*"
ERROR_NOW, NO_DEADLINE = "error", "warning"  # words in keys; other keys have the moment at which a warning becomes an error
#: Returns the values of those fields of an object that are followed; None if no field is.
Fields = Callable[[Any], tuple[Any, ...]] | None
GONE = {Status.LIVE: "live", Status.NULLIFIED: "nullified", Status.FELL: "nullified", Status.DROPPED: "dropped"}


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a table: ``keys`` returns the keys under which a row is found, each once.

    For an index that is counted, the register always knows how many rows each key has. An index ``within`` another finds a row
    only under keys under which the other finds it too, so the postings of the other serve both.
    """

    name: str
    table: Table
    keys: Callable[[Any], Collection[str]]
    is_counted: bool = False
    within: Index | None = None


def all_codes(entry: Stated) -> list[Code]:
    """Return every code in an entry, at any depth."""
    return [leaf for leaf in _leaves(entry, _fields_with_codes) if leaf.__class__ is Code]


def codes_in(entry: Stated) -> frozenset[str]:
    """Return the text of every code in an entry, at any depth, in capitals."""
    return frozenset([code.code.upper() for code in all_codes(entry) if code.code])


def units_in(entry: Stated) -> frozenset[str]:
    """Return the SOR ids of the units where an entry took place or that are responsible for it; not of referring units."""
    return frozenset([leaf for leaf in _leaves(entry, _fields_with_units) if leaf.__class__ is str and leaf])


def standing_key(kind: EntryKind, gone: str) -> str:
    """Return the key of ``BY_STANDING`` for entries of a kind in a state; ``gone`` is one of the words of ``GONE``."""
    return f"{kind.value} {gone}"


def _words_of_codes(row: EntryRow) -> Collection[str]:
    kind = row.kind.value
    return {key for code in all_codes(row.entry) if code.code for key in _code_keys(kind, code.code.upper())}


@lru_cache(maxsize=4096)
def _code_keys(kind: str, code: str) -> tuple[str, str]:
    """Return the keys of ``BY_CODE`` for a code in capitals: the code itself, and its first letters."""
    return code_key(EntryKind(kind), code), code_key(EntryKind(kind), f"{code}*")


def code_key(kind: EntryKind, pattern: str) -> str:
    """Return the key of ``BY_CODE``: a code in capitals, or the first letters of a code that ends in ``*``."""
    return f"{kind.value} {f'{pattern[:PREFIX_LENGTH]}*' if pattern.endswith('*') else pattern}"


def finding_keys(findings: Iterable[Finding]) -> frozenset[str]:
    """Return the keys of findings: their codes (rule ids among them), their severities, and ``ANYTHING``.

    A warning with a deadline also has the keys of the error that it becomes.
    """
    return frozenset(word for finding in findings for word in _finding_words(finding) if word)


def _finding_words(finding: Finding) -> Iterator[str]:
    yield from (ANYTHING, finding.code, finding.severity.value)
    if finding.error_by is not None:
        yield from (finding.code.removesuffix("-w"), Severity.ERROR.value)


def _leaves(thing: Any, fields: Callable[[Any], Fields]) -> list[Any]:
    """Return the leaves of a dataclass object at any depth; ``fields`` returns those to follow in each class.

    This runs for every row when a register is loaded, so it does as little as possible.
    """
    found, left = [], [thing]
    while left:
        thing = left.pop()
        if not thing:
            continue
        if thing.__class__ is tuple:
            left += thing
        elif get := fields(thing.__class__):
            left += get(thing)
        else:
            found.append(thing)
    return found


@cache
def _fields_with_codes(cls: Any) -> Fields:
    """Return the fields that are codes, or lead to codes."""
    if cls is Code or not is_dataclass(cls):
        return None
    return _values_of([name for name, hint in get_type_hints(cls).items() if _leads_to_codes(hint)])


@cache
def _leads_to_codes(hint: Any) -> bool:
    return hint is Code or any(map(_leads_to_codes, get_args(hint))) or _fields_with_codes(hint) is not None


@cache
def _fields_with_units(cls: Any) -> Fields:
    """Return the fields that are units, or lead to units."""
    hints = get_type_hints(cls) if is_dataclass(cls) else {}
    return _values_of([name for name, hint in hints.items() if name in UNIT_FIELDS or _leads_to_units(hint)])


@cache
def _leads_to_units(hint: Any) -> bool:
    return any(map(_leads_to_units, get_args(hint))) or _fields_with_units(hint) is not None


def _values_of(names: list[str]) -> Fields:
    """Return the function that returns the values of these fields; None if there are none."""
    return attrgetter(*names, names[0]) if names else None  # with one name alone, attrgetter would not return a tuple


def _standing_day(row: EpisodeRow) -> Collection[str]:
    """Return one key with the day of the report, the word or moment that says when there is an error, and the authority."""
    errors = [finding for finding in row.findings if finding.is_error]
    deadlines = [finding.error_by for finding in row.findings if finding.error_by is not None]
    word = ERROR_NOW if errors else min(deadlines).isoformat() if deadlines else NO_DEADLINE
    day = (row.reported or row.checked).date().isoformat()
    return (joined(day, word, row.custodian),) if row.findings else ()


def _error_word(finding: Finding) -> str:
    if finding.is_error:
        return ERROR_NOW
    return finding.error_by.isoformat() if finding.error_by is not None else NO_DEADLINE


def joined(*parts: str) -> str:
    """Return the key that joins some parts; only the last part may contain the separator."""
    return "\t".join(parts)


def split(key: str, number: int) -> list[str]:
    """Return the parts of a key that was joined from this number of parts."""
    return key.split("\t", number - 1)


def month_of(moment: datetime | None) -> str:
    """Return the month of a moment by its own offset, such as ``2019-06``; empty if there is none."""
    return moment.date().isoformat()[:7] if moment is not None else ""


# these two also find entries that were removed
EVER_OWNED = Index("ever owned", Table.ENTRIES, lambda row: (row.owner,) if row.owner else ())
EVER_OF_SET = Index("ever of set", Table.ENTRIES, lambda row: (row.set,))

OWNED = Index(
    "owned", Table.ENTRIES, lambda row: (row.owner,) if row.status is Status.LIVE and row.owner else (), within=EVER_OWNED
)
ENTRIES_OF_SET = Index(
    "entries of set", Table.ENTRIES, lambda row: (row.set,) if row.status is Status.LIVE else (), within=EVER_OF_SET
)
SETS_OF_PATIENT = Index("sets of patient", Table.SETS, lambda row: patient_keys(row.patient), is_counted=True)
DOCUMENTS_OF_SET = Index("documents of set", Table.DOCUMENTS, lambda row: (row.set,))
EVENTS_OF_ENTRY = Index("events of entry", Table.EVENTS, lambda row: (row.entry, *row.others))

# for reading back
BY_DOCUMENT = Index("entries by last document", Table.ENTRIES, lambda row: (row.document,))
BY_STANDING = Index("entries by standing", Table.ENTRIES, lambda row: (standing_key(row.kind, GONE[row.status]),))
BY_CODE = Index("entries by code", Table.ENTRIES, _words_of_codes)
BY_UNIT = Index("entries by unit", Table.ENTRIES, lambda row: units_in(row.entry))
EPISODES_BY_FINDING = Index("episodes by finding", Table.EPISODES, lambda row: finding_keys(row.findings))
SETS_BY_ALTERNATIVE_NUMBER = Index(
    "sets by alternative number",
    Table.SETS,
    lambda row: frozenset(identifier.extension.lower() for identifier in row.patient.alternative_ids),
)
SETS_OF_AUTHORITY = Index("sets of authority", Table.SETS, lambda row: (row.custodian,))
DOCUMENTS_BY_NUMBER = Index("documents by number", Table.DOCUMENTS, lambda row: (shared(row.id.extension.lower()),))
# the day on which a document was received, by its own offset: 2019-06-01
DOCUMENTS_BY_DAY = Index("documents by day", Table.DOCUMENTS, lambda row: (row.received.date().isoformat(),))
SUBMISSIONS_BY_FINDING = Index("submissions by finding", Table.SUBMISSIONS, lambda row: finding_keys(row.findings))
SUBMISSIONS_BY_UNIQUE_ID = Index(
    "submissions by unique id", Table.SUBMISSIONS, lambda row: (row.unique_id,) if row.unique_id else ()
)
LINKS_OF_CPR = Index("links of CPR number", Table.LINKS, lambda row: (row.cpr,))
SETS_BY_NAME = Index(
    "sets by name",
    Table.SETS,
    lambda row: (" ".join((*name.family.split(), *name.given)).casefold(),) if (name := row.patient.name) else (),
)

# for the figures in the pages; ``joined`` makes the keys and ``split`` reads them
CONTACTS_BY_MONTH = Index(
    "contacts by month",
    Table.ENTRIES,
    lambda row: (joined(month_of(row.entry.start), row.custodian),) if row.is_live and row.kind is EntryKind.ENCOUNTER else (),
    is_counted=True,
)
CONDITIONS_BY_GROUP = Index(
    "conditions by group",
    Table.ENTRIES,
    lambda row: (
        (joined(row.entry.code.code[:PREFIX_LENGTH].upper(), row.custodian),)
        if row.is_live and row.kind is EntryKind.CONDITION
        else ()
    ),
    is_counted=True,
)
DOCUMENTS_BY_MONTH = Index(
    "documents by month", Table.DOCUMENTS, lambda row: (joined(month_of(row.received), row.custodian),), is_counted=True
)
STANDING_BY_DAY = Index("standing by day", Table.EPISODES, _standing_day, is_counted=True)
STANDING_BY_RULE = Index(
    "standing by rule",
    Table.EPISODES,
    lambda row: {joined(finding.code, _error_word(finding), row.custodian) for finding in row.findings},
    is_counted=True,
)

ALL = {table: Index(f"all {table.label}", table, lambda _: ("",)) for table in Table}
INDEXES = (
    *ALL.values(),
    OWNED,
    ENTRIES_OF_SET,
    SETS_OF_PATIENT,
    DOCUMENTS_OF_SET,
    EVENTS_OF_ENTRY,
    EVER_OWNED,
    EVER_OF_SET,
    BY_DOCUMENT,
    BY_STANDING,
    BY_CODE,
    BY_UNIT,
    EPISODES_BY_FINDING,
    SETS_BY_ALTERNATIVE_NUMBER,
    SETS_OF_AUTHORITY,
    DOCUMENTS_BY_NUMBER,
    DOCUMENTS_BY_DAY,
    SUBMISSIONS_BY_FINDING,
    SUBMISSIONS_BY_UNIQUE_ID,
    LINKS_OF_CPR,
    SETS_BY_NAME,
    CONTACTS_BY_MONTH,
    CONDITIONS_BY_GROUP,
    DOCUMENTS_BY_MONTH,
    STANDING_BY_DAY,
    STANDING_BY_RULE,
)
COUNTED = tuple(index for index in INDEXES if index.is_counted)
POSTED = tuple(index for index in INDEXES if index.within is None)
POSTED_AS = {index.name: (index.within or index).name for index in INDEXES}
POSTED_OF = {table: tuple(index for index in POSTED if index.table is table) for table in Table}
# the indexes that a draft keeps up to date; the others are brought up to date when the draft is stored
DRAFT_INDEXES_OF = {table: tuple(index for index in (OWNED, ENTRIES_OF_SET) if index.table is table) for table in Table}
