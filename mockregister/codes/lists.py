"""The code lists that the business rules name, and what is known about their members.

The register's own table of members was never published. What is known is in ``data/lists.csv`` as shell patterns:

- ``holds``: the list is defined by them (diag.abort is DO00 to DO06); every listed code that fits is a member.
- ``takes``: the list is known only in part; a code that fits is assumed to be a member, so that a real one is not refused.
- ``tolerates``: membership would *demand* something of the sender (a report, a laterality) and is unknown; a code that fits
  is not a member, but may be one. See ``Membership``.

``codes = strict`` does not use the last two. A user's own code table uses no patterns: its rows name all lists of a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property, lru_cache
from typing import Self

from mockregister.codes.csv_files import brought
from mockregister.errors import SettingError, did_you_mean

LIST_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*(\.[a-zA-Z0-9_]+)*")


class Membership(frozenset[str]):
    """The lists that a code is in; ``possible`` are these and those that it may be in.

    A rule that requires a code to be in a list tests ``name not in membership.possible``; a rule that applies only to the codes
    of a list tests ``name in membership``. The two differ only for partly known lists that demand something. ``guessed`` are
    the lists that a code is in only because it fits a pattern of a partly known list. Rules do not use them; explanations say
    so to the sender.
    """

    __slots__ = ("guessed", "possible")
    possible: frozenset[str]
    guessed: frozenset[str]

    def __new__(cls, names: Iterable[str] = (), possible: Iterable[str] = (), guessed: Iterable[str] = ()) -> Self:
        """Return the membership in the lists ``names``, some of them ``guessed``, and the ``possible`` ones beside them."""
        made = super().__new__(cls, names)
        made.possible, made.guessed = made.union(possible), made.intersection(guessed)
        return made

    @property
    def certain(self) -> list[str]:
        """The lists that the code is known to be in, sorted."""
        return sorted(self - self.guessed)

    @classmethod
    def of_all(cls, memberships: Iterable[Membership]) -> Self:
        """Return all lists that any of several rows of a code has."""
        rows = list(memberships)
        guessed = frozenset().union(*(row.guessed for row in rows)).difference(*(row.certain for row in rows))
        return cls(frozenset().union(*rows), frozenset().union(*(row.possible for row in rows)), guessed)


NO_LISTS = Membership()


@dataclass(frozen=True, slots=True)
class CodeList:
    """One code list (kodeliste): its name and OID, a Danish title, and whether all its members are known."""

    name: str
    oid: str
    title: str
    partial: bool
    holds: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    tolerates: tuple[str, ...] = ()

    @property
    def parent(self) -> str:
        """The name of the list or family that this list belongs to; empty at the top."""
        return self.name.rpartition(".")[0]


@lru_cache(maxsize=1)
def _all_lists() -> dict[str, CodeList]:
    return {
        name: CodeList(name, oid, title, partial == "yes", *(tuple(cell.split()) for cell in patterns))
        for name, oid, title, partial, *patterns in brought("lists.csv")
    }


class CodeLists:
    """All code lists by name, with the patterns that put a code into further lists than those in its row."""

    def __init__(self, *, lenient: bool) -> None:
        self._lists, self._lenient = _all_lists(), lenient

    @cached_property
    def _held(self) -> dict[str, re.Pattern[str]]:
        return _patterns({code_list.name: code_list.holds for code_list in self})

    @cached_property
    def _certain(self) -> dict[str, re.Pattern[str]]:
        return _patterns({code_list.name: code_list.holds + (code_list.takes if self._lenient else ()) for code_list in self})

    @cached_property
    def _possible(self) -> dict[str, re.Pattern[str]]:
        return _patterns({code_list.name: code_list.tolerates if self._lenient else () for code_list in self})

    def __iter__(self) -> Iterator[CodeList]:
        return iter(self._lists.values())

    def get(self, name: str) -> CodeList | None:
        """Return the list of that name, or None."""
        return self._lists.get(name)

    def require(self, name: str) -> CodeList:
        """Return the list of that name. Raise SettingError for an unknown name, such as a misspelt one."""
        if name not in self._lists:
            near = did_you_mean(name, self._lists)
            raise SettingError(f"There is no code list '{name}'; mockregister codes list --lists shows the names.{near}")
        return self._lists[name]

    def membership(self, code: str, listed: Iterable[str]) -> Membership:
        """Return the lists of a built-in code: those in its row, and those whose pattern it fits."""
        listed, fitting = tuple(listed), _fitting(self._certain, code)
        guessed = [name for name in fitting if name not in listed and not (name in self._held and self._held[name].match(code))]
        return Membership((*listed, *fitting), _fitting(self._possible, code), guessed)

    def takes(self, name: str, code: str) -> bool:
        """Return whether the code is in the list by its pattern, whatever its row lists."""
        return name in self._certain and self._certain[name].match(code) is not None


def pattern(globs: Iterable[str]) -> re.Pattern[str]:
    """Return one expression for several shell patterns; without patterns, it matches nothing."""
    return re.compile("|".join(map(translate, globs)) or "(?!)")


def _patterns(globs: dict[str, tuple[str, ...]]) -> dict[str, re.Pattern[str]]:
    return {name: pattern(list_globs) for name, list_globs in globs.items() if list_globs}


def _fitting(patterns: dict[str, re.Pattern[str]], code: str) -> list[str]:
    return [name for name, expression in patterns.items() if expression.match(code)]


def listed(cell: str) -> tuple[str, ...]:
    """Return the list names in a cell, separated by semicolons. Raise ValueError for text that cannot be a name."""
    names = tuple(name.strip() for name in cell.split(";") if name.strip())
    wrong = [name for name in names if not LIST_NAME.fullmatch(name)]
    if wrong:
        raise ValueError(f"'{wrong[0]}' is not a list name such as admin.konttype; separate lists with ';'")
    return names
