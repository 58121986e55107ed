"""What the five kinds of entry have in common: their names, their owners, and their place in a document."""

from __future__ import annotations

from collections.abc import Iterable

from mockregister.model.condition import Condition
from mockregister.model.document import Entry
from mockregister.model.encounter import Encounter
from mockregister.model.episode import EpisodeOfCare
from mockregister.model.procedure import Procedure
from mockregister.model.reference import Nullification
from mockregister.model.result import ObservationOrganizer
from mockregister.model.values import EntryKind, Reference, Scope

KINDS: dict[type[Entry], EntryKind] = {
    EpisodeOfCare: EntryKind.EPISODE_OF_CARE,
    Encounter: EntryKind.ENCOUNTER,
    Procedure: EntryKind.PROCEDURE,
    Condition: EntryKind.CONDITION,
    ObservationOrganizer: EntryKind.OBSERVATION_ORGANIZER,
}
OWNERS: dict[type[Entry], str] = {  # the field with the owner of an entry; an episode of care has no owner
    Encounter: "episode",
    Procedure: "owner",
    Condition: "encounter",
    ObservationOrganizer: "cause",
}
PLACES: dict[type[Entry], str] = {  # the field of a document
    EpisodeOfCare: "episodes",
    Encounter: "encounters",
    Procedure: "procedures",
    Condition: "conditions",
    ObservationOrganizer: "organizers",
}


def owner_of(entry: Entry) -> Reference | None:
    """Return a reference to the owner that an entry names, None if it has none."""
    field = OWNERS.get(type(entry))
    owner: Reference | None = getattr(entry, field) if field else None
    return owner


def reference_to(entry: Entry, scope: Scope) -> Reference:
    """Return a reference to an entry."""
    form = entry.form if isinstance(entry, Procedure) else None
    return Reference(scope, KINDS[type(entry)], entry.id, form)


def nullification_of(entry: Entry) -> Nullification:
    """Return the nullification by which a later document of the same set removes an entry."""
    return Nullification(reference_to(entry, Scope.EXTERNAL))


def by_place(entries: Iterable[Entry]) -> dict[str, tuple[Entry, ...]]:
    """Return the entries for each document field that holds entries, in their order."""
    found: dict[str, tuple[Entry, ...]] = dict.fromkeys(PLACES.values(), ())
    for entry in entries:
        found[PLACES[type(entry)]] += (entry,)
    return found
