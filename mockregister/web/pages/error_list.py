"""The accumulated error list: the number of findings by authority, and each episode of care with its findings and age."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template
from werkzeug import Response

from mockregister.register.elements import Look
from mockregister.register.lists import StandingQuestion, standing
from mockregister.register.overview import rule_counts, standing_counts
from mockregister.web import admin
from mockregister.web.pages.control import done
from mockregister.web.pages.patients import named_patient_of_episode
from mockregister.web.pages.pictures import AGES
from mockregister.web.pages.pieces import asked, asked_severity, piece
from mockregister.web.registers import reader

SIZE = 25
ORDERS = {"oldest": "Oldest first", "newest": "Newest first"}

blueprint = Blueprint("error-list", __name__, url_prefix="/error-list")


@dataclass(frozen=True, slots=True)
class AuthorityStanding:
    """How many episodes of care of an authority (a CVR number) have errors, or warnings only.

    ``oldest`` is the day of the oldest report among them, ``days`` its age.
    """

    authority: str
    errors: int
    warnings: int
    oldest: date
    days: int


@blueprint.get("")
def show() -> str:
    """Return the page with the matching episodes of care, by the day of the report."""
    look = reader().view
    today = look.now.date()
    authority, rule, severity, age = asked("authority"), asked("rule"), asked_severity(), asked("age")
    wanted = StandingQuestion(authority, rule, severity, *_days(age, today))
    order = asked("order") if asked("order") in ORDERS else "oldest"
    page = piece(standing(look, wanted, newest_first=order == "newest"), SIZE)
    rules = Counter[str]()
    for count in rule_counts(look):
        rules[count.code] += count.episodes if authority in ("", count.authority) else 0
    return render_template(
        "error_list.html",
        authorities=_by_authority(look),
        rules=[(code, episodes) for code, episodes in rules.most_common() if episodes],
        piece=page,
        chosen={
            "authority": authority,
            "rule": rule,
            "severity": severity.name.lower() if severity else "",
            "age": age,
            "order": order,
        },
        ages=AGES,
        orders=ORDERS,
        patients={item.episode: named_patient_of_episode(look, item.episode) for item in page.items},
        days={item.episode: (today - item.day).days for item in page.items},
    )


@blueprint.post("/revalidation")
def revalidate() -> Response:
    """Run every rule on all stored data, as ``POST /__admin/revalidation`` does."""
    admin.error_list.revalidate()
    return done("revalidated", "pages.error-list.show")


@blueprint.get("/error-list.zip")
def download() -> Response:
    """Return the same files as ``GET /__admin/error-list.zip``, which are those of the sFTP server."""
    return admin.error_list.download()


def _by_authority(look: Look) -> list[AuthorityStanding]:
    """Return the counts of each authority, the one with the most errors first."""
    errors, warnings, oldest = Counter[str](), Counter[str](), dict[str, date]()
    for count in standing_counts(look):
        (errors if count.is_error else warnings)[count.authority] += count.episodes
        oldest[count.authority] = min(count.day, oldest.get(count.authority, count.day))
    today = look.now.date()
    rows = [AuthorityStanding(cvr, errors[cvr], warnings[cvr], day, (today - day).days) for cvr, day in oldest.items()]
    return sorted(rows, key=lambda row: (-row.errors, -row.warnings, row.authority))


def _days(age: str, today: date) -> tuple[date | None, date | None]:
    """Return the first and the last day of reports of an age group, which is named by its number."""
    if not age.isdecimal() or int(age) > len(AGES):
        return None, None
    group = int(age)
    first = today - timedelta(days=AGES[group]) if group < len(AGES) else None
    return first, today - timedelta(days=AGES[group - 1] + 1) if group else None
