"""A clinical statement taken apart: its plain children by name, and its related statements by template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from lxml import etree

from mockregister.document.markup import COMPONENT, ENTRY_RELATIONSHIP, PARTICIPANT, REFERENCE, templates

_RELATED = (PARTICIPANT, ENTRY_RELATIONSHIP, REFERENCE, COMPONENT)


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
