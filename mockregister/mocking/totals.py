"""What registers hold in figures, for all that a server has at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mockregister.register.indexes import STANDING_BY_DAY, STANDING_BY_RULE
from mockregister.register.rows import Table

if TYPE_CHECKING:
    from mockregister.mocking.registers import Namespace


@dataclass(frozen=True, slots=True)
class RegisterTotals:
    """How much a register holds: rows by table, and what is in its error list by the keys of the two indexes.

    ``now`` is the time by the register's clock, ``faults`` the number of faults that may still strike.
    """

    rows: Mapping[str, int]
    standing_by_day: Mapping[str, int]
    standing_by_rule: Mapping[str, int]
    now: datetime
    faults: int


def totals_of(namespace: Namespace) -> RegisterTotals:
    """Return the totals of an open register, from counts that its store keeps."""
    faults = sum(not fault.is_spent for fault in namespace.faults.all())
    with namespace.register.look() as rows:
        return RegisterTotals(
            {table.label: rows.count(table) for table in Table},
            rows.counts(STANDING_BY_DAY),
            rows.counts(STANDING_BY_RULE),
            namespace.register.clock.now(),
            faults,
        )
