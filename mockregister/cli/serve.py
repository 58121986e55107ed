"""``mockregister serve``: the register, served by gunicorn in the same command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import Field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockregister import settings as settings_module
from mockregister.settings import Settings

if TYPE_CHECKING:
    from mockregister.model import ClinicalDocument

BAR_STEP = 50  # documents; drawing the bar for each would take too long


def setting_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one flag for each setting; ``mockregister.settings`` reads the values and refuses invalid ones."""
    for field in reversed(fields(Settings)):
        command = _option(field)(command)
    config = click.option("--config", type=click.Path(path_type=Path), help="TOML file with settings", metavar="FILE")
    return config(command)


def _option(field: Field[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    flag = "--" + field.name.replace("_", "-")
    alone = {"is_flag": False, "flag_value": field.metadata["flag"]} if field.metadata["flag"] else {}
    return click.option(flag, field.name, metavar="VALUE", help=f"{field.metadata['text']} [{field.metadata['shown']}]", **alone)


@click.command()
@setting_options
def serve(config: Path | None, **flags: str | None) -> None:
    """Start the register and serve it until SIGTERM."""
    run(settings_module.load(flags, file=config))


def run(settings: Settings, when_ready: Callable[[str], None] = lambda url: None) -> None:
    """Serve with ``settings`` until SIGTERM, then exit the process; ``when_ready`` is called with the base URL."""
    from mockregister.cli import gunicorn_server

    def announce(url: str, sftp: str) -> None:
        click.echo(f"mockregister is ready on {url}, for testing only", err=True)
        if not settings.admin_token:
            click.echo(f"{url}/__admin is open to anyone; set an admin token to close it", err=True)
        if sftp:
            click.echo(f"error lists can be fetched at {sftp}", err=True)
        when_ready(url)

    for sentence in settings_module.unknown_variables():
        click.echo(f"mockregister: {sentence}", err=True)
    gunicorn_server.serve(settings, announce, _bar if sys.stderr.isatty() else nullcontext)


def _bar(documents: Sequence[ClinicalDocument]) -> AbstractContextManager[Iterable[ClinicalDocument]]:
    """Return a progress bar for the terminal, which shows how many documents of a seed are loaded."""
    return click.progressbar(documents, label=f"loading {len(documents)} documents", update_min_steps=BAR_STEP, file=sys.stderr)
