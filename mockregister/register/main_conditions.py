"""Check that an encounter has at most one main condition (aktionsdiagnose)."""

from __future__ import annotations

from collections.abc import Iterator

from mockregister.model import Condition
from mockregister.register.proposal import Proposal, Statement
from mockregister.register.rows import EntryRow
from mockregister.register.view import View
from mockregister.register.violation import Violation


def check(proposal: Proposal, after: View) -> Iterator[Violation]:
    """Yield a violation for each further main condition of an encounter; ``after`` is the register with the document."""
    taken, new = set[str](), list[tuple[Statement, EntryRow | None]]()
    for statement in proposal.stated.values():
        if statement.owner_key and _is_main(statement.entry):
            # a document that replaces everything starts without any main condition
            row = None if proposal.replaces_all else proposal.live_row(statement.key)
            if row is not None and row.owner == statement.owner_key and _is_main(row.entry):
                taken.add(statement.owner_key)
            else:
                new.append((statement, row))
    for statement, row in new:
        unmentioned = (kept for key, kept in after.owned(statement.owner_key).items() if key not in proposal.stated)
        if statement.owner_key in taken or any(_is_main(kept.entry) for kept in unmentioned):
            was_minor = row is not None and not _is_main(row.entry)
            code = "CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION" if was_minor else "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION"
            yield proposal.violation(code, statement.entry, statement.key)
        taken.add(statement.owner_key)


def _is_main(entry: object) -> bool:
    return isinstance(entry, Condition) and entry.main
