"""``mockregister codes``: show the code tables, and make new ones from the official files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

import click

from mockregister.codes import csv_files, sources
from mockregister.codes.lists import CodeList
from mockregister.codes.sks import SksRow
from mockregister.codes.sor import SorUnit, specialities
from mockregister.codes.tables import CodeTables
from mockregister.errors import NotFound, SettingError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def codes() -> None:
    """List and import code tables."""


@codes.command("list")
@click.argument("prefix", default="")
@click.option("--text", default="", help="Only rows with this text in the code or the name.")
@click.option("--list", "list_name", default="", metavar="NAME", help="Only codes in this list, such as admin.konttype.")
@click.option("--lists", "table", flag_value="lists", help="List the code lists instead of codes.")
@click.option("--sor", "table", flag_value="sor", help="List the SOR units instead of codes.")
@click.option("--authorities", "table", flag_value="authorities", help="List the authority codes instead of codes.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1), help="Most rows to show.")
@click.option("--codes", "codes_file", type=FILE, help="CSV file to look in.  [default: the built-in SKS codes]")
@click.option("--sor-file", type=FILE, help="CSV file to look in, with --sor.  [default: the built-in SOR units]")
def list_codes(
    prefix: str, text: str, list_name: str, table: str | None, limit: int, codes_file: Path | None, sor_file: Path | None
) -> None:
    """List the codes that begin with PREFIX, with their names."""
    tables = CodeTables.load(codes_file, sor_file)
    if list_name:
        tables.lists.require(list_name)
    found = _found(tables, table or "codes", prefix, text, list_name)
    for line in islice(found, limit):
        click.echo(line)
    if next(found, None) is not None:
        click.echo(f"… and more; raise --limit above {limit} to see them.", err=True)


def _found(tables: CodeTables, table: str, prefix: str, text: str, list_name: str) -> Iterator[str]:
    """Return a line for each match in the chosen table."""
    if table == "sor":
        return (f"{unit.sor_id}  {unit.name or '(name unknown)'}" for unit in tables.sor.search(prefix, text))
    if table == "codes":
        rows = tables.sks.search(prefix, text, list_name)
        return (_line(row) + ("  (a guess, by its form alone)" if list_name in row.lists.guessed else "") for row in rows)
    others: Iterable[tuple[str, str]] = ((authority.code, authority.name) for authority in tables.authorities)
    if table == "lists":
        others = (
            (code_list.name, code_list.title + (" (known in part)" if code_list.partial else "")) for code_list in tables.lists
        )
    return (
        f"{name}  {title}"
        for name, title in others
        if name.startswith(prefix) and text.casefold() in f"{name} {title}".casefold()
    )


def _line(row: SksRow) -> str:
    return f"{row.code:<10}  {row.term or '(name unknown)'}  {_validity(row.valid_from, row.valid_to)}".rstrip()


def _validity(valid_from: datetime | None, valid_to: datetime | None) -> str:
    """Return the first and last day of validity; empty for always."""
    if valid_from is None and valid_to is None:
        return ""
    first, last = ("" if moment is None else moment.date().isoformat() for moment in (valid_from, valid_to))
    return f"[{first}..{last}]"


@codes.command("show")
@click.argument("code")
@click.option("--codes", "codes_file", type=FILE, help="CSV file to look in.  [default: the built-in SKS codes]")
@click.option("--sor", "sor_file", type=FILE, help="CSV file to look in.  [default: the built-in SOR units]")
def show_code(code: str, codes_file: Path | None, sor_file: Path | None) -> None:
    """Show everything known about a code.

    CODE is an SKS code, a SOR id, an authority code or the name of a code list.
    """
    tables = CodeTables.load(codes_file, sor_file)
    lines = list(_known(tables, code))
    if not lines:
        raise NotFound(f"No table has '{code}'; search with mockregister codes list.")
    click.echo("\n".join(lines))


def _known(tables: CodeTables, code: str) -> Iterator[str]:
    for row in tables.sks.rows(code):
        yield from _about_row(row)
    unit = tables.sor.unit(code)
    if unit is not None:
        yield from _about_unit(unit, tables)
    authority = tables.authorities.get(code)
    if authority is not None:
        yield f"{authority.code}  {authority.name} ({authority.kind})"
    code_list = tables.lists.get(code)
    if code_list is not None:
        yield from _about_list(code_list, tables)


def _about_row(row: SksRow) -> Iterator[str]:
    yield _line(row)
    yield f"  lists: {', '.join(row.lists.certain) or 'none'}"
    if row.lists.guessed:
        yield f"  assumed to be in, by its form alone: {', '.join(sorted(row.lists.guessed))}"
    unsure = row.lists.possible - row.lists
    if unsure:
        yield f"  may be in: {', '.join(sorted(unsure))}"


def _about_unit(unit: SorUnit, tables: CodeTables) -> Iterator[str]:
    yield f"{unit.sor_id}  {unit.name or '(name unknown)'}  {_validity(unit.valid_from, unit.valid_to)}".rstrip()
    yield f"  type: {unit.unit_type or 'unknown'}, owner's CVR: {unit.owner_cvr or 'unknown'}"
    named = (f"{speciality} {specialities().get(speciality, '')}".rstrip() for speciality in unit.specialities)
    yield f"  specialities: {', '.join(named) or 'none known'}"
    if tables.sor.above(unit.sor_id):
        yield f"  under: {', '.join(tables.sor.above(unit.sor_id))}"


def _about_list(code_list: CodeList, tables: CodeTables) -> Iterator[str]:
    yield f"{code_list.name}  {code_list.title}" + (f"  (OID {code_list.oid})" if code_list.oid else "")
    rows = list(tables.sks.search(list_name=code_list.name))
    members = sorted({row.code for row in rows if code_list.name not in row.lists.guessed})
    guesses = sorted({row.code for row in rows}.difference(members))
    yield f"  {len(members)} listed codes: {', '.join(members[:20])}{' …' if len(members) > 20 else ''}"
    if guesses:
        yield f"  {len(guesses)} more by their form alone: {', '.join(guesses[:20])}{' …' if len(guesses) > 20 else ''}"
    if code_list.partial:
        yield f"  known in part; codes of the form {' '.join(code_list.takes) or '(none)'} are assumed to be members"


@codes.command("import")
@click.argument("files", metavar="SOURCES...", nargs=-1, required=True, type=FILE)
@click.option(
    "--kind", type=click.Choice(list(sources.HEADERS)), help="What the files hold.  [default: guessed from the first file]"
)
@click.option("--output", "-o", required=True, type=click.Path(dir_okay=False, path_type=Path), help="CSV file to write.")
def import_codes(files: Sequence[Path], kind: str | None, output: Path) -> None:
    """Convert official files into a CSV file for serve --codes, --sor or --authorities.

    SOURCES are SKS codes (SKScomplete.txt or FHIR JSON), SOR units (XML or CSV), tables of authority codes, or CSV files for
    serve --codes. Official SKS files do not say which code lists a code belongs to: each code gets the lists that the built-in
    table knows. If a row is in several SOURCES, that of the last one is written. The modification time of the CSV file is the
    date of the newest source, which edition make writes into an edition.

    \b
    SKS: https://filer.sundhedsdata.dk/sks/data/skscomplete/SKScomplete.txt
    SOR: https://sor-filer.sundhedsdata.dk/sor2_produktion/V1_00/data/ (SorEntity_daily.csv)
    FHIR: https://github.com/hl7dk/dk-sks-terminology-automation (fhir/CodeSystem-sks-diagnoses.json)
    """
    kind = kind or sources.guess(files[0])
    rows, day = _merged(kind, files), max(map(sources.day_of, files))
    if not rows:
        raise SettingError(f"{files[0]} has no {kind}; give the kind of file with --kind, and save it as UTF-8 or Windows-1252.")
    count = csv_files.write(output, sources.HEADERS[kind], iter(rows))
    sources.stamp(output, day)
    click.echo(f"{output}: {count} rows of {day}")


def _merged(kind: str, files: Sequence[Path]) -> list[Sequence[str]]:
    """Return the rows of all sources. Of rows with the same code and start, or the same number, the last source's are kept."""
    key = 3 if kind in ("sks", "codes") else 1
    merged: dict[tuple[str, ...], list[Sequence[str]]] = {}
    for source in files:
        rows: dict[tuple[str, ...], list[Sequence[str]]] = {}
        for row in sources.rows(kind, source):
            rows.setdefault((row[0], *row[2:key]), []).append(row)
        merged |= rows
    return [row for known in sorted(merged) for row in merged[known]]
