"""The sheet of a sitting: what is handed out to the person at the record system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mockregister.codes.sor import SorTable
from mockregister.codes.tables import CodeTables
from mockregister.exam.library import stories_of
from mockregister.exam.notation import PLACEHOLDER
from mockregister.exam.story import Story, StoryStep, TimeWindow, at
from mockregister.exam.units import codes_of, units_of
from mockregister.mocking.sitting import Sitting, SittingPatient

ROLES = {  # Danish, English
    "acute": ("akutmodtagelsen", "the emergency department"),
    "medical": ("medicinsk afsnit", "the medical department"),
    "endocrinology": ("endokrinologisk ambulatorium", "the endocrinology clinic"),
    "cardiology": ("kardiologisk afsnit", "the department of cardiology"),
    "surgical": ("kirurgisk afsnit", "the surgical department"),
    "orthopaedic": ("ortopædkirurgisk afsnit", "the orthopaedic department"),
    "birth": ("fødegangen", "the delivery ward"),
    "gynaecology": ("gynækologisk afsnit", "the department of gynaecology"),
    "children": ("børneafsnittet", "the children's department"),
    "oncology": ("onkologisk afsnit", "the department of oncology"),
    "psychiatry": ("psykiatrisk afsnit", "the psychiatric department"),
    "youth_psychiatry": ("børne- og ungdomspsykiatrisk afsnit", "the department of child and adolescent psychiatry"),
    "audiology": ("audiologisk afsnit", "the department of audiology"),
    "eye": ("øjenafsnittet", "the eye department"),
    "private": ("privathospitalet", "the private hospital"),
}

LISTS = (
    *("admin.konttype", "admin.prioritet", "admin.kontaarsag", "admin.henvmaade", "admin.fritvalg", "forloeb.label"),
    *("admin.afslutmaade", "forloeb.reftype", "admin.diagart", "spec.lateraldiag", "resindb.navn", "resindb.status"),
)
UNLISTED = ("ALAL99", "ALAC01")  # members that the built-in table accepts without listing them


@dataclass(frozen=True, slots=True)
class SheetStep:
    """One thing that happens: the day, the time of day if there is one, and the text."""

    day: date
    time: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetStory:
    """A story as it is handed out."""

    name: str
    title: str
    patients: tuple[SittingPatient, ...]
    units: tuple[tuple[str, str], ...]
    steps: tuple[SheetStep, ...]


def sheet(sitting: Sitting, language: str, sor: SorTable) -> list[SheetStory]:
    """Return the stories of a sitting in a language, with its people, units and days; units have the names that SOR has."""
    return [_story(story, sitting, language, sor) for story in stories_of(sitting.stories)]


def code_lists(tables: CodeTables) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the administrative code lists that stories speak of in words: the title of each in Danish, its codes and terms."""
    found = []
    for name in LISTS:
        rows = {row.code: row.term for row in tables.sks.search(list_name=name)}
        rows |= {row.code: row.term for code in UNLISTED if tables.lists.takes(name, code) for row in tables.sks.rows(code)}
        found.append((tables.lists.require(name).title, sorted(rows.items())))
    return found


def _story(story: Story, sitting: Sitting, language: str, sor: SorTable) -> SheetStory:
    people = {each.person: each for each in sitting.patients if each.story == story.name}
    units, codes = units_of([story], sitting.units), codes_of([story], sitting.codes)
    named = {name for step in story.steps for name in PLACEHOLDER.findall(step.texts[language])}
    words = {
        **{role: ", ".join(values) for role, values in codes.items()},
        **{role: role_name(role, language) for role in units},
        **{person: name_of(patient) for person, patient in people.items()},
    }
    known = {id: sor.unit(id) for role in units for id in units[role]}
    shown = {id: f"{id} ({unit.name})" if unit is not None and unit.name else id for id, unit in known.items()}
    roles = tuple(
        (role_name(role, language), ", ".join(shown[id] for id in units[role])) for role in sorted(named & units.keys())
    )
    steps = tuple(_step(step, sitting, words, language) for step in story.steps)
    return SheetStory(story.name, story.titles[language], tuple(people.values()), roles, steps)


def _step(step: StoryStep, sitting: Sitting, words: Mapping[str, str], language: str) -> SheetStep:
    window = TimeWindow.parse(step.at, 0)
    moment = at(sitting.day, window.first)
    time = f"{moment:%H:%M}" if ":" in step.at else ""
    text = PLACEHOLDER.sub(lambda found: words.get(found[1], found[1]), step.texts[language])
    return SheetStep(moment.date(), time, text)


def role_name(role: str, language: str) -> str:
    """Return the name of a role; a role that a story defines has the story's name for it."""
    return ROLES[role][language == "en"] if role in ROLES else role


def name_of(patient: SittingPatient) -> str:
    """Return the full name of a patient."""
    return " ".join((*patient.given, patient.family))


def address_of(patient: SittingPatient) -> str:
    """Return where a patient lives, with the code of the municipality, or of the country if it is a foreign one."""
    if patient.country:
        return f"{patient.address} ({patient.country})"
    return f"{patient.address}, {patient.postal_code} {patient.town} ({patient.municipality})"


def numbers_of(patient: SittingPatient) -> Iterator[str]:
    """Yield the numbers of a patient as people write them, with a dash after six digits."""
    for number in patient.numbers:
        yield f"{number[:6]}-{number[6:]}"
