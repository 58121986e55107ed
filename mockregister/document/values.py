"""Read the small values of the model from their CDA data types: II, CD, TS and IVL_TS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from lxml import etree

from mockregister.document.markup import (
    CODE,
    EFFECTIVE_TIME,
    HIGH,
    ID,
    LOW,
    PARTICIPANT_ROLE,
    SCOPING_ENTITY,
    first,
    moment,
)
from mockregister.document.places import Places
from mockregister.model import SKS, Code, Identifier
from mockregister.sharing import shared

# Documents share equal codes and ids. Of several equal ones in a document only the first is the shared object, since each has a
# place of its own, and places are noted by object.
shared_code = lru_cache(maxsize=8192)(Code)
_shared_id = lru_cache(maxsize=1024)(Identifier)


def identifier(element: etree._Element | None, places: Places) -> Identifier | None:
    """Return an identifier from an II; None if the element is absent or null."""
    if element is None or not (element.get("root") or element.get("extension")):
        return None
    value = _shared_id(shared(element.get("root", "")), shared(element.get("extension", "")))
    return places.put(value if places.element(value) is None else Identifier(value.root, value.extension), element)


def named_id(owner: etree._Element, places: Places) -> Identifier:
    """Return the identifier of what an element refers to, at the first place where the document has it; empty if it has none."""
    element = first(owner, ID)
    if element is None:
        return places.put(Identifier(""), owner)
    value = _shared_id(shared(element.get("root", "")), shared(element.get("extension", "")))
    return value if places.element(value) is not None else places.put(value, element)


def own_id(owner: etree._Element, places: Places) -> Identifier:
    """Return the identifier of an entry; empty if the document has none."""
    return identifier(first(owner, ID), places) or places.put(Identifier(""), owner)


def code(element: etree._Element | None, places: Places) -> Code | None:
    """Return a code from a CD, CE or CS; None if the element is absent, null or empty.

    Equal codes of several documents are one object; in one document each has a place of its own, and so is an object of its own.
    """
    if element is None or element.get("nullFlavor") or not element.get("code"):
        return None
    value = shared_code(element.get("code", ""), element.get("displayName", ""), element.get("codeSystem", SKS))
    return placed(value, element, places)


def placed(value: Code, element: etree._Element, places: Places) -> Code:
    """Note the place of a shared code, and return it, or an equal one if the document has it elsewhere."""
    is_new = places.element(value) is None
    return places.put(value if is_new else Code(value.code, value.display, value.system), element)


def own_code(owner: etree._Element, places: Places) -> Code:
    """Return the code of a statement; empty if the document has none."""
    return code(first(owner, CODE), places) or places.put(Code(""), owner)


def codes(statements: Sequence[etree._Element], places: Places) -> tuple[Code, ...]:
    """Return the codes of statements that only have a code each."""
    found = (code(first(statement, CODE), places) for statement in statements)
    return tuple(supplementary for supplementary in found if supplementary is not None)


def period(owner: etree._Element, name: str = EFFECTIVE_TIME) -> tuple[datetime | None, datetime | None]:
    """Return start and end of an interval of time."""
    interval = first(owner, name)
    return moment(first(interval, LOW)), moment(first(interval, HIGH))


def organization_id(participants: Sequence[etree._Element]) -> etree._Element | None:
    """Return the id element of the organization behind the first of some participants."""
    return first(participants[0], PARTICIPANT_ROLE, SCOPING_ENTITY, ID) if participants else None
