"""How one register applies the business rules: the version in answers, disabled rules, changed texts and severities.

The real rule set changes with every release, and users test against last month's and next month's rules (facts 115, 160), so
all of this can change while the register runs. This module knows rules by id alone, not what they check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self, TypeVar

from mockregister.finding import Severity
from mockregister.settings import Settings

Setting = TypeVar("Setting")


@dataclass
class RuleSettings:
    """One register's settings for the rules; each field is replaced as a whole, so that readers need no lock.

    Single rules can be restored to the initial settings. ``version`` is the rule set that answers name (``sds:lpr:3.0.6``);
    ``texts`` and ``severities`` hold what was changed at run time, by rule id.
    """

    version: str = "sds:lpr:3.0.6"
    off: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._start = self.off, self.severities, self.texts

    @classmethod
    def of(cls, settings: Settings, version: str = "sds:lpr:3.0.6") -> Self:
        """Return the initial settings of a register; ``version`` is that of its edition."""
        return cls(version, frozenset(settings.rules_off))

    @property
    def off_at_start(self) -> frozenset[str]:
        """The rules that were initially off."""
        return self._start[0]

    def enabled(self, rule_id: str) -> bool:
        """Return whether the rule is switched on."""
        return rule_id not in self.off

    def severity(self, rule_id: str, default: Severity) -> Severity:
        """Return the rule's severity; ``default`` unless it was changed."""
        return self.severities.get(rule_id, default)

    def text(self, rule_id: str, default: str) -> str:
        """Return the rule's text; ``default`` unless it was changed."""
        return self.texts.get(rule_id, default)

    def change(
        self, rule_id: str, *, enabled: bool | None = None, severity: Severity | None = None, text: str | None = None
    ) -> None:
        """Change the given settings of one rule; those that are None stay."""
        if enabled is not None:
            self.off = self.off - {rule_id} if enabled else self.off | {rule_id}
        if severity is not None:
            self.severities = {**self.severities, rule_id: severity}
        if text is not None:
            self.texts = {**self.texts, rule_id: text}

    def restore(self, rule_id: str) -> None:
        """Undo every change of one rule since the start."""
        off, severities, texts = self._start
        self.off = self.off - {rule_id} | off & {rule_id}
        self.severities = _restored(self.severities, severities, rule_id)
        self.texts = _restored(self.texts, texts, rule_id)


def _restored(now: Mapping[str, Setting], start: Mapping[str, Setting], rule_id: str) -> dict[str, Setting]:
    others = {known: setting for known, setting in now.items() if known != rule_id}
    return {**others, rule_id: start[rule_id]} if rule_id in start else others
