"""Training: each visitor gets a register of their own by a link, and an instructor sees all of them in one list.

Whatever a sitting of learners needs more belongs here: it hangs on the register that ``join`` makes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from mockregister.errors import InvalidRequest, NotFound
from mockregister.exam import library, sittings
from mockregister.exam.sittings import SittingProgress
from mockregister.mocking.registers import DEFAULT, Namespace
from mockregister.mocking.seeds import NONE
from mockregister.register.elements import Look
from mockregister.register.overview import Figures, figures
from mockregister.web import admin
from mockregister.web.pages.control import home
from mockregister.web.pages.submissions import Verdict, verdict_of
from mockregister.web.registers import registers

LONGEST = 40  # letters of a name
SEED = "training"  # where the server starts with none

blueprint = Blueprint("training", __name__, url_prefix="/training")


@dataclass(frozen=True, slots=True)
class Learner:
    """A visitor's register: what it holds, how much was sent and refused, when it was last used, and the progress of an exam."""

    name: str
    figures: Figures
    sent: int
    refused: int
    latest: datetime | None
    exam: SittingProgress | None


def is_on() -> bool:
    """Return whether the server is for training."""
    return registers().settings.training == "on"


@blueprint.get("")
def show() -> str:
    """The form that gives a register, and the list of all. Raise NotFound where the server is not for training."""
    _check()
    known = [_learner(register) for register in registers().known() if register.name != DEFAULT]
    seeds = registers().seeds.names()
    stories = [name for said in request.args.getlist("stories") for name in said.split(",") if name]
    return render_template(
        "training.html", learners=known, seeds=seeds, start=_usual_seed(), at_rest=registers().at_rest(), stories=stories
    )


@blueprint.post("")
def join() -> Response:
    """Go to the register of a name, which is made and filled if it is new. Raise InvalidRequest and NotFound."""
    _check()
    name = as_register_name(request.form.get("name", ""))
    if not name or name == DEFAULT:
        raise InvalidRequest("Say who you are, in letters.", "name")
    register, is_new = registers().make(name)
    seed = request.form.get("seed", "") or _usual_seed()
    if is_new and seed != registers().settings.seed:
        register.load(seed)
    if "exam" in request.form:
        if register.sitting is None:
            admin.exams.begin(name, library.chosen(request.form.getlist("stories")), {})
        return redirect(f"{home(name)}exams/{name}", 303)
    return redirect(home(register.name), 303)


@blueprint.post("/again")
def again() -> Response:
    """Fill a learner's register anew, as if nothing had been done in it. Raise NotFound."""
    _check()
    register = registers().find(request.form.get("name", ""))
    with register.changing():
        register.reset()
        register.load(_usual_seed())
    return redirect(home(DEFAULT) + "training", 303)


def as_register_name(said: str) -> str:
    """Return what a visitor is called as a name that a register can have: ``Åse Bjørn`` is ``aase-bjoern``."""
    for letter, instead in {"æ": "ae", "ø": "oe", "å": "aa"}.items():
        said = said.casefold().replace(letter, instead)
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")


def _usual_seed() -> str:
    chosen = registers().settings.seed
    return SEED if chosen == NONE else chosen


def _check() -> None:
    if not is_on():
        raise NotFound("This server is not for training; start it with --training.")


def _learner(namespace: Namespace) -> Learner:
    register, exchanges = namespace.register, namespace.journal.find()
    with register.look() as rows:
        found = figures(Look(rows, register.clock.now()), register.patients())
    refused = sum(verdict_of(exchange) in (Verdict.REFUSED, Verdict.FAULT) for exchange in exchanges)
    latest = exchanges[0].received if exchanges else None
    return Learner(namespace.name, found, len(exchanges), refused, latest, sittings.progress(namespace))
