"""How one register applies the business rules: which version it names, what is switched off, what is said and how severely.

The real rule set changes with every release, and its users test against last month's and next month's (facts 115, 160), so
all of this can change while the register runs. Rules are known here by id alone; what they check is not this module's
business.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from mockregister.errors import SettingError
from mockregister.finding import Severity
from mockregister.settings import Settings


@dataclass
class RuleSettings:
    """One register's settings for the rules; each field is replaced as a whole, so that readers need no lock.

    ``version`` is the rule set that answers name (``sds:lpr:3.0.6``), ``texts`` and ``severities`` what the official list says,
    or what was changed at run time, by rule id.
    """

    version: str = "sds:lpr:3.0.6"
    off: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The settings a register starts with. Raises SettingError for a rules file that cannot be used."""
        texts, severities = read_rules_file(settings.rules_file) if settings.rules_file else ({}, {})
        return cls(settings.rule_set, frozenset(settings.rules_off), severities, texts)

    def enabled(self, rule_id: str) -> bool:
        """Whether the rule is switched on."""
        return rule_id not in self.off

    def severity(self, rule_id: str, default: Severity) -> Severity:
        """How severe the rule is, ``default`` unless told otherwise."""
        return self.severities.get(rule_id, default)

    def text(self, rule_id: str, default: str) -> str:
        """What the rule says, ``default`` unless told otherwise."""
        return self.texts.get(rule_id, default)

    def change(
        self, rule_id: str, *, enabled: bool | None = None, severity: Severity | None = None, text: str | None = None
    ) -> None:
        """Change what is given of one rule; what is None stays."""
        if enabled is not None:
            self.off = self.off - {rule_id} if enabled else self.off | {rule_id}
        if severity is not None:
            self.severities = {**self.severities, rule_id: severity}
        if text is not None:
            self.texts = {**self.texts, rule_id: text}

    def restore(self, rule_id: str) -> None:
        """Take back every change of one rule."""
        self.off -= {rule_id}
        self.severities = {known: severity for known, severity in self.severities.items() if known != rule_id}
        self.texts = {known: text for known, text in self.texts.items() if known != rule_id}


def read_rules_file(path: Path) -> tuple[dict[str, str], dict[str, Severity]]:
    """Official texts and severities by rule id, from the JSON that ``rules import`` wrote: ``{id: {text, severity}}``.

    Raises SettingError.
    """
    try:
        rules = json.loads(path.read_text("utf-8"))
        texts = {rule_id: str(rule["text"]) for rule_id, rule in rules.items()}
        return texts, {rule_id: Severity(rule["severity"]) for rule_id, rule in rules.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingError(f"The rules file {path} is not what `mockregister rules import` writes: {error}.") from error
