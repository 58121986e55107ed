"""Rows in progress: what one submission would change, until it is stored or discarded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from mockregister.model import EpisodeOfCare
from mockregister.register.overlay import Overlay
from mockregister.register.rows import Change, EntryRow, EventRow, Happening, Status, Table, event_key, key_of
from mockregister.register.store import Rows
from mockregister.register.view import View

MOST_ENTRIES = 50  # entries of one event; with more, finding the events of an entry would take longer


class Workspace(View):
    """Rows with the changes of one submission; the rows below are read, and never changed.

    ``touched`` are the episodes of care that were changed, each with the last document that changed it.
    """

    rows: Overlay

    def __init__(self, below: Rows, now: datetime) -> None:
        super().__init__(Overlay(below))
        self.now = now
        self.touched: dict[str, str] = {}
        self._happened: dict[tuple[str, str], Happening] = {}

    def changes(self) -> list[Change]:
        """Return the last change of each row, and as events the last thing that each document did to each entry."""
        changes = self.rows.changes()
        entries = defaultdict[tuple[str, Happening], list[str]](list)
        for (entry, document), happening in self._happened.items():
            entries[document, happening].append(entry)
        for (document, happening), all_entries in entries.items():
            for number in range(0, len(all_entries), MOST_ENTRIES):
                entry, *others = all_entries[number : number + MOST_ENTRIES]
                row = EventRow(entry, document, happening, self.now, tuple(others))
                changes.append(Change(Table.EVENTS, event_key(document, happening, number), row))
        return changes

    def touch(self, key: str, document: str) -> None:
        """Note that ``document`` touched the episode of care that an entry belongs to."""
        episode = self.episode_of(key)
        if episode:
            self.touched[episode] = document

    def write(self, key: str, row: EntryRow) -> None:
        """Write an entry as a document states it, and note what the document did to it."""
        old = self.entry(key)
        if old is not None and old.is_live:
            self.touch(key, row.document)
        self.rows.put(Table.ENTRIES, key, row)
        self.touch(key, row.document)
        happening = _what_happened(old, row)
        if happening is not None:
            self._happened[key, row.document] = happening

    def remove(self, key: str, status: Status, below: Status, document: str) -> None:
        """End an entry with ``status``, and everything that belongs to it with ``below`` (fact 172)."""
        row = self.live_entry(key)
        if row is None:
            return
        self.touch(key, document)
        self.rows.put(Table.ENTRIES, key, replace(row, status=status, document=document))
        for child in self.owned(key):
            self.remove(child, below, below, document)
        self._happened[key, document] = Happening(status.value)
        self._leave_out(key, row.owner)

    def _leave_out(self, key: str, owner: str) -> None:
        """Remove a marker that has ended from the list of markers in its episode of care."""
        row = self.live_entry(owner)
        if row is not None and isinstance(row.entry, EpisodeOfCare):
            markers = tuple(marker for marker in row.entry.markers if marker.id is None or key_of(marker.id) != key)
            if markers != row.entry.markers:
                self.rows.put(Table.ENTRIES, owner, replace(row, entry=replace(row.entry, markers=markers)))


def _what_happened(old: EntryRow | None, new: EntryRow) -> Happening | None:
    """Return what a statement did to an entry; None if it only repeats what is known."""
    if old is None or not old.is_live:
        return Happening.MADE
    if old.owner != new.owner:
        return Happening.MOVED
    return Happening.CHANGED if old.entry != new.entry else None
