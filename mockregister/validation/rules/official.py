"""The register's published rule list (an Excel file): its texts and severities in place of ours, and what changed in it.

The list has a row for each rule, with the columns ErrorType, Rulename, ErrorNumber, ErrorText and Rulesource. Excel has taken
dots and zeros from some names: 5102 is rule 05.102, and a cell may hold 2.41 as a number. What is kept is a JSON file for the
setting ``rules_file``: ``{id: {text, severity, number, condition}}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl

from mockregister.errors import SettingError
from mockregister.finding import Severity
from mockregister.validation.rules import RULES

COLUMNS = ("ErrorType", "Rulename", "ErrorNumber", "ErrorText", "Rulesource")
SEVERITIES = {"ERROR": Severity.ERROR, "WARN": Severity.WARNING, "WARNING": Severity.WARNING}

Listed = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Comparison:
    """What a list says otherwise than before: rules that are new, that are gone, and by id what changed of the others."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: dict[str, str]


def read_list(path: Path) -> Listed:
    """The rules of an Excel file by id. Raises SettingError for a file that is no rule list."""
    try:
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    except (OSError, BadZipFile, KeyError, IndexError, ValueError, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise SettingError(f"{path} cannot be read as an Excel file: {error}.") from error
    header = rows[0] if rows else []
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise SettingError(f"{path} is no rule list: its first row lacks the column {missing[0]}.")
    places = [header.index(name) for name in COLUMNS]
    cells = ([row[place] for place in places] for row in rows[1:])
    return dict(_rule(path, number, row) for number, row in enumerate(cells, 2) if row[1] is not None)


def read_json(path: Path) -> Listed:
    """What an earlier import wrote; nothing when there was none. Raises SettingError."""
    if not path.is_file():
        return {}
    try:
        found: Listed = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingError(f"{path} cannot be read as what an earlier import wrote: {error}.") from error
    return found


def write_json(path: Path, rules: Listed) -> None:
    """Keep a list for the setting ``rules_file``. Raises SettingError when the disk refuses."""
    try:
        path.write_text(json.dumps(rules, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise SettingError(f"{path} cannot be written: {error}.") from error


def compare(rules: Listed, before: Listed) -> Comparison:
    """What is otherwise than ``before``, an earlier list; without one, otherwise than declared here, texts left aside."""
    known = before or {rule.id: {"severity": rule.severity.value, "number": rule.number} for rule in RULES}
    both = [rule_id for rule_id in rules if rule_id in known]
    changes = {rule_id: ", ".join(_changes(known[rule_id], rules[rule_id])) for rule_id in both}
    return Comparison(
        new=tuple(rule_id for rule_id in rules if rule_id not in known),
        gone=tuple(rule_id for rule_id in known if rule_id not in rules),
        changed={rule_id: change for rule_id, change in changes.items() if change},
    )


def rule_id_of(cell: object) -> str:
    """The id that a cell of the list means, with the dots and zeros that Excel took."""
    text = f"{cell:.2f}" if isinstance(cell, float) and not cell.is_integer() else str(cell).strip()
    by_bare = {_bare(rule.id): rule.id for rule in RULES}
    return text if text in RULES else by_bare.get(_bare(text), text)


def _bare(text: str) -> str:
    return re.sub(r"\.0$|\.", "", text).lstrip("0")


def _rule(path: Path, line: int, row: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    kind, name, number, text, condition = row
    if kind not in SEVERITIES:
        raise SettingError(f"{path}, row {line}: ErrorType is '{kind}'; it must be {' or '.join(SEVERITIES)}.")
    told = {
        "text": str(text or "").strip(),
        "severity": SEVERITIES[kind].value,
        "number": number,
        "condition": " ".join(str(condition or "").split()),
    }
    return rule_id_of(name), told


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for what in ("severity", "number"):
        if old.get(what) != new[what]:
            yield f"{what} {old.get(what)} → {new[what]}"
    yield from (f"{what} reworded" for what in ("text", "condition") if what in old and old[what] != new[what])
