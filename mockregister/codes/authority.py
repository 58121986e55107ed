"""Authority codes (myndighedskoder): the four-digit numbers of municipalities and countries in addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from mockregister.codes.csv_files import Column, brought, read, refusal

KINDS = ("municipality", "country")

# Numbers that rules 01.a and 01.b refuse with a more precise text than MYNDIGHED_CODE_NOT_FOUND; level 3 lets them through.
_LEFT_TO_RULES = (range(1, 101), range(861, 1000), range(5000, 5100), range(5800, 6000))


@dataclass(frozen=True, slots=True)
class Authority:
    """One code: ``kind`` is municipality or country."""

    code: str
    kind: str
    name: str


def normal(text: str) -> str:
    """Return the code with all four digits: the published examples send county ``751``, the register has ``0751``."""
    return text.zfill(4) if text.isascii() and text.isdecimal() else text


class AuthorityTable:
    """The municipalities and countries of this package, or the given ones.

    A lenient table also accepts the numbers that rules 01.a and 01.b refuse.
    """

    def __init__(self, authorities: Iterable[Authority] | None = None, *, lenient: bool) -> None:
        listed = (Authority(*row) for row in brought("authorities.csv")) if authorities is None else authorities
        self._codes = {authority.code: authority for authority in listed}
        self._lenient = lenient

    @classmethod
    def from_csv(cls, path: Path) -> Self:
        """Return the table of a user's file, as ``codes import`` writes it; it has no other codes. Raise SettingError."""
        authorities: dict[str, Authority] = {}
        for line, cells in read(path, (Column("code", _code), Column("kind", _kind), Column("name"))):
            authority = Authority(*cells)
            if authority.code in authorities:
                raise refusal(path, line, f"{authority.code} is in the file twice; leave one row for each code", "code")
            authorities[authority.code] = authority
        return cls(authorities.values(), lenient=False)

    def __iter__(self) -> Iterator[Authority]:
        """Yield all authorities, in the order of their file."""
        return iter(self._codes.values())

    def get(self, text: str) -> Authority | None:
        """Return the authority with that code, with or without leading zeros; None if there is none."""
        return self._codes.get(normal(text))

    def name(self, text: str) -> str:
        """Return the code's Danish name; empty for a code that is not listed."""
        found = self.get(text)
        return found.name if found else ""

    def known(self, text: str) -> bool:
        """Return whether level 3 accepts the code; if not, it reports MYNDIGHED_CODE_NOT_FOUND (facts 65, 131, 169)."""
        return normal(text) in self._codes or (self._lenient and self._is_left_to_rules(text))

    def _is_left_to_rules(self, text: str) -> bool:
        code = normal(text)
        return len(code) == 4 and code.isdecimal() and any(int(code) in numbers for numbers in _LEFT_TO_RULES)


def _code(cell: str) -> str:
    if not re.fullmatch(r"\d{4}", cell.strip(), re.ASCII):
        raise ValueError(f"'{cell}' is not an authority code; write its 4 digits")
    return cell.strip()


def _kind(cell: str) -> str:
    if cell.strip() not in KINDS:
        raise ValueError(f"'{cell}' is not a kind of authority; write {' or '.join(KINDS)}")
    return cell.strip()
