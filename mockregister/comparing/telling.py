"""The difference between two editions as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mockregister.comparing.editions import EditionDifference, OtherAnswer
from mockregister.finding import Finding

MOST_CODES = 50  # changed codes that text and Markdown show; there may be 100,000

Answers = Sequence[OtherAnswer] | None


def as_text(told: EditionDifference, answers: Answers) -> str:
    """Return the difference for a terminal."""
    return "\n".join([f"{told.before} → {told.after}", *(f"  {line}" for line in _lines(told)), *_answers(answers)])


def _lines(told: EditionDifference) -> Iterator[str]:
    if told.versions[0] != told.versions[1]:
        yield f"version: {told.versions[0]} → {told.versions[1]}"
    for word, rules in (("new rule", told.new_rules), ("gone rule", told.gone_rules)):
        yield from (f"{word} {rule.id}: {rule.text}" for rule in rules)
    for change in told.changed_rules:
        for field, (old, new) in change.changes.items():
            yield from (f"changed rule {change.id}, {field}:", f"  - {old}", f"  + {new}")
    for word, names in _names(told):
        yield from (f"{word} {name}" for name in names)
    if told.code_tables:
        yield f"other code tables: {', '.join(told.code_tables)}"
    yield from _code_lines(told)


def _code_lines(told: EditionDifference) -> Iterator[str]:
    """Yield a line for each of the first ``MOST_CODES`` added, removed and changed codes; JSON has all of them."""
    for change in told.code_changes[:MOST_CODES]:
        values = f"{change.before} → {change.after}" if change.word == "changed" else change.before or change.after
        yield f"{change.word} {change.table} {change.code}: {values}"
    if len(told.code_changes) > MOST_CODES:
        yield f"… and {len(told.code_changes) - MOST_CODES} more codes; --format json has them all"


def _names(told: EditionDifference) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("new integrity code", told.new_codes),
        ("gone integrity code", told.gone_codes),
        ("new template", told.new_templates),
        ("gone template", told.gone_templates),
        ("changed template", tuple(f"{name}: {old} → {new}" for name, old, new in told.changed_templates)),
    )


def _answers(answers: Answers) -> Iterator[str]:
    if answers is None:
        return
    yield f"documents answered differently: {len(answers) or 'none'}"
    for answer in answers:
        yield f"  {answer.document}: {_refused(answer)}"
        yield from (f"    - {text}" for text in _each_once(map(_finding, answer.only_before)))
        yield from (f"    + {text}" for text in _each_once(map(_finding, answer.only_after)))


def _refused(answer: OtherAnswer) -> str:
    """Return what SaveIfNoErrors does with a document under the two editions."""
    return {
        (False, True): "would be refused",
        (True, True): "refused before, too",
        (True, False): "would no longer be refused",
    }.get(answer.refused, "not refused")


def _finding(finding: Finding) -> str:
    return f"{finding.severity.value} {finding.code or finding.level.value}: {finding.text}"


def _each_once(texts: Iterable[str]) -> list[str]:
    """Return each text once, with the number of places if there are several."""
    return [text if places == 1 else f"{text} ({places} places)" for text, places in Counter(texts).items()]


def as_markdown(told: EditionDifference, answers: Answers) -> str:
    """Return the difference as Markdown, with a table of the documents."""
    lines = [f"# {told.before} → {told.after}", "", *(line for line in _markdown_rules(told))]
    for word, names in _names(told):
        lines += [f"- {word} `{name}`" for name in names]
    lines += [f"- other code tables: {', '.join(told.code_tables)}"] if told.code_tables else []
    lines += [f"- {line}" for line in _code_lines(told)]
    if answers is not None:
        lines += ["", f"## Documents answered differently: {len(answers) or 'none'}", ""]
        lines += ["| document | only before | only after | |", "|---|---|---|---|"] if answers else []
        lines += [
            f"| {_cell(answer.document)} | {_codes(answer.only_before)} | {_codes(answer.only_after)} | {_refused(answer)} |"
            for answer in answers
        ]
    return "\n".join(lines)


def _markdown_rules(told: EditionDifference) -> Iterator[str]:
    for word, rules in (("New", told.new_rules), ("Gone", told.gone_rules)):
        yield from (f"- {word} rule `{rule.id}`: {rule.text}" for rule in rules)
    if told.changed_rules:
        yield from ("", "| rule | what | before | after |", "|---|---|---|---|")
    for change in told.changed_rules:
        for field, (old, new) in change.changes.items():
            yield f"| `{change.id}` | {field} | {_cell(old)} | {_cell(new)} |"
    if told.changed_rules:
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _codes(findings: Sequence[Finding]) -> str:
    return "<br>".join(
        _each_once(
            f"{finding.severity.value} `{finding.code or finding.level.value}`: {_cell(finding.text)}" for finding in findings
        )
    )


def as_json(told: EditionDifference, answers: Answers) -> str:
    """Return the difference as JSON."""
    content: dict[str, Any] = {
        "before": told.before,
        "after": told.after,
        "versions": list(told.versions),
        "new_rules": [{"id": rule.id, "text": rule.text, "condition": rule.condition} for rule in told.new_rules],
        "gone_rules": [{"id": rule.id, "text": rule.text, "condition": rule.condition} for rule in told.gone_rules],
        "changed_rules": [
            {"id": rule.id, **{field: {"before": old, "after": new} for field, (old, new) in rule.changes.items()}}
            for rule in told.changed_rules
        ],
        "integrity_codes": {"new": list(told.new_codes), "gone": list(told.gone_codes)},
        "templates": {
            "new": list(told.new_templates),
            "gone": list(told.gone_templates),
            "changed": [list(template) for template in told.changed_templates],
        },
        "code_tables": list(told.code_tables),
        "codes": [
            {"change": code.word, "table": code.table, "code": code.code, "before": code.before, "after": code.after}
            for code in told.code_changes
        ],
    }
    if answers is not None:
        content["documents"] = [
            {
                "document": answer.document,
                "refused": dict(zip(("before", "after"), answer.refused, strict=True)),
                "before": _told(answer.only_before),
                "after": _told(answer.only_after),
            }
            for answer in answers
        ]
    return json.dumps(content, ensure_ascii=False, indent=2)


def _told(findings: Sequence[Finding]) -> list[dict[str, str]]:
    return [
        {"level": finding.level.value, "code": finding.code, "severity": finding.severity.value, "text": finding.text}
        for finding in findings
    ]


FORMS = {"text": as_text, "markdown": as_markdown, "json": as_json}
