"""Take CDA elements apart: children by name, statements by template, texts, times.

This works for every well-formed document: a missing or unintelligible value is None or an empty text. Children are walked without
XPath, which would take more time of every submission.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from functools import cache, lru_cache

from lxml import etree

from mockregister.clock import COPENHAGEN
from mockregister.safexml import CDA

_TIMESTAMP = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:\.\d+)?(?:([+-])(\d{1,4}))?", re.ASCII)


def cda(name: str) -> str:
    """Return the qualified name of a CDA element."""
    return f"{{{CDA}}}{name}"


ADDRESS = cda("addr")
CODE = cda("code")
COMPONENT = cda("component")
EFFECTIVE_TIME = cda("effectiveTime")
ENTRY_RELATIONSHIP = cda("entryRelationship")
HIGH = cda("high")
ID = cda("id")
LOW = cda("low")
PARTICIPANT = cda("participant")
PARTICIPANT_ROLE = cda("participantRole")
REFERENCE = cda("reference")
SCOPING_ENTITY = cda("scopingEntity")
SET_ID = cda("setId")
TEMPLATE_ID = cda("templateId")
TIME = cda("time")
TITLE = cda("title")
VALUE = cda("value")
VERSION_NUMBER = cda("versionNumber")
_RELATED = (PARTICIPANT, ENTRY_RELATIONSHIP, REFERENCE, COMPONENT)


def first(element: etree._Element | None, *names: str) -> etree._Element | None:
    """Return the element at the end of a path of names, taking the first child at each step."""
    for name in names:
        if element is None:
            return None
        element = next(element.iterchildren(name), None)
    return element


def below(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield all elements at the end of a path of names, in document order."""
    if not names:
        yield element
        return
    for child in element.iterchildren(names[0]):
        yield from below(child, *names[1:])


def templates(element: etree._Element) -> list[str]:
    """Return the roots of an element's template ids, in their order."""
    return [template.get("root", "") for template in element.iterchildren(TEMPLATE_ID)]


class ClinicalStatement:
    """One act, encounter, observation, procedure or organizer of a document.

    ``related`` holds the targets of entry relationships, references and components, and the participants, each under all of
    its template ids. Participants are also under their type code (``RESP``), because senders forget template ids. ``replaced``
    are the external acts of references of type RPLC; they are not in ``related``.
    """

    __slots__ = ("element", "related", "replaced")

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        self.related: dict[str, list[etree._Element]] = defaultdict(list)
        self.replaced: list[etree._Element] = []
        for child in element.iterchildren(*_RELATED):
            if child.tag == PARTICIPANT:
                for name in (*templates(child), child.get("typeCode", "")):
                    self.related[name].append(child)
            elif child.get("typeCode") == "RPLC":
                self.replaced += child.iterchildren("*")
            else:
                for inner in child.iterchildren("*"):
                    for template in templates(inner):
                        self.related[template].append(inner)

    def all(self, template: str) -> Sequence[etree._Element]:
        """Return everything of this template that belongs to the statement, in document order."""
        return self.related.get(template, ())

    def one(self, template: str) -> etree._Element | None:
        """Return the first of this template, if there is one."""
        found = self.related.get(template)
        return found[0] if found else None

    def participants(self, template: str, type_code: str) -> Sequence[etree._Element]:
        """Return the participants of this template; if there are none, those of its type code."""
        return self.all(template) or self.all(type_code)


def attribute(element: etree._Element | None, name: str) -> str:
    """Return an attribute; empty if the element or the attribute is absent."""
    return "" if element is None else element.get(name, "")


def text(element: etree._Element | None) -> str:
    """Return the text of an element without the white space around it, ignoring comments and CDATA marks."""
    if element is None:
        return ""
    return ("".join(map(str, element.itertext())) if len(element) else element.text or "").strip()


def number(element: etree._Element | None) -> int | None:
    """Return the whole number of an INT; None if it has no number."""
    value = "" if element is None else element.get("value", "").strip()
    return int(value) if re.fullmatch(r"[+-]?\d{1,1000}", value, re.ASCII) else None


def moment(element: etree._Element | None) -> datetime | None:
    """Return the moment of a TS. See ``timestamp``."""
    return None if element is None else timestamp(element.get("value", ""))


@lru_cache(maxsize=4096)
def timestamp(value: str) -> datetime | None:
    """Return the moment of an HL7 timestamp, to the second, with a fixed offset.

    It has the form ``YYYYMMDD[hhmmss][±ZZzz]``, or a shorter one that the schema allows, which means the beginning of its year,
    month, day, hour or minute. Without an offset it is Danish time. Return None for a text that is not a timestamp, or a time
    that does not exist.
    """
    parts = _TIMESTAMP.fullmatch(value.strip())
    if parts is None:
        return None
    *digits, sign, offset = parts.groups()
    try:
        local = _local(*digits)
        found = local.replace(tzinfo=_zone(sign, offset) if sign else _danish(local))
        found.astimezone(COPENHAGEN)  # raises at either end of the calendar, where this Danish time does not exist
    except (ValueError, OverflowError):
        return None
    return found


def _local(year: str, month: str | None, day: str | None, hour: str | None, minute: str | None, second: str | None) -> datetime:
    """Return date and time of day; 24:00:00 is the midnight at the end of the day. Raise ValueError or OverflowError."""
    date = datetime(int(year), int(month or 1), int(day or 1))
    hours, minutes, seconds = (int(part or 0) for part in (hour, minute, second))
    if (hours, minutes, seconds) == (24, 0, 0):
        return date + timedelta(days=1)
    return date.replace(hour=hours, minute=minutes, second=seconds)


@cache  # of at most 2 * 9,999 offsets
def _zone(sign: str, digits: str) -> timezone:
    """Return the zone of an offset of hours, or of hours and minutes."""
    whole = digits.zfill(2).ljust(4, "0") if len(digits) <= 2 else digits.zfill(4)
    span = timedelta(hours=int(whole[:2]), minutes=int(whole[2:]))
    return timezone(-span if sign == "-" else span)


def _danish(local: datetime) -> timezone:
    """Return the offset of Danish time in whole minutes; before 1894 it also had seconds, which CDA cannot write."""
    offset = local.replace(tzinfo=COPENHAGEN).utcoffset() or timedelta()
    return timezone(timedelta(minutes=offset // timedelta(minutes=1)))
