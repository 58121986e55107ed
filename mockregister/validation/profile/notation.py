"""The notation in which the profile is declared, and how it is read.

A template is a heading, its meaning, and lines indented by two spaces for each level of elements::

    DKReferralAct 1.2.208.176.7.1.10.51 2017-12-22 anywhere -> Referral
      "A referral (henvisning): when it came, who sent it, how and why."
      act @classCode=PCPR @moodCode=RQO
        templateId 1.2.208.176.7.1.10.51 2.16.840.1.113883.10.12.301
        code 1..1 R CD @nullFlavor=NA
        effectiveTime 1..1 M IVL_TS include DKMedcomTimestampBody
        entryRelationship 0..1 R @typeCode=RSON contains DKReferralReasonAct

The heading gives name, OID, version, ``anywhere`` if the template is checked wherever its templateIds occur (ART-DECOR's
context ``**``), and the class of ``mockregister.model`` that it becomes. A line with an element gives:

- how often it may occur (none: not counted), ``M`` if a null flavor is not enough, ``R`` if it must be sent when known (which
  nobody can check), and its data type;
- ``@name=value`` a fixed attribute, ``@name:type`` one of that type, ``in SET`` from that value set; ``?`` makes it optional,
  ``as "ITEM"`` gives the item of the guide that findings are named after in place of the template;
- ``include NAME``: the content of that template is inserted here; on a line of its own it may be counted;
- ``contains NAME``: an element of that template is in it, checked here too unless the template is checked anywhere or
  ``unchecked`` follows;
- ``check NAME``: an assertion of ``assertions.py``;
- a name in ``PHRASES``, in place of the attributes and checks that it stands for.

``templateId A B`` means one ``templateId 1..1 M II @root=…`` for each; ``choice 1..1`` counts the lines below it together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

#: A code of the Danish classification of health care (SKS), the id of a SOR unit, and an id of the document's own set.
PHRASES = {
    "sks": '@codeSystemName?="Sundhedsvæsenets Klassifikations System" @codeSystem=1.2.208.176.2.4 @displayName?:st @code:cs',
    "sks-without-name": '@codeSystemName?="Sundhedsvæsenets Klassifikations System" @codeSystem=1.2.208.176.2.4 @code:cs',
    "sor": "@assigningAuthorityName=SOR @root=1.2.208.176.1.1 @extension:st",
    "entry-of-set": "@root:uuid @extension:uuid check root-of-set",
}

_HEADING = re.compile(r"(?P<name>\w+) (?P<id>[\d.]+) (?P<version>[\d-]+)(?P<anywhere> anywhere)?(?: -> (?P<model>\w+))?")
_TOKEN = re.compile(r'(?:[^\s"]|"[^"]*")+')
_COUNT = re.compile(r"(?P<least>\d+)\.\.(?P<most>\d+|\*)")
_ATTRIBUTE = re.compile(r"@(?P<name>(?:xsi:)?\w+)(?P<optional>\?)?(?:=(?P<value>.+)|:(?P<type>\w+))?")
_WORDS_WITH_ARGUMENT = ("include", "contains", "check", "in", "as")


class ProfileError(ValueError):
    """The profile is declared wrongly, which stops the start; the message names the line, the word or the template."""


@dataclass(slots=True)
class Attribute:
    """An attribute: fixed to ``value``, of a type of ``values.TYPES``, or only required to be present."""

    name: str
    optional: bool = False
    value: str = ""
    type: str = ""
    value_set: str = ""
    item: str = ""


@dataclass(slots=True)
class Count:
    """How often something may occur; ``most`` None is any number."""

    least: int = 0
    most: int | None = None

    def __contains__(self, number: int) -> bool:
        return self.least <= number and (self.most is None or number <= self.most)

    def __str__(self) -> str:
        if self.least == self.most == 1:
            return "exactly once"
        least = f"at least {times(self.least)}" if self.least else ""
        most = f"at most {times(self.most)}" if self.most is not None else ""
        return " and ".join(filter(None, (least, most)))


def times(number: int) -> str:
    """Return the count in words: once, 2 times."""
    return "once" if number == 1 else f"{number} times"


@dataclass(slots=True)
class ElementDefinition:
    """An element and what is declared below it. The content of a template without an element of its own has no name."""

    name: str = ""
    count: Count | None = None
    mandatory: bool = False
    required: bool = False
    datatype: str = ""
    attributes: list[Attribute] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    contains: str = ""
    unchecked: bool = False
    parts: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Choice:
    """Alternatives that are counted together."""

    count: Count
    parts: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Include:
    """What another template declares."""

    template: str
    count: Count | None = None
    mandatory: bool = False


Part = ElementDefinition | Choice | Include


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the profile; ``declaration`` is its text in the family's file."""

    name: str
    id: str
    version: str
    anywhere: bool
    model: str
    meaning: str
    content: ElementDefinition
    declaration: str

    @property
    def element(self) -> ElementDefinition | None:
        """The template's element, or None if the template is content for another template's element."""
        parts = self.content.parts
        alone = len(parts) == 1 and not self.content.attributes and not self.content.checks
        return parts[0] if alone and isinstance(parts[0], ElementDefinition) else None


