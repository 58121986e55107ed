"""Check that an encounter has at most one main condition (aktionsdiagnose)."""

from __future__ import annotations

from collections.abc import Iterator

from mockregister.model import Condition
from mockregister.register.proposal import Proposal, Statement
from mockregister.register.view import View
from mockregister.register.violation import Violation


def check(proposal: Proposal, after: View) -> Iterator[Violation]:
    """Yield each main condition that is the second of its encounter; ``after`` is the register with the document."""
    mains = [stated for stated in proposal.stated.values() if stated.owner_key and _is_main(stated.entry)]
    taken = {
        condition.owner_key
        for condition in mains
        if _stays(proposal, condition) or _has_another(proposal, condition.owner_key, after)
    }
    for statement in mains:
        if not _stays(proposal, statement):
            if statement.owner_key in taken:
                yield proposal.violation(_code(proposal, statement), statement.entry, statement.key)
            taken.add(statement.owner_key)


def _is_main(entry: object) -> bool:
    return isinstance(entry, Condition) and entry.main


def _stays(proposal: Proposal, statement: Statement) -> bool:
    """Return whether the condition already was the encounter's main condition.

    A document that replaces everything starts without any.
    """
    row = None if proposal.replaces_all else proposal.before.live_entry(statement.key)
    return row is not None and _is_main(row.entry) and row.owner == statement.owner_key


def _has_another(proposal: Proposal, encounter: str, after: View) -> bool:
    """Return whether the encounter keeps a main condition that this document does not mention."""
    rows = (after.entry(key) for key in after.owned(encounter) if key not in proposal.stated)
    return any(row is not None and _is_main(row.entry) for row in rows)


def _code(proposal: Proposal, statement: Statement) -> str:
    row = None if proposal.replaces_all else proposal.before.live_entry(statement.key)
    if row is not None and not _is_main(row.entry):
        return "CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION"
    return "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION"
