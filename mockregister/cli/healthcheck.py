"""``mockregister healthcheck``: exit code 0 when a register is ready, 1 when not; made for container health checks."""

from __future__ import annotations

import os
from contextlib import closing
from http.client import HTTPConnection, HTTPException

import click

from mockregister.settings import PREFIX, Settings

URL_HELP = "Base URL of the register.  [default: port MOCKREGISTER_PORT, or 8080, of this machine]"


def default_url() -> str:
    """Where a register started with this environment is reached from this machine."""
    port = os.environ.get(PREFIX + "PORT", str(Settings.port))
    return f"http://127.0.0.1:{port}"


@click.command()
@click.option("--url", default=default_url, metavar="URL", help=URL_HELP)
@click.option("--timeout", default=2.0, show_default=True, metavar="SECONDS", help="How long to wait for an answer.")
@click.pass_context
def healthcheck(context: click.Context, url: str, timeout: float) -> None:
    """Say whether a register is up: exit code 0 when it is ready to take submissions, 1 when not."""
    sentence = problem(url, timeout)
    click.echo(sentence or f"{url} is ready", err=bool(sentence))
    context.exit(1 if sentence else 0)


def problem(url: str, timeout: float) -> str:
    """What keeps the register at ``url`` from being ready; empty when nothing does."""
    host = url.removeprefix("http://").rstrip("/")
    try:
        with closing(HTTPConnection(host, timeout=timeout)) as connection:
            connection.request("GET", "/readyz")
            status = connection.getresponse().status
    except (OSError, HTTPException, ValueError) as error:
        return f"{url} does not answer: {error}"
    return "" if status == 200 else f"{url} is not ready: HTTP {status}"
