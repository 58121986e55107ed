"""``mockregister healthcheck``: exit code 0 when a register is ready, 1 when not; made for container health checks."""

from __future__ import annotations

import os
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

import click

from mockregister.server import NoAnswer, Server
from mockregister.settings import PREFIX, Settings, variables

if TYPE_CHECKING:
    from ssl import SSLContext

TOKEN_HELP = "Admin token of the register, if it has one.  [default: MOCKREGISTER_ADMIN_TOKEN]"
URL_HELP = "Base URL of the register.  [default: MOCKREGISTER_URL, or this machine at port MOCKREGISTER_PORT or 8080]"

token_option = click.option("--token", default="", envvar=f"{PREFIX}ADMIN_TOKEN", metavar="TOKEN", help=TOKEN_HELP)


def default_url() -> str:
    """Return the register's URL from the environment, or the local URL of a register started with this environment."""
    environment = variables(os.environ)
    local = f"{'https' if environment.get('TLS_CERT') else 'http'}://127.0.0.1:{environment.get('PORT', Settings.port)}"
    return environment.get("URL") or local


@click.command()
@click.option("--url", default=default_url, metavar="URL", help=URL_HELP)
@click.option("--pki", envvar=f"{PREFIX}PKI", metavar="DIR", help="PKI folder with the client certificate, for mTLS.")
@click.option("--timeout", default=2.0, show_default=True, metavar="SECONDS", help="How long to wait for an answer.")
@click.pass_context
def healthcheck(context: click.Context, url: str, pki: str | None, timeout: float) -> None:
    """Check whether a register is ready: exit code 0 if it can take submissions, 1 if not."""
    sentence = problem(url, timeout, pki)
    click.echo(sentence or f"{url} is ready", err=bool(sentence))
    context.exit(1 if sentence else 0)


def problem(url: str, timeout: float, pki: str | None = None) -> str:
    """Return why the register at ``url`` is not ready; the text is empty if it is ready."""
    try:
        with catch_warnings():
            simplefilter("ignore")  # urllib3 warns of an unverified certificate, which is intended here
            status = Server(url, timeout=timeout, context=_context(url, pki)).exchange("GET", "/readyz", {}).status
    except NoAnswer as error:
        return str(error)
    return "" if status == HTTPStatus.OK else f"{url} is not ready: HTTP {status}"


def _context(url: str, pki: str | None) -> SSLContext | None:
    """Return the TLS context, None for HTTP. Without a PKI folder, the register's certificate is not verified."""
    if not url.startswith("https://"):
        return None
    from mockregister.tls import client_context, unverified_context

    return client_context(Path(pki)) if pki else unverified_context()
