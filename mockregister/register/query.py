"""Read stored rows: a search walks along the index that promises the fewest rows.

Rows are read as they are asked for, so a page costs what it shows, whatever is stored. Results come newest first, by the order
in which rows were added to the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeVar

from mockregister.codes.tables import CodeTables
from mockregister.model import EntryKind
from mockregister.register.elements import (
    Document,
    Element,
    KeptSubmission,
    Look,
    PatientRecord,
    Standing,
    document,
    documents_of,
    element,
    submission,
)
from mockregister.register.filters import ANY, Filter, Question
from mockregister.register.identity import patient_key, sets_of
from mockregister.register.indexes import (
    ALL,
    ANYTHING,
    BY_CODE,
    BY_DOCUMENT,
    BY_STANDING,
    BY_UNIT,
    DOCUMENTS_BY_DAY,
    DOCUMENTS_BY_NUMBER,
    EPISODES_BY_FINDING,
    EVER_OF_SET,
    EVER_OWNED,
    PREFIX_LENGTH,
    SETS_OF_AUTHORITY,
    SUBMISSIONS_BY_FINDING,
    SUBMISSIONS_BY_UNIQUE_ID,
    Index,
    code_key,
    standing_key,
)
from mockregister.register.rows import SetRow, Table
from mockregister.register.store import ENOUGH, Rows

Keyed = TypeVar("Keyed", Element, KeptSubmission, Document)

ENTRIES_OF_ONE = 8  # how many entries a set or a document is assumed to have when ways to search are compared
MAY_OWN = {
    EntryKind.EPISODE_OF_CARE: frozenset(EntryKind) - {EntryKind.EPISODE_OF_CARE},
    EntryKind.ENCOUNTER: frozenset({EntryKind.CONDITION, EntryKind.PROCEDURE, EntryKind.OBSERVATION_ORGANIZER}),
    EntryKind.CONDITION: frozenset({EntryKind.OBSERVATION_ORGANIZER}),
    EntryKind.PROCEDURE: frozenset({EntryKind.OBSERVATION_ORGANIZER}),
    EntryKind.MARKER: frozenset({EntryKind.OBSERVATION_ORGANIZER}),
    EntryKind.OBSERVATION_ORGANIZER: frozenset[EntryKind](),
}


class Reader:
    """Reads rows, which do not change meanwhile, as they look at a moment of the register's clock."""

    def __init__(self, rows: Rows, codes: CodeTables, now: datetime) -> None:
        self.view, self.codes = Look(rows, now), codes

    def element(self, key: str) -> Element | None:
        """Return the element whose id has this extension, in any letter case, whatever its state."""
        return element(self.view, key.lower())

    def elements(self, kind: EntryKind, wanted: Filter) -> Iterator[Element]:
        """Return the matching elements of one kind."""
        question = self.question(wanted)
        return _distinct(filter(question.fits_element, Ways(question).elements(kind)))

    def set(self, key: str) -> SetRow | None:
        """Return the document set of this UUID, in any letter case; None if there is none."""
        return self.view.set(key.lower())

    def sets(self, wanted: Filter) -> Iterator[SetRow]:
        """Return the document sets that match patient, set, authority and submitted_since."""
        question = self.question(wanted)
        keys = _once(Ways(question).sets().walk())
        return filter(question.fits_set, filter(None, map(self.view.set, keys)))

    def documents_of_set(self, key: str) -> Iterator[Document]:
        """Return the documents of a set, oldest first."""
        return documents_of(self.view, (key.lower(),))

    def elements_of_set(self, key: str) -> Iterator[Element]:
        """Return all elements that documents of a set ever stated, whatever their state, oldest first."""
        return filter(None, map(self.element, self.view.rows.find(EVER_OF_SET, key.lower())))

    def document(self, number: str) -> Document | None:
        """Return the last document whose id has this extension, or is this ``root^extension``, in any letter case."""
        posted = self.view.rows.posted(DOCUMENTS_BY_NUMBER, number.lower())
        keys = (number.lower(),) if "^" in number else posted
        return next(filter(None, (document(self.view, key) for key in keys)), None)

    def documents(self, wanted: Filter) -> Iterator[Document]:
        """Return the matching documents: times are those of the report, units those of the author."""
        question = self.question(wanted)
        return _distinct(filter(question.fits_document, Ways(question).documents()))

    def submission(self, key: str) -> KeptSubmission | None:
        """Return the submission with this id; None if there is none."""
        return submission(self.view, key)

    def submission_of(self, unique_id: str) -> KeptSubmission | None:
        """Return the submission to which its sender gave this unique id; of several, the last."""
        return next(filter(None, map(self.submission, self.view.rows.posted(SUBMISSIONS_BY_UNIQUE_ID, unique_id))), None)

    def submissions(self, wanted: Filter) -> Iterator[KeptSubmission]:
        """Return the matching submissions: times are those of their arrival, units those of the author institution."""
        question = self.question(wanted)
        found = filter(None, map(self.submission, Ways(question).submissions()))
        return _distinct(filter(question.fits_submission, found))

    def patient(self, text: str) -> PatientRecord | None:
        """Return the patient known by this CPR number, extension of an alternative id, or ``root^extension``."""
        sets = sets_of(self.view, text)
        return PatientRecord(self.view, patient_key(self.view.patient_of(sets[-1]))) if sets else None

    def patients(self, wanted: Filter) -> Iterator[PatientRecord]:
        """Return the patients of the matching sets, the patient with the newest set first."""
        keys = _once(patient_key(self.view.patient_of(row.root.lower())) for row in self.sets(wanted))
        return (PatientRecord(self.view, key) for key in keys)

    def question(self, wanted: Filter) -> Question:
        """Return the filter as a question, which looks up each value of the filter once."""
        return Question(self.view, self.codes, wanted)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to search: ``walk`` yields the keys that it leads to, and ``size`` returns about how many these are.

    ``size`` is called only to compare ways. Each key still has to be tested.
    """

    size: Callable[[], int]
    walk: Callable[[], Iterable[str]]

    def then(self, step: Callable[[Iterable[str]], Iterable[str]], factor: int = 1) -> Way:
        """Return this way continued with ``step``, which yields about ``factor`` keys for each key."""
        return Way(lambda: self.size() * factor, lambda: step(self.walk()))


class Ways:
    """The ways to search for the answers to a question."""

    def __init__(self, question: Question) -> None:
        self.question, self.view, self.wanted = question, question.view, question.wanted

    def elements(self, kind: EntryKind) -> Iterator[Element]:
        """Return the elements of a kind along the shortest way."""
        first, *others = self._to_elements(kind)
        shortest = min(first, *others, key=lambda way: way.size()) if others else first
        found = (element(self.view, key) for key in shortest.walk())
        return (found_element for found_element in found if found_element is not None and found_element.kind is kind)

    def sets(self) -> Way:
        """Return the way to the matching sets, or to all."""
        wanted = self.wanted
        if wanted.set:
            return Way(lambda: 1, lambda: ((wanted.set or "").lower(),))
        if wanted.patient:
            return Way(lambda: len(self.question.sets_of_patient), lambda: sorted(self.question.sets_of_patient))
        if wanted.authority:
            return self._posted(SETS_OF_AUTHORITY, wanted.authority)
        if wanted.submitted_since:
            return self._recent(wanted.submitted_since).then(self._sets_of_documents)
        return self._posted(ALL[Table.SETS], "")

    def documents(self) -> Iterator[Document]:
        """Return the documents along the shortest way."""
        wanted = self.wanted
        if wanted.set or wanted.patient or wanted.authority:
            return documents_of(self.view, self.sets().walk())
        way = self._recent(wanted.submitted_since) if wanted.submitted_since else self._posted(ALL[Table.DOCUMENTS], "")
        return filter(None, (document(self.view, key) for key in way.walk()))

    def submissions(self) -> Iterable[str]:
        """Return the keys of submissions along the shortest way."""
        wanted = self.wanted
        if wanted.rule or wanted.has:
            return self._posted(SUBMISSIONS_BY_FINDING, self._finding_word()).walk()
        if wanted.set or wanted.patient or wanted.authority or wanted.submitted_since:
            return (kept.row.submission for kept in self.documents())
        return self._posted(ALL[Table.SUBMISSIONS], "").walk()

    def _to_elements(self, kind: EntryKind) -> Iterator[Way]:
        wanted = self.wanted
        if self.question.asked == ["code"] and wanted.code and _is_narrow(wanted.code):
            yield from self._by_codes(kind)  # no other way is shorter, as this one leads to matching elements only
            return
        yield self._posted(BY_STANDING, standing_key(kind, _gone(wanted.status)))
        if wanted.set or wanted.patient or wanted.authority:
            yield self.sets().then(self._each(EVER_OF_SET), ENTRIES_OF_ONE)
        yield from self._by_codes(kind)
        if wanted.sor:
            yield self._by_unit(kind)
        if wanted.rule or wanted.has or wanted.outstanding:
            episodes = self._posted(EPISODES_BY_FINDING, self._finding_word())
            yield episodes if kind is EntryKind.EPISODE_OF_CARE else episodes.then(self._subjects)
        if wanted.submitted_since:
            yield self._recent(wanted.submitted_since).then(self._each(BY_DOCUMENT), ENTRIES_OF_ONE)

    def _by_codes(self, kind: EntryKind) -> Iterator[Way]:
        """Yield ways by the entry's own codes and by its owners' codes; a result report may have a type itself."""
        wanted, episode, encounter = self.wanted, EntryKind.EPISODE_OF_CARE, EntryKind.ENCOUNTER
        asked = ((kind, wanted.code), (episode, wanted.label), (encounter, wanted.type), (encounter, wanted.priority))
        for holder, code in asked:
            if code and _is_narrow(code):
                held, own = (self._posted(BY_CODE, code_key(place, code.upper())) for place in (holder, kind))
                below = held.then(lambda keys: self._within(keys, kind))
                yield own if holder is kind else _both(own, below)

    def _by_unit(self, kind: EntryKind) -> Way:
        """Return the way to the entries of these units, and to entries below them that have no unit of their own."""
        units = sorted(unit for unit in self.question.units if self.view.rows.postings(BY_UNIT, unit, 1))
        posted = Way(self._size(BY_UNIT, units), lambda: units).then(self._each(BY_UNIT))
        return posted.then(lambda keys: self._within(keys, kind))

    def _recent(self, since: datetime) -> Way:
        """Return the way to the documents received since the day before; days begin at different moments in different offsets."""
        first = (since - timedelta(days=min(1, since.toordinal() - 1))).date().isoformat()
        days = sorted((day for day in self.view.rows.keys(DOCUMENTS_BY_DAY) if day >= first), reverse=True)
        return Way(self._size(DOCUMENTS_BY_DAY, days), lambda: days).then(self._each(DOCUMENTS_BY_DAY))

    def _sets_of_documents(self, keys: Iterable[str]) -> Iterator[str]:
        documents = (document(self.view, key) for key in keys)
        return (found.row.set for found in documents if found is not None)

    def _subjects(self, episodes: Iterable[str]) -> Iterator[str]:
        """Yield the keys of the elements that the findings against some episodes of care are about."""
        for episode in episodes:
            subjects = (finding.subject for finding in self.view.findings(episode))
            yield from (subject.id[1].lower() for subject in subjects if subject is not None)

    def _within(self, keys: Iterable[str], kind: EntryKind) -> Iterator[str]:
        """Yield the keys of the entries of a kind among ``keys`` and below them."""
        for key in keys:
            row = self.view.entry(key)
            if row is not None and row.kind is kind:
                yield key
            elif row is not None and kind in MAY_OWN[row.kind]:
                yield from self._within(self.view.rows.find(EVER_OWNED, key), kind)

    def _finding_word(self) -> str:
        return self.wanted.rule or (self.wanted.has.value if self.wanted.has else ANYTHING)

    def _posted(self, index: Index, key: str) -> Way:
        return Way(self._size(index, (key,)), lambda: self.view.rows.posted(index, key))

    def _size(self, index: Index, keys: Iterable[str]) -> Callable[[], int]:
        return lambda: sum(self.view.rows.postings(index, key, ENOUGH) for key in keys)

    def _each(self, index: Index) -> Callable[[Iterable[str]], Iterator[str]]:
        return lambda keys: chain.from_iterable(self.view.rows.posted(index, key) for key in keys)


def _both(way: Way, other: Way) -> Way:
    return Way(lambda: way.size() + other.size(), lambda: chain(way.walk(), other.walk()))


def _is_narrow(code: str) -> bool:
    """Return whether an index covers the code, or the beginning of a code."""
    return not code.endswith(ANY) or len(code) > PREFIX_LENGTH


def _gone(status: Standing | None) -> str:
    """Return the word in keys for entries of this state."""
    return status.value if status in (Standing.NULLIFIED, Standing.DROPPED) else "live"


def _distinct(found: Iterable[Keyed]) -> Iterator[Keyed]:
    """Yield each key once: an index may name a row twice if the row left the key and came back to it."""
    seen: set[str] = set()
    for thing in found:
        if thing.key not in seen:
            seen.add(thing.key)
            yield thing


def _once(keys: Iterable[str]) -> Iterator[str]:
    """Yield each key once, in the order given."""
    seen: set[str] = set()
    for key in keys:
        if key and key not in seen:
            seen.add(key)
            yield key
