"""The business rules of level 4, family by family: to find a rule, read this list.

A new rule is one ``Rule(...)`` in its family's module, a violating and a near-miss case in tests/cases/rules, and docs/rules.md
generated anew. A rule that is declared wrongly, or twice, stops the start.
"""

from __future__ import annotations

from mockregister.validation.rules import (
    condition,
    encounter,
    episode,
    marker,
    patient_and_residence,
    payment,
    procedure,
    reference,
    referral,
    report,
    result,
    spread,
    stay,
)
from mockregister.validation.rules.rule import Rule, RuleBook, RuleError

FAMILIES: dict[str, tuple[Rule, ...]] = {
    "patient_and_residence": patient_and_residence.RULES,
    "episode": episode.RULES,
    "reference": reference.RULES,
    "marker": marker.RULES,
    "encounter": encounter.RULES,
    "referral": referral.RULES,
    "stay": stay.RULES,
    "payment": payment.RULES,
    "procedure": procedure.RULES,
    "condition": condition.RULES,
    "spread": spread.RULES,
    "report": report.RULES,
    "result": result.RULES,
}
RULES = RuleBook(rule for family in FAMILIES.values() for rule in family)

__all__ = ["FAMILIES", "RULES", "Rule", "RuleBook", "RuleError"]
