"""Where in the sent document each object of the model came from, and how an answer's ``location`` writes it.

The reader notes a place for every object it makes. Objects are compared by identity, because two equal codes in one document
have two places. XPaths are only made when a finding needs one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TypeVar, cast

from lxml import etree

from mockregister.document.markup import ID, attribute, first, templates

Thing = TypeVar("Thing")


class Places:
    """The places of one document's objects, and of their attributes that are plain texts."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._objects: dict[int, tuple[object, etree._Element]] = {}
        self._attributes: dict[tuple[int, str], etree._Element] = {}
        self._paths: _Paths | None = None

    def put(self, thing: Thing, element: etree._Element, **attributes: etree._Element | None) -> Thing:
        """Note that ``thing`` was read from ``element``, and its named attributes from these elements; return ``thing``."""
        self._objects[id(thing)] = thing, element
        for name, place in attributes.items():
            if place is not None:
                self._attributes[id(thing), name] = place
        return thing

    def location(self, thing: object, attribute: str = "") -> str:
        """Return the XPath of exactly the element that ``thing``, or an attribute of it, was read from (facts 164, 171).

        An attribute that was absent has the XPath of its object, and an object of another document that of this one's root.
        """
        if self._paths is None:
            self._paths = _Paths(self._root)
        return self._paths.to(self._element(thing, attribute))

    def line(self, thing: object, attribute: str = "") -> int:
        """Return the line of the source at which the element's start tag ends."""
        return cast("int | None", self._element(thing, attribute).sourceline) or 0

    def element(self, thing: object) -> etree._Element | None:
        """Return the element that ``thing`` was read from, or None if it comes from elsewhere."""
        known = self._objects.get(id(thing))
        return known[1] if known is not None and known[0] is thing else None

    def alike(self, thing: object) -> etree._Element | None:
        """Return the element that the first object equal to ``thing`` was read from; None if there is no such object."""
        same = (element for known, element in self._objects.values() if type(known) is type(thing) and known == thing)
        return next(same, None)

    @property
    def root(self) -> etree._Element:
        """The root element of the document."""
        return self._root

    def sent_root(self, thing: object, attribute: str = "") -> str:
        """Return the ``root`` of the id that ``thing``, or an attribute of it, was read from; empty if there is none."""
        return self._element(thing, attribute).get("root", "")

    def sent_templates(self, thing: object, attribute: str = "", around: str = "") -> tuple[str, ...]:
        """Return the template ids of the element of ``thing``, or of the nearest element named ``around`` around it."""
        element = self._element(thing, attribute)
        holder = next(element.iterancestors(f"{{*}}{around}"), element) if around else element
        return tuple(filter(None, templates(holder)))

    def _element(self, thing: object, attribute: str) -> etree._Element:
        inner = self._attributes.get((id(thing), attribute))
        return self._objects.get(id(thing), (thing, self._root))[1] if inner is None else inner


def by_id(root: str, extension: str) -> str:
    """Return the XPath of an entry by its id, as in a business rule's finding (fact 99); ids keep the sender's letter case."""
    return f"//*[child::*[local-name()='id' and @root={literal(root)} and @extension={literal(extension)}]]"


def document_id(root: etree._Element) -> str:
    """Return ``<id root>^<id extension>`` of a document in the sender's letter case; a missing part is empty (fact 147)."""
    identifier = first(root, ID)
    return f"{attribute(identifier, 'root')}^{attribute(identifier, 'extension')}"


