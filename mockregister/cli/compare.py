"""``mockregister compare``: show whether two registers or editions judge documents in the same way."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from mockregister.cli.idcard import FOLDER, HOLDERS
from mockregister.cli.submit import SERVICE

if TYPE_CHECKING:
    from mockregister.comparing.comparison_forms import Compared
    from mockregister.comparing.judging import Judge

EDITION = "edition:"
FORMATS = click.Choice(["text", "json", "junit", "markdown"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SAME, DIFFERENT, NOT_COMPARED = 0, 1, 2

yes_option = click.option("--yes", is_flag=True, help="Allow sending to a host that is not this machine.")
format_option = click.option("--format", "form", type=FORMATS, default="text", show_default=True, help="Form of the output.")
texts_option = click.option("--texts", is_flag=True, help="Also compare the texts of findings.")


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.argument("sources", nargs=-1, required=True, metavar="FILES|DIR|SEED|URL")
@click.option("--service", type=SERVICE, default="validate", show_default=True, help="The service; validate stores nothing.")
@click.option("--together", is_flag=True, help="Send all documents as one submission.")
@texts_option
@format_option
@click.option("--pki", metavar="DIR", type=FOLDER, help="Folder of `mockregister pki init`: fetch an ID card from the STS first.")
@click.option("--as", "holder", type=HOLDERS, default="system", show_default=True, help="The holder of the ID card, with --pki.")
@click.option("--idcard", type=FILE, metavar="FILE", help="The ID card to send, as XML.")
@click.option("--client-cert", type=FILE, metavar="FILE", help="PEM file with the client certificate and its key.")
@click.option("--clock", metavar="ISO8601", help="The moment at which an edition judges.  [default: now]")
@yes_option
@click.pass_context
def compare(
    context: click.Context,
    /,
    a: str,
    b: str,
    sources: tuple[str, ...],
    service: str,
    together: bool,
    texts: bool,
    form: str,
    clock: str | None,
    yes: bool,
    **connection: Any,
) -> None:
    """Show which documents A and B judge differently.

    A and B are addresses of registers, or edition:NAME. The documents are files, those of a folder, of a seed, or of the
    register at a URL. Each document goes to A and B, and the findings are compared by level, code or rule, severity and place.
    Exit code 0 if all findings are the same, 1 if some differ, 2 if an answer is missing.
    """
    from mockregister.comparing import sources as of_source
    from mockregister.comparing.answers import compared
    from mockregister.comparing.comparison_forms import Compared

    certificate = {name: connection[name] for name in ("pki", "client_cert")}
    found = list(chain.from_iterable(of_source.documents(source, **certificate) for source in sources))
    if not found:
        raise click.UsageError(f"There are no documents in {', '.join(repr(source) for source in sources)}.")
    contents = [content for _, content in found]
    for where in (a, b):
        confirm_sending(where, f"{_counted(contents)}, for the service {service}", yes)
    judges = [_judge(where, service, clock, **connection) for where in (a, b)]
    submissions = [("all together", contents)] if together else [(name, [content]) for name, content in found]
    answers = compared(judges[0], judges[1], submissions, texts=texts, stored=service != "validate")
    print_and_exit(context, Compared(a, b, list(answers)), form)


def print_and_exit(context: click.Context, compared: Compared, form: str) -> None:
    """Print the comparison, and exit with its exit code."""
    from mockregister.comparing.comparison_forms import FORMATS

    click.echo(FORMATS[form](compared))
    context.exit(NOT_COMPARED if compared.failed else DIFFERENT if compared.differing else SAME)


def confirm_sending(where: str, content: str, yes: bool) -> None:
    """Print what will be sent to a host that is not this machine. Raise UsageError unless ``yes`` allows sending."""
    if where.startswith(EDITION) or _is_here(where):
        return
    click.echo(f"to be sent to {where}: {content}", err=True)
    if not yes:
        raise click.UsageError(
            f"{urlsplit(where).hostname or where} is not this machine: nothing was sent; add --yes to send it."
        )


def _is_here(url: str) -> bool:
    host = urlsplit(url if "://" in url else f"http://{url}").hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _counted(contents: Sequence[bytes]) -> str:
    """Return the number of documents and of their patients, in words."""
    from mockregister.document.header import summarize

    patients = {number for content in contents for number in summarize(content).patients}
    return f"{_plural(len(contents), 'document')} about {_plural(len(patients), 'patient')}"


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _judge(
    where: str,
    service: str,
    clock: str | None,
    pki: Path | None = None,
    holder: str = "system",
    idcard: Path | None = None,
    client_cert: Path | None = None,
) -> Judge:
    from mockregister import settings as settings_module
    from mockregister.client import Client
    from mockregister.comparing.judging import SERVICES, EditionJudge, RegisterJudge
    from mockregister.envelope.soap import XML_DECLARATION
    from mockregister.mocking.editions import edition_of

    if where.startswith(EDITION):
        edition = edition_of(where.removeprefix(EDITION))
        return EditionJudge(edition, settings_module.load({"clock": clock}), SERVICES[service])
    card = XML_DECLARATION.sub("", idcard.read_text("utf-8")) if idcard else ""  # the signature covers what remains
    client = Client(where, pki=pki, holder=holder, client_cert=client_cert, service=service, card=card)
    return RegisterJudge(where, client)
