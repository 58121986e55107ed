"""Which element of a document the ``where`` of a finding points at."""

from __future__ import annotations

import re

from lxml import etree

# Level 2 names elements as XPath 2 does, which lxml does not support; the other levels' XPaths have no ``*:``.
_ANY_NAMESPACE = re.compile(r"\*:([\w.-]+)")


class Pointing:
    """The elements of one document by their number, from 0 in document order."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._numbers = {element: number for number, element in enumerate(root.iter(etree.Element))}

    def number(self, where: str) -> int | None:
        """Return the number of the first element that an XPath selects; None if it selects none.

        Text that is not an XPath, such as the line and column of level 1, selects nothing.
        """
        found = self.element(where)
        return self.number_of(found) if found is not None else None

    def element(self, where: str) -> etree._Element | None:
        """Return the first element that an XPath selects; None if it selects none."""
        return selected(self._root, where) if where else None

    def number_of(self, element: etree._Element) -> int:
        """Return the number of an element of the document."""
        return self._numbers[element]


def selected(root: etree._Element, where: str) -> etree._Element | None:
    """Return the first element that an XPath selects; None if it selects none or is not an XPath."""
    try:
        found = root.getroottree().xpath(_ANY_NAMESPACE.sub(r"*[local-name()='\1']", where))
    except etree.XPathError:
        return None
    elements = found if isinstance(found, list) else []
    return next((element for element in elements if isinstance(element, etree._Element) and isinstance(element.tag, str)), None)
