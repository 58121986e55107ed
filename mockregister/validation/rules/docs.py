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

The {sum(map(len, FAMILIES.values()))} rules of level 4 (`BUSINESS_RULE`), family by family: each with the text of the
answer, its severity and its number. `mockregister edition make` replaces them by the register's own list. A rule looks at
every thing of its kind on the episode of care, as it will be after the submission. The finding is reported at that thing or,
if it has no id, at the nearest thing around it that has one; "reported at" names another place.

Conditions are written as they are declared: paths start at the thing that the rule looks at, a comparison with a missing
value is false, and a code is looked up in its lists *at* a moment or *during* a period. `result RDA01: …` is true if a result
of that type fulfils the condition, and `nowhere has a code in` if none of the codes is in the list.

`tests/cases/rules/<family>.yml` has cases that violate each rule and cases that almost do; `mockregister rules show <id>`
shows a document that does. Some documents need codes that no published list has, or break other rules with the same mistake:
then `rules show` and `generate --breaking` say which settings make a register find exactly this rule.

This page is generated: `python -m mockregister.validation.rules.docs > docs/rules.md`.
"""


def page() -> str:
    """Return the page as text."""
    return "\n".join((INTRODUCTION, *(line for name, rules in FAMILIES.items() for line in _family(name, rules))))


def _family(name: str, rules: tuple[Rule, ...]) -> Iterator[str]:
    about = import_module(f"mockregister.validation.rules.{name}").__doc__ or ""
    yield from (f"## {name}", "", about.partition("\n")[0], "")
    for rule in rules:
        yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield from (f"### {rule.id}", "", rule.text, "")
    yield f"- {rule.severity.value}, number {rule.number}"
    yield f"- Looks at: {rule.looks_at}" + (f"; reported at: {rule.stands_at.reads}" if rule.stands_at else "")
    yield f"- Violated when: {rule.condition}"
    if rule.lists:
        yield f"- Code lists: {', '.join(rule.lists)}"
    if rule.error_by:
        yield f"- Becomes an error at: {rule.error_by.reads}"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
