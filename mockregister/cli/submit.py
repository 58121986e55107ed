"""``mockregister submit``: send documents to a running register and read the answer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from mockregister.cli.healthcheck import URL_HELP, default_url, token_option
from mockregister.cli.idcard import FOLDER, HOLDERS
from mockregister.cli.printing import coloured, show
from mockregister.client import SERVICES, Answer, Client, NoAnswer
from mockregister.errors import NoCard

SERVICE = click.Choice(list(SERVICES))
SUCCESS, FAILURE, NO_ANSWER = 0, 1, 2
NOTHING_FOUND = ", though nothing is wrong: the real Validate never says Success, a helpful one does (--validate-status)"


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", default=default_url, metavar="URL", help=URL_HELP)
@click.option("--service", type=SERVICE, default="save-if-no-errors", show_default=True, help="Which of the three services.")
@click.option("--register", default="", metavar="NAME", help="Name of the register.  [default: the one without /r/NAME]")
@token_option
@click.option("--soap", "version", type=click.Choice(["1.1", "1.2"]), default="1.2", show_default=True, help="Version of SOAP.")
@click.option("--pki", metavar="DIR", type=FOLDER, help="Folder of `mockregister pki init`: fetch an ID card from the STS first.")
@click.option("--as", "holder", type=HOLDERS, default="system", show_default=True, help="Whose ID card, with --pki.")
@click.option("--together", is_flag=True, help="Send all files as one submission: all are kept, or none.")
@click.option("--raw", is_flag=True, help="Print the answer as it came.")
@click.pass_context
def submit(
    context: click.Context,
    files: tuple[Path, ...],
    url: str,
    service: str,
    register: str,
    token: str,
    version: str,
    pki: Path | None,
    holder: str,
    together: bool,
    raw: bool,
) -> None:
    """Send documents to a running register, each as a submission of its own.

    Exit code 0 for Success, 1 for Failure, 2 for a fault or no answer; of several, the highest.
    """
    client = Client(url, token=token, pki=pki, holder=holder, service=service, register=register, soap=version)
    groups = [list(files)] if together else [[file] for file in files]
    context.exit(max(_send(client, group, raw) for group in groups))


def _send(client: Client, files: list[Path], raw: bool) -> int:
    names = ", ".join(file.name for file in files)
    contents = [file.read_bytes() for file in files]
    try:
        answer = client.submit(contents)
    except (NoAnswer, NoCard) as error:
        click.echo(f"{names}: {error}", err=True)
        return NO_ANSWER
    if raw:
        sys.stdout.buffer.write(answer.raw)
        sys.stdout.buffer.flush()
    else:
        tell(names, answer, contents)
    return exit_code(answer)


def tell(names: str, answer: Answer, contents: Sequence[bytes]) -> None:
    """Print the answer to a submission of these documents for a person."""
    if answer.status:
        found_nothing = answer.status == "Failure" and not answer.findings
        click.echo(f"{names}: {coloured(answer.status)}{NOTHING_FOUND if found_nothing else ''}")
        show(answer.findings, contents)
    else:
        fault = answer.fault
        said = f"fault: {fault.reason} {fault.hint}".rstrip() if fault else f"HTTP {answer.http_status}, no SOAP"
        click.echo(f"{names}: {said}", err=True)


def exit_code(answer: Answer) -> int:
    """0 Success, 1 Failure, 2 for an answer that is neither: a fault, or some front end's page."""
    return {"Success": SUCCESS, "Failure": FAILURE}.get(answer.status, NO_ANSWER)
