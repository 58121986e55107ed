"""Invented lists, written as several programs would, either make an edition with their rules or are refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from mockregister.clock import Clock
from mockregister.document.places import by_id
from mockregister.model import Identifier
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.validation.edition_folder import Ingredients, make_folder
from mockregister.validation.level4_rules import Surroundings, evaluate
from mockregister.validation.rules.published import UnreadableCondition
from tests.validation.rules.drools.inventing import Inventor
from tests.validation.rules.drools.notation import Thing, violations
from tests.validation.rules.drools.test_notation import episodes

NAMES: tuple[tuple[Any, str], ...] = (
    ("05.91", "05.91"),
    (5103, "05.103"),
    (11.6, "11.60"),
    ("RAA11.1", "RAA11.1"),
    (1203999, "12.03.999"),
    ("null", "null-6"),
    ("\xa002.z-w ", "02.z-w"),
    (5.104, "05.104"),
    (datetime(1941, 2, 1), "02.41"),
    ('="13.107"', "13.107"),
)
SEVERITIES = {"ERROR": "Error", "WARN": "Warning", "ok": ""}
COLUMNS = ["ErrorType", "RuleGroup", "Rulename", "ErrorNumber", "ErrorText", "Rulesource"]
LIMITS = ["IsValidForLPRReports", "ArchivedDate", "EpisodeOfCareStartFromDate", "EpisodeOfCareStartToDate"]


def an_odd_list(random: Random, path: Path, broken: bool = False) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Write a list, and return its rules: severity, condition and limits by id."""
    inventor, meant = Inventor(random), {}
    header = random.sample([*COLUMNS, *LIMITS], 10) + [None] * random.choice((0, 12, 14))
    book = openpyxl.Workbook()
    page = book.active if random.random() < 0.5 else book.create_sheet("Regler")
    for _ in range(random.choice((0, 1, 3))):
        page.append(["Indberetningsregler"])
    page.append(header)
    for number, (cell, rule_id) in enumerate(NAMES, 1):
        condition, kind, limits = inventor.condition(), random.choice(list(SEVERITIES)), _limits(random)
        meant[rule_id] = SEVERITIES[kind], condition, limits
        spaced = condition.replace(" ", random.choice((" ", "\xa0", "  ", "\n", "_x000D_\n")))
        said = {"ErrorType": kind, "RuleGroup": "x", "Rulename": cell, "ErrorNumber": number, "ErrorText": f"Tekst {number}"}
        row = {**said, "Rulesource": spaced.removesuffix("then") if broken and number == 4 else spaced, **limits}
        page.append([row.get(str(column)) for column in header])
        if random.random() < 0.2:
            page.append([None] * 6)
    book.save(path)
    return meant


def _limits(random: Random) -> dict[str, Any]:
    day = datetime(2018, 9, 10) + timedelta(days=random.choice((-1, 0, 1)))
    chosen = random.choice([None, None, *LIMITS])
    days = random.choice((day, f"{day:%d-%m-%Y}", f"{day:%Y-%m-%d}"))
    return {chosen: random.choice((True, False, "FALSE")) if chosen == LIMITS[0] else days} if chosen else {}


def applies(limits: dict[str, Any], start: datetime | None, now: datetime) -> bool:
    """Return True if a rule with these limits applies to an episode of care with this start."""
    for column, value in limits.items():
        if column == LIMITS[0]:
            return value is True
        day = value if isinstance(value, datetime) else datetime.strptime(value, "%d-%m-%Y" if value[2] == "-" else "%Y-%m-%d")
        if column == "ArchivedDate":
            return now.date() < day.date()
        if start is None:
            return "From" in column
        return start.date() >= day.date() if "From" in column else start.date() <= day.date()
    return True


def place(thing: Thing, episode: Identifier) -> str:
    found = thing.place().id or episode
    return by_id(found.root, found.extension)


@pytest.mark.parametrize("seed", range(4))
def test_the_rules_of_an_invented_list_find_what_its_conditions_say(seed, tmp_path):
    meant = an_odd_list(Random(seed), tmp_path / "list.xlsx")
    edition = make_folder(tmp_path / "made", Ingredients("2019-02-01", rules=tmp_path / "list.xlsx"))
    assert [rule.id for rule in edition.rules] == list(meant)
    for tree, tables, now, _ in episodes(12):
        register = Register(MemoryStore(), tables, Clock(frozen_at=now), Settings())
        around = Surroundings(tables, now, register.rule_settings, edition.rules)
        found = {(finding.code, finding.severity.value, finding.where) for finding in evaluate(tree, around)}
        expected = {
            (rule_id, severity, place(thing, tree.entry.id))
            for rule_id, (severity, condition, limits) in meant.items()
            if severity and applies(limits, tree.entry.start, now)
            for thing in violations(condition, tree, tables, now)
        }
        assert found == expected


@pytest.mark.parametrize("seed", range(3))
def test_the_error_for_a_mistake_names_rule_place_and_what_was_expected(seed, tmp_path):
    an_odd_list(Random(seed), tmp_path / "list.xlsx", broken=True)
    told = r"Rule RAA11\.1 \(list\.xlsx, sheet \w+, row \d+\): .*expected .* at character"
    with pytest.raises(UnreadableCondition, match=told):
        make_folder(tmp_path / "made", Ingredients("2019-02-01", rules=tmp_path / "list.xlsx"))
    assert not (tmp_path / "made").exists()
