"""The units that play the roles of stories: by default units of one region, or the candidate's own, from a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
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
    """Return the SOR ids of every role: the chosen ones, else those of the stories, else the default ones."""
    units = {role: (unit,) for role, unit in DEFAULTS.items()}
    for story in stories:
        units |= {role: (unit,) for role, unit in story.units.items()}
    return units | {role: ids for role, ids in chosen.items() if role in units}


def codes_of(stories: Iterable[Story], chosen: Mapping[str, tuple[str, ...]]) -> ByRole:
    """Return the SKS codes of every role: the chosen ones, else those of the stories."""
    codes = {role: values for story in stories for role, values in story.codes.items()}
    return codes | {role: values for role, values in chosen.items() if role in codes}


def read_roles(file: str, text: str, stories: Iterable[Story]) -> ByRole:
    """Return the roles in a CSV file with the columns ``role`` and ``sor_id``; a role may have several lines.

    A role that stands for codes has SKS codes instead of SOR ids. Raise FaultyStory, which names file and line, for anything
    else, and for roles that no story has.
    """
    found: ByRole = {}
    problems: list[StoryProblem] = []
    known = tuple(stories)
    rows = csv.reader(StringIO(text.lstrip("\ufeff")), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    header = [cell.strip().lower() for cell in next(rows, [])]
    if header[:2] != COLUMNS:
        raise FaultyStory([StoryProblem(file, 1, f"The first line must be 'role,sor_id', not '{','.join(header)[:80]}'.")])
    for row in rows:
        role, value = (*(cell.strip() for cell in row), "", "")[:2]
        if role or value:
            found[role] = (*found.get(role, ()), value)
            problems += [StoryProblem(file, rows.line_num, wrong) for wrong in wrong_roles(known, {role: (value,)})]
    if problems:
        raise FaultyStory(problems)
    return found


def wrong_roles(stories: Iterable[Story], chosen: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield what is wrong with roles that were chosen: those that no story has, and codes where units belong."""
    known = list(stories)
    units, codes = units_of(known, {}), codes_of(known, {})
    for role, values in chosen.items():
        if role not in units and role not in codes:
            yield f"There is no role '{role[:40]}'; there are {', '.join(sorted((*units, *codes)))}."
            continue
        is_right, noun = (has_form, "SOR id") if role in units else (is_code, "SKS code")
        yield from (f"The role '{role}' needs a {noun}, not '{value[:40]}'." for value in values if not is_right(value))
