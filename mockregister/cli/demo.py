"""``mockregister demo``: the main job, shown: a register starts, takes an example document, and stays up."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from threading import Thread

import click

from mockregister import settings as settings_module
from mockregister.cli.printing import coloured, show
from mockregister.cli.serve import run, setting_options
from mockregister.client import Client, Sending, write_request

SHOWN = 1200  # characters of a request or answer that fit a screen


@click.command()
@setting_options
def demo(config: Path | None, **flags: str | None) -> None:
    """Start the register, submit an example document, show request, answer and stored episode, and stay up."""
    run(settings_module.load(flags, file=config), lambda url: Thread(target=play, args=(url,), daemon=True).start())


def example() -> bytes:
    """The example document that the package ships."""
    folder = resources.files("mockregister.document") / "examples"
    return min(folder.iterdir(), key=lambda file: file.name).read_bytes()


def play(url: str) -> None:
    """Submit the example to the register at ``url`` and tell what happens."""
    document = example()
    _, request = write_request([document], Sending(service="save-if-no-errors"))
    _section("The request: SOAP 1.2, the document attached by MTOM", request.decode(errors="replace"))
    answer = Client(url).submit([document], service="save-if-no-errors")
    _section("The answer", answer.raw.decode(errors="replace"))
    click.echo(f"\nStatus: {coloured(answer.status)}")
    show(answer.findings)
    _section("The episode of care that the register now keeps", _stored(url))
    click.echo(f"\nThe register stays up on {url}: try {url}/ in a browser; Ctrl-C stops it.")


def _stored(url: str) -> str:
    import json
    from urllib.request import urlopen

    with urlopen(f"{url}/api/v1/episodes-of-care") as response:
        return json.dumps(json.load(response), indent=2, ensure_ascii=False)


def _section(title: str, text: str) -> None:
    click.echo(f"\n{click.style(title, bold=True)}\n{text[:SHOWN]}{' …' if len(text) > SHOWN else ''}")
