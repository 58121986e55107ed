"""How much a register holds, from the counts that its store keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mockregister.register.indexes import STANDING_BY_DAY, STANDING_BY_RULE
from mockregister.register.rows import Table
from mockregister.register.store import Rows


@dataclass(frozen=True, slots=True)
class StoredTotals:
    """How many rows each table has, by its label, and how many each key of the two indexes of the error list has."""

    rows: Mapping[str, int] = field(default_factory=lambda: {table.label: 0 for table in Table})
    standing_by_day: Mapping[str, int] = field(default_factory=dict)
    standing_by_rule: Mapping[str, int] = field(default_factory=dict)


def totals(rows: Rows) -> StoredTotals:
    """Return how much a register holds."""
    stored = {table.label: rows.count(table) for table in Table}
    return StoredTotals(stored, rows.counts(STANDING_BY_DAY), rows.counts(STANDING_BY_RULE))