def declared(text: str) -> tuple[Template, ...]:
    """Return the templates declared in ``text``, separated by blank lines. Raise ProfileError for one declared wrongly."""
    return tuple(_template(block) for block in re.split(r"\n\s*\n", text.strip("\n")))


def _template(block: str) -> Template:
    heading, meaning, *lines = block.splitlines()
    found = _HEADING.fullmatch(heading)
    if found is None or not re.fullmatch(r'  ".+"', meaning):
        raise ProfileError(f"A template starts with a heading and its meaning in quotes, unlike {heading!r}.")
    content = ElementDefinition()
    _read(lines, content)
    return Template(
        name=found["name"],
        id=found["id"],
        version=found["version"],
        anywhere=bool(found["anywhere"]),
        model=found["model"] or "",
        meaning=meaning.strip(' "'),
        content=content,
        declaration=block,
    )


def _read(lines: list[str], content: ElementDefinition) -> None:
    """Put the lines into ``content``, each below the nearest earlier line with less indentation."""
    path: list[ElementDefinition | Choice] = [content]
    for line in lines:
        depth = (len(line) - len(line.lstrip())) // 2
        if not 1 <= depth <= len(path):
            raise ProfileError(f"{line!r} is indented too far or not at all.")
        del path[depth:]
        parts = list(_parts(_TOKEN.findall(line), path[-1]))
        path[-1].parts.extend(parts)
        path.extend(part for part in parts[-1:] if not isinstance(part, Include))


def _parts(tokens: list[str], owner: ElementDefinition | Choice) -> Iterator[Part]:
    """Yield what one line declares; attributes and checks on a line of their own belong to the owner."""
    word, *rest = tokens
    if word == "templateId":
        yield from (
            ElementDefinition(
                "templateId", Count(1, 1), mandatory=True, datatype="II", attributes=[Attribute("root", value=root)]
            )
            for root in rest
        )
    elif word == "choice":
        yield Choice(_count(rest[0]))
    elif word == "include":
        yield _include(rest)
    elif word.startswith("@") or word == "check":
        _describe(_as_element(owner), tokens)
    else:
        element = ElementDefinition(word)
        _describe(element, rest)
        yield element


def _include(tokens: list[str]) -> Include:
    name, *rest = tokens
    counts = [_count(token) for token in rest if _COUNT.fullmatch(token)]
    return Include(name, counts[0] if counts else None, "M" in rest)


def _count(token: str) -> Count:
    found = _COUNT.fullmatch(token)
    if found is None:
        raise ProfileError(f"{token!r} is not a count such as 0..1 or 1..*.")
    return Count(int(found["least"]), None if found["most"] == "*" else int(found["most"]))


def _as_element(owner: ElementDefinition | Choice) -> ElementDefinition:
    if isinstance(owner, Choice):
        raise ProfileError("A choice may have elements below it, but no attributes or checks.")
    return owner


def _describe(element: ElementDefinition, tokens: list[str]) -> None:
    """Read what the tokens say about ``element``."""
    words = chain.from_iterable(_TOKEN.findall(PHRASES.get(token, token)) for token in tokens)
    for word in words:
        argument = next(words, "").strip('"') if word in _WORDS_WITH_ARGUMENT else ""
        if word.startswith("@"):
            element.attributes.append(_attribute(word))
        elif word == "in":
            element.attributes[-1].value_set = argument
        elif word == "as":
            element.attributes[-1].item = argument
        elif word == "include":
            element.parts.append(Include(argument))
        elif word == "contains":
            element.contains = argument
        elif word == "check":
            element.checks.append(argument)
        else:
            _count_or_type(element, word)


def _count_or_type(element: ElementDefinition, word: str) -> None:
    if _COUNT.fullmatch(word):
        element.count = _count(word)
    elif word == "M":
        element.mandatory = True
    elif word == "R":
        element.required = True
    elif word == "unchecked":
        element.unchecked = True
    elif word.isupper() and not element.datatype:
        element.datatype = word
    else:
        raise ProfileError(f"{word!r} says nothing about element {element.name}: write a count, M, R, unchecked or a data type.")


def _attribute(word: str) -> Attribute:
    found = _ATTRIBUTE.fullmatch(word)
    if found is None:
        raise ProfileError(f"{word!r} is not an attribute such as @root:uuid or @classCode=ACT.")
    return Attribute(found["name"], bool(found["optional"]), (found["value"] or "").strip('"'), found["type"] or "")
