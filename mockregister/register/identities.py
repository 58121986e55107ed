"""Check that each entry of a document may have its id (facts 154, 168, 170, 207, 210)."""

from __future__ import annotations

from collections.abc import Iterator

from mockregister.model import EntryKind
from mockregister.register.proposal import Proposal, Statement
from mockregister.register.rows import EntryRow, Status, key_of
from mockregister.register.view import View
from mockregister.register.violation import Violation

ALREADY_EXISTS = {
    EntryKind.EPISODE_OF_CARE: "EOC_ALREADY_EXISTS",
    EntryKind.MARKER: "EOC_MARKER_ALREADY_EXISTS",
    EntryKind.ENCOUNTER: "ENCOUNTER_ALREADY_EXISTS",
    EntryKind.CONDITION: "CONDITION_OBSERVATION_ALREADY_EXISTS",
    EntryKind.PROCEDURE: "PROCEDURE_ALREADY_EXISTS",
    EntryKind.OBSERVATION_ORGANIZER: "OBSERVATION_ORGANIZER_ALREADY_EXISTS",
}


def check(proposal: Proposal, before: View) -> Iterator[Violation]:
    """Yield a violation for each entry that may not have its id; of two entries with the same id, for the second."""
    seen = set() if proposal.replaces_all else set(proposal.nullified)
    for statement in proposal.statements:
        row = proposal.rows.get(statement.key)
        if statement.key in seen:
            yield proposal.violation("EXTENSION_ALREADY_USED", statement.entry, statement.key)
        elif row is not None and _may_use_again(proposal, statement, row):
            pass
        elif statement.replaces is not None and (row is None or _names_itself(statement)):
            yield from _not_replaceable(proposal, statement, row, before)
        elif row is not None:
            code = ALREADY_EXISTS[row.kind] if row.kind is statement.kind else "EXTENSION_ALREADY_USED"
            yield proposal.violation(code, statement.entry, statement.key)
        seen.add(statement.key)


def _may_use_again(proposal: Proposal, statement: Statement, row: EntryRow) -> bool:
    """Return whether a known id is allowed: in an update, in a new start of its set, or for a marker of the same episode."""
    if row.set != proposal.set_key or row.kind is not statement.kind or row.status in (Status.NULLIFIED, Status.FELL):
        return False
    if proposal.replaces_all:
        return True
    if statement.kind is EntryKind.MARKER:
        return row.owner in proposal.stated
    return row.is_live and _names_itself(statement)


def _names_itself(statement: Statement) -> bool:
    """Return whether a statement says that it replaces the entry of its own id and kind (fact 45)."""
    target = statement.replaces
    return target is not None and target.kind is statement.kind and key_of(target.id) == statement.key


def _not_replaceable(proposal: Proposal, statement: Statement, row: EntryRow | None, before: View) -> Iterator[Violation]:
    """Yield why an entry cannot be replaced: it is missing, of another set, or was removed with the episode it would leave."""
    assert statement.replaces is not None
    if row is not None and _fell_with_its_episode(proposal, row, before) and statement.owner_key != row.owner:
        yield proposal.violation("ELEMENT_CAN_NOT_BE_MOVED_FROM_DELETED_EOC", statement.entry, statement.key)
    elif not proposal.follows_nothing:
        yield proposal.not_found(statement.replaces, statement.key)


def _fell_with_its_episode(proposal: Proposal, row: EntryRow, before: View) -> bool:
    if row.set != proposal.set_key or row.status is not Status.FELL:
        return False
    episode = before.entry(before.episode_of(row.owner))
    return episode is not None and episode.status is Status.NULLIFIED
