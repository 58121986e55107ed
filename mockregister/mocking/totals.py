"""How much a register holds, in figures that can be added up over many registers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mockregister.register.totals import StoredTotals, totals

if TYPE_CHECKING:
    from mockregister.mocking.registers import Namespace


@dataclass(frozen=True, slots=True)
class RegisterTotals:
    """How much a register holds at the time by its clock, and how many faults may still strike."""

    stored: StoredTotals
    now: datetime
    faults: int


def totals_of(namespace: Namespace) -> RegisterTotals:
    """Return the totals of an open register."""
    faults = sum(not fault.is_spent for fault in namespace.faults.all())
    with namespace.register.look() as rows:
        return RegisterTotals(totals(rows), namespace.register.clock.now(), faults)
