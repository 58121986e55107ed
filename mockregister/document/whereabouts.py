"""Find the line of a sent document that has a value of an entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple, cast

from lxml import etree

from mockregister.document.markup import attribute, moment, text
from mockregister.document.reader import Reading

# The elements of an entry's fields; other fields are recognised by their values.
_NAMES = {
    "start": ("low", "effectiveTime", "time"),
    "end": ("high", "effectiveTime", "time"),
    "treatment_start": ("effectiveTime",),
    "time": ("effectiveTime", "low"),
    "reported": ("effectiveTime",),
    "born": ("birthTime", "id"),
    "priority": ("priorityCode",),
    "payer": ("id",),
    "side": ("targetSiteCode",),
    "municipality": ("county",),
    "country": ("country",),
    "text": ("value",),
    "value": ("value",),
    "number": ("value",),
    "whole_number": ("value",),
}

_OWN_CODES = frozenset({"agreement", "code", "type"})  # fields in an entry's own code element; other codes are further down

_MOST_LINES = 10  # lines that are returned for one value


class Spot(NamedTuple):
    """A line, 0 for none, and the XPath of the interval that the value begins or ends; empty for other values.

    ``document`` names the document if it is not one of those sent.
    """

    line: int = 0
    interval: str = ""
    document: str = ""


class Whereabouts:
    """The documents of one submission; finds the places of values in them."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._readings = readings

    def spot(self, source: object, name: str, value: object, alike: bool = False) -> Spot:
        """Return the place of a value of the entry ``source``.

        It is the place of the entry if the value is not found, and an empty ``Spot`` if the entry is not found either.
        ``value`` is a code, number or other text, or a time; ``name`` is the field of the entry that has it. With ``alike``,
        an entry without an id is matched by its content.
        """
        around = self.element(source)
        if around is None and alike:
            equal = (reading.places.alike(source) for reading in self._readings)
            around = next((element for element in equal if element is not None), None)
        if around is None:
            return Spot()
        return _spot(next(_with_value(around, name, value), around) if value is not None else around)

    def line(self, source: object, name: str, value: object) -> int:
        """Return the line of a value of the entry ``source``, as ``spot`` finds it."""
        return self.spot(source, name, value).line

    def spot_of_time(self, value: datetime) -> Spot:
        """Return the place of a time anywhere in the body or the patient of a document; none if it is not found."""
        for reading in self._readings:
            for part in reading.places.root.iterchildren("{*}component", "{*}recordTarget"):
                for element in part.iter(etree.Element):
                    if moment(element) == value:
                        return _spot(element)
        return Spot()

    def lines_with(self, reading: Reading, value: str, name: str = "") -> list[int]:
        """Return the lines of a document with this value in an attribute or as text, in any letter case.

        With ``name`` only those of elements of that name.
        """
        wanted = value.lower()
        elements = reading.places.root.iter(f"{{*}}{name}" if name else etree.Element)
        return list(dict.fromkeys(line_of(element) for element in elements if _has(element, wanted)))[:_MOST_LINES]

    def line_in_header(self, document: str, name: str) -> int:
        """Return the line of a field in the header of the document with this id, written as in an answer's location.

        If no document has the id, the last one is searched; if it has no such element, the line is that of its root.
        """
        reading = next(
            (candidate for candidate in self._readings if candidate.document.id.key == document.lower()),
            self._readings[-1],
        )
        children = reading.places.root.iterchildren(*(f"{{*}}{tag}" for tag in _NAMES.get(name, ())))
        return line_of(next(children, reading.places.root))

    def element(self, source: object) -> etree._Element | None:
        """Return the element that an entry was read from, or that has the entry's id; None if no document has it."""
        for reading in reversed(self._readings):
            found = reading.places.element(source)
            if found is not None:
                return found
        key = getattr(getattr(source, "id", None), "key", None)
        for reading in reversed(self._readings):
            for entry in reading.document.entries():
                if entry.id.key == key:
                    return reading.places.element(entry)
            if type(source) is type(reading.document.patient):
                return reading.places.element(reading.document.patient)
        return None


def _with_value(around: etree._Element, name: str, value: object) -> Iterator[etree._Element]:
    """Yield the elements in an entry that have a value; elements with the name of the field come first."""
    named = [around.iter(f"{{*}}{tag}") for tag in _NAMES.get(name, ())]
    own = [] if name in _OWN_CODES else list(around.iterchildren("{*}code"))
    others = (element for element in around.iter(etree.Element) if element not in own)
    for elements in (*named, others, own):
        yield from (element for element in elements if _says(element, value))


def _says(element: etree._Element, value: object) -> bool:
    if isinstance(value, datetime):
        return moment(element) == value
    if isinstance(value, date):
        time = moment(element)
        return time is not None and time.date() == value
    wanted = str(value)
    return wanted in (attribute(element, "code"), attribute(element, "extension"), attribute(element, "value"), text(element))


def _has(element: etree._Element, wanted: str) -> bool:
    values = (attribute(element, name) for name in ("extension", "code", "value", "root"))
    return wanted in (*(value.lower() for value in values), text(element).lower())


def _spot(element: etree._Element) -> Spot:
    around = element.getparent()
    is_end = around is not None and etree.QName(element).localname in ("low", "high")
    return Spot(line_of(element), element.getroottree().getpath(around) if is_end and around is not None else "")


def line_of(element: etree._Element) -> int:
    """Return the line of an element; 0 if it is unknown."""
    return cast("int | None", element.sourceline) or 0


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(element).localname


def own_value(element: etree._Element) -> str:
    """Return the value of an element: an attribute or the text."""
    values = (attribute(element, name) for name in ("value", "extension", "code"))
    return next(filter(None, values), text(element))
