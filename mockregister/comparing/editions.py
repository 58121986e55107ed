"""The differences between two editions, and the documents that they answer differently."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib import resources

from mockregister.codes.tables import CodeTables
from mockregister.comparing.answers import comparison_of
from mockregister.comparing.judging import EditionJudge, Judgement
from mockregister.finding import Finding, Level
from mockregister.settings import Settings
from mockregister.validation.edition import Edition
from mockregister.validation.rules.rule import Rule


@dataclass(frozen=True)
class RuleChange:
    """A rule that differs between two editions that both have it: its values before and after, by what changed."""

    id: str
    changes: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class CodeChange:
    """A code, unit or authority that differs between two editions: its table and both rows, empty if an edition lacks it."""

    table: str
    code: str
    before: str
    after: str

    @property
    def word(self) -> str:
        """Return new, gone or changed."""
        return "changed" if self.before and self.after else "new" if self.after else "gone"


@dataclass(frozen=True)
class EditionDifference:
    """What was added, removed and changed from one edition to another.

    ``before`` and ``after`` are the editions' names. A changed template is its name and its versions in both.
    """

    before: str
    after: str
    versions: tuple[str, str]
    new_rules: tuple[Rule, ...]
    gone_rules: tuple[Rule, ...]
    changed_rules: tuple[RuleChange, ...]
    new_codes: tuple[str, ...]
    gone_codes: tuple[str, ...]
    new_templates: tuple[str, ...]
    gone_templates: tuple[str, ...]
    changed_templates: tuple[tuple[str, str, str], ...]
    code_tables: tuple[str, ...]
    code_changes: tuple[CodeChange, ...] = ()


@dataclass(frozen=True)
class OtherAnswer:
    """A document that two editions answer differently, with the findings of only the first and of only the second.

    ``refused`` says for each edition whether SaveIfNoErrors would refuse the document.
    """

    document: str
    only_before: tuple[Finding, ...]
    only_after: tuple[Finding, ...]
    refused: tuple[bool, bool]


def difference(before: Edition, after: Edition, *, of_codes: bool = True) -> EditionDifference:
    """Return the difference from ``before`` to ``after``; without ``of_codes``, the rows of the code tables are not compared."""
    changes = (_changed(rule, before, after) for rule in before.rules if rule.id in after.rules)
    templates = tuple({template.name: template for template in edition.profile.templates} for edition in (before, after))
    tables = vars(after.codes).items()
    return EditionDifference(
        before=before.name,
        after=after.name,
        versions=(before.version, after.version),
        new_rules=tuple(rule for rule in after.rules if rule.id not in before.rules),
        gone_rules=tuple(rule for rule in before.rules if rule.id not in after.rules),
        changed_rules=tuple(change for change in changes if change.changes),
        new_codes=tuple(sorted(after.integrity - before.integrity)),
        gone_codes=tuple(sorted(before.integrity - after.integrity)),
        new_templates=tuple(sorted(templates[1].keys() - templates[0].keys())),
        gone_templates=tuple(sorted(templates[0].keys() - templates[1].keys())),
        changed_templates=tuple(
            (name, old.version, templates[1][name].version)
            for name, old in templates[0].items()
            if name in templates[1] and old.content != templates[1][name].content
        ),
        code_tables=tuple(name for name, file in tables if file != getattr(before.codes, name)),
        code_changes=tuple(_code_changes(before, after)) if of_codes else (),
    )


def _code_changes(before: Edition, after: Edition) -> Iterator[CodeChange]:
    """Yield the differences between the code, unit and authority tables, table by table in the order of the codes."""
    if before.codes == after.codes:
        return
    settings = Settings()
    for table, (old, new) in _rows_of(before.codes.tables(settings), after.codes.tables(settings)).items():
        for code in sorted({**old, **new}):
            if old.get(code) != new.get(code):
                yield CodeChange(table, code, old.get(code, ""), new.get(code, ""))


def _rows_of(before: CodeTables, after: CodeTables) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """Return the rows of both editions by table and code."""
    return {
        "code": (_sks_rows(before), _sks_rows(after)),
        "unit": (_unit_rows(before), _unit_rows(after)),
        "authority": (_authority_rows(before), _authority_rows(after)),
    }


def _sks_rows(tables: CodeTables) -> dict[str, str]:
    """Return the rows of each code as text: its name, its days of validity and its lists."""
    rows: dict[str, list[str]] = {}
    for row in tables.sks.search():
        words = row.term or "(name unknown)", _days(row.valid_from, row.valid_to), ";".join(sorted(row.lists))
        rows.setdefault(row.code, []).append(" ".join(filter(None, words)))
    return {code: ", ".join(sorted(texts)) for code, texts in rows.items()}


def _unit_rows(tables: CodeTables) -> dict[str, str]:
    rows: dict[str, str] = {}
    for unit in tables.sor:
        words = unit.name or "(name unknown)", _days(unit.valid_from, unit.valid_to), ";".join(unit.specialities)
        rows[unit.sor_id] = " ".join(filter(None, words))
    return rows


def _authority_rows(tables: CodeTables) -> dict[str, str]:
    return {authority.code: authority.name for authority in tables.authorities}


def _days(first: datetime | None, last: datetime | None) -> str:
    if first is None and last is None:
        return ""
    return f"[{first.date() if first else ''}..{last.date() if last else ''}]"


def _changed(old: Rule, before: Edition, after: Edition) -> RuleChange:
    new = after.rules[old.id]
    (old_text, old_condition), (new_text, new_condition) = _digests(old, before), _digests(new, after)
    changes = {
        "severity": (_severity(old), _severity(new)),
        "number": (str(old.number), str(new.number)),
        "text": (old.text, new.text) if old_text != new_text else ("", ""),
        "condition": _conditions(old, new) if old_condition != new_condition else ("", ""),
    }
    return RuleChange(old.id, {field: pair for field, pair in changes.items() if pair[0] != pair[1]})


def _severity(rule: Rule) -> str:
    return rule.severity.value if rule.reported else "OK (listed, not reported)"


def _conditions(old: Rule, new: Rule) -> tuple[str, str]:
    """Return both conditions as they were published if both were read, else both in our words."""
    if old.published and new.published:
        return " ".join(old.published.split()), " ".join(new.published.split())
    return old.condition, new.condition


def _digests(rule: Rule, edition: Edition) -> tuple[str, str]:
    """Return the digests of the published text and the published condition of a rule."""
    if rule.published:
        return digest(rule.text), digest(rule.published)
    return _known_digests()[edition.rule_list].get(rule.id, (digest(rule.text), digest(rule.condition)))


def digest(words: str) -> str:
    """Return the digest of a text or a condition for ``digests.csv``, which does not keep the sentences themselves."""
    return sha256(" ".join(words.split()).encode()).hexdigest()[:8]


@cache
def _known_digests() -> dict[str, dict[str, tuple[str, str]]]:
    """Return the digests of the official lists; the rows of an earlier list hold only its differences from the next list."""
    lines = resources.files("mockregister.validation.editions").joinpath("digests.csv").read_text("utf-8").splitlines()
    known: dict[str, dict[str, tuple[str, str]]] = {}
    for row in csv.DictReader(lines):
        if row["list"] not in known:
            known[row["list"]] = dict(list(known.values())[-1]) if known else {}
        known[row["list"]][row["rule"]] = row["text"], row["condition"]
    return known


def answered_otherwise(
    documents: Iterable[tuple[str, bytes]], before: Edition, after: Edition, settings: Settings
) -> Iterator[OtherAnswer]:
    """Yield each document that the two editions answer differently, in the order given.

    Each edition begins with an empty register and stores documents without errors on the first three levels, so that one document
    may build on another. If both refuse a document on level 3, as they do for another draft of an earlier document, it is judged
    in empty registers; these answers count unless an edition refuses it on level 3 there, too.
    """
    editions = (before, after)
    judges = [EditionJudge(edition, settings) for edition in editions]
    for name, content in documents:
        old, new = (judge.judge((content,)) for judge in judges)
        if _stopped(old) and _stopped(new):
            alone = [EditionJudge(edition, settings).judge((content,)) for edition in editions]
            old, new = (old, new) if any(map(_stopped, alone)) else alone
        comparison = comparison_of(name, old, new)
        if not comparison.same:
            refused = any(finding.is_error for finding in old.findings), any(finding.is_error for finding in new.findings)
            yield OtherAnswer(name, comparison.only_a, comparison.only_b, refused)


def _stopped(judgement: Judgement) -> bool:
    """Return whether a document was refused because of what the register holds (level 3)."""
    return any(finding.level is Level.INTEGRITY_CHECK for finding in judgement.findings)
