"""``mockregister validate``: the four levels offline, on an empty register of this process's own."""

from __future__ import annotations

import textwrap
from pathlib import Path

import click

from mockregister import settings as settings_module
from mockregister.cli.printing import lines, placed
from mockregister.finding import Finding, Level


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--codes", metavar="FILE", help="CSV file of SKS codes, or strict for a strict reading of the built-in ones.")
@click.option("--sor", metavar="FILE", help="CSV file of SOR units.")
@click.option("--clock", metavar="ISO8601", help="The moment to validate at.  [default: now]")
@click.option("--edition", metavar="NAME", help="The register of a date, or the folder of an edition.")
@click.option("--rules-off", metavar="IDS", help="Business rules to leave out, such as 05.53,12.a-1.")
@click.option("--explain", is_flag=True, help="Show the template of each level 2 finding beside the lines that break it.")
@click.pass_context
def validate(context: click.Context, /, files: tuple[Path, ...], explain: bool, **flags: str | None) -> None:
    """Check documents on all four levels, in the order given, so that one may build on another.

    Exit code 0 where nothing is wrong but perhaps a warning, 1 where something is.
    """
    from mockregister.cli import offline
    from mockregister.mocking.editions import edition_of
    from mockregister.validation.profile.explain import explain as explain_finding

    settings = settings_module.load(flags)
    edition = edition_of(settings.edition)
    register = offline.open_register(settings, edition)
    failed = False
    for file in files:
        content = file.read_bytes()
        findings = tuple(placed(offline.check(register, content, edition), [content]))
        click.echo(f"{file.name}: {_summary(findings)}")
        for finding in findings:
            click.echo("\n".join(lines(finding)))
            if explain and finding.level is Level.SCHEMATRON:
                click.echo(textwrap.indent(explain_finding(finding, content), "    "))
        failed |= any(finding.is_error for finding in findings)
    context.exit(1 if failed else 0)


def _summary(findings: tuple[Finding, ...]) -> str:
    if not findings:
        return "nothing wrong"
    errors = sum(finding.is_error for finding in findings)
    warnings = len(findings) - errors
    stopped = findings[0].level
    after = "" if stopped is Level.BUSINESS_RULE else f"; stopped at {stopped.value}"
    return f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}{after}"


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
