"""The place of a value in an earlier document of the set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from mockregister import safexml
from mockregister.document import reader
from mockregister.document.whereabouts import Spot, Whereabouts
from mockregister.register.query import Reader
from mockregister.validation.explaining.explanation import LANGUAGES

_MOST_DOCUMENTS = 50  # of a set that are looked through, the latest first
_NAMED = ("document {0}, version {1}", "dokument {0}, version {1}")


class EarlierDocuments:
    """The documents that a register had before a submission; each is read when one of its values is looked for."""

    def __init__(self, look: Reader, language: str) -> None:
        self._look, self._number = look, LANGUAGES.index(language)
        self._read: dict[str, list[tuple[Whereabouts, str]]] = {}

    def spot(self, set_key: str, source: object, name: str, value: object) -> Spot:
        """Return where the latest document of a set that has an entry says a value of it; nowhere if none does."""
        return self._latest(set_key, lambda where: where.spot(source, name, value, alike=True))

    def spot_of_time(self, set_key: str, value: datetime) -> Spot:
        """Return where the latest document of a set that says a time does; nowhere if none does."""
        return self._latest(set_key, lambda where: where.spot_of_time(value))

    def _latest(self, set_key: str, asked: Callable[[Whereabouts], Spot]) -> Spot:
        for where, named in self._of(set_key):
            spot = asked(where)
            if spot.line:
                return spot._replace(document=named, interval=spot.interval and f"{named} {spot.interval}")
        return Spot()

    def _of(self, set_key: str) -> list[tuple[Whereabouts, str]]:
        if set_key not in self._read:
            named = _NAMED[self._number]
            self._read[set_key] = [
                (Whereabouts([reader.read(safexml.parse(document.content))]), named.format(document.id, document.row.version))
                for document in list(self._look.documents_of_set(set_key))[: -_MOST_DOCUMENTS - 1 : -1]
            ]
        return self._read[set_key]
