"""``mockregister edition``: the register of a date, made from what is published, and what would be otherwise under it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote, urljoin
from urllib.request import Request, urlopen

import click

from mockregister import settings as settings_module
from mockregister.errors import NotFound, SettingError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
PAGE_SIZE = 200


@click.group()
def edition() -> None:
    """List the editions there are, make one of what is published, and tell what is otherwise in one."""


@edition.command("list")
def list_editions() -> None:
    """List the built-in editions, the newest first."""
    from mockregister.validation.editions import BUILT_IN

    for one in BUILT_IN.values():
        click.echo(f"{one.name}  {one.version}  {len(one.rules)} rules, {len(one.integrity)} integrity codes")


@edition.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--based-on", required=True, metavar="NAME", help="A built-in edition, or the folder of another one.")
@click.option("--rules", type=FILE, metavar="LIST", help="The register's rule list: Excel, or CSV of the same content.")
@click.option("--profile", type=FILE, metavar="XML", help="An ART-DECOR export; versions of the day that DIR is named after.")
@click.option("--codes", type=FILE, metavar="CSV", help="SKS codes, as serve --codes reads them.")
@click.option("--sor", type=FILE, metavar="CSV", help="SOR units, as serve --sor reads them.")
@click.option("--authorities", type=FILE, metavar="CSV", help="Authority codes, as serve --authorities reads them.")
@click.option("--producers", type=FILE, metavar="CSV", help="Registered producers, as serve --producers reads them.")
@click.option("--version", metavar="TEXT", default="", help="Rule set version that answers name.  [default: as in NAME]")
@click.option("--skip-unreadable", is_flag=True, help="Leave out rules whose conditions cannot be read, and say which.")
def make(folder: Path, based_on: str, version: str, skip_unreadable: bool, **files: Path | None) -> None:
    """Write the folder of an edition, to be used with --edition DIR.

    What is not given is as in the edition that it is based on. Rule conditions are read; one that cannot be read stops the
    making and is told with its place.
    """
    from mockregister.comparing.editions import difference
    from mockregister.mocking.editions import edition_of
    from mockregister.validation.edition_folder import Ingredients, make_folder

    skip = (lambda error: click.echo(f"left out: {error}", err=True)) if skip_unreadable else None
    made = make_folder(folder, Ingredients(based_on, version=version, **files), skip)
    made.codes.tables(settings_module.load())
    told = difference(edition_of(based_on), made)
    click.echo(
        f"{folder}: {len(made.rules)} rules ({len(told.new_rules)} new, {len(told.gone_rules)} gone, "
        f"{len(told.changed_rules)} changed); start the register with --edition {folder}"
    )


@edition.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--documents", metavar="DIR|SEED|URL", help="Judge these documents under both; a running register's by its URL.")
@click.option("--clock", metavar="ISO8601", help="The moment to judge them at.  [default: now]")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
@click.pass_context
def diff(context: click.Context, before: str, after: str, documents: str | None, clock: str | None, form: str) -> None:
    """Tell what is otherwise in edition B than in A, each a built-in one or a folder.

    With documents: which of them would be answered otherwise, and by which rule. Exit code 1 where some would.
    """
    from mockregister.comparing.editions import answered_otherwise, difference
    from mockregister.comparing.telling import FORMS
    from mockregister.mocking.editions import edition_of

    editions = edition_of(before), edition_of(after)
    settings = settings_module.load({"clock": clock})
    answers = None if documents is None else list(answered_otherwise(_documents(documents), *editions, settings))
    click.echo(FORMS[form](difference(*editions), answers))
    context.exit(1 if answers else 0)


def _documents(where: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of each document: of a folder by name, of a seed or a running register in the order of their coming."""
    if where.startswith(("http://", "https://")):
        return _of_register(where.rstrip("/"))
    if Path(where).is_dir():
        return ((file.name, file.read_bytes()) for file in sorted(Path(where).glob("*.xml")))
    return _of_seed(where)


def _of_seed(name: str) -> Iterator[tuple[str, bytes]]:
    from mockregister.document import writer
    from mockregister.synthetic.generator import generate
    from mockregister.synthetic.seeds import SeedFolder

    try:
        recipe = SeedFolder().recipe(name)
    except NotFound as error:
        raise SettingError(f"--documents: '{name}' is no folder, no address and no seed. {error}") from error
    for document in generate(recipe).documents():
        yield document.id.extension, writer.write(document, pretty=False)


def _of_register(url: str) -> Iterator[tuple[str, bytes]]:
    for name in reversed(list(_names(url))):  # the list has the newest first
        yield name, _fetched(f"{url}/api/v1/documents/{quote(name)}", "application/xml")


def _names(url: str) -> Iterator[str]:
    address: str | None = f"{url}/api/v1/documents?page_size={PAGE_SIZE}"
    while address is not None:
        page: dict[str, Any] = json.loads(_fetched(address, "application/json"))
        yield from (item["id"] for item in page["items"])
        address = urljoin(address, page["next"]) if page["next"] else None


def _fetched(address: str, kind: str) -> bytes:
    try:
        with urlopen(Request(address, headers={"Accept": kind}), timeout=60) as answer:
            content: bytes = answer.read()
    except (URLError, OSError) as error:
        raise SettingError(f"{address} cannot be fetched: {error}.") from error
    return content
