"""A user's own edition: a folder with an ``edition.toml`` and the files that the edition is made of.

The folder names the edition that it is based on. Its rule list, code tables and profile replace those of that edition.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from mockregister.codes import sources
from mockregister.errors import SettingError, reason
from mockregister.settings import Settings
from mockregister.validation.edition import Edition
from mockregister.validation.editions import BUILT_IN
from mockregister.validation.level2_profile import Profile
from mockregister.validation.profile import TEMPLATES, decor
from mockregister.validation.rules.limits import DATES
from mockregister.validation.rules.published import PublishedRule, UnreadableCondition, list_of, read_list, rules_of
from mockregister.validation.rules.rule import RuleBook

FILE = "edition.toml"
RULES = "rules.csv"
PROFILE = "profile.xml"
TABLES = ("codes", "sor", "authorities", "producers")
HEADER = ("ErrorType", "RuleGroup", "Rulename", "ErrorNumber", "ErrorText", "Rulesource", "IsValidForLPRReports", *DATES)
ZIP = b"PK"  # what an Excel file begins with
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
VERSION = re.compile(r"[^\s|]{1,100}")


@dataclass(frozen=True)
class Ingredients:
    """What an edition is made of: the name of its base edition, and files. A file that is None is taken from the base edition."""

    based_on: str
    rules: Path | None = None
    codes: Path | None = None
    sor: Path | None = None
    authorities: Path | None = None
    producers: Path | None = None
    profile: Path | None = None
    version: str = ""


def make_folder(folder: Path, made_of: Ingredients, skip: Callable[[UnreadableCondition], None] | None = None) -> Edition:
    """Write the folder of an edition and return the edition.

    A rule whose condition cannot be read is handed to ``skip`` and left out; without ``skip`` the first such condition is
    raised as UnreadableCondition. Raise SettingError if the name or a file cannot be used, or the folder is an edition already.
    """
    base = _base(made_of.based_on)
    check_name(folder.resolve().name)
    check_is_free(folder.resolve().name)
    if (folder / FILE).exists():
        raise SettingError(f"{folder} is an edition already; choose another folder.")
    _check_version(made_of.version)
    listed = read_list(made_of.rules, numbers_of(base.rules)) if made_of.rules else ()
    if made_of.profile:
        decor.read(made_of.profile, _day_of(folder.resolve().name), TEMPLATES)
    known = {rule.id for rule in rules_of(listed, skip)}
    readable = [rule for rule in listed if rule.id in known]
    if listed and not readable:
        raise SettingError(f"{made_of.rules} has no rule whose condition can be read.")
    with TemporaryDirectory() as place:
        given = {name: path for name in TABLES if (path := getattr(made_of, name))}
        tables = {name: sources.as_table(name, path, Path(place)) for name, path in given.items()}
        replace(base.codes, **tables).tables(
            Settings()
        )  # before anything is written, so that errors name the file that was given
        days = {name: sources.day_of(path).isoformat() for name, path in given.items()}
        try:
            _write(folder, made_of, readable, tables)
            (folder / FILE).write_text(_toml(folder, made_of, base, days), "utf-8")
        except OSError as error:
            raise SettingError(f"{folder} cannot be written: {reason(error)}.") from error
    return read_folder(folder)


def _write(folder: Path, made_of: Ingredients, readable: Sequence[PublishedRule], tables: Mapping[str, Path]) -> None:
    """Write what an edition is made of into its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if readable:
        write_list(folder / RULES, readable)
    for name, path in tables.items():
        shutil.copyfile(path, folder / f"{name}.csv")
    if made_of.profile:
        shutil.copyfile(made_of.profile, folder / PROFILE)


def check_name(name: str) -> None:
    """Raise SettingError for a text that cannot name an edition."""
    if not NAME.fullmatch(name):
        raise SettingError(f"'{name[:80]}' cannot name an edition; use letters, digits, dots, dashes and underscores.")


def check_is_free(name: str) -> None:
    """Raise SettingError for the name of a built-in edition: a folder of that name would hide it."""
    if name in BUILT_IN:
        raise SettingError(f"{name} is the name of a built-in edition; give the folder another name, such as {name}-own.")


def _check_version(version: str) -> None:
    if version and not VERSION.fullmatch(version):
        raise SettingError(f"'{version[:120]}' is not a version; write one such as sds:lpr:3.0.7.")


def with_list(base: Edition, name: str, content: bytes, version: str = "") -> Edition:
    """Return an edition that has another rule list, read from an Excel or CSV file.

    Raise SettingError if the list or the version cannot be used, and UnreadableCondition for the first condition that cannot.
    """
    _check_version(version)
    file = PurePath(f"{name}.xlsx" if content.startswith(ZIP) else f"{name}.csv")
    read = RuleBook(rules_of(list_of(file, content, numbers_of(base.rules))))
    return base.changed(name, version=version or base.version, rules=read)


