"""What a document states, entry by entry, and the register as it was before: the input of all integrity checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mockregister.model import ClinicalDocument, EntryKind, EpisodeOfCare, Reference, Relation, Scope
from mockregister.model.document import KINDS, owner_of
from mockregister.register.rows import EntryRow, Stated, key_of
from mockregister.register.view import View
from mockregister.register.violation import Violation
from mockregister.sharing import shared

EXTERNAL_NOT_FOUND = {
    EntryKind.EPISODE_OF_CARE: "EXTERNAL_EOC_NOT_FOUND",
    EntryKind.MARKER: "EXTERNAL_EPISODE_OF_CARE_MARKER_NOT_FOUND",
    EntryKind.ENCOUNTER: "EXTERNAL_ENCOUNTER_NOT_FOUND",
    EntryKind.CONDITION: "EXTERNAL_CONDITION_OBSERVATION_NOT_FOUND",
    EntryKind.PROCEDURE: "EXTERNAL_PROCEDURE_NOT_FOUND",
    EntryKind.OBSERVATION_ORGANIZER: "EXTERNAL_OBSERVATION_ORGANIZER_NOT_FOUND",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One entry of a document.

    ``owner`` is the reference to its owner and ``owner_key`` the owner's key. A marker has no reference: it is inside the
    episode of care that owns it.
    """

    kind: EntryKind
    key: str
    entry: Stated
    owner_key: str = ""
    owner: Reference | None = None
    replaces: Reference | None = None


def statements(document: ClinicalDocument) -> Iterator[Statement]:
    """Yield everything with an id that a document states, owners before what they own."""
    for entry in document.entries():
        key, owner = key_of(entry.id), owner_of(entry)
        if owner is not None and owner.kind is EntryKind.OBSERVATION_ORGANIZER:
            owner = None  # a result report cannot be the cause of another
        yield Statement(KINDS[type(entry)], key, entry, key_of(owner.id) if owner else "", owner, entry.replaces)
        for marker in entry.markers if isinstance(entry, EpisodeOfCare) else ():
            if marker.id is not None:
                yield Statement(EntryKind.MARKER, key_of(marker.id), marker, key)


class Proposal:
    """Document ``number`` of a submission, counted from 0, and what the register knew of it before.

    ``set`` is its document set, and ``rows`` are the rows of the entries that it names, by key. ``stated`` has its statements by
    key; of two entries with the same key, it has the first.

    ``replaces_all`` is true if the document replaces everything its set ever held (facts 12, 66), ``is_sent_again`` if the set
    exists and the document does not say how it follows (facts 192, 205), ``follows_nothing`` if the document follows a document
    of a set that the register does not know.
    """

    def __init__(self, document: ClinicalDocument, number: int, before: View) -> None:
        self.document, self.number = document, number
        self.key, self.set_key = shared(document.id.key), shared(document.set_id.lower())
        self.set, parent = before.set(self.set_key), document.parent
        self.replaces_all = parent is not None and parent.relation is Relation.REPLACE
        self.is_sent_again = parent is None and self.set is not None
        self.follows_nothing = parent is not None and self.set is None
        self.statements = tuple(statements(document))
        self.stated: dict[str, Statement] = {}
        for statement in self.statements:
            self.stated.setdefault(statement.key, statement)
        self.nullified = {key_of(nullification.target.id): nullification.target for nullification in document.nullified}
        self.links = [episode.link.target for episode in document.episodes if episode.link is not None]
        linked = (key_of(target.id) for target in self.links if target.scope is Scope.EXTERNAL)
        named = {*self.stated, *(statement.owner_key for statement in self.statements), *self.nullified, *linked} - {""}
        self.rows = {key: row for key in named if (row := before.entry(key)) is not None}

    def owner_of(self, statement: Statement) -> str:
        """Return the key of an entry's owner; empty if the owner is not of the kind that the document says.

        So no entry ever owns itself, even if a document that is refused anyway mixes up ids.
        """
        wanted = statement.owner.kind if statement.owner else EntryKind.EPISODE_OF_CARE
        owner = self.stated.get(statement.owner_key) or self.rows.get(statement.owner_key)
        return statement.owner_key if owner is not None and owner.kind is wanted else ""

    def live_row(self, key: str) -> EntryRow | None:
        """Return the row of an entry that the document names, if it counted before."""
        row = self.rows.get(key)
        return row if row is not None and row.is_live else None

    def own_row(self, reference: Reference) -> EntryRow | None:
        """Return the live entry of the document's set that an external reference names (fact 46)."""
        row = self.live_row(key_of(reference.id))
        return row if row is not None and row.kind is reference.kind and row.set == self.set_key else None

    def reaches(self, reference: Reference) -> bool:
        """Return whether an external reference names an entry that the set has, and keeps if the document replaces everything."""
        return self.own_row(reference) is not None and (not self.replaces_all or key_of(reference.id) in self.stated)

    def not_found(self, reference: Reference, key: str) -> Violation:
        """Return the violation that an external reference leads nowhere, or to an episode of care of another set."""
        row = self.live_row(key)
        is_elsewhere = row is not None and row.kind is reference.kind and row.set != self.set_key
        if is_elsewhere and reference.kind is EntryKind.EPISODE_OF_CARE:
            return self.violation("EXTERNAL_EOC_NOT_PART_OF_SET", reference, key, self.set_key)
        return self.violation(EXTERNAL_NOT_FOUND[reference.kind], reference, key)

    def violation(self, code: str, at: object, *params: str, attribute: str = "") -> Violation:
        """Return a violation in this document."""
        return Violation(code, params, self.number, at, attribute)
