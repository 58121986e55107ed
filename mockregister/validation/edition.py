"""An edition: everything that changes when the register changes, as one value.

A register has one edition, and each submission is examined under it. The built-in editions are in ``editions``, each declared
as the difference from the next newer one. ``edition_folder`` reads the editions that users make from published files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from mockregister.codes.tables import CodeTables
from mockregister.settings import Settings
from mockregister.validation.integrity_codes import STRUCTURAL, renamed
from mockregister.validation.level2_profile import Profile
from mockregister.validation.rules.rule import RuleBook


@dataclass(frozen=True)
class CodeFiles:
    """The files that replace built-in code tables in an edition; None leaves the built-in table."""

    codes: Path | None = None
    sor: Path | None = None
    authorities: Path | None = None
    producers: Path | None = None

    def tables(self, settings: Settings) -> CodeTables:
        """Return the code tables; files in ``settings`` replace these. Raise SettingError for a file that cannot be used."""
        return CodeTables.load(
            settings.codes_file or self.codes,
            settings.sor or self.sor,
            settings.producers_file or self.producers,
            settings.authorities or self.authorities,
            strict=settings.codes == "strict",
            listed=settings.producers != "any",
        )


@dataclass(frozen=True)
class Edition:
    """The register as it was on a date: its rules, its document profile, its integrity codes and its code tables.

    ``name`` is a date or a user's own name. ``version`` is the version of the rule set that answers name. ``rule_list`` is the
    date of the published list that the declared rules follow. ``code_days`` are the days of the files in ``codes``, in ISO
    8601.
    """

    name: str
    version: str
    rules: RuleBook
    profile: Profile
    integrity: frozenset[str]
    rule_list: str
    codes: CodeFiles = field(default_factory=CodeFiles)
    code_days: Mapping[str, str] = field(default_factory=dict, hash=False)

    def changed(self, name: str, **differences: Any) -> Self:
        """Return an edition with another name that differs in the given fields."""
        return replace(self, name=name, **differences)

    def reported_code(self, code: str) -> str | None:
        """Return the name under which the edition reports an integrity code; None if it does not check that code.

        Codes that protect the register itself are checked in every edition.
        """
        if code in self.integrity:
            return code
        earlier = renamed(code)
        if earlier in self.integrity:
            return earlier
        return code if code in STRUCTURAL else None
