"""Level 4, BUSINESS_RULE: run the rules on each episode of care that the submission touches, as it will be afterwards.

The rules are declared in ``rules``; this module is the engine that runs them. A rule only says whether a fact violates it, and
the engine adds place, document, text and severity. Everything found is reported, one finding for each rule and place. A rule
that crashes becomes a finding that names the rule, and the other rules still run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mockregister.codes.tables import CodeTables
from mockregister.document.places import by_id
from mockregister.finding import Finding, Level, Severity, Subject
from mockregister.model import ClinicalDocument, EpisodeTree, Identifier
from mockregister.register.register import Draft, Register
from mockregister.register.rule_settings import RuleSettings
from mockregister.validation.edition import Edition
from mockregister.validation.rules import Rule, RuleBook
from mockregister.validation.rules.facts import Fact, Patient
from mockregister.validation.rules.gathering import EpisodeFacts

CRASHED = "Reglen {} kunne ikke afprøves her på grund af en fejl i mockregister ({})."


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What rules depend on besides the episode itself: the code tables, the register's clock, and the rule settings."""

    codes: CodeTables
    now: datetime
    settings: RuleSettings
    rules: RuleBook


def check(draft: Draft, register: Register, edition: Edition) -> list[Finding]:
    """Return what the edition's rules find wrong with the episodes of care that a submission touches."""
    around = Surroundings(register.codes, register.clock.now(), register.rule_settings, edition.rules)
    found = [finding for tree in draft.touched() for finding in evaluate(tree, around)]
    if not found:
        return found
    documents = _Documents(draft.documents)
    return [replace(finding, document=documents.concerned_by(finding)) for finding in found]


def evaluate(tree: EpisodeTree, around: Surroundings) -> list[Finding]:
    """Return the findings on one episode of care and everything below it, in the order of the rule list."""
    found: dict[tuple[int, str], Finding] = {}
    for rule, fact, crash in _violations(around.rules, EpisodeFacts(tree, around.codes, around.now).facts):
        if around.settings.enabled(rule.id):
            finding = _finding(rule, fact, crash, tree.entry.id, around)
            found.setdefault((around.rules.position(rule), finding.where), finding)
    return [found[key] for key in sorted(found, key=lambda key: key[0])]


def _violations(rules: RuleBook, facts: Iterable[Fact]) -> Iterator[tuple[Rule, Fact, str]]:
    """Yield each violated rule, the fact that violates it, and an empty text; for a rule that crashes, the exception's text."""
    for fact in facts:
        for rule, is_violated in rules.about(fact):
            try:
                if is_violated(fact):
                    yield rule, fact, ""
            except Exception as crash:
                yield rule, fact, f"{type(crash).__name__}: {crash}"


def _finding(rule: Rule, fact: Fact, crash: str, episode: Identifier, around: Surroundings) -> Finding:
    settings = around.settings
    place = fact.place() if crash else rule.place_of(fact)
    identifier = place.id or episode
    severity = settings.severity(rule.id, rule.severity)
    deadline = rule.error_by if severity is Severity.WARNING and not crash and _may_become_an_error(rule, around) else None
    return Finding(
        Level.BUSINESS_RULE,
        CRASHED.format(rule.id, crash) if crash else settings.text(rule.id, rule.text),
        severity,
        code=rule.id,
        where=by_id(identifier.root, identifier.extension),
        rule_number=rule.number,
        rule_set=settings.version,
        subject=Subject(_pair(episode), place.entry_kind, _pair(episode if isinstance(place, Patient) else identifier)),
        error_by=None if deadline is None else deadline.get(fact),
    )


def _may_become_an_error(rule: Rule, around: Surroundings) -> bool:
    """Return whether the error rule that a warning announces exists, is switched on, and still has the severity error."""
    error, settings = rule.id.removesuffix("-w"), around.settings
    exists = error in around.rules and around.rules[error].reported
    return exists and settings.enabled(error) and settings.severity(error, Severity.ERROR) is Severity.ERROR


def _pair(identifier: Identifier) -> tuple[str, str]:
    return identifier.root, identifier.extension


class _Documents:
    """The documents of one submission; finds the document that a finding is about."""

    def __init__(self, documents: Sequence[ClinicalDocument]) -> None:
        self._last = documents[-1]
        self._of_set = {document.set_id.lower(): document for document in documents}
        self._with = {key: document for document in documents for key in _stated(document)}

    def concerned_by(self, finding: Finding) -> str:
        """Return the id (as an answer's location writes it) of the last document that states the finding's subject.

        A finding on an entry that was stored before belongs to the last document of its set.
        """
        document = self._last
        if finding.subject is not None:
            document = self._of_set.get(finding.subject.episode[0].lower(), document)
            document = self._with.get(Identifier(*finding.subject.id).key, document)
        return f"{document.id.root}^{document.id.extension}"


def _stated(document: ClinicalDocument) -> Iterator[str]:
    """Yield the keys of everything in the document that has an id."""
    for entry in document.entries():
        yield entry.id.key
    for episode in document.episodes:
        yield from (marker.id.key for marker in episode.markers if marker.id is not None)
