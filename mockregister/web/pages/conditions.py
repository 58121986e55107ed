"""A rule in the reader's language: its condition, the element that it checks, and the values that it names."""

from __future__ import annotations

from mockregister.validation.rules import Rule
from mockregister.validation.rules.danish import DANISH
from mockregister.validation.rules.expression import Path
from mockregister.validation.rules.reading import looked_at, reading, reading_of_path
from mockregister.web.pages.preferences import language


def condition_of(rule: Rule) -> str:
    """Return when a rule is violated."""
    return reading(rule, DANISH) if language() == "da" else rule.condition


def subject_of(rule: Rule) -> str:
    """Return the kind of element that a rule checks."""
    return looked_at(rule, DANISH) if language() == "da" else rule.looks_at


def value_of(rule: Rule, path: Path) -> str:
    """Return the words for a path that begins at the element that a rule checks."""
    return reading_of_path(rule, path, DANISH) if language() == "da" else path.reads