def literal(text: str) -> str:
    """Return ``text`` as an XPath 1.0 string; that has no escapes, so both kinds of quotes need a concat()."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    return "concat(" + ', "\'", '.join(f"'{piece}'" for piece in text.split("'")) + ")"


class _Paths:
    """The XPaths to the elements of one document.

    An element with an id is found by name, class, mood, id and template ids, anywhere in the document, if no other element
    matches these. Any other element is found by its position below the nearest ancestor that is found so.
    """

    def __init__(self, root: etree._Element) -> None:
        self._by_identity: dict[tuple[str, str], list[etree._Element]] = defaultdict(list)
        self._unique: dict[str, bool] = {}
        self._positions: dict[etree._Element, int] = {}
        self._written: dict[etree._Element, str] = {}
        for identifier in root.iter(_ANY_ID):
            owner = identifier.getparent()
            if owner is not None:
                for name in _ID_ATTRIBUTES:
                    self._by_identity[_name(owner), identifier.get(name, "")].append(owner)

    def to(self, element: etree._Element) -> str:
        """Return the XPath that selects ``element`` and nothing else."""
        if element not in self._written:
            self._written[element] = self._path(element)
        return self._written[element]

    def _path(self, element: etree._Element) -> str:
        description = _description(element)
        if description and self._is_unique(element, description):
            return "//" + description
        around = element.getparent()
        step = f"/*[local-name()='{_name(element)}'][{self._position(element)}]"
        return step if around is None else self.to(around) + step

    def _is_unique(self, element: etree._Element, description: str) -> bool:
        if description not in self._unique:
            rivals = self._by_identity[_name(element), _identity(element)[1]]
            answering = sum(_answers_to(rival, element) for rival in rivals[:_MOST_RIVALS])
            self._unique[description] = len(rivals) <= _MOST_RIVALS and answering == 1
        return self._unique[description]

    def _position(self, element: etree._Element) -> int:
        """Return the position among the parent's children of that name, from 1; computed for all of them at once."""
        if element not in self._positions:
            around = element.getparent()
            seen: Counter[str] = Counter()
            for sibling in [element] if around is None else around.iterchildren(etree.Element):
                seen[_name(sibling)] += 1
                self._positions[sibling] = seen[_name(sibling)]
        return self._positions[element]


_ANY_ID = "{*}id"
_ANY_TEMPLATE_ID = "{*}templateId"
_ID_ATTRIBUTES = ("extension", "root")
_CLASS_ATTRIBUTES = ("classCode", "moodCode")
_MOST_RIVALS = 100  # elements with one id; if there are more, positions tell them apart
_MOST_TEMPLATES = 20  # template ids in a description


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _identity(element: etree._Element) -> tuple[str, str]:
    """Return the attribute of its id that identifies an element, and the value; empty without an id."""
    identifier = first(element, _ANY_ID)
    return next(((name, attribute(identifier, name)) for name in _ID_ATTRIBUTES if attribute(identifier, name)), ("", ""))


def _template_roots(element: etree._Element) -> list[str]:
    roots = (template.get("root") for template in element.iterchildren(_ANY_TEMPLATE_ID))
    return [root for root in roots if root]


def _answers_to(rival: etree._Element, element: etree._Element) -> bool:
    """Return whether the description of ``element`` also selects ``rival``, which has its name and its id."""
    same_class = all(element.get(name) in (None, rival.get(name)) for name in _CLASS_ATTRIBUTES)
    return same_class and set(_template_roots(element)[:_MOST_TEMPLATES]) <= set(_template_roots(rival))


def _description(element: etree._Element) -> str:
    """Return the step that finds an element by its id, in the form of facts 164 and 171; empty if it has none."""
    name, value = _identity(element)
    if not name:
        return ""
    own = [f"local-name()={literal(_name(element))}"]
    own += [f"@{name}={literal(element.get(name, ''))}" for name in _CLASS_ATTRIBUTES if element.get(name) is not None]
    roots = _template_roots(element)[:_MOST_TEMPLATES]
    children = [_child("id", name, value), *(_child("templateId", "root", root) for root in roots)]
    return f"*[{' and '.join(own)}]{''.join(children)}"


def _child(name: str, attribute: str, value: str) -> str:
    return f"[child::*[local-name()='{name}' and @{attribute}={literal(value)}]]"
