"""``mockregister validate``: the four levels offline, on an empty register in this process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockregister import settings as settings_module

if TYPE_CHECKING:
    from mockregister.cli.reports import FileReport, TextForm
    from mockregister.register.register import Register
    from mockregister.validation.edition import Edition

FORMAT = click.Choice(["text", "json", "junit", "sarif", "github"])
LANGUAGE = click.Choice(["en", "da"])
OUTPUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--codes", metavar="FILE", help="CSV file of SKS codes, or strict for a strict reading of the built-in ones.")
@click.option("--sor", metavar="FILE", help="CSV file of SOR units.")
@click.option("--clock", metavar="ISO8601", help="The moment to validate at.  [default: now]")
@click.option(
    "--edition",
    metavar="NAME|DIR",
    help="Edition of the register: a date that `edition list` shows, or a folder of `edition make`.",
)
@click.option("--rules-off", metavar="IDS", help="Business rules to leave out, such as 05.53,12.a-1.")
@click.option("--explain", is_flag=True, help="Explain each finding: what decided, what is declared, what to do.")
@click.option("--language", type=LANGUAGE, default="en", show_default=True, help="Language of explanations.")
@click.option("--xpath", is_flag=True, help="Show places as the XPaths of answers, not as short paths.")
@click.option("--all", "every", is_flag=True, help="Show all findings, not only the first of each cause.")
@click.option("--fix", metavar="OUT", type=OUTPUT, help="Mend the last file: show the changes, and write the mended file to OUT.")
@click.option("--format", "form", type=FORMAT, default="text", show_default=True, help="Form of the output.")
@click.pass_context
def validate(
    context: click.Context,
    /,
    files: tuple[Path, ...],
    explain: bool,
    language: str,
    xpath: bool,
    every: bool,
    fix: Path | None,
    form: str,
    **flags: str | None,
) -> None:
    """Check documents on all four levels, in the order given, so that one may build on another.

    Exit code 0 if there are no errors, though perhaps warnings, else 1. With --fix, only errors that remain count.
    """
    from mockregister.cli import offline, reports
    from mockregister.mocking.editions import edition_of

    if fix and (form != "text" or fix.exists()):
        raise click.UsageError(
            "--fix needs --format text." if form != "text" else f"--fix: {fix} exists already; name a new file."
        )

    settings = settings_module.load(flags)
    edition = edition_of(settings.edition)
    register = offline.open_register(settings, edition)
    shown = reports.TextForm(xpath, explain, language, folded=not every)
    if fix:
        told = [_examined(register, file, edition, language) for file in files[:-1]]
        told.append(_mended(register, files[-1], fix, edition, shown))
    else:
        told = [_examined(register, file, edition, language) for file in files]
    if form == "text":
        click.echo("\n".join(line for report in told for line in reports.text(report, shown)))
    else:
        click.echo(reports.FORMATS[form](told))
    context.exit(1 if any(report.failed for report in told) else 0)


def _examined(register: Register, file: Path, edition: Edition, language: str) -> FileReport:
    from mockregister.cli import offline, reports

    content = file.read_bytes()
    return reports.report_of(file, content, offline.examine(register, content, edition, language), language)


def _mended(register: Register, file: Path, out: Path, edition: Edition, shown: TextForm) -> FileReport:
    """Show how a file can be mended, write the mended file if there is a change, and return the report of what remains wrong."""
    from mockregister.cli import reports
    from mockregister.validation.mending.mending import mended

    content = file.read_bytes()
    mending = mended(content, register, edition, shown.language)
    for mend in mending.mends:
        click.echo(f"{file.name}:{mend.line}: {mend.what}")
    if mending.mends:
        click.echo("\n".join(mending.diff(file.name, out.name)))
        out.write_bytes(mending.after)
    click.echo(f"{out}: written" if mending.mends else f"{file.name}: nothing can be mended with certainty")
    return reports.report_of(out if mending.mends else file, mending.after, mending.left, shown.language)
