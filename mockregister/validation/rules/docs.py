"""docs/rules.md: every business rule, what it looks at, when it is violated, and the code lists it names.

python -m mockregister.validation.rules.docs > docs/rules.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module

from mockregister.validation.rules import FAMILIES, Rule

INTRODUCTION = f"""\
# Business rules

What level 4 (`BUSINESS_RULE`) finds: {sum(map(len, FAMILIES.values()))} rules,
family by family, each with its number, its severity and the text that an answer gives; `mockregister edition make` puts the
register's own list in their place. A rule looks at each such thing on the episode of care, as it will be after the submission,
and its finding names the thing, the nearest one around it that has an id, or what stands after "stands at".

Conditions read as they are declared: paths start at the thing, a missing value makes a comparison false, a code is looked up in
its lists *at* a moment or *during* a period. `tests/cases/rules/<family>.yml` has cases that violate each rule and cases that
almost do, and `mockregister rules show <id>` a document. Where a document needs codes that no published list has, or its mistake
breaks other rules, too, `rules show` and `generate --breaking` say what a register must be told to find exactly this rule.

This page is generated: `python -m mockregister.validation.rules.docs > docs/rules.md`.
"""


def page() -> str:
    """Return the page as text."""
    return "\n".join((INTRODUCTION, *(line for name, rules in FAMILIES.items() for line in _family(name, rules))))


def _family(name: str, rules: tuple[Rule, ...]) -> Iterator[str]:
    told = import_module(f"mockregister.validation.rules.{name}").__doc__ or ""
    yield from (f"## {name}", "", told.partition("\n")[0], "")
    for rule in rules:
        yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield from (f"### {rule.id}", "", rule.text, "")
    yield f"- {rule.severity.value}, number {rule.number}"
    yield f"- Looks at: {rule.looks_at}" + (f"; stands at: {rule.stands_at.reads}" if rule.stands_at else "")
    yield f"- Violated when: {rule.condition}"
    if rule.lists:
        yield f"- Code lists: {', '.join(rule.lists)}"
    if rule.error_by:
        yield f"- Becomes an error at: {rule.error_by.reads}"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
