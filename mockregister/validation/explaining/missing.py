"""Find where a child element goes, and an example of it in the documents that the package ships."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from lxml import etree

from mockregister import safexml
from mockregister.document.markup import ID, SET_ID, attribute, first, templates
from mockregister.document.short_path import ShortPaths
from mockregister.document.whereabouts import line_of, local_name
from mockregister.validation.explaining.explanation import LANGUAGES
from mockregister.validation.schema.components import cda_schema

_AFTER = ("after {0} (line {1})", "efter {0} (linje {1})")
_AT_START = ("at the start of {0} (line {1})", "først i {0} (linje {1})")
_NAMESPACES = re.compile(r' xmlns(:xsi)?="[^"]*"')
_MOST_LINES = 25  # lines of an example that are shown
_LPR_TEMPLATES = "1.2.208."


def place_for(name: str, owner: etree._Element, paths: ShortPaths, before: etree._Element | None = None) -> str:
    """Return where the schema puts a child of this local name in an element: after which child, or at the start.

    If ``before`` is given, only children in front of it count. Without a name, the place is after the last child.
    """
    kind, number = cda_schema().complex_type_of(owner), LANGUAGES.index(paths.language)
    names = [etree.QName(each).localname for each in kind.model.names] if kind is not None and kind.model is not None else []
    names = names[: names.index(name) + 1] if name in names else names
    children = owner.iterchildren(etree.Element) if before is None else before.itersiblings(etree.Element, preceding=True)
    earlier = sorted((child for child in children if local_name(child) in names and local_name(child) != name), key=line_of)
    if earlier:
        return _AFTER[number].format(step(earlier[-1], paths), line_of(earlier[-1]))
    return _AT_START[number].format(step(owner, paths), line_of(owner))


def step(element: etree._Element, paths: ShortPaths) -> str:
    """Return the last step of an element's short path, or the element's name if short paths leave it out."""
    last = paths.path(element).rpartition(" › ")[2]
    return last if last.startswith(local_name(element)) or element.get("classCode") else local_name(element)


def example_of(name: str, owner: etree._Element, template_ids: Sequence[str] = (), held: bool = False) -> str:
    """Return an example of a child of ``owner`` with these template ids, as text; empty if the shipped documents have none.

    With ``held``, a child of the example has the template ids. The ids in the example are in the owner's document set.
    """
    ids = set(template_ids)
    for found in _examples(name, owner):
        carriers = found.iterchildren(etree.Element) if held else [found]
        if any(ids <= set(templates(carrier)) for carrier in carriers):
            return _in_set(found, owner)
    return ""


def usual_value(element: etree._Element, attribute_name: str) -> str:
    """Return the value that an attribute most often has on elements like this in the shipped documents; empty if it has none."""
    values = Counter(
        attribute(found, attribute_name)
        for root in _shipped()
        for found in root.iter(element.tag)
        if _own_or_held(found) == _own_or_held(element) and _parent_tag(found) == _parent_tag(element)
    )
    return max(values, key=lambda value: values[value], default="")


def _own_or_held(element: etree._Element) -> set[str]:
    """Return the template ids of an element or, if it has none, of its children."""
    return set(templates(element)) or {each for child in element.iterchildren(etree.Element) for each in templates(child)}


def _parent_tag(element: etree._Element) -> str:
    around = element.getparent()
    return "" if around is None else str(around.tag)


def _examples(name: str, owner: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements of a name in shipped documents whose parents have the owner's name; those with its template first."""
    kind = {identifier for identifier in templates(owner) if identifier.startswith(_LPR_TEMPLATES)}
    named = [found for root in _shipped() for found in root.iter(safexml.qname("cda", name))]
    around = [(found, parent) for found in named if (parent := found.getparent()) is not None and parent.tag == owner.tag]
    for found, parent in around:
        if kind & set(templates(parent)):
            yield found
    yield from (found for found, _ in around)


@cache
def _shipped() -> list[etree._Element]:
    folder = resources.files("mockregister.document") / "examples"
    return [safexml.parse(file.read_bytes()) for file in sorted(folder.iterdir(), key=lambda file: file.name)]


def _in_set(found: etree._Element, owner: etree._Element) -> str:
    """Return an example as text, without its indentation, with the id of the owner's document set."""
    before, around = found.getprevious(), found.getparent()
    blanks = before.tail if before is not None else around.text if around is not None else ""
    text = _NAMESPACES.sub("", etree.tostring(found, encoding="unicode", with_tail=False))
    lines = [line.removeprefix((blanks or "").strip("\n")) for line in text.splitlines()]
    shown = [*lines[:_MOST_LINES], "…"] if len(lines) > _MOST_LINES else lines
    theirs, ours = (_set_of(element.getroottree().getroot()) for element in (found, owner))
    return "\n".join(shown).replace(theirs, ours or theirs)


def _set_of(root: etree._Element) -> str:
    """Return the id of a document's set: the root of its setId or, if it has none, of its id."""
    return attribute(first(root, SET_ID), "root") or attribute(first(root, ID), "root")
