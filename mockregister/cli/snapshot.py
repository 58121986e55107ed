"""``mockregister snapshot``: save what a running register holds to a file, and load such a file, with any store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import click

from mockregister.cli.healthcheck import URL_HELP, default_url, token_option
from mockregister.server import NoAnswer, Server

url_option = click.option("--url", metavar="URL", default=default_url, help=URL_HELP)
register_option = click.option(
    "--register", default="", metavar="NAME", help="Name of the register.  [default: the one without /r/NAME]"
)


@click.group()
def snapshot() -> None:
    """Save what a register holds to a file, and load such a file."""


@snapshot.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@url_option
@register_option
@token_option
def save(file: Path, url: str, register: str, token: str) -> None:
    """Save to FILE what a running register holds now."""
    server = Server(url, register, token)
    with _checkpoint(server) as path:
        asked(server, "PUT", path)
        file.write_bytes(asked(server, "GET", f"{path}/content"))
    click.echo(file)


@snapshot.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@url_option
@register_option
@token_option
def load(file: Path, url: str, register: str, token: str) -> None:
    """Replace what a running register holds by the content of FILE."""
    server = Server(url, register, token)
    with _checkpoint(server) as path:
        told = json.loads(asked(server, "PUT", f"{path}/content", file.read_bytes()))
        for difference in told["differences"]:
            click.echo(difference, err=True)
        asked(server, "POST", f"{path}/restore")
    click.echo(", ".join(f"{number} {label}" for label, number in told["stored"].items()))


@contextmanager
def _checkpoint(server: Server) -> Iterator[str]:
    """Yield the path of a new checkpoint, which is deleted at the end of the block."""
    path = f"/__admin/checkpoints/snapshot-{uuid4().hex}"
    try:
        yield path
    finally:
        server.exchange("DELETE", path, {})


def asked(server: Server, method: str, path: str, content: bytes | None = None) -> bytes:
    """Return the answer to a request. Raise NoAnswer, with the register's reason, if it refuses."""
    answer = server.exchange(method, path, {"Content-Type": "application/gzip"} if content else {}, content)
    if answer.status in (HTTPStatus.OK, HTTPStatus.CREATED):
        return bytes(answer.data)
    try:
        why = json.loads(answer.data)["detail"]
    except (ValueError, KeyError, TypeError):
        why = "is that a mockregister?"
    raise NoAnswer(f"{server.host} answered {answer.status}: {why}")
