"""``mockregister demo``: a register with synthetic patients receives an example document, and keeps running."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from threading import Thread

import click

from mockregister import safexml
from mockregister import settings as settings_module
from mockregister.cli.printing import fitting, outline, show
from mockregister.cli.serve import run, setting_options
from mockregister.cli.submit import print_outcome
from mockregister.client import Client, Sending, write_request
from mockregister.document import reader
from mockregister.envelope import mime
from mockregister.server import Server
from mockregister.settings import Settings

SENDING = Sending(service="save-if-no-errors")
SHOWN = 30  # most lines that are shown of each part of a message


@click.command()
@setting_options
def demo(config: Path | None, **flags: str | None) -> None:
    """Start the register with the seed demo, submit an example document, show request, answer and stored data, and keep running.

    --seed names another seed, or none.
    """
    settings = settings_module.load(flags, file=config)
    if settings.seed == Settings.seed and flags["seed"] is None:
        settings = replace(settings, seed="demo")
    run(settings, lambda url: Thread(target=play, args=(url, settings.admin_token), daemon=True).start())


def example() -> bytes:
    """Return the first of the example documents that the package ships."""
    folder = resources.files("mockregister.document") / "examples"
    return min(folder.iterdir(), key=lambda file: file.name).read_bytes()


def play(url: str, token: str = "") -> None:
    """Submit the example to the register at ``url``, whose admin token is ``token``, and show what happens."""
    headers, body = write_request([example()], SENDING)
    _section("The request: a SOAP envelope and a clinical document, packed by MTOM")
    _show(f"POST {url}{SENDING.path}", headers, body)
    answer = Client(url).post(SENDING.path, headers, body)
    _section("The answer")
    _show(f"HTTP {answer.http_status}", answer.headers, answer.raw)
    print_outcome("What it says", answer)
    show(answer.findings, [example()])
    _section("The episode of care that the register now holds")
    first = reader.read(safexml.parse(example())).document.episodes[0]
    episode = f"/api/v1/episodes-of-care/{first.id.extension}"
    server = Server(url, token=token)
    for line in _stored(server, episode):
        click.echo(fitting(line))
    _section("Everything that the register holds, with its seed")
    registers = json.loads(server.exchange("GET", "/__admin/registers", {}).data)["registers"]
    stored = next(register["stored"] for register in registers if register["name"] == "default")
    click.echo(fitting(f"{', '.join(f'{number} {label}' for label, number in stored.items())}: {url}/patients lists them"))
    click.echo(f"\nThe register keeps running: try {url}/ in a browser, or\n  curl {url}{episode}\nCtrl-C stops it.")


def _stored(server: Server, path: str) -> Iterator[str]:
    answer = server.exchange("GET", path, {})
    content = json.loads(answer.data)
    if answer.status == HTTPStatus.OK:
        yield from outline(content)
    else:
        yield f"none: {content['detail']}"


def _show(first: str, headers: Mapping[str, str], body: bytes) -> None:
    """Print a message: its head, then the head of each part and the beginning of its content."""
    kind = {name.lower(): value for name, value in headers.items()}.get("content-type", "")
    _lines(first, f"Content-Type: {kind}")
    if not kind.startswith("multipart/"):
        _lines("", *body.decode(errors="replace").splitlines())
        return
    package = mime.read(kind, body)
    for part in (package.root, *package.attachments.values()):
        click.echo()
        _lines(*(f"{name}: {value}" for name, value in part.headers.items()))
        lines = safexml.indented(safexml.parse(part.content)).splitlines()
        _lines(*lines[:SHOWN], *([f"… and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []))


def _lines(*lines: str) -> None:
    for line in lines:
        click.echo(fitting(f"  {line}"))


def _section(title: str) -> None:
    click.secho(f"\n{title}", bold=True)
