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


def as_text(found: EditionDifference, answers: Answers) -> str:
    """Return the difference for a terminal."""
    return "\n".join([f"{found.before} → {found.after}", *(f"  {line}" for line in _lines(found)), *_answers(answers)])


def _lines(found: EditionDifference) -> Iterator[str]:
    if found.versions[0] != found.versions[1]:
        yield f"version: {found.versions[0]} → {found.versions[1]}"
    for word, rules in (("new rule", found.new_rules), ("gone rule", found.gone_rules)):
        yield from (f"{word} {rule.id}: {rule.text}" for rule in rules)
    for change in found.changed_rules:
        for field, (old, new) in change.changes.items():
            yield from (f"changed rule {change.id}, {field}:", f"  - {old}", f"  + {new}")
    for word, names in _names(found):
        yield from (f"{word} {name}" for name in names)
    if found.code_tables:
        yield f"other code tables: {', '.join(found.code_tables)}"
    yield from _code_lines(found)


def _code_lines(found: EditionDifference) -> Iterator[str]:
    """Yield a line for each of the first ``MOST_CODES`` added, removed and changed codes; JSON has all of them."""
    for change in found.code_changes[:MOST_CODES]:
        values = f"{change.before} → {change.after}" if change.word == "changed" else change.before or change.after
        yield f"{change.word} {change.table} {change.code}: {values}"
    if len(found.code_changes) > MOST_CODES:
        yield f"… and {len(found.code_changes) - MOST_CODES} more codes; --format json has them all"


def _names(found: EditionDifference) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("new integrity code", found.new_codes),
        ("gone integrity code", found.gone_codes),
        ("new template", found.new_templates),
        ("gone template", found.gone_templates),
        ("changed template", tuple(f"{name}: {old} → {new}" for name, old, new in found.changed_templates)),
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


def as_markdown(found: EditionDifference, answers: Answers) -> str:
    """Return the difference as Markdown, with a table of the documents."""
    lines = [f"# {found.before} → {found.after}", "", *(line for line in _markdown_rules(found))]
    for word, names in _names(found):
        lines += [f"- {word} `{name}`" for name in names]
    lines += [f"- other code tables: {', '.join(found.code_tables)}"] if found.code_tables else []
    lines += [f"- {line}" for line in _code_lines(found)]
    if answers is not None:
        lines += ["", f"## Documents answered differently: {len(answers) or 'none'}", ""]
        lines += ["| document | only before | only after | |", "|---|---|---|---|"] if answers else []
        lines += [
            f"| {_cell(answer.document)} | {_codes(answer.only_before)} | {_codes(answer.only_after)} | {_refused(answer)} |"
            for answer in answers
        ]
    return "\n".join(lines)


def _markdown_rules(found: EditionDifference) -> Iterator[str]:
    for word, rules in (("New", found.new_rules), ("Gone", found.gone_rules)):
        yield from (f"- {word} rule `{rule.id}`: {rule.text}" for rule in rules)
    if found.changed_rules:
        yield from ("", "| rule | what | before | after |", "|---|---|---|---|")
    for change in found.changed_rules:
        for field, (old, new) in change.changes.items():
            yield f"| `{change.id}` | {field} | {_cell(old)} | {_cell(new)} |"
    if found.changed_rules:
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _codes(findings: Sequence[Finding]) -> str:
    return "<br>".join(
        _each_once(
            f"{finding.severity.value} `{finding.code or finding.level.value}`: {_cell(finding.text)}" for finding in findings
        )
    )


def as_json(found: EditionDifference, answers: Answers) -> str:
    """Return the difference as JSON."""
    content: dict[str, Any] = {
        "before": found.before,
        "after": found.after,
        "versions": list(found.versions),
        "new_rules": [{"id": rule.id, "text": rule.text, "condition": rule.condition} for rule in found.new_rules],
        "gone_rules": [{"id": rule.id, "text": rule.text, "condition": rule.condition} for rule in found.gone_rules],
        "changed_rules": [
            {"id": rule.id, **{field: {"before": old, "after": new} for field, (old, new) in rule.changes.items()}}
            for rule in found.changed_rules
        ],
        "integrity_codes": {"new": list(found.new_codes), "gone": list(found.gone_codes)},
        "templates": {
            "new": list(found.new_templates),
            "gone": list(found.gone_templates),
            "changed": [list(template) for template in found.changed_templates],
        },
        "code_tables": list(found.code_tables),
        "codes": [
            {"change": code.word, "table": code.table, "code": code.code, "before": code.before, "after": code.after}
            for code in found.code_changes
        ],
    }
    if answers is not None:
        content["documents"] = [
            {
                "document": answer.document,
                "refused": dict(zip(("before", "after"), answer.refused, strict=True)),
                "before": _finding_as_json(answer.only_before),
                "after": _finding_as_json(answer.only_after),
            }
            for answer in answers
        ]
    return json.dumps(content, ensure_ascii=False, indent=2)


def _finding_as_json(findings: Sequence[Finding]) -> list[dict[str, str]]:
    return [
        {"level": finding.level.value, "code": finding.code, "severity": finding.severity.value, "text": finding.text}
        for finding in findings
    ]


FORMS = {"text": as_text, "markdown": as_markdown, "json": as_json}
