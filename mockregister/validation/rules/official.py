"""The register's published rule list (an Excel file): its texts and severities in place of ours, and what changed in it.

The list has a row for each rule, with the columns ErrorType, Rulename, ErrorNumber, ErrorText and Rulesource. Excel has taken
dots and zeros from some names: 5102 is rule 05.102, and a cell may hold 2.41 as a number. What is kept is a JSON file for the
setting ``rules_file``: ``{id: {text, severity, number, condition}}``.

The declarations here follow the list of 2018-09-21. ``published.csv`` has a digest of each text and condition of that list, so
that another list can be told apart from it without its sentences being kept.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

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
    first, *rows = _rows(path) or [[]]
    places, listed = _places(path, first), Listed()
    for line, row in enumerate(rows, 2):
        kind, name, *told = (row[place] for place in places)
        if name is not None:
            _keep(listed, f"{path}, row {line}", rule_id_of(name), _told(f"{path}, row {line}", kind, *told))
    if not listed:
        raise SettingError(f"{path} is no rule list: no rule stands below its first row.")
    return listed


def _places(path: Path, first: list[Any]) -> list[int]:
    header = [str(cell).strip() for cell in first]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise SettingError(f"{path} is no rule list: its first row lacks the column {missing[0]}.")
    return [header.index(name) for name in COLUMNS]


def _rows(path: Path) -> list[list[Any]]:
    try:
        import openpyxl
    except ImportError as error:
        raise SettingError("Excel files need openpyxl: pip install 'mockregister[xlsx]'.") from error
    try:
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    except Exception as error:  # a damaged file makes zip, XML and openpyxl fail in their own ways
        raise SettingError(f"{path} cannot be read as an Excel file: {error}.") from error


def _keep(listed: Listed, place: str, rule_id: str, told: dict[str, Any]) -> None:
    if rule_id in listed:
        raise SettingError(f"{place}: rule {rule_id} stands in the list twice.")
    listed[rule_id] = told


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
    """What is otherwise than ``before``, an earlier list; without one, than the list that the declarations follow."""
    known = before or _followed()
    both = [rule_id for rule_id in rules if rule_id in known]
    changes = {rule_id: ", ".join(_changes(known[rule_id], rules[rule_id])) for rule_id in both}
    return Comparison(
        new=tuple(rule_id for rule_id in rules if rule_id not in known),
        gone=tuple(rule_id for rule_id in known if rule_id not in rules),
        changed={rule_id: change for rule_id, change in changes.items() if change},
    )


def digest(words: str) -> str:
    """What stands for a text or a condition in ``published.csv``."""
    return sha256(words.encode()).hexdigest()[:8]


def _followed() -> Listed:
    """The list that the declarations follow, with digests for its texts and conditions."""
    lines = resources.files(__package__).joinpath("published.csv").read_text("utf-8").splitlines()
    digests = {row["rule"]: {"text": row["text"], "condition": row["condition"]} for row in csv.DictReader(lines)}
    listed = [rule for rule in RULES if rule.id in digests]
    return {rule.id: {"severity": rule.severity.value, "number": rule.number, **digests[rule.id]} for rule in listed}


def rule_id_of(cell: object) -> str:
    """The id that a cell of the list means, with the dots and zeros that Excel took."""
    text = f"{cell:.2f}" if isinstance(cell, float) and not cell.is_integer() else str(cell).strip()
    by_bare = {_bare(rule.id): rule.id for rule in RULES}
    return text if text in RULES else by_bare.get(_bare(text), text)


def _bare(text: str) -> str:
    return re.sub(r"\.0$|\.", "", text).lstrip("0")


def _told(place: str, kind: Any, number: Any, text: Any, condition: Any) -> dict[str, Any]:
    if kind not in SEVERITIES:
        raise SettingError(f"{place}: ErrorType is '{kind}'; it must be {' or '.join(SEVERITIES)}.")
    digits, words = _words(number).removesuffix(".0"), _words(text)
    if not digits.isdecimal():
        raise SettingError(f"{place}: ErrorNumber is '{digits}'; it must be a whole number.")
    if not words:
        raise SettingError(f"{place}: ErrorText is empty; answers need a text.")
    source = " ".join(_words(condition).split())
    return {"text": words, "severity": SEVERITIES[kind].value, "number": int(digits), "condition": source}


def _words(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for what in ("severity", "number"):
        if old.get(what) != new[what]:
            yield f"{what} {old.get(what)} → {new[what]}"
    for what in ("text", "condition"):
        if old.get(what) not in (new[what], digest(new[what])):
            yield f"{what} reworded"
