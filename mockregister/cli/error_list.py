"""``mockregister error-list``: write the accumulated error list to a folder, or validate all stored data again."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import click

from mockregister import settings as settings_module
from mockregister.cli.healthcheck import URL_HELP, default_url, token_option
from mockregister.errors import StoreError
from mockregister.mocking.registers import DEFAULT
from mockregister.server import NoAnswer, Server


@click.group("error-list")
def error_list() -> None:
    """Write the accumulated error list, or validate all stored data again."""


@error_list.command()
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--store", metavar="STORE", help="Store of a register that is not running: tinydb:DIR or postgresql://…")
@click.option("--url", metavar="URL", help=URL_HELP)
@click.option("--register", default=DEFAULT, show_default=True, metavar="NAME", help="Name of the register.")
@click.option("--clock", metavar="ISO8601", help="The moment for which the list is made, with --store.  [default: now]")
@token_option
def write(directory: Path, store: str | None, url: str | None, register: str, clock: str | None, token: str) -> None:
    """Write the accumulated error list to DIR.

    Each authority gets a folder with zip files and success markers, as on the register's sFTP server.
    """
    if store and url:
        raise click.UsageError("Give either --url for a running register, or --store for one that is not running.")
    if store:
        _unpack(_stored(store, register, clock), store, directory)
    else:
        address = url or default_url()
        server = Server(address, "" if register == DEFAULT else register, token)
        _unpack(server.get("/__admin/error-list.zip", "application/zip"), address, directory)
    click.echo(f"{len(list(directory.glob('*/*.zip')))} zip files in {directory}")


@error_list.command()
@click.option(
    "--store", metavar="STORE", required=True, help="Store of a register that is not running: tinydb:DIR or postgresql://…"
)
@click.option("--register", default=DEFAULT, show_default=True, metavar="NAME", help="Name of the register.")
@click.option("--clock", metavar="ISO8601", help="The moment to validate at.  [default: now]")
@click.option(
    "--edition",
    metavar="NAME|DIR",
    help="Edition of the register: a date that `edition list` shows, or a folder of `edition make`.",
)
def revalidate(store: str, register: str, clock: str | None, edition: str | None) -> None:
    """Run every rule on all data in the store of a register that is not running.

    For a running register, use POST /__admin/revalidation.
    """
    from mockregister.cli.offline import open_stored
    from mockregister.mocking.editions import edition_of
    from mockregister.register.rule_settings import RuleSettings
    from mockregister.validation import revalidation

    settings = settings_module.load({"store": store, "clock": clock, "edition": edition})
    chosen = edition_of(settings.edition)
    with open_stored(settings, register) as opened:
        opened.codes = chosen.codes.tables(settings)
        opened.rule_settings = RuleSettings.of(settings, chosen.version)
        keys = revalidation.episodes(opened)
        with click.progressbar(length=len(keys), label="episodes of care") as bar:
            for done in revalidation.revalidate(opened, keys, chosen):
                bar.update(done)


def _stored(store: str, register: str, clock: str | None) -> bytes:
    """Return the list of a register that is not running."""
    from mockregister.cli.offline import open_stored
    from mockregister.register import error_list as listing

    with open_stored(settings_module.load({"store": store, "clock": clock}), register) as opened, opened.look() as rows:
        return listing.in_one(rows, opened.clock.now())


def _unpack(content: bytes, source: str, directory: Path) -> None:
    from mockregister.register import error_list as listing

    try:
        with ZipFile(BytesIO(content)) as archive:
            listing.clear(directory)
            archive.extractall(directory)
    except BadZipFile as error:
        raise NoAnswer(f"{source} gives no error list: what it sent is not a zip file.") from error
    except OSError as error:
        raise StoreError(f"The error list cannot be written to {directory}: {error.strerror or error}.") from error
