"""Sentences in English and Danish that say what a mend does."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from mockregister.document.short_path import ShortPaths
from mockregister.validation.explaining.explanation import LANGUAGES

PHRASES: dict[str, tuple[str, str]] = {
    "set": ("@{name} of {place} becomes '{right}'; it was '{was}'.", "@{name} i {place} ændres fra '{was}' til '{right}'."),
    "add": ("@{name} of {place} becomes '{right}'; there was none.", "@{name} i {place} manglede og bliver '{right}'."),
    "rename attribute": ("The attribute '{was}' becomes '{right}'.", "Attributten '{was}' omdøbes til '{right}'."),
    "rename": ("The element '{was}' becomes '{right}'.", "Elementet '{was}' omdøbes til '{right}'."),
    "rename often": (
        "The element '{was}' becomes '{right}', {times} times.",
        "Elementet '{was}' omdøbes til '{right}', {times} gange.",
    ),
    "order": (
        "The content of '{was}' is put in the order of the schema: {right}.",
        "Indholdet af '{was}' sættes i skemaets rækkefølge: {right}.",
    ),
    "template": ("{place} gets templateId {right}.", "{place} får templateId {right}."),
}


@dataclass(frozen=True)
class MendSentence:
    """What a mend does: a key of PHRASES, the value after and before, the attribute and element, and how often it is done."""

    phrase: str
    right: str
    was: str = ""
    name: str = ""
    element: etree._Element | None = None
    times: int = 1

    def in_language(self, language: str) -> str:
        """Return the sentence in ``en`` or ``da``."""
        place = "" if self.element is None else ShortPaths(self.element.getroottree().getroot(), language).path(self.element)
        phrase = PHRASES[self.phrase][LANGUAGES.index(language)]
        return phrase.format(name=self.name, place=place, right=self.right, was=self.was, times=self.times)
