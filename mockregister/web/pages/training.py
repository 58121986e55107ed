"""Training: each visitor gets a register of their own by a link, and an instructor sees all of them in one list.

With an admin token, only the instructor, who has the token, sees the list, and a register can be used only by the person who
joined it (``learners.py``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from mockregister.errors import Conflict, InvalidRequest, NotFound
from mockregister.exam import library, sittings
from mockregister.exam.sittings import SittingProgress
from mockregister.mocking.registers import DEFAULT, Namespace
from mockregister.mocking.seeds import NONE
from mockregister.register.elements import Look
from mockregister.register.overview import Figures, figures
from mockregister.web import admin, door, learners
from mockregister.web.pages.control import home
from mockregister.web.pages.pieces import piece
from mockregister.web.pages.submissions import Verdict, verdict_of
from mockregister.web.registers import registers
from mockregister.web.visit import visit

LONGEST = 40  # letters of a name
SEED = "training"  # of a new register, if the server starts without a seed

blueprint = Blueprint("training", __name__, url_prefix="/training")


@dataclass(frozen=True, slots=True)
class Learner:
    """A visitor's register: what it holds, how much was sent and refused, when it was last used, and the progress of an exam.

    ``link`` opens the register for a trainee who lost the link. It is empty if anyone may open the register.
    """

    name: str
    link: str
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
    """Return the page with the form to get a register, and the instructor's list of all.

    Raise NotFound if the server is not for training.
    """
    _check()
    sees_all = door.sees_all()
    shown = piece(name for name in registers().known_names() if name != DEFAULT and sees_all)
    return render_template(
        "training.html",
        learners=list(_learners(shown.items)),
        piece=shown,
        at_rest=registers().unlisted() if sees_all else [],
        sees_all=sees_all,
        own_key=learners.key_of(visit().register_name) if learners.is_learner() else "",
        own_link=_link(visit().register_name) if learners.is_learner() else "",
        seeds=registers().seeds.names(),
        start=_usual_seed(),
        stories=[name for names in request.args.getlist("stories") for name in names.split(",") if name],
    )


@blueprint.post("")
def join() -> Response:
    """Make and fill a register for a name, and redirect to it. Whoever sees all registers also gets into an existing one.

    Raise InvalidRequest, Conflict or NotFound.
    """
    _check()
    name = as_register_name(request.form.get("name", ""))
    if not name or name == DEFAULT:
        raise InvalidRequest("Say who you are, in letters.", "name")
    register, is_new = registers().make(name)
    if not is_new and not door.sees_all():
        raise Conflict(f"There is a register '{name}' already; open it with its link, or join with another name.")
    seed = request.form.get("seed", "") or _usual_seed()
    if is_new and seed != registers().settings.seed:
        register.load(seed)
    if "exam" in request.form:
        if register.sitting is None:
            admin.exams.sit_down(name, library.chosen(request.form.getlist("stories")), {})
        return _entered(name, f"exams/{name}")
    return _entered(name)


@blueprint.get("/back")
def come_back() -> Response:
    """Redirect to the register that a link opens. Raise NotFound for a link that opens none."""
    _check()
    name = request.args.get("name", "")
    if not learners.is_key_of(request.args.get("key", ""), name) or name not in registers().names():
        raise NotFound("This link opens no register; ask the instructor for yours.")
    return _entered(name)


@blueprint.post("/again")
def again() -> Response:
    """Reset a learner's register and fill it again. Raise NotFound."""
    _check()
    register = registers().find(request.form.get("name", ""))
    with register.changing():
        register.reset()
        register.load(_usual_seed())
    return redirect(home(DEFAULT) + "training", 303)


def as_register_name(name: str) -> str:
    """Return a visitor's name as a name that a register can have: ``Åse Bjørn`` is ``aase-bjoern``."""
    for letter, instead in {"æ": "ae", "ø": "oe", "å": "aa"}.items():
        name = name.casefold().replace(letter, instead)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")


def _entered(name: str, page: str = "") -> Response:
    """Redirect to a page of a register, and let the browser come back to the register."""
    address = home(name)
    response = redirect(f"{address}{page}", 303)
    return learners.remember(response, name, address) if learners.are_kept_apart() else response


def _link(name: str) -> str:
    """Return the link that opens a register; empty if anyone may open it."""
    if not learners.are_kept_apart():
        return ""
    return f"{urljoin(request.url_root, home(DEFAULT))}training/back?name={name}&key={learners.key_of(name)}"


def _usual_seed() -> str:
    chosen = registers().settings.seed
    return SEED if chosen == NONE else chosen


def _check() -> None:
    if not is_on():
        raise NotFound("This server is not for training; start it with --training.")


def _learners(names: Iterable[str]) -> Iterator[Learner]:
    for name in names:
        with suppress(NotFound):  # deleted meanwhile
            yield _learner(registers().find(name))


def _learner(namespace: Namespace) -> Learner:
    register, exchanges = namespace.register, namespace.journal.find()
    with register.look() as rows:
        found = figures(Look(rows, register.clock.now()), register.patients())
    refused = sum(verdict_of(exchange) in (Verdict.REFUSED, Verdict.FAULT) for exchange in exchanges)
    latest = exchanges[0].received if exchanges else None
    return Learner(namespace.name, _link(namespace.name), found, len(exchanges), refused, latest, sittings.progress(namespace))
