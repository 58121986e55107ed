"""How much a register holds and what was set on it, in few words, so that many registers can be listed and added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockregister.clock import Clock
from mockregister.register.totals import StoredTotals, totals

if TYPE_CHECKING:
    from mockregister.mocking.registers import Namespace


@dataclass(frozen=True, slots=True)
class RegisterTotals:
    """How much a register holds, its clock, how many exchanges, faults and checkpoints it has.

    ``waiting`` is how many of the faults may still strike; ``checkpoints`` are names.
    """

    name: str
    stored: StoredTotals
    clock: Clock
    exchanges: int
    faults: int
    waiting: int
    checkpoints: tuple[str, ...]


def totals_of(namespace: Namespace) -> RegisterTotals:
    """Return the totals of an open register."""
    faults = namespace.faults.all()
    with namespace.register.look() as rows:
        stored = totals(rows)
    return RegisterTotals(
        name=namespace.name,
        stored=stored,
        clock=namespace.register.clock,
        exchanges=namespace.journal.count(),
        faults=len(faults),
        waiting=sum(not fault.is_spent for fault in faults),
        checkpoints=tuple(checkpoint.name for checkpoint in namespace.checkpoints.all()),
    )
