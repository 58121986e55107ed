"""How the modules of this folder read rows: sets, entries and their owners, by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mockregister.model import EntryKind, Patient
from mockregister.register.indexes import ENTRIES_OF_SET, OWNED
from mockregister.register.rows import EntryRow, EpisodeRow, LinkRow, SetRow, Table
from mockregister.register.store import Rows


class View:
    """Rows, read by what they mean to the register."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def set(self, key: str) -> SetRow | None:
        """Return the set of this key; None if there is none."""
        return self.rows.get(Table.SETS, SetRow, key)

    def entry(self, key: str) -> EntryRow | None:
        """Return the entry of this key, whatever its state; None if there is none."""
        return self.rows.get(Table.ENTRIES, EntryRow, key)

    def live_entry(self, key: str) -> EntryRow | None:
        """Return the entry of this key if it is live, else None."""
        row = self.entry(key)
        return row if row is not None and row.is_live else None

    def checked(self, episode: str) -> EpisodeRow | None:
        """Return what was found when an episode of care was last checked; None if it never was."""
        return self.rows.get(Table.EPISODES, EpisodeRow, episode)

    def live(self, set_key: str) -> list[str]:
        """Return the keys of the live entries of a set."""
        return self.rows.find(ENTRIES_OF_SET, set_key)

    def owned(self, key: str) -> dict[str, EntryRow]:
        """Return the live entries that belong directly to an entry, by their keys."""
        rows = {child: self.entry(child) for child in self.rows.find(OWNED, key)}
        return {child: row for child, row in rows.items() if row is not None}

    def with_owners(self, key: str) -> Iterator[tuple[str, EntryRow]]:
        """Yield an entry and its owners, nearest first, as far as they are known.

        While a document is applied, entries that change places may own each other for a moment: each is yielded once.
        """
        seen = set[str]()
        while key not in seen and (row := self.entry(key)) is not None:
            yield key, row
            seen.add(key)
            key = row.owner

    def patient_of(self, set_key: str) -> Patient:
        """Return the patient of a set, with the CPR number to which an alternative id was linked later (fact 34)."""
        row = self.set(set_key)
        patient = row.patient if row is not None else Patient()
        links = (self.rows.get(Table.LINKS, LinkRow, identifier.key) for identifier in patient.alternative_ids)
        cpr = patient.cpr or next((link.cpr for link in links if link is not None), "")
        return patient if cpr == patient.cpr else replace(patient, cpr=cpr)

    def episode_of(self, key: str) -> str:
        """Return the key of the episode of care that an entry belongs to; empty if its owners are not known."""
        return next((key for key, row in self.with_owners(key) if row.kind is EntryKind.EPISODE_OF_CARE), "")
