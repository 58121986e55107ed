"""``mockregister validate``: the four levels offline, on an empty register of this process's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockregister import settings as settings_module

if TYPE_CHECKING:
    from mockregister.cli.reports import FileReport
    from mockregister.register.register import Register
    from mockregister.validation.edition import Edition

FORMAT = click.Choice(["text", "json", "junit", "sarif", "github"])
LANGUAGE = click.Choice(["en", "da"])


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--codes", metavar="FILE", help="CSV file of SKS codes, or strict for a strict reading of the built-in ones.")
@click.option("--sor", metavar="FILE", help="CSV file of SOR units.")
@click.option("--clock", metavar="ISO8601", help="The moment to validate at.  [default: now]")
@click.option("--edition", metavar="NAME", help="The register of a date, or the folder of an edition.")
@click.option("--rules-off", metavar="IDS", help="Business rules to leave out, such as 05.53,12.a-1.")
@click.option("--explain", is_flag=True, help="Tell why each finding came: what decided, what is declared, what to do.")
@click.option("--language", type=LANGUAGE, default="en", show_default=True, help="Language of explanations.")
@click.option("--xpath", is_flag=True, help="Show places as the XPaths of answers, not as short paths.")
@click.option("--all", "every", is_flag=True, help="Show every finding, those of one cause, too.")
@click.option("--format", "form", type=FORMAT, default="text", show_default=True, help="How to tell it.")
@click.pass_context
def validate(
    context: click.Context,
    /,
    files: tuple[Path, ...],
    explain: bool,
    language: str,
    xpath: bool,
    every: bool,
    form: str,
    **flags: str | None,
) -> None:
    """Check documents on all four levels, in the order given, so that one may build on another.

    Exit code 0 where nothing is wrong but perhaps a warning, 1 where something is.
    """
    from mockregister.cli import offline, reports
    from mockregister.mocking.editions import edition_of

    settings = settings_module.load(flags)
    edition = edition_of(settings.edition)
    register = offline.open_register(settings, edition)
    told = [_examined(register, file, edition, language) for file in files]
    if form == "text":
        shown = reports.TextForm(xpath, explain, folded=not every)
        click.echo("\n".join(line for report in told for line in reports.text(report, shown)))
    else:
        click.echo(reports.FORMATS[form](told))
    context.exit(1 if any(report.failed for report in told) else 0)


def _examined(register: Register, file: Path, edition: Edition, language: str) -> FileReport:
    from mockregister.cli import offline, reports

    content = file.read_bytes()
    places = reports.PlacesOf(content)
    found = tuple(places.told(explained) for explained in offline.examine(register, content, edition, language))
    findings = [told.finding for told in found]
    return reports.FileReport(file, reports.summary(findings), found, failed=any(finding.is_error for finding in findings))
