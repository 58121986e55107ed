"""Which element of a document the ``where`` of a finding points at."""

from __future__ import annotations

import re
from typing import cast

from lxml import etree

from mockregister import safexml
from mockregister.document.places import document_id
from mockregister.errors import UnreadableDocument

# Level 2 names elements as XPath 2 does, which lxml does not speak; the other levels' XPaths have no ``*:``.
_ANY_NAMESPACE = re.compile(r"\*:([\w.-]+)")


class Pointing:
    """The elements of one document by their number, from 0 in document order."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._numbers = {element: number for number, element in enumerate(root.iter(etree.Element))}

    def number(self, where: str) -> int | None:
        """The number of the element that an XPath selects first; None where it selects none.

        What is no XPath, as the line and column of level 1, points at nothing.
        """
        found = _selected(self._root, where) if where else None
        return self._numbers[found] if found is not None else None


def line(content: bytes, document: str, where: str) -> int:
    """The line of the source at which the start tag of the element that ``where`` selects first ends.

    0 where it selects none, and where ``content`` is no XML or not the document ``<id root>^<id extension>``.
    """
    try:
        root = safexml.parse(content)
    except UnreadableDocument:
        return 0
    found = _selected(root, where) if where and document_id(root) == document else None
    return 0 if found is None else cast("int | None", found.sourceline) or 0


def _selected(root: etree._Element, where: str) -> etree._Element | None:
    try:
        found = root.getroottree().xpath(_ANY_NAMESPACE.sub(r"*[local-name()='\1']", where))
    except etree.XPathError:
        return None
    selected = found if isinstance(found, list) else []
    return next((one for one in selected if isinstance(one, etree._Element) and isinstance(one.tag, str)), None)
