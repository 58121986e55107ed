"""A sitting of an exam, as a value that every process serving the register can read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from mockregister.errors import StoreError
from mockregister.model.plain import from_plain, to_plain
from mockregister.register.tinydb_folder import SITTING, replace


@dataclass(frozen=True, slots=True)
class WrittenStory:
    """A story as written: the name of its file, and the text."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class SittingPatient:
    """The synthetic patient that plays a person of a story.

    ``birth`` is an ISO 8601 date; ``replacement`` is a D-eCPR, if one is needed; ``country`` is a foreign patient's country code.
    """

    story: str
    person: str
    cpr: str
    sex: str
    birth: str
    given: tuple[str, ...]
    family: str
    address: str = ""
    postal_code: str = ""
    town: str = ""
    municipality: str = ""
    replacement: str = ""
    country: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers that the person may be reported under."""
        return tuple(filter(None, (self.cpr, self.replacement)))


@dataclass(frozen=True)
class Sitting:
    """The stories of an exam, and what their persons, units and codes stand for in this sitting.

    ``began`` is the register's time at which the sitting began, or began again with a reset; ``day0`` is the day that the
    stories count from. ``units`` and ``codes`` are SOR ids and SKS codes by role.
    """

    began: datetime
    day0: str
    stories: tuple[WrittenStory, ...]
    patients: tuple[SittingPatient, ...]
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """Day 0 of the stories."""
        return date.fromisoformat(self.day0)


def keep_sitting(folder: Path, sitting: Sitting | None) -> None:
    """Write a sitting to the folder of a register; delete its file if the sitting is None. Raise StoreError."""
    file = folder / SITTING
    try:
        if sitting is None:
            file.unlink(missing_ok=True)
        else:
            replace(file, json.dumps(to_plain(sitting), ensure_ascii=False).encode())
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror}.") from error


def kept_sitting(folder: Path) -> Sitting | None:
    """Return the sitting in the folder of a register, None if there is none. Raise StoreError for a damaged file."""
    file = folder / SITTING
    try:
        return from_plain(Sitting, json.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"{file} cannot be read: {str(error)[:200]}; remove it to go on without a sitting.") from error
