"""Check the values of attributes and of elements of simple type, and say what is wrong with them.

The rules are those of XML Schema part 2 as far as CDA needs them. Their order and wording are Xerces'.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from mockregister.validation.schema.messages import message


class InvalidValue(Exception):
    """A value does not match its type; ``code`` and ``text`` are the message of level 1."""

    def __init__(self, code: str, *names: object) -> None:
        super().__init__(code, *names)
        self.code, self._names = code, names

    @property
    def text(self) -> str:
        """The message, made when it is needed: a union tries several types before one fits."""
        return message(self.code, *self._names)


class SimpleType(Protocol):
    """A type of values; ``name`` is its name in messages."""

    @property
    def name(self) -> str: ...

    def value(self, text: str) -> str:
        """Return the text with its white space treated as the type says. Raise InvalidValue if it is not of this type."""
        ...


def preserve(text: str) -> str:
    """Return the text as it is: white space is part of the value."""
    return text


def replace(text: str) -> str:
    """Return the text with a space for each tab, line feed and carriage return."""
    return text.translate({9: 32, 10: 32, 13: 32})


def trim(text: str) -> str:
    """Return the text without white space around it. For most built-in types Xerces does no more, and quotes this value."""
    return text.strip(" \t\n\r")


def collapse(text: str) -> str:
    """Return the text without white space around it and with one space between words."""
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """Return the items of a list. White space is what XML defines: space, tab, line feed and carriage return."""
    return [word for word in replace(text).split(" ") if word]


@dataclass(frozen=True)
class Atomic:
    """A built-in type, or a restriction of one.

    ``form`` is the pattern of the built-in type's normalized text, and ``builtin`` its name in messages (``NCName`` for an ID,
    ``integer`` for every type of whole numbers). ``least`` and ``most`` are written as in the schema.
    """

    name: str
    builtin: str = ""
    form: str = ""
    white_space: Callable[[str], str] = collapse
    patterns: tuple[str, ...] = ()
    enumeration: tuple[str, ...] = ()
    min_length: int = 0
    least: str = ""
    most: str = ""

    def value(self, text: str) -> str:
        """Return the normalized text. Raise InvalidValue for the first error in it."""
        value = self.white_space(text)
        for pattern in self.patterns:
            if not _compiled(pattern).fullmatch(value):
                raise InvalidValue("cvc-pattern-valid", text, pattern, self.name)
        if self.form and not _compiled(self.form).fullmatch(value):
            raise InvalidValue("cvc-datatype-valid.1.2.1", value, self.builtin)
        self._check_facets(value)
        return value

    def _check_facets(self, value: str) -> None:
        if len(value) < self.min_length:
            raise InvalidValue("cvc-minLength-valid", value, len(value), self.min_length, self.name)
        if self.enumeration and value not in self.enumeration:
            raise InvalidValue("cvc-enumeration-valid", value, f"[{', '.join(self.enumeration)}]")
        if self.most and not float(value) <= float(self.most):
            raise InvalidValue("cvc-maxInclusive-valid", value, _PRINTED.get(self.most, self.most), self.name)
        if self.least and not float(value) >= float(self.least):
            raise InvalidValue("cvc-minInclusive-valid", value, _PRINTED.get(self.least, self.least), self.name)


@dataclass(frozen=True)
class ListOf:
    """Values of one type, with white space between them."""

    name: str
    item: SimpleType
    min_length: int = 0

    def value(self, text: str) -> str:
        """Return the items with one space between them. Raise InvalidValue if an item is invalid or there are too few."""
        items = [self.item.value(word) for word in words(text)]
        if len(items) < self.min_length:
            raise InvalidValue("cvc-minLength-valid", collapse(text), len(items), self.min_length, self.name)
        return " ".join(items)


@dataclass(frozen=True)
class Union:
    """A value of any of several types."""

    name: str
    members: tuple[SimpleType, ...]

    def value(self, text: str) -> str:
        """Return the value as normalized by the first member type that accepts it. Raise InvalidValue if none does."""
        for member in self.members:
            try:
                return member.value(text)
            except InvalidValue:
                continue
        raise InvalidValue("cvc-datatype-valid.1.2.3", text, self.name)


def enumerated(kind: SimpleType) -> Iterator[str]:
    """Yield the values that an enumeration, or a union of enumerations, allows."""
    if isinstance(kind, Union):
        for member in kind.members:
            yield from enumerated(member)
    elif isinstance(kind, Atomic):
        yield from kind.enumeration


_PRINTED = {"0.0": "0.0E1", "1.0": "1.0E0"}  # how Xerces prints the bounds of a double


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return an expression compiled when first needed; in XML Schema ``\\s`` and ``\\d`` are ASCII."""
    return re.compile(pattern, re.ASCII)
