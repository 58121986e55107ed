"""The code tables of a register. They are loaded once, never change, and are shared by every register of a server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mockregister.codes.authority import AuthorityTable
from mockregister.codes.lists import CodeLists
from mockregister.codes.producers import Anyone, ListedProducers, Producers, SorProducers
from mockregister.codes.sks import BuiltInSks, SksTable
from mockregister.codes.sor import SorTable
from mockregister.settings import Settings


@dataclass(frozen=True, slots=True)
class CodeTables:
    """SKS codes, the lists they belong to, SOR units, authority codes and registered producers."""

    sks: SksTable
    lists: CodeLists
    sor: SorTable
    authorities: AuthorityTable
    producers: Producers

    @classmethod
    def load(
        cls,
        codes: Path | None = None,
        sor: Path | None = None,
        producers: Path | None = None,
        authorities: Path | None = None,
        *,
        strict: bool = False,
        listed: bool = False,
    ) -> CodeTables:
        """Return the built-in tables, with the given files in place of some of them (interface section 10).

        The made-up units of seeds are known beside a SOR file's; the file wins for a unit that it lists. ``strict`` refuses
        unlisted codes, ``listed`` unlisted producers. Raise SettingError, naming file, line and column, for a file that cannot
        be used.
        """
        lists = CodeLists(lenient=not strict)
        units = SorTable.from_csv(sor) if sor else SorTable.built_in()
        return cls(
            sks=SksTable.from_csv(codes) if codes else BuiltInSks(lists, lenient=not strict),
            lists=lists,
            sor=units,
            authorities=AuthorityTable.from_csv(authorities) if authorities else AuthorityTable(lenient=not strict),
            producers=_producers(producers, units, listed=listed),
        )

    @classmethod
    def of(cls, settings: Settings) -> CodeTables:
        """Return the tables that ``settings`` name. Raise SettingError."""
        return cls.load(
            settings.codes_file,
            settings.sor,
            settings.producers_file,
            settings.authorities,
            strict=settings.codes == "strict",
            listed=settings.producers != "any",
        )


def _producers(file: Path | None, units: SorTable, *, listed: bool) -> Producers:
    if file:
        return ListedProducers.from_csv(file)
    return SorProducers(units) if listed else Anyone()
