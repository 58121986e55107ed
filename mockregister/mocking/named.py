"""Outcomes that one word names: an integrity code, a rule id, an observed fault, an HTTP status, or a broken connection."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter

from mockregister.document.header import Summary
from mockregister.document.places import by_id
from mockregister.errors import InvalidRequest
from mockregister.finding import Finding, Level
from mockregister.mocking.outcomes import (
    BROKER_FAULT,
    OBSERVED,
    Cut,
    Early,
    Half,
    HttpStatus,
    Late,
    NamedFault,
    RegistryErrors,
    StoredThen,
)
from mockregister.validation.level3_integrity import TEXTS
from mockregister.validation.rules import RuleBook

STATUSES = range(400, 600)
CONNECTION: dict[str, Early | Late] = {
    "cut_connection": Cut(),
    "half_answer": Half(0.5),
    "stored_then_fault": StoredThen(NamedFault(BROKER_FAULT)),
}


def action(word: str, rules: RuleBook) -> Early | Late:
    """Return the action that ``word`` names, in a register with these rules.

    Raise InvalidRequest for an unknown word.
    """
    if word.isdecimal() and int(word) in STATUSES:
        return HttpStatus(int(word))
    if word in OBSERVED:
        return NamedFault(word)
    if word in CONNECTION:
        return CONNECTION[word]
    return RegistryErrors((finding(word, rules),))


def finding(code: str, rules: RuleBook) -> Finding:
    """Return the finding of a code, without a place. Raise InvalidRequest for an unknown code."""
    if code in TEXTS:
        return Finding(Level.INTEGRITY_CHECK, "", code=code)
    if code in rules:
        rule = rules[code]
        return Finding(Level.BUSINESS_RULE, rule.text, rule.severity, code, rule_number=rule.number)
    known = ", ".join((*CONNECTION, *OBSERVED))
    raise InvalidRequest(
        f"'{code[:80]}' is not an outcome; use an integrity code, a rule id, an HTTP status from 400 to 599, or one of {known}."
    )


def placed(found: Finding, about: Summary, rule_set: str) -> Finding:
    """Return ``found`` as if found in the document ``about``; if it has no parameters, each is the id of the document's set."""
    root, _, extension = about.id.partition("^")
    params = found.params or tuple(about.set_id.lower() for _ in range(slots(found.code)))
    return replace(
        found,
        params=params,
        text=found.text or TEXTS[found.code].format(*params),
        document=found.document or about.id,
        where=found.where or (by_id(root, extension) if about.id else ""),
        rule_set=rule_set if found.level is Level.BUSINESS_RULE else "",
    )


def slots(code: str) -> int:
    """Return how many parameters the sentence of an integrity code takes; 0 for other codes."""
    numbers = [int(name) for _, name, _, _ in Formatter().parse(TEXTS.get(code, "")) if name]
    return max(numbers, default=-1) + 1
