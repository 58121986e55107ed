"""What stands behind a finding: what the schema, the template, the code or the rule asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mockregister.errors import UnreadableDocument
from mockregister.finding import Finding, Level
from mockregister.synthetic.breaking import PROVOCATIONS
from mockregister.validation.profile.explain import declaration
from mockregister.validation.rules import Rule
from mockregister.web.pages import integrity_codes
from mockregister.web.pages.preferences import language
from mockregister.web.registers import namespace

ABOUT = {
    Level.XSD: "The document has to follow the CDA R2 schema of HL7 before anything else in it is looked at.",
    Level.SCHEMATRON: "The document has to follow the LPR3 templates. This is what the template declares:",
    Level.INTEGRITY_CHECK: "The document has to fit what the register holds. This finding comes when:",
    Level.BUSINESS_RULE: "The rule is violated when:",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding with what it asks: ``about`` the level in a sentence, ``asks`` in the level's own words,
    which are English but for integrity codes.

    ``params`` names the parameters of an integrity code; ``rule`` is the business rule, where there is one.
    """

    finding: Finding
    about: str
    asks: str = ""
    params: list[tuple[str, str]] = field(default_factory=list)
    rule: Rule | None = None


def explained(finding: Finding, content: bytes = b"") -> Explained:
    """The finding explained; ``content`` is the document it is about."""
    rules = namespace().edition.rules
    rule = rules[finding.code] if finding.level is Level.BUSINESS_RULE and finding.code in rules else None
    asks = ASKS[finding.level](finding, content)
    return Explained(finding, ABOUT[finding.level] if asks or finding.level is Level.XSD else "", asks, _params(finding), rule)


def _params(finding: Finding) -> list[tuple[str, str]]:
    known = PROVOCATIONS.get(finding.code) if finding.level is Level.INTEGRITY_CHECK else None
    names = known.params if known else ()
    return [(names[place] if place < len(names) else "", value) for place, value in enumerate(finding.params)]


def _template(finding: Finding, content: bytes) -> str:
    try:
        return declaration(finding, content) if content else ""
    except UnreadableDocument:
        return ""


def _code(finding: Finding, content: bytes) -> str:
    known = PROVOCATIONS.get(finding.code)
    english = known.when if known else ""
    return integrity_codes.DANISH.get(finding.code, english) if language() == "da" else english


def _rule(finding: Finding, content: bytes) -> str:
    rules = namespace().edition.rules
    return rules[finding.code].condition if finding.code in rules else ""


ASKS: dict[Level, Callable[[Finding, bytes], str]] = {
    Level.XSD: lambda finding, content: "",
    Level.SCHEMATRON: _template,
    Level.INTEGRITY_CHECK: _code,
    Level.BUSINESS_RULE: _rule,
}