def _toml(folder: Path, made_of: Ingredients, base: Edition, days: Mapping[str, str]) -> str:
    is_built_in = made_of.based_on in BUILT_IN
    based_on = made_of.based_on if is_built_in else Path(os.path.relpath(made_of.based_on, folder)).as_posix()
    lines = ["# Made by `mockregister edition make`; use it with --edition and this folder."]
    lines += [f"based_on = {json.dumps(based_on)}", f'version = "{made_of.version or base.version}"']
    if made_of.rules:
        lines.append(f'rules = "{RULES}"')
    if made_of.profile:
        lines += [f'profile = "{PROFILE}"', f'profile_day = "{_day_of(folder.resolve().name)}"']
    for name, day in days.items():
        lines += [f'{name} = "{name}.csv"', f'{name}_day = "{day}"']
    return "\n".join(lines) + "\n"


def read_folder(folder: Path, above: tuple[Path, ...] = ()) -> Edition:
    """Return the edition of a folder. Raise SettingError if it is not an edition, or its files cannot be used.

    ``above`` are the folders of the editions that are based on this one.
    """
    if folder.resolve() in above:
        raise SettingError(f"{folder} is not an edition: it is based on itself.")
    declared = _declared(folder)
    base = _base(str(declared["based_on"]), folder, (*above, folder.resolve()))
    files = {name: folder / declared[name] for name in TABLES if name in declared}
    days = {name: str(declared[f"{name}_day"]) for name in files if f"{name}_day" in declared}
    rules = base.rules
    if "rules" in declared:
        rules = RuleBook(rules_of(read_list(folder / declared["rules"], numbers_of(base.rules))))
    codes, profile, name = replace(base.codes, **files), base.profile, folder.resolve().name
    if "profile" in declared:
        profile = Profile(decor.read(folder / declared["profile"], _day_of(declared.get("profile_day", name)), TEMPLATES))
    version, days = declared.get("version") or base.version, {**base.code_days, **days}
    _check_version(version)
    return base.changed(name, version=version, rules=rules, codes=codes, profile=profile, code_days=days)


def _day_of(name: str) -> date:
    """Return the day of an edition's profile: its name if that is a day, else the last day of all, so that all of it counts."""
    try:
        return date.fromisoformat(name)
    except ValueError:
        return date.max


def _declared(folder: Path) -> dict[str, Any]:
    """Return the keys and values of a folder's ``edition.toml``. Raise SettingError if they do not declare an edition."""
    known = {"based_on", "version", "rules", "profile", *TABLES, *(f"{name}_day" for name in (*TABLES, "profile"))}
    try:
        declared = tomllib.loads((folder / FILE).read_text("utf-8"))
    except FileNotFoundError as error:
        raise SettingError(f"{folder} is not an edition: it has no {FILE}, which mockregister edition make writes.") from error
    except (OSError, ValueError) as error:
        raise SettingError(f"{folder} is not an edition: {FILE} cannot be read ({reason(error)}).") from error
    for name, value in declared.items():
        if name not in known:
            raise SettingError(f"{folder / FILE}: '{name}' is unknown; an edition has {', '.join(sorted(known))}.")
        if not isinstance(value, str):
            raise SettingError(f"{folder / FILE}: '{name}' is {value!r}; write it as a text in quotes.")
    if "based_on" not in declared:
        raise SettingError(f"{folder / FILE} has no based_on; write which edition this one is based on.")
    return declared


def _base(name: str, beside: Path = Path(), above: tuple[Path, ...] = ()) -> Edition:
    """Return the base edition: a built-in one, or one in a folder whose path is relative to another folder."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    if (beside / name).is_dir():
        return read_folder(beside / name, above)
    raise SettingError(f"There is no edition '{name}' to be based on; use {', '.join(BUILT_IN)} or a folder of an edition.")


def numbers_of(rules: RuleBook) -> dict[int, list[str]]:
    """Return the ids of rules by their number, so that a rule without a name in a list can get one."""
    numbers: dict[int, list[str]] = {}
    for rule in rules:
        numbers.setdefault(rule.number, []).append(rule.id)
    return numbers


def write_list(path: Path, rules: Sequence[PublishedRule]) -> None:
    """Write rules as a CSV file that ``read_list`` reads."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for rule in rules:
            days = [day.isoformat() if (day := rule.limits.dates.get(column)) else "" for column in DATES]
            writer.writerow([rule.kind, rule.group, rule.id, rule.number, rule.text, rule.condition, rule.limits.for_lpr, *days])
