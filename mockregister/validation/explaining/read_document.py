"""A document whose findings are explained."""

from __future__ import annotations

from lxml import etree

from mockregister import safexml
from mockregister.document.short_path import ShortPaths
from mockregister.lazy import lazy
from mockregister.validation.schema.positions import elements_by_place, text_of


class ReadDocument:
    """A document, parsed once for all of its findings. Raise UnreadableDocument for what is not XML."""

    def __init__(self, content: bytes) -> None:
        self.root, self._content = safexml.parse(content), content
        self._paths: dict[str, ShortPaths] = {}

    def paths(self, language: str) -> ShortPaths:
        """Return the short paths of its elements in a language."""
        return self._paths.setdefault(language, ShortPaths(self.root, language))

    @lazy
    def by_place(self) -> dict[str, etree._Element]:
        """The elements by the places at which their tags end, written ``line:column`` as in findings of level 1."""
        return elements_by_place(text_of(self._content, self.root), self.root)
