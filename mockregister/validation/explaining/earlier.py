"""Find the place of a value in an earlier document of the set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from mockregister import safexml
from mockregister.document import reader
from mockregister.document.whereabouts import Spot, Whereabouts
from mockregister.register.query import Reader
from mockregister.validation.explaining.explanation import LANGUAGES

_MOST_DOCUMENTS = 50  # documents of a set that are searched, the latest first
_NAMED = ("document {0}, version {1}", "dokument {0}, version {1}")


class EarlierDocuments:
    """The documents that a register had before a submission; those of a set are read when a value of the set is looked for."""

    def __init__(self, look: Reader, language: str) -> None:
        self._look, self._number = look, LANGUAGES.index(language)
        self._read: dict[str, list[tuple[Whereabouts, str]]] = {}

    def spot(self, set_key: str, source: object, name: str, value: object) -> Spot:
        """Return the place of an entry's value in the latest document of a set that states it; an empty Spot if none does."""
        return self._latest(set_key, lambda places: places.spot(source, name, value, alike=True))

    def spot_of_time(self, set_key: str, value: datetime) -> Spot:
        """Return the place of a time in the latest document of a set that states it; an empty Spot if none does."""
        return self._latest(set_key, lambda places: places.spot_of_time(value))

    def _latest(self, set_key: str, find: Callable[[Whereabouts], Spot]) -> Spot:
        for places, named in self._documents(set_key):
            spot = find(places)
            if spot.line:
                return spot._replace(document=named, interval=spot.interval and f"{named} {spot.interval}")
        return Spot()

    def _documents(self, set_key: str) -> list[tuple[Whereabouts, str]]:
        if set_key not in self._read:
            named = _NAMED[self._number]
            self._read[set_key] = [
                (Whereabouts([reader.read(safexml.parse(document.content))]), named.format(document.id, document.row.version))
                for document in list(self._look.documents_of_set(set_key))[: -_MOST_DOCUMENTS - 1 : -1]
            ]
        return self._read[set_key]
