"""A language that conditions of rules can be read in: its nouns, its phrases, and the few words between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noun:
    """What a thing or a value is called: ``bare`` after its owner, ``definite`` by itself.

    ``member`` is what one of several is called; empty for a noun of one thing. A noun that is ``alone`` is used without its
    owner.
    """

    bare: str
    definite: str
    member: str = ""
    alone: bool = False
    neuter: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said if a condition holds (``so``), and if it does not (``not_so``)."""

    so: str
    not_so: str


@dataclass(frozen=True, slots=True)
class Language:
    """The words of a language.

    ``genitive`` is the ending of an owner. ``kinds`` are the things that rules look at, ``nouns`` their attributes (by name, or
    by class and name if that class's attribute is called something else). ``truths`` are attributes that are true or false,
    ``given`` those whose presence has words of its own. ``phrases`` are what is said about values, ``words`` what joins them,
    ``units`` spans of time in singular and plural.
    """

    genitive: str
    kinds: Mapping[type, Noun]
    nouns: Mapping[str, Noun]
    truths: Mapping[str, Phrase]
    given: Mapping[str, Phrase]
    phrases: Mapping[str, Phrase]
    words: Mapping[str, str]
    units: Mapping[str, tuple[str, str]]
