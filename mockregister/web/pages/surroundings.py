"""What every template may use: words in the reader's language, and functions that format moments, numbers and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from flask import request, url_for

from mockregister import __version__
from mockregister.clock import COPENHAGEN
from mockregister.errors import StoreError
from mockregister.finding import Finding, Level
from mockregister.register.identity import patient_key, sets_of
from mockregister.register.overview import name_of
from mockregister.web import door, learners
from mockregister.web.pages.conditions import condition_of, subject_of, value_of
from mockregister.web.pages.control import home
from mockregister.web.pages.names import authority_name, unit_name
from mockregister.web.pages.patients import number_of
from mockregister.web.pages.preferences import language, theme
from mockregister.web.pages.submissions import verdict, verdict_of, way_of
from mockregister.web.pages.texts import translate
from mockregister.web.registers import namespace, reader, registers
from mockregister.web.visit import visit

SECTIONS = {
    "start": "Overview",
    "exchanges": "Journal",
    "patients": "Patients",
    "error-list": "Error list",
    "rules": "Rules",
    "codes": "Codes",
    "exams": "Exam",
    "control": "Control",
}
LEVELS = {
    Level.XSD: "Level 1, schema",
    Level.SCHEMATRON: "Level 2, profile",
    Level.INTEGRITY_CHECK: "Level 3, integrity",
    Level.BUSINESS_RULE: "Level 4, business rule",
}


STEPS = {level.value: name for level, name in LEVELS.items()}


def words() -> dict[str, Any]:
    """Return the names that templates can use in addition to those of a view."""
    return {
        "t": translator(language()),
        "language": language(),
        "theme": theme(),
        "register_name": visit().register_name,
        "register_names": _register_names(),
        "sections": SECTIONS,
        "section": section(request.endpoint or ""),
        "here": request.full_path.rstrip("?"),
        "version": __version__,
        "let_in": door.is_let_in(),
        "kept_apart": learners.are_kept_apart(),
        "is_training": registers().settings.training == "on",
        "register_home": home,
        "moment": moment,
        "number": number,
        "milliseconds": milliseconds,
        "level_name": lambda level: LEVELS[level],
        "step_name": lambda step: STEPS.get(step, step),
        "with_page": with_page,
        "verdict": verdict,
        "verdict_of": verdict_of,
        "way_of": way_of,
        "authority_name": lambda cvr: authority_name(cvr, namespace().register.codes.sor),
        "unit_name": lambda sor_id, written="": unit_name(sor_id, namespace().register.codes.sor, written),
        "short_service": short_service,
        "distinct_codes": distinct_codes,
        "patient_key": patient_key,
        "is_known": is_known,
        "number_of": number_of,
        "condition_of": condition_of,
        "subject_of": subject_of,
        "value_of": value_of,
        "name_of": name_of,
    }


def _register_names() -> list[str]:
    """Return the names of the registers that the menu leads to; that of this page alone if the store does not answer."""
    if door.sees_all():
        with suppress(StoreError):  # this page may be the one that reports the error
            return registers().known_names()
    return [visit().register_name]


def section(endpoint: str) -> str:
    """Return the section that an endpoint belongs to, also where it has no section of its own."""
    name = "".join(endpoint.split(".")[1:2])
    return {"submissions": "start", "editions": "control", "mending": "exchanges", "document-sets": "patients"}.get(name, name)


def translator(language: str) -> Callable[[str], str]:
    """Return the function that translates an English text into this language."""
    return lambda text: translate(text, language)


def moment(time: datetime | None, shape: str = "%Y-%m-%d %H:%M") -> str:
    """Return a moment in Danish time; an empty text if there is none."""
    if time is None:
        return ""
    return _in_denmark(time).strftime(shape)


def _in_denmark(time: datetime) -> datetime:
    try:
        return time.astimezone(COPENHAGEN)
    except (OverflowError, ValueError):  # the first and last days of the calendar
        return time + timedelta()


def number(value: int) -> str:
    """Return a whole number with thin spaces between thousands, which Danish and English readers understand."""
    return f"{value:,}".replace(",", "\u202f")


def milliseconds(seconds: float) -> str:
    """Return a duration in milliseconds with three digits, or from one second on in seconds, with the reader's decimal mark."""
    shown = f"{seconds * 1000:.3g} ms" if seconds < 0.9995 else f"{seconds:.2f} s"
    return shown.replace(".", ",") if language() == "da" else shown


def with_page(page: int) -> str:
    """Return the address of another page of the list that is shown."""
    asked: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {}), "page": page}
    return url_for(request.endpoint or "", **asked)


def short_service(name: str) -> str:
    """Return a service's name without the part that all of them share."""
    return name.removeprefix("PatientHealthcare").removesuffix("ReportingService") or "Reporting"


def is_known(patient: str) -> bool:
    """Return whether the register has a page about a patient; it may not know the patient of a refused submission."""
    return bool(sets_of(reader().view, patient))


def distinct_codes(findings: Iterable[Finding]) -> list[str]:
    """Return the codes of findings, or their levels where they have none, each once."""
    return list(dict.fromkeys(finding.code or finding.level.value for finding in findings))
