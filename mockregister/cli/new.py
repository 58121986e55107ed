"""``mockregister new``: write a commented document as a starting point, the first of a set or the next one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockregister.cli.healthcheck import URL_HELP, default_url, token_option
from mockregister.clock import COPENHAGEN
from mockregister.errors import NotFound

if TYPE_CHECKING:
    from mockregister.model import ClinicalDocument, Entry

TEXTS = {
    "visit": "The first report of a visit: an episode of care, an encounter, its main condition and a procedure.",
    "admission": "The first report of an acute admission that is over: an episode of care, an encounter and its main condition.",
    "addendum": "A further visit of an episode of care that the set has.",
    "correction": "A correction. The whole entry is stated again; change what is wrong. What is left out is removed.",
    "replacement": "A replacement of everything that the set holds. What it does not state is removed; change what is wrong.",
    "nullify": "An entry is nullified, together with the entries that belong to it.",
    "move": "An encounter moves to another episode of care, together with the entries that belong to it.",
    "report": "A result report, with the visit that causes it.",
}
FIRST = ("visit", "admission")
OUTPUT = click.Path(dir_okay=False, path_type=Path)
EXAMPLE = "1-first-visit.xml"
HELP = "Documents that the new one follows: the files of a set in order, or the UUID of a set or document at --url."


@click.command()
@click.argument("kind", type=click.Choice(list(TEXTS)))
@click.argument("name", required=False, metavar="[RAA01...RAA10]")
@click.option("--after", multiple=True, metavar="UUID|FILE", help=HELP)
@click.option("--url", default=default_url, metavar="URL", help=URL_HELP)
@click.option("--register", default="", metavar="NAME", help="Name of the register.  [default: the one without /r/NAME]")
@token_option
@click.option("--entry", metavar="UUID", help="The entry to correct, to nullify or to move.  [default: the last encounter]")
@click.option("--onto", metavar="UUID", help="The episode of care to move the encounter onto.  [default: a new one]")
@click.option("--on", "day", metavar="DATE", help="The day of a visit, or the last of an admission.  [default: yesterday]")
@click.option("--out", metavar="FILE", type=OUTPUT, help="File to write the document to.  [default: print it]")
def new(
    kind: str,
    name: str | None,
    after: tuple[str, ...],
    url: str,
    register: str,
    token: str,
    entry: str | None,
    onto: str | None,
    day: str | None,
    out: Path | None,
) -> None:
    """Write a document as a starting point, with comments that explain its parts.

    A visit, an admission and, without --after, a report start a new set. The others follow the documents that --after names or,
    without --after, the example 1-first-visit.xml, which `mockregister demo` submits.
    """
    from mockregister.builders import as_xml
    from mockregister.document.commented import commented

    if (kind == "report") != bool(name):
        raise click.UsageError("Only a report has a name, and it must have one: mockregister new report RAA05.")
    if after and kind in FIRST:
        raise click.UsageError(f"'{kind}' makes the first document of a set; for a further one, make an addendum.")
    stored = _content_of_set(after, url, register, token) if after or kind not in (*FIRST, "report") else None
    document = _made(kind, name or "", stored, entry, onto, _day(day))
    content = commented(as_xml(document, pretty=False), f"{TEXTS[kind]}\nSend it: mockregister submit {out or 'FILE'}")
    if out:
        out.write_bytes(content)
        click.echo(f"{out}: version {document.version} of set {document.set_id}")
    else:
        click.echo(content.decode(), nl=False)


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else datetime.now(COPENHAGEN).date() - timedelta(days=1)
    except ValueError as error:
        raise click.BadParameter(f"'{text}' is not a date; write it as 2026-06-30.", param_hint="--on") from error


def _content_of_set(after: tuple[str, ...], url: str, register: str, token: str) -> ClinicalDocument:
    """Return the present content of the set that the new document follows."""
    from mockregister import safexml
    from mockregister.builders import as_it_stands
    from mockregister.document import reader

    files = [Path(source) for source in after]
    if not after:
        contents = [(resources.files("mockregister.document") / "examples" / EXAMPLE).read_bytes()]
    elif all(file.is_file() for file in files):
        contents = [file.read_bytes() for file in files]
    else:
        contents = _stored(after, url, register, token)
    return as_it_stands(*(reader.read(safexml.parse(content)).document for content in contents))


def _stored(after: tuple[str, ...], url: str, register: str, token: str) -> list[bytes]:
    from mockregister.reading_back import ReadingBack

    api = ReadingBack(url, register, token)
    if len(after) > 1:
        raise click.UsageError("--after takes several files, or one UUID of a set or document.")
    try:
        return api.chain(after[0])
    except NotFound:
        return api.chain(api.get("documents", after[0])["set_id"])


def _made(
    kind: str, name: str, stored: ClinicalDocument | None, entry: str | None, onto: str | None, day: date
) -> ClinicalDocument:
    from mockregister import builders

    began = datetime.combine(day, time(8), COPENHAGEN)
    if stored is None:
        times: dict[str, Any] = {"start": began, "end": began + timedelta(hours=4)}
        if kind == "admission":
            times = {"start": began - timedelta(days=4), "end": began + timedelta(hours=3)}
        first = builders.a_report(name, **times) if kind == "report" else _first(kind, times)
        return builders.with_new_ids(first)[0]
    began = max(began, stored.effective_time + timedelta(hours=1)) if stored.effective_time else began
    if kind == "addendum":
        return builders.an_addendum(stored, start=began)
    if kind == "report":
        return builders.a_report(name, after=stored, start=began)
    return _changed(kind, stored, entry, onto, began)


def _first(kind: str, times: dict[str, Any]) -> ClinicalDocument:
    from mockregister import builders

    return builders.a_visit(procedures=["UXUC80"], **times) if kind == "visit" else builders.an_admission(**times)


def _changed(kind: str, stored: ClinicalDocument, entry: str | None, onto: str | None, when: datetime) -> ClinicalDocument:
    """Return the document that corrects, replaces, nullifies or moves entries of a set."""
    from mockregister import builders

    if kind == "replacement":
        return builders.a_replacement(stored, *stored.entries(), effective_time=when)
    chosen = _entry(stored, entry)
    if kind == "move":
        episode = _entry(stored, onto) if onto else _new_episode(stored, chosen)
        return builders.a_move(stored, chosen, episode, effective_time=when)
    make: Callable[..., ClinicalDocument] = builders.a_correction if kind == "correction" else builders.a_nullifying_document
    return make(stored, chosen, effective_time=when)


def _entry(stored: ClinicalDocument, uuid: str | None) -> Entry:
    """Return the entry with this UUID; without a UUID, the last encounter or else the last entry. Raise NotFound."""
    if uuid:
        found = [entry for entry in stored.entries() if entry.id.extension.lower() == uuid.lower()]
    else:
        found = [*stored.entries()][-1:] if not stored.encounters else [stored.encounters[-1]]
    if not found:
        raise NotFound(f"Set {stored.set_id} has no entry {uuid or 'any more'}; GET /api/v1/document-sets/UUID lists them.")
    return found[0]


def _new_episode(stored: ClinicalDocument, moved: Entry) -> Entry:
    """Return a new episode of care like the last of the set; if it has none, one that starts when ``moved`` starts."""
    from mockregister.builders import an_episode, uuid
    from mockregister.model import Identifier

    own_id = Identifier(stored.set_id, uuid(f"{stored.id.extension} new episode"))
    if stored.episodes:
        return replace(stored.episodes[-1], id=own_id, replaces=None, markers=())
    return an_episode(id=own_id, start=getattr(moved, "start", None))
