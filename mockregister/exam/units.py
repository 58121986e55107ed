"""Which unit plays which role: by default units of one region, or those of the candidate, from a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO

from mockregister.codes.sks import is_code
from mockregister.codes.sor import has_form
from mockregister.exam.notation import FaultyStory, StoryProblem
from mockregister.exam.story import Story
from mockregister.synthetic.geography import CAPITAL, PRIVATE_HOSPITAL

ByRole = dict[str, tuple[str, ...]]
DEFAULTS: Mapping[str, str] = {**CAPITAL.units, "private": PRIVATE_HOSPITAL.unit}
COLUMNS = ["role", "sor_id"]


def units_of(stories: Iterable[Story], chosen: Mapping[str, tuple[str, ...]]) -> ByRole:
    """Return the SOR ids of every role: the chosen ones, those of the stories, and else the default ones."""
    units = {role: (unit,) for role, unit in DEFAULTS.items()}
    for story in stories:
        units |= {role: (unit,) for role, unit in story.units.items()}
    return units | {role: ids for role, ids in chosen.items() if role in units}


def codes_of(stories: Iterable[Story], chosen: Mapping[str, tuple[str, ...]]) -> ByRole:
    """Return the SKS codes of every role: the chosen ones, and else those of the stories."""
    codes = {role: values for story in stories for role, values in story.codes.items()}
    return codes | {role: values for role, values in chosen.items() if role in codes}


def read_roles(file: str, text: str) -> ByRole:
    """Return what a CSV file with the columns ``role`` and ``sor_id`` says; a role may have several lines.

    A role that stands for codes has an SKS code where others have a SOR id. Raise FaultyStory, which tells file and line.
    """
    found: ByRole = {}
    problems: list[StoryProblem] = []
    rows = csv.reader(StringIO(text.lstrip("\ufeff")), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    header = [cell.strip().lower() for cell in next(rows, [])]
    if header[:2] != COLUMNS:
        raise FaultyStory([StoryProblem(file, 1, f"The first line must be 'role,sor_id', not '{','.join(header)[:80]}'.")])
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        role, value = (*cells, "")[:2]
        if not role or not (has_form(value) or is_code(value)):
            problems.append(StoryProblem(file, rows.line_num, f"'{value[:40]}' is neither a SOR id nor an SKS code."))
        found[role] = (*found.get(role, ()), value)
    if problems:
        raise FaultyStory(problems)
    return found


def check_roles(stories: Iterable[Story], chosen: Mapping[str, tuple[str, ...]]) -> None:
    """Raise FaultyStory for roles that no story has, and for a code where a unit belongs."""
    known = list(stories)
    units, codes = units_of(known, {}), codes_of(known, {})
    for role, values in chosen.items():
        if role not in units and role not in codes:
            raise _wrong(f"There is no role '{role[:40]}'; there are {', '.join(sorted((*units, *codes)))}.")
        test, what = (has_form, "SOR id") if role in units else (is_code, "SKS code")
        for value in values:
            if not test(value):
                raise _wrong(f"The role '{role}' needs a {what}, not '{value[:40]}'.")


def _wrong(sentence: str) -> FaultyStory:
    return FaultyStory([StoryProblem("units", 1, sentence)])
