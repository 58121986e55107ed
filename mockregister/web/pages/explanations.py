"""What a finding is based on: the requirement of the schema, the template, the code or the rule."""

from __future__ import annotations

from dataclasses import dataclass, field

from mockregister.finding import Finding, Level
from mockregister.synthetic.breaking import PROVOCATIONS
from mockregister.validation.explaining.explanation import ExplainedFinding
from mockregister.validation.rules import Rule
from mockregister.web.pages import integrity_codes
from mockregister.web.pages.conditions import condition_of
from mockregister.web.pages.preferences import language
from mockregister.web.registers import namespace

ABOUT = {
    Level.XSD: "The document has to follow the CDA R2 schema of HL7 before anything else in it is looked at.",
    Level.SCHEMATRON: "The document has to follow the LPR3 templates. This is what the template declares:",
    Level.INTEGRITY_CHECK: "The document has to fit what the register holds. This finding is made when:",
    Level.BUSINESS_RULE: "The rule is violated when:",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding with its requirement: ``about`` describes the level, ``asks`` is the requirement in the level's own words.

    Requirements of the schema and the profile are in their own notation. Codes, rules and the meanings of templates are in the
    reader's language. ``why`` explains the finding. ``params`` names the parameters of an integrity code. ``rule`` is the
    business rule, if there is one.
    """

    finding: Finding
    why: ExplainedFinding
    about: str
    asks: str = ""
    params: list[tuple[str, str]] = field(default_factory=list)
    rule: Rule | None = None


def explained(why: ExplainedFinding) -> Explained:
    """Return the finding with its requirement."""
    finding, rules = why.finding, namespace().edition.rules
    rule = rules[finding.code] if finding.level is Level.BUSINESS_RULE and finding.code in rules else None
    asks = condition_of(rule) if rule else why.explanation.declaration
    if finding.level is Level.INTEGRITY_CHECK:
        asks = _code(finding)
    about = ABOUT[finding.level] if asks or finding.level is Level.XSD else ""
    return Explained(finding, why, about, asks, _params(finding), rule)


def _params(finding: Finding) -> list[tuple[str, str]]:
    known = PROVOCATIONS.get(finding.code) if finding.level is Level.INTEGRITY_CHECK else None
    names = known.params if known else ()
    return [(names[place] if place < len(names) else "", value) for place, value in enumerate(finding.params)]


def _code(finding: Finding) -> str:
    known = PROVOCATIONS.get(finding.code)
    english = known.when if known else ""
    return integrity_codes.DANISH.get(finding.code, english) if language() == "da" else english
