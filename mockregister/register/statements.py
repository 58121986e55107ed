"""What a document states, entry by entry and marker by marker, each with its owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mockregister.model import ClinicalDocument, EntryKind, ObservationOrganizer, Reference
from mockregister.register.rows import Stated, key_of


@dataclass(frozen=True, slots=True)
class Statement:
    """One entry of a document. ``owner`` is its owner in the document; a marker's owner is the act around it."""

    kind: EntryKind
    key: str
    entry: Stated
    owner_key: str = ""
    owner: Reference | None = None
    replaces: Reference | None = None


def statements(document: ClinicalDocument) -> Iterator[Statement]:
    """Yield everything with an id that a document states, owners before what they own."""
    for episode in document.episodes:
        yield Statement(EntryKind.EPISODE_OF_CARE, key_of(episode.id), episode, replaces=episode.replaces)
        for marker in episode.markers:
            if marker.id is not None:
                yield Statement(EntryKind.MARKER, key_of(marker.id), marker, key_of(episode.id))
    for encounter in document.encounters:
        yield _on(EntryKind.ENCOUNTER, encounter, encounter.episode)
    for procedure in document.procedures:
        yield _on(EntryKind.PROCEDURE, procedure, procedure.owner)
    for condition in document.conditions:
        yield _on(EntryKind.CONDITION, condition, condition.encounter)
    for organizer in document.organizers:
        yield _on(EntryKind.OBSERVATION_ORGANIZER, organizer, _cause(organizer))


def _cause(organizer: ObservationOrganizer) -> Reference | None:
    """Return the cause of a result report; another report cannot be a cause."""
    cause = organizer.cause
    return cause if cause is not None and cause.kind is not EntryKind.OBSERVATION_ORGANIZER else None


def _on(kind: EntryKind, entry: Stated, owner: Reference | None) -> Statement:
    assert entry.id is not None, "only a marker may lack an id, and then it is not a statement"
    replaces = getattr(entry, "replaces", None)
    return Statement(kind, key_of(entry.id), entry, key_of(owner.id) if owner else "", owner, replaces)
