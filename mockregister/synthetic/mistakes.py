"""Typical mistakes of EHRs that fill an error list: each breaks a business rule in a document that can still be stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

from mockregister.builders.terms import sks
from mockregister.model import ClinicalDocument, Condition, Encounter, Entry, EpisodeOfCare, ObservationOrganizer
from mockregister.synthetic.chart import ACUTE, ILLNESS, MINOR, PLANNED, VISIT, status_of

_PLACES = ("episodes", "encounters", "procedures", "conditions", "organizers")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: its name, the rule that finds it, whether an entry can have it, and the entry with it."""

    name: str
    rule: str
    applies: Callable[[Any], bool]
    spoil: Callable[[Any], Any]


def _is(cls: type, where: Callable[[Any], bool] = lambda entry: True) -> Callable[[Any], bool]:
    return lambda entry: isinstance(entry, cls) and where(entry)


def _early(episode: EpisodeOfCare) -> EpisodeOfCare:
    """Return the episode with its first marker a day before it began."""
    assert episode.start is not None, "a chart says when an episode begins"
    first = replace(episode.markers[0], time=episode.start - timedelta(days=1))
    return replace(episode, markers=(first, *episode.markers[1:]))


def _late_referral(episode: EpisodeOfCare) -> EpisodeOfCare:
    """Return the episode with a referral ten minutes after it began."""
    assert episode.referral is not None, "every episode in a chart has a referral"
    assert episode.start is not None, "a chart says when an episode begins"
    return replace(episode, referral=replace(episode.referral, time=episode.start + timedelta(minutes=10)))


def _underpaid(visit: Encounter) -> Encounter:
    """Return the visit with a last payment that ends a minute before it."""
    assert visit.end is not None, "only a visit that has ended has a last payment with an end"
    return replace(visit, payments=(*visit.payments[:-1], replace(visit.payments[-1], end=visit.end - timedelta(minutes=1))))


def _treated_early(visit: Encounter) -> Encounter:
    assert visit.start is not None, "a chart says when a visit begins"
    return replace(visit, treatment_start=visit.start - timedelta(hours=1))


MISTAKES = (
    Mistake(
        "no completion",
        "02.02",
        _is(EpisodeOfCare, lambda episode: episode.end),
        lambda episode: replace(episode, completion=None),
    ),
    Mistake("marker too early", "04.01", _is(EpisodeOfCare, lambda episode: episode.markers), _early),
    Mistake("referral too late", "06.01", _is(EpisodeOfCare), _late_referral),
    Mistake(
        "no reason",
        "05.102",
        _is(Encounter, lambda visit: (visit.priority, visit.type, visit.reason) == (sks(ACUTE), sks(VISIT), sks(ILLNESS))),
        lambda visit: replace(visit, reason=None),
    ),
    Mistake(
        "reason of a planned visit",
        "05.104",
        _is(Encounter, lambda visit: visit.priority == sks(PLANNED) and visit.reason is None),
        lambda visit: replace(visit, reason=sks(ILLNESS)),
    ),
    Mistake(
        "paid for too short",
        "10.16b",
        _is(Encounter, lambda visit: visit.end and visit.start and visit.end - visit.start > timedelta(minutes=5)),
        _underpaid,
    ),
    Mistake("treated before arrival", "05.12", _is(Encounter, lambda visit: visit.treatment_start), _treated_early),
    Mistake(
        "kind of a main condition",
        "12.03.101",
        _is(Condition, lambda condition: condition.main),
        lambda condition: replace(condition, kind=sks(MINOR)),
    ),
    Mistake(
        "incomplete report",
        "RAA",
        # no rule finds these if they are incomplete, because no member of the lists of procedures that require them is known
        _is(ObservationOrganizer, lambda report: report.name.code not in ("RAA06", "RAA08", "RAA09", "RAA10")),
        lambda report: replace(report, status=status_of("RAS00")),
    ),
)


def made(documents: Sequence[ClinicalDocument], random: Random) -> tuple[tuple[ClinicalDocument, ...], str]:
    """Return a course's documents with one mistake, made wherever the entry is stated, and the name of the mistake."""
    gone = {nullification.target.id.key for document in documents for nullification in document.nullified}
    entries = [entry for document in documents for entry in document.entries() if gone.isdisjoint(_keys(entry))]
    mistake = random.choice([kind for kind in MISTAKES if any(map(kind.applies, entries))])
    wrong = random.choice([entry for entry in entries if mistake.applies(entry)]).id
    return tuple(_spoilt(document, mistake, wrong.key) for document in documents), mistake.name


def _keys(entry: Entry) -> set[str]:
    """Return the keys of an entry and its owners: a mistake in an entry that is nullified later would not be found."""
    owners = (getattr(entry, name, None) for name in ("encounter", "owner", "cause"))
    return {entry.id.key, *(owner.id.key for owner in owners if owner is not None)}


def _spoilt(document: ClinicalDocument, mistake: Mistake, key: str) -> ClinicalDocument:
    def look(entry: Entry) -> Entry:
        spoilt: Entry = mistake.spoil(entry) if entry.id.key == key and mistake.applies(entry) else entry
        return spoilt

    places: dict[str, Any] = {place: tuple(map(look, getattr(document, place))) for place in _PLACES}
    return replace(document, **places)
