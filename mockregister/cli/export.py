"""``mockregister export``: the stored data as the tables of LPR_A, LPR_F or LPR2."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockregister import settings as settings_module
from mockregister.cli.healthcheck import URL_HELP, default_url, token_option
from mockregister.errors import SettingError
from mockregister.server import Server
from mockregister.settings import without_password

if TYPE_CHECKING:
    from mockregister.register.register import Register

LAYOUTS = click.Choice(["lpr_a", "lpr_f", "lpr2", "lpr3"])


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "layout", type=LAYOUTS, required=True, help="Which tables and column names to write; lpr3 means lpr_f.")
@click.option("--store", metavar="tinydb:DIR", help="The folder of a register that is not running.")
@click.option("--url", metavar="URL", help=URL_HELP)
@click.option("--register", default="", metavar="NAME", help="Name of the register.  [default: the one without /r/NAME]")
@token_option
@click.option("--parquet/--no-parquet", default=None, help="Write Parquet beside CSV.  [default: if pyarrow is installed]")
def export(
    folder: Path, layout: str, store: str | None, url: str | None, register: str, token: str, parquet: bool | None
) -> None:
    """Write the stored data as tables into DIR, as CSV and Parquet."""
    from mockregister.export import frame, lpr2, lpr_a, lpr_f

    wanted = ("csv", "parquet") if (_has_pyarrow() if parquet is None else parquet) else ("csv",)
    with source_of(url, store, register, token) as kept, kept.look() as rows:
        frames = {"lpr_a": lpr_a, "lpr_f": lpr_f, "lpr3": lpr_f, "lpr2": lpr2}[layout].frames(rows, kept.codes)
        for path in frame.write(frames, folder, wanted):
            click.echo(path)


def source_of(url: str | None, store: str | None, register: str, token: str) -> AbstractContextManager[Register]:
    """Return a register with the data of a store, or of the running register at ``url`` or else at ``default_url()``.

    Raise UsageError if both a store and a URL are given, SettingError if ``store`` is not a TinyDB folder.
    """
    from mockregister.codes.tables import CodeTables
    from mockregister.export.source import copy_of

    if store and url:
        raise click.UsageError("Give either --url for a running register, or --store for one that is not running.")
    if store:
        return _kept_in(store, register)
    return closing(copy_of(Server(url or default_url(), register, token), CodeTables.load()))


def _kept_in(store: str, register: str) -> AbstractContextManager[Register]:
    from mockregister.cli.offline import open_stored

    settings = settings_module.load({"store": store}, {})
    if settings.store_dir is None:
        raise SettingError(f"--store: '{without_password(store)}' is not a TinyDB folder; write tinydb:DIR, or use --url.")
    return open_stored(settings, register or "default")


def _has_pyarrow() -> bool:
    from importlib.util import find_spec

    return find_spec("pyarrow") is not None
