"""``mockregister export``: what is stored, as LPR3's or LPR2's tables."""

from __future__ import annotations

from pathlib import Path

import click

from mockregister import settings as settings_module
from mockregister.errors import SettingError
from mockregister.settings import store_address


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "layout", type=click.Choice(["lpr3", "lpr2"]), required=True, help="Whose tables and column names.")
@click.option("--store", metavar="tinydb:DIR", help="Read a store that no server has open.")
@click.option("--url", metavar="URL", help="Read a running register.")
@click.option("--register", default="", metavar="NAME", help="Which register.  [default: the default one]")
@click.option("--parquet/--no-parquet", default=None, help="Parquet beside CSV.  [default: where pyarrow is installed]")
def export(folder: Path, layout: str, store: str | None, url: str | None, register: str, parquet: bool | None) -> None:
    """Write what is stored as tables into DIR, CSV and Parquet."""
    from mockregister.codes.tables import CodeTables
    from mockregister.export import frame, lpr2, lpr3, source

    if bool(store) is bool(url):
        raise SettingError("Say where the register is: either --store tinydb:DIR or --url URL.")
    codes = CodeTables.load()
    state = source.told_by(url, register, codes) if url else source.kept_in(_settings(store or ""), register or "default")
    frames = {"lpr3": lpr3, "lpr2": lpr2}[layout].frames(state, codes)
    wanted = ("csv", "parquet") if (_has_pyarrow() if parquet is None else parquet) else ("csv",)
    for path in frame.write(frames, folder, wanted):
        click.echo(path)


def _settings(store: str) -> settings_module.Settings:
    settings = settings_module.load({"store": store}, {})
    if settings.store_dir is None or not settings.store_dir.is_dir():
        raise SettingError(f"--store: there is no store in '{store_address(store)}'; write tinydb:DIR with an existing folder.")
    return settings


def _has_pyarrow() -> bool:
    from importlib.util import find_spec

    return find_spec("pyarrow") is not None
