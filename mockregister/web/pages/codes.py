"""SKS codes, the lists they are in, and SOR units: to browse and search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from flask import Blueprint, render_template

from mockregister.codes.sks import SksRow
from mockregister.codes.sor import SorUnit, specialities
from mockregister.codes.tables import CodeTables
from mockregister.errors import NotFound
from mockregister.model import EntryKind
from mockregister.register.filters import Filter
from mockregister.register.identity import patient_key
from mockregister.register.lists import code_uses
from mockregister.web.pages.pieces import asked, piece
from mockregister.web.registers import namespace, reader

LATEST = 10  # uses of a code that are shown
KINDS = {
    EntryKind.EPISODE_OF_CARE: "Episodes of care",
    EntryKind.MARKER: "Markers",
    EntryKind.ENCOUNTER: "Contacts",
    EntryKind.CONDITION: "Diagnoses",
    EntryKind.PROCEDURE: "Procedures",
    EntryKind.OBSERVATION_ORGANIZER: "Result reports",
}

blueprint = Blueprint("codes", __name__, url_prefix="/codes")


@blueprint.get("")
def show() -> str:
    """Return the page with the codes that begin with the search text or, if there are none, those that contain it."""
    text = asked("q")
    page = piece(_codes(_tables(), text, ""))
    return render_template("codes.html", piece=page, text=text)


@blueprint.get("/lists")
def lists() -> str:
    """Return the page with the code lists whose name or title contains the search text."""
    text = asked("q")
    wanted = text.casefold()
    fitting = [code_list for code_list in _tables().lists if wanted in f"{code_list.name} {code_list.title}".casefold()]
    return render_template("lists.html", lists=fitting, text=text)


@blueprint.get("/lists/<name>")
def members(name: str) -> str:
    """Return the page of a code list, with its codes and the rules that name it. Raise NotFound."""
    tables, text = _tables(), asked("q")
    known = tables.lists.get(name)
    if known is None:
        raise NotFound("There is no code list with this name.")
    asking = [rule for rule in namespace().edition.rules if name in rule.lists]
    return render_template("list.html", known=known, piece=piece(_codes(tables, text, name)), text=text, asking=asking)


@blueprint.get("/sks/<code>")
def code(code: str) -> str:
    """Return the page of a code: its periods of validity, its latest uses and the rules that name it. Raise NotFound."""
    rows = _tables().sks.rows(code)
    if not rows:
        raise NotFound("SKS has no such code.")
    reading, rules = reader(), namespace().edition.rules
    lists = frozenset().union(*(row.lists for row in rows))
    written = re.compile(rf"\b{re.escape(code)}\b")
    named = ((rule, sorted(lists.intersection(rule.lists)), written.search(rule.condition)) for rule in rules)
    uses = code_uses(reading.view, code)
    elements = (element for kind, _ in uses for element in reading.elements(kind, Filter(code=code)))
    return render_template(
        "code.html",
        code=code,
        rows=rows,
        uses=[(KINDS[kind], amount) for kind, amount in uses],
        latest=[element for element in islice(elements, LATEST) if patient_key(element.patient)],
        naming=[(rule, by) for rule, by, is_named in named if by or is_named],
    )


@blueprint.get("/units")
def units() -> str:
    """Return the page with the units whose SOR id or name contains the search text, those with a name first."""
    text = asked("q")
    return render_template("units.html", piece=piece(_named_first(_tables().sor.search(text=text))), text=text)


@blueprint.get("/units/<sor_id>")
def unit(sor_id: str) -> str:
    """Return the page of a unit, with the units above it. Raise NotFound."""
    table = _tables().sor
    found = table.unit(sor_id)
    if found is None:
        raise NotFound("SOR has no unit with this id.")
    above = [upper for upper in map(table.unit, table.above(sor_id)) if upper is not None]
    names = specialities()
    named = [names.get(speciality, speciality) for speciality in found.specialities]
    return render_template("unit.html", unit=found, above=above, specialities=named)


def _named_first(units: Iterable[SorUnit]) -> Iterator[SorUnit]:
    """Yield the units with a name, then those without a name. Reading stops when a page is full."""
    nameless = []
    for unit in units:
        if unit.name:
            yield unit
        else:
            nameless.append(unit)
    yield from nameless


def _codes(tables: CodeTables, text: str, list_name: str) -> Iterator[SksRow]:
    """Yield the rows that begin with the text or, if there are none, those that contain it."""
    by_code = tables.sks.search(prefix=text.upper(), list_name=list_name)
    first = next(by_code, None)
    if first is None:
        yield from tables.sks.search(text=text, list_name=list_name)
        return
    yield first
    yield from by_code


def _tables() -> CodeTables:
    return namespace().register.codes
