"""The accumulated error list: per authority how much stands against it, and each episode of care with its findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template
from werkzeug import Response

from mockregister.finding import Finding
from mockregister.register.elements import Look
from mockregister.register.overview import outstanding
from mockregister.web import admin
from mockregister.web.pages.control import done
from mockregister.web.pages.patients import patient_of_episode
from mockregister.web.pages.pieces import asked, piece
from mockregister.web.registers import reader

SIZE = 20

blueprint = Blueprint("error-list", __name__, url_prefix="/error-list")


@dataclass(frozen=True, slots=True)
class OutstandingEpisode:
    """An episode of care with what stands against it, the CVR number of the reporting authority, and its patient."""

    episode: str
    authority: str
    findings: tuple[Finding, ...]


@blueprint.get("")
def show() -> str:
    """The list, of one authority or of all; with ``rule`` only what that rule has found."""
    look, authority, rule = reader().view, asked("authority"), asked("rule")
    standing = list(_standing(look))
    wanted = [
        item
        for item in standing
        if authority in ("", item.authority) and (not rule or any(finding.code == rule for finding in item.findings))
    ]
    page = piece(wanted, SIZE)
    return render_template(
        "error_list.html",
        authorities=Counter(item.authority for item in standing).most_common(),
        rules=Counter(finding.code for item in standing for finding in item.findings).most_common(12),
        piece=page,
        total=len(wanted),
        authority=authority,
        rule=rule,
        patients={item.episode: patient_of_episode(look, item.episode) for item in page.items},
    )


@blueprint.post("/revalidation")
def revalidate() -> Response:
    """Run every rule on everything that is stored, as ``POST /__admin/revalidation`` does."""
    admin.error_list.revalidate()
    return done("revalidated", "pages.error-list.show")


@blueprint.get("/error-list.zip")
def download() -> Response:
    """The list as the sFTP server would show it, as ``GET /__admin/error-list.zip`` does."""
    return admin.error_list.download()


def _standing(look: Look) -> Iterator[OutstandingEpisode]:
    for episode, findings in outstanding(look):
        row = look.entry(episode)
        owner = look.set(row.set) if row is not None else None
        yield OutstandingEpisode(episode, owner.custodian if owner is not None else "", findings)
