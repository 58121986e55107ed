"""The business rules of level 4, family by family. To find a rule, read this list.

To add a rule, write one ``Rule(...)`` in its family's module and a violating and a near-miss case in tests/cases/rules, and
regenerate docs/rules.md. A rule that is declared wrongly, or twice, stops the start.
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
    raa01_cancer,
    raa02_birth_mother,
    raa03_birth_child,
    raa04_abortion,
    raa05_injury,
    raa06_hearing,
    raa07_alarm,
    raa08_implant,
    raa09_complication,
    raa10_coercion,
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
    "raa01_cancer": raa01_cancer.RULES,
    "raa02_birth_mother": raa02_birth_mother.RULES,
    "raa03_birth_child": raa03_birth_child.RULES,
    "raa04_abortion": raa04_abortion.RULES,
    "raa05_injury": raa05_injury.RULES,
    "raa06_hearing": raa06_hearing.RULES,
    "raa07_alarm": raa07_alarm.RULES,
    "raa08_implant": raa08_implant.RULES,
    "raa09_complication": raa09_complication.RULES,
    "raa10_coercion": raa10_coercion.RULES,
}
_FAMILY_OF = {rule.id: name for name, rules in FAMILIES.items() for rule in rules}
_FAMILY_OF_CHAPTER = {rule.id.partition(".")[0]: name for name, rules in FAMILIES.items() for rule in rules}


def family_of(rule: Rule) -> str:
    """Return the family of a rule; for a rule that is not declared here, that of its chapter, or ``other``."""
    return _FAMILY_OF.get(rule.id) or _FAMILY_OF_CHAPTER.get(rule.id.partition(".")[0], "other")


def is_declared(rule: Rule) -> bool:
    """Return whether the rule is declared in a family, unchanged: not changed by an edition or read from a list."""
    return any(rule is declared for declared in FAMILIES.get(_FAMILY_OF.get(rule.id, ""), ()))


__all__ = ["FAMILIES", "Rule", "RuleBook", "RuleError", "family_of", "is_declared"]
