"""Check that every reference of a document leads somewhere (facts 46, 141, 164, 168)."""

from __future__ import annotations

from collections.abc import Iterator

from mockregister.model import EntryKind, Reference, Scope
from mockregister.register.proposal import EXTERNAL_NOT_FOUND, Proposal
from mockregister.register.rows import key_of
from mockregister.register.view import View
from mockregister.register.violation import Violation

INTERNAL_NOT_FOUND = {
    EntryKind.EPISODE_OF_CARE: "INTERNAL_EOC_NOT_FOUND",
    EntryKind.MARKER: "INTERNAL_EOC_MARKER_NOT_FOUND",
    EntryKind.ENCOUNTER: "INTERNAL_ENCOUNTER_NOT_FOUND",
    EntryKind.CONDITION: "INTERNAL_CONDITION_OBSERVATION_NOT_FOUND",
    EntryKind.PROCEDURE: "INTERNAL_PROCEDURE_NOT_FOUND",
}
# The code for an entry that names no owner; a procedure must belong to an encounter or an episode (fact 51).
NO_OWNER = {
    EntryKind.ENCOUNTER: "INTERNAL_EOC_NOT_FOUND",
    EntryKind.CONDITION: "INTERNAL_ENCOUNTER_NOT_FOUND",
    EntryKind.PROCEDURE: "INTERNAL_ENCOUNTER_NOT_FOUND",
}


def check(proposal: Proposal) -> Iterator[Violation]:
    """Yield a violation for each reference that leads nowhere, or to the entry itself, and for each missing owner."""
    for statement in proposal.statements:
        if statement.owner is not None:
            yield from _dangling(proposal, statement.owner)
        elif statement.kind is EntryKind.OBSERVATION_ORGANIZER:
            yield proposal.violation("OBSERVATION_ORGANIZER_HAS_NO_REFERENCE", statement.entry, statement.key)
        elif statement.kind in NO_OWNER:
            yield proposal.violation(NO_OWNER[statement.kind], statement.entry)
    for episode in proposal.document.episodes:
        if episode.link is not None:
            yield from _link(proposal, key_of(episode.id), episode.link.target)
    for target in proposal.nullified.values():
        if proposal.own_row(target) is None and not proposal.follows_nothing:
            yield proposal.not_found(target, key_of(target.id))


def to_removed_entries(proposal: Proposal, after: View) -> Iterator[Violation]:
    """Yield a violation for each external reference to an entry that the document itself removes.

    ``after`` is the register with the document.
    """
    owners = (statement.owner for statement in proposal.statements)
    for reference in (found for found in (*owners, *proposal.links) if found is not None and found.scope is Scope.EXTERNAL):
        if proposal.reaches(reference) and after.live_entry(key_of(reference.id)) is None:
            yield proposal.violation(EXTERNAL_NOT_FOUND[reference.kind], reference, key_of(reference.id))


def _link(proposal: Proposal, episode: str, target: Reference) -> Iterator[Violation]:
    named = target.id.root.lower() if target.scope is Scope.SET_EXTERNAL else key_of(target.id)
    if named == episode:
        yield proposal.violation("EOC_SELF_REFERENCE", target, episode)
    else:
        yield from _dangling(proposal, target)


def _dangling(proposal: Proposal, reference: Reference) -> Iterator[Violation]:
    """Yield a violation if a reference leads nowhere; a set-external one may, as its episode may come later (fact 141)."""
    key = key_of(reference.id)
    stated = proposal.stated.get(key)
    if reference.scope is Scope.INTERNAL and (stated is None or stated.kind is not reference.kind):
        yield proposal.violation(INTERNAL_NOT_FOUND[reference.kind], reference, key)
    elif reference.scope is Scope.EXTERNAL and not proposal.follows_nothing and not proposal.reaches(reference):
        yield proposal.not_found(reference, key)
