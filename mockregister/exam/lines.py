"""The line of a stored value in the document that reported it; each document is read once, when it is first needed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mockregister import safexml
from mockregister.document import reader
from mockregister.document.whereabouts import Whereabouts
from mockregister.exam.evidence import StoredThing
from mockregister.exam.facets import FACETS
from mockregister.model import EpisodeOfCare, Marker


class LineFinder:
    """Finds the lines of elements in the documents that last reported them."""

    def __init__(self) -> None:
        self._read: dict[str, Whereabouts] = {}

    def line(self, thing: StoredThing, facet: str, value: Any) -> int:
        """Return the line of an element's value, or else of the element itself; 0 if neither is found."""
        element = thing.element
        document = element.document if element is not None else None
        if element is None or document is None:
            return 0
        if document.key not in self._read:
            self._read[document.key] = Whereabouts([reader.read(safexml.parse(document.content))])
        source = element.around(EpisodeOfCare) if isinstance(element.entry, Marker) else element.entry
        known = FACETS[thing.kind].get(facet)
        if facet == "on" or not isinstance(value, str | datetime):
            value = getattr(thing.thing, "code", None) and thing.thing.code.code if thing.kind == "marker" else None
        return self._read[document.key].line(source, known.field if known else "value", value)
