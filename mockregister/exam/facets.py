"""The facets of each kind of element: where each is in the model, and how a story writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from mockregister.model import Code, EntryKind

KINDS = {
    EntryKind.EPISODE_OF_CARE: "episode",
    EntryKind.ENCOUNTER: "encounter",
    EntryKind.CONDITION: "condition",
    EntryKind.PROCEDURE: "procedure",
    EntryKind.OBSERVATION_ORGANIZER: "report",
    EntryKind.MARKER: "marker",
}
OWNERS = {  # what each kind may belong to
    "patient": (),
    "episode": (),
    "encounter": ("episode",),
    "marker": ("episode",),
    "stay": ("encounter",),
    "condition": ("encounter",),
    "procedure": ("encounter", "episode"),
    "report": ("episode", "marker", "encounter", "condition", "procedure"),
}  # in the order in which they are matched: owners first


class Wants(Enum):
    """The form in which a story writes a facet."""

    CODE = auto()
    UNIT = auto()
    MOMENT = auto()
    FLAG = auto()
    TEXT = auto()
    EPISODE = auto()


@dataclass(frozen=True, slots=True)
class Facet:
    """One property of an element: its form in a story, a function that returns an element's values, and the field of the model.

    A code must be in one of the code lists ``lists``, if there are any.
    """

    wants: Wants
    found: Callable[[Any], Iterable[Any]]
    field: str
    lists: tuple[str, ...] = ()


def _code(field: str, *lists: str) -> Facet:
    return Facet(Wants.CODE, lambda thing: _codes(getattr(thing, field)), field, lists)


def _codes(value: Any) -> list[str]:
    if value is None:
        return []
    return [value.code] if isinstance(value, Code) else [code.code for code in value]


def _moment(field: str) -> Facet:
    return Facet(Wants.MOMENT, lambda thing: _some(getattr(thing, field)), field)


def _unit(field: str) -> Facet:
    return Facet(Wants.UNIT, lambda thing: _some(getattr(thing, field)), field)


def _some(value: Any) -> list[Any]:
    return [value] if value else []


def _of_referral(field: str, *lists: str) -> Facet:
    return Facet(Wants.CODE, lambda thing: _codes(getattr(thing.referral, field, None)), field, lists)


def _target(episode: Any) -> list[str]:
    if episode.link is None:
        return []
    id = episode.link.target.id
    return [(id.extension or id.root).lower()]


DIAGNOSES, PROCEDURES = ("diag",), ("proc.act", "proc.opr", "proc.und")

FACETS: dict[str, dict[str, Facet]] = {
    "patient": {
        "cpr": Facet(Wants.FLAG, lambda thing: [bool(thing.cpr)], "id"),
        "replacement": Facet(Wants.FLAG, lambda thing: [bool(thing.alternative_ids)], "id"),
        "municipality": Facet(Wants.TEXT, lambda thing: [home.municipality for home in thing.residences], "municipality"),
        "country": Facet(Wants.TEXT, lambda thing: [home.country for home in thing.residences], "country"),
    },
    "episode": {
        "label": _code("label", "forloeb.label"),
        "unit": _unit("responsible_unit"),
        "start": _moment("start"),
        "end": _moment("end"),
        "origin": _of_referral("origin", "admin.henvmaade"),
        "choice": _of_referral("free_choice", "admin.fritvalg"),
        "reason": Facet(
            Wants.CODE, lambda thing: _codes(getattr(getattr(thing.referral, "reason", None), "code", None)), "code", DIAGNOSES
        ),
        "referrer": Facet(Wants.UNIT, lambda thing: _some(getattr(thing.referral, "referrer", "")), "referrer"),
        "completion": _code("completion", "admin.afslutmaade"),
        "follows": Facet(Wants.EPISODE, _target, "link"),
        "relation": Facet(Wants.CODE, lambda thing: _codes(getattr(thing.link, "code", None)), "link", ("forloeb.reftype",)),
    },
    "encounter": {
        "type": _code("type", "admin.konttype"),
        "priority": _code("priority", "admin.prioritet"),
        "reason": _code("reason", "admin.kontaarsag"),
        "unit": _unit("responsible_unit"),
        "start": _moment("start"),
        "end": _moment("end"),
        "treated": _moment("treatment_start"),
        "agreement": Facet(
            Wants.CODE,
            lambda thing: [code for payment in thing.payments for code in _codes(payment.agreement)],
            "agreement",
            ("admin.betalaftale",),
        ),
    },
    "marker": {"code": _code("code", "forloeb.markoer"), "time": _moment("time")},
    "stay": {"unit": _unit("unit"), "absence": _code("absence"), "start": _moment("start"), "end": _moment("end")},
    "condition": {
        "code": _code("code", *DIAGNOSES),
        "main": Facet(Wants.FLAG, lambda thing: [thing.main], "kind"),
        "side": _code("side", "spec.lateraldiag"),
        "supplementary": _code("supplementary"),
        "metastases": _code("metastases"),
        "recurrences": _code("recurrences"),
    },
    "procedure": {
        "code": _code("code", *PROCEDURES),
        "unit": _unit("producer"),
        "start": _moment("start"),
        "end": _moment("end"),
        "side": _code("side", "spec.lateralproc"),
        "supplementary": _code("supplementary"),
        "indication": Facet(Wants.CODE, lambda thing: _codes(getattr(thing.indication, "code", None)), "code"),
        "staff": _code("staff"),
        "contrast": _code("contrast"),
    },
    "report": {
        "code": _code("name", "resindb.navn"),
        "status": _code("status", "resindb.status"),
        "unit": _unit("responsible_unit"),
    },
}


def facet_of(kind: str, name: str) -> Facet:
    """Return the facet of this name; for a result report, any other name is a result type."""
    known = FACETS[kind].get(name)
    return known or Facet(
        Wants.TEXT, lambda report: [result.value for result in report.results if result.type.code == name], "value"
    )
