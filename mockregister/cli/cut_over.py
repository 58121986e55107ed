"""``mockregister cut-over``: how the change from LPR2 to LPR3 affects the counts in reports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from mockregister.cli.export import source_of
from mockregister.cli.healthcheck import token_option
from mockregister.codes.sor import SorTable
from mockregister.codes.tables import CodeTables

if TYPE_CHECKING:
    from mockregister.export.counted_tables import Tables
    from mockregister.export.cut_over import ActivityCount

SHOWN = 40  # months and units of a measure that are listed without --all


@click.group("cut-over")
def cut_over() -> None:
    """Show how the change from LPR2 to LPR3 affects the counts in reports."""


@cut_over.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--url", metavar="URL", help="Write the tables of the running register at this address to DIR first.")
@click.option("--store", metavar="tinydb:DIR", help="Write the tables of a register that is not running to DIR first.")
@click.option("--register", default="", metavar="NAME", help="Name of the register.  [default: the one without /r/NAME]")
@token_option
@click.option(
    "--lpr3",
    "layout",
    type=click.Choice(["lpr_f", "lpr_a"]),
    help="The tables to use for LPR3.  [default: lpr_f, or lpr_a if DIR has only those]",
)
@click.option("--all", "every", is_flag=True, help=f"List all months and units that differ, not {SHOWN} for each measure.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form of the output."
)
@click.pass_context
def compare(
    context: click.Context,
    folder: Path,
    url: str | None,
    store: str | None,
    register: str,
    token: str,
    layout: str | None,
    every: bool,
    form: str,
) -> None:
    """Count the same activity in LPR2's tables and in LPR3's, and show where and why the counts differ.

    DIR holds the tables that `mockregister export` writes with --format lpr2 and with --format lpr_f or lpr_a, or documents
    (*.xml). Contacts, bed days, operations and diagnoses are counted by month and unit. Exit code 0 if every difference has a
    known reason, 1 if one has none.
    """
    from mockregister.export import frame, lpr2
    from mockregister.export.cut_over import counted

    if url or store:
        with source_of(url, store, register, token) as kept, kept.look() as rows:
            frame.write([*lpr2.frames(rows, kept.codes), *_lpr3(layout).frames(rows, kept.codes)], folder, ["csv"])
    counts = counted(_tables(folder, layout))
    click.echo(_as_json(counts) if form == "json" else "\n".join(_as_text(counts, every)))
    context.exit(1 if any(count.unexplained for count in counts) else 0)


def _tables(folder: Path, layout: str | None) -> Tables:
    from mockregister.export import lpr2
    from mockregister.export.counted_tables import read_tables, tables_in
    from mockregister.export.source import register_with

    files = sorted(folder.glob("*.xml"))
    if not files:
        return read_tables(folder, layout or "")
    codes = CodeTables.load()
    with register_with(((file.name, file.read_bytes()) for file in files), codes).look() as rows:
        return tables_in([*lpr2.frames(rows, codes), *_lpr3(layout).frames(rows, codes)])


def _lpr3(layout: str | None) -> ModuleType:
    """Return the module that writes LPR3's tables."""
    from mockregister.export import lpr_a, lpr_f

    return lpr_a if layout == "lpr_a" else lpr_f


def _as_text(counts: Sequence[ActivityCount], every: bool) -> Iterator[str]:
    """Yield a section for each measure: the sums, the reasons, and the months and units where LPR2 and LPR3 differ."""
    names = _names(count.place.unit for count in counts)
    for measure in dict.fromkeys(count.measure for count in counts):
        found = [count for count in counts if count.measure == measure]
        yield f"{measure}: {sum(count.lpr2 for count in found)} in LPR2, {sum(count.lpr3 for count in found)} in LPR3"
        yield from (f"{number:+8} {reason}" for reason, number in _reasons(found))
        differing = [count for count in found if count.lpr2 != count.lpr3 or count.unexplained]
        yield f"  {len(differing)} of {len(found)} months and units differ" + (", LPR2 -> LPR3:" if differing else "")
        for count in differing if every else differing[:SHOWN]:
            why = [f"{number:+} {reason}" for reason, number in count.reasons.items()]
            why += [f"{count.unexplained:+} for no known reason"] if count.unexplained else []
            unit = f"{names[count.place.unit]} ({count.place.unit})".strip()
            yield f"  {count.place.month}  {count.lpr2:>5} -> {count.lpr3:<5} {unit}: {'; '.join(why)}"
        if len(differing) > SHOWN and not every:
            yield f"  and {len(differing) - SHOWN} more; --all shows them"


def _reasons(counts: Iterable[ActivityCount]) -> Iterator[tuple[str, int]]:
    """Yield each reason with how much more LPR3 counts because of it, the largest number first.

    The number is 0 if activity only moved to another month or unit.
    """
    sums, left = Counter[str](), 0
    for count in counts:
        for reason, number in count.reasons.items():
            sums[reason] += number
        left += count.unexplained
    yield from sums.most_common()
    if left:
        yield "for no known reason", left


def _as_json(counts: Sequence[ActivityCount]) -> str:
    names = _names(count.place.unit for count in counts)
    told = [
        {
            "measure": count.measure,
            "month": count.place.month,
            "unit": count.place.unit,
            "name": names[count.place.unit],
            "lpr2": count.lpr2,
            "lpr3": count.lpr3,
            "reasons": dict(count.reasons),
            "unexplained": count.unexplained,
        }
        for count in counts
    ]
    return json.dumps(told, ensure_ascii=False, indent=2)


def _names(units: Iterable[str]) -> dict[str, str]:
    known = SorTable.built_in()
    found = {sor_id: known.unit(sor_id) for sor_id in units}
    return {sor_id: unit.name if unit else "" for sor_id, unit in found.items()}
