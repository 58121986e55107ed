"""Patients: a list to search by number or name, and a page for each with a timeline, a table and a tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, redirect, render_template, url_for
from werkzeug import Response

from mockregister.codes import cpr
from mockregister.errors import NotFound
from mockregister.model import EpisodeOfCare, Patient
from mockregister.register.elements import Document, Look, PatientRecord, documents_of
from mockregister.register.identity import patient_key
from mockregister.register.overview import episodes_of_sets, name_of
from mockregister.register.query import Reader
from mockregister.register.roster import ORDERS, Roster, RosterQuestion
from mockregister.register.trees import tree_of
from mockregister.register.view import View
from mockregister.web.pages.nodes import Nodes, PageNode
from mockregister.web.pages.patient_summary import summarized
from mockregister.web.pages.pictures import known_authorities
from mockregister.web.pages.pieces import asked, asked_day, asked_severity, piece
from mockregister.web.pages.timeline import picture
from mockregister.web.registers import namespace, reader

ORDER_NAMES = {"number": "By number", "name": "By name", "latest": "Latest document first"}

blueprint = Blueprint("patients", __name__, url_prefix="/patients")


@dataclass(frozen=True, slots=True)
class Line:
    """A patient in a list: ``number`` is the CPR number or the alternative id as it was written.

    ``episodes`` is the number of episodes of care in force, ``with_findings`` the number of those that have findings.
    """

    key: str
    number: str
    name: str
    sex: str
    age: int | None
    episodes: int
    with_findings: int
    latest: datetime | None


@blueprint.get("")
def show() -> str:
    """Return the page with the patients who match the filter, in the chosen order."""
    reading = reader()
    wanted = RosterQuestion(
        text=asked("q"),
        authority=asked("authority"),
        unit=asked("unit"),
        diagnosis=asked("diagnosis"),
        severity=asked_severity(),
        since=asked_day("from"),
        until=asked_day("to"),
    )
    order = asked("order") if asked("order") in ORDERS else "number"
    keys, total = Roster(reading.view, reading.codes.sor, namespace().register.numbers(), wanted).keys(order)
    page = piece(keys)
    return render_template(
        "patients.html",
        lines=[_line(reading.view, record) for record in map(reading.patient, page.items) if record is not None],
        piece=page,
        total=total,
        patients_known=namespace().register.patients(),
        wanted=wanted,
        order=order,
        orders=ORDER_NAMES,
        authorities=known_authorities(reading.view, reading.codes.sor),
    )


@blueprint.get("/with/<episode>")
def with_episode(episode: str) -> Response:
    """Redirect to the patient of an episode of care. Raise NotFound."""
    key = episode.lower()
    patient = patient_of_episode(reader().view, key)
    if not patient:
        raise NotFound("The register does not know this episode of care; it may be reported later.")
    return redirect(url_for("pages.patients.patient", key=patient, _anchor=f"e-{key}"))


@blueprint.get("/<path:key>")
def patient(key: str) -> str:
    """Return the page of a patient. Raise NotFound."""
    reading = reader()
    record = reading.patient(key)
    if record is None:
        raise NotFound("The register knows no patient with this number.")
    episodes = _episodes(reading, record)
    return render_template(
        "patient.html",
        record=record,
        line=_line(reading.view, record),
        episodes=episodes,
        summary=summarized(episodes, (row.custodian for row in map(reading.view.set, record.sets) if row is not None)),
        picture=picture(episodes, reading.view.now),
        events=_in_order(episodes),
        documents=_documents(reading.view, record),
        unit_title=Nodes(reading.codes, ()).unit,
    )


def _line(look: Look, record: PatientRecord) -> Line:
    episodes = episodes_of_sets(look, record.sets)
    rows = [look.set(key) for key in record.sets]
    latest = max((document.row.received for document in _documents(look, record)), default=None)
    sex = record.patient.gender or next((row.patient.gender for row in rows if row and row.patient.gender), "")
    sex = sex or (cpr.sex(record.patient.cpr) if cpr.has_form(record.patient.cpr) else "")
    with_findings = sum(bool(look.findings(key)) for key in episodes)
    known = record.patient
    return Line(
        record.key, number_of(known), name_of(known), sex, _age(known, look.now.date()), len(episodes), with_findings, latest
    )  # fmt: skip


def number_of(patient: Patient) -> str:
    """Return the CPR number, or the first alternative id as it was written."""
    return patient.cpr or next((identifier.extension for identifier in patient.alternative_ids), "")


def _age(patient: Patient, today: date) -> int | None:
    """Return the age in whole years, or None if the birth date is unknown."""
    born = patient.birth_time.date() if patient.birth_time else None
    if born is None and cpr.has_form(patient.cpr):
        born = cpr.birth_date(patient.cpr)
    if born is None or born > today:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _episodes(reading: Reader, record: PatientRecord) -> list[PageNode]:
    """Return the patient's episodes of care as nodes, oldest first."""
    look = reading.view
    trees = ((key, tree_of(look, key)) for key in episodes_of_sets(look, record.sets))
    made = [Nodes(reading.codes, look.findings(key)).episode(tree) for key, tree in trees if tree is not None]
    return sorted(made, key=lambda node: node.start.timestamp() if node.start else 0.0)


def _in_order(episodes: list[PageNode]) -> list[PageNode]:
    """Return all elements with a time but payments, in chronological order: the timeline as a table."""
    nodes = [node for episode in episodes for node in episode.all() if node.start is not None and node.kind != "Payment"]
    return sorted(nodes, key=lambda node: node.start.timestamp() if node.start else 0.0)


def _documents(look: Look, record: PatientRecord) -> list[Document]:
    return list(documents_of(look, record.sets))


def named_patient_of_episode(view: View, episode: str) -> Patient:
    """Return the patient of an episode of care, without any data if the register does not know the episode."""
    row = view.entry(episode)
    return view.patient_of(row.set) if row is not None and isinstance(row.entry, EpisodeOfCare) else Patient()


def patient_of_episode(view: View, episode: str) -> str:
    """Return the key under which the page shows the patient of an episode of care; empty if the episode is unknown."""
    return patient_key(named_patient_of_episode(view, episode))
