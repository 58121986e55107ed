"""``mockregister edition``: list editions, make one from published files, and compare two."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockregister import settings as settings_module
from mockregister.cli.downloading import OFFICIAL, fetched

if TYPE_CHECKING:
    from mockregister.validation.edition import Edition

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


class FileOrOfficial(click.Path):
    """The path of a file, or the word ``official`` for the published file."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the word unchanged, or the path of a file. Fail if the file does not exist."""
        return value if value == OFFICIAL else super().convert(value, param, ctx)


TABLE = FileOrOfficial(exists=True, dir_okay=False, path_type=Path)


@click.group()
def edition() -> None:
    """List editions, make one from published files, and compare two."""


@edition.command("list")
def list_editions() -> None:
    """List the built-in editions, the newest first."""
    from mockregister.validation.editions import BUILT_IN

    for known in BUILT_IN.values():
        click.echo(f"{known.name}  {known.version}  {len(known.rules)} rules, {len(known.integrity)} integrity codes")


@edition.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--based-on", required=True, metavar="NAME", help="A built-in edition, or the folder of another one.")
@click.option("--rules", type=FILE, metavar="LIST", help="The register's rule list, as Excel or as CSV with the same columns.")
@click.option(
    "--profile",
    type=FILE,
    metavar="XML",
    help="An ART-DECOR export. If DIR is named after a date, the templates of that date are read, else the newest.",
)
@click.option("--codes", type=TABLE, metavar="FILE|official", help="SKS codes: SKScomplete.txt, FHIR JSON, or CSV as for serve.")
@click.option("--sor", type=TABLE, metavar="FILE|official", help="SOR units: SorEntity_daily.csv, SOR XML, or CSV as for serve.")
@click.option("--authorities", type=FILE, metavar="CSV", help="Authority codes, as serve --authorities reads them.")
@click.option("--producers", type=FILE, metavar="CSV", help="Registered producers, as serve --producers reads them.")
@click.option(
    "--version", metavar="TEXT", default="", help="Version of the rule set, which answers state.  [default: that of --based-on]"
)
@click.option("--skip-unreadable", is_flag=True, help="Leave out rules whose conditions cannot be read, and say which.")
@click.option("--try-rules", is_flag=True, help="Search for a document that breaks each rule, and name the rules without one.")
def make(folder: Path, based_on: str, version: str, skip_unreadable: bool, try_rules: bool, **files: Any) -> None:
    """Write the folder of an edition, for use with serve --edition DIR.

    What no option names is taken from the edition --based-on. The command stops at a rule condition that it cannot read, and
    names its place. Codes of official SKS files get the code lists that the built-in table knows. The edition states the date of
    each table.

    \b
    "official" fetches the newest table:
      SKS: https://filer.sundhedsdata.dk/sks/data/skscomplete/SKScomplete.txt
      SOR: https://sor-filer.sundhedsdata.dk/sor2_produktion/V1_00/data/SorEntity_daily.csv
    """
    from mockregister.comparing.editions import difference
    from mockregister.mocking.editions import edition_of
    from mockregister.validation.edition_folder import Ingredients, make_folder

    skip = (lambda error: click.echo(f"left out: {error}", err=True)) if skip_unreadable else None
    with ExitStack() as opened:
        paths = {name: opened.enter_context(fetched(name)) if given == OFFICIAL else given for name, given in files.items()}
        made = make_folder(folder, Ingredients(based_on, version=version, **paths), skip)
    told = difference(edition_of(based_on), made, of_codes=False)
    click.echo(
        f"{folder}: {len(made.rules)} rules ({len(told.new_rules)} new, {len(told.gone_rules)} gone, "
        f"{len(told.changed_rules)} changed); start the register with --edition {folder}"
    )
    if try_rules:
        _tried(made)


def _tried(made: Edition) -> None:
    """Show for which rules of an edition no document is found that breaks them."""
    from datetime import datetime

    from mockregister.clock import COPENHAGEN
    from mockregister.synthetic.broken import rules_broken

    _, found, unbroken = rules_broken(datetime.now(COPENHAGEN), made)
    click.echo(f"{len(found)} rules are broken by a document that generate --breaking writes")
    if unbroken:
        click.echo(f"no document was found that breaks {', '.join(unbroken)}; these rules apply all the same")


@edition.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option(
    "--documents", metavar="DIR|SEED|URL", help="Judge these documents by both editions; URL: those of the register there."
)
@click.option("--clock", metavar="ISO8601", help="The moment at which the documents are judged.  [default: now]")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
@click.pass_context
def diff(context: click.Context, before: str, after: str, documents: str | None, clock: str | None, form: str) -> None:
    """Show how edition B differs from A; each is a built-in one or a folder.

    With --documents, show also which of them get different answers, and because of which rules. Exit code 1 if there are any,
    else 0.
    """
    from mockregister.comparing.edition_forms import FORMS
    from mockregister.comparing.editions import answered_otherwise, difference
    from mockregister.comparing.sources import documents as of_source
    from mockregister.mocking.editions import edition_of

    editions = edition_of(before), edition_of(after)
    settings = settings_module.load({"clock": clock})
    answers = None if documents is None else list(answered_otherwise(of_source(documents), *editions, settings))
    click.echo(FORMS[form](difference(*editions), answers))
    context.exit(1 if answers else 0)
