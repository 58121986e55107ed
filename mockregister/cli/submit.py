"""``mockregister submit``: send documents to a running register and show the answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from mockregister.cli import needs, reports
from mockregister.cli.healthcheck import URL_HELP, default_url, token_option
from mockregister.cli.idcard import FOLDER, HOLDERS
from mockregister.cli.printing import coloured, placed
from mockregister.cli.reports import FileReport
from mockregister.cli.validate import FORMAT, LANGUAGE
from mockregister.client import SERVICES, Answer, Client, NoAnswer
from mockregister.document.header import summarize
from mockregister.errors import NoCard
from mockregister.validation.explaining.explanation import ExplainedFinding

SERVICE = click.Choice(list(SERVICES))
NEEDED = click.Path(exists=True, dir_okay=False, path_type=Path)
SUCCESS, FAILURE, NO_ANSWER = 0, 1, 2
EXCHANGE_HEADER = "x-mock-exchange"
NOTHING_FOUND = ", though nothing is wrong: Validate answers Success only if the server runs with --validate-status helpful"


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", default=default_url, metavar="URL", help=URL_HELP)
@click.option("--service", type=SERVICE, default="save-if-no-errors", show_default=True, help="Which of the three services.")
@click.option("--register", default="", metavar="NAME", help="Name of the register.  [default: the one without /r/NAME]")
@token_option
@click.option("--soap", "version", type=click.Choice(["1.1", "1.2"]), default="1.2", show_default=True, help="Version of SOAP.")
@click.option("--pki", metavar="DIR", type=FOLDER, help="Folder of `mockregister pki init`: fetch an ID card from the STS first.")
@click.option("--as", "holder", type=HOLDERS, default="system", show_default=True, help="The holder of the ID card, with --pki.")
@click.option("--with", "needed", metavar="FILE", type=NEEDED, help="Set up the register first as this file says.")
@click.option("--together", is_flag=True, help="Send all files as one submission: all are stored, or none.")
@click.option("--explain", is_flag=True, help="Explain each finding; of findings with the same cause only one is shown.")
@click.option("--language", type=LANGUAGE, default="en", show_default=True, help="Language of explanations.")
@click.option("--xpath", is_flag=True, help="Show places as the XPaths of answers, not as short paths.")
@click.option("--format", "form", type=FORMAT, default="text", show_default=True, help="Form of the output.")
@click.option("--raw", is_flag=True, help="Print the answer as it arrived.")
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
    needed: Path | None,
    together: bool,
    explain: bool,
    language: str,
    xpath: bool,
    form: str,
    raw: bool,
) -> None:
    """Send documents to a running register, each as its own submission.

    Exit code 0 for Success, 1 for Failure, 2 for a fault or no answer; for several, the highest. --with takes the register.json
    that `mockregister generate --breaking` writes: the register's clock, tables and rules are set, and stay so until a reset.
    """
    client = Client(url, token=token, pki=pki, holder=holder, service=service, register=register, soap=version)
    groups = [list(files)] if together else [[file] for file in files]
    asked = language if explain else ""
    in_turn = _in_turn(groups, needed, f"{url.rstrip('/')}{client.sending.base}", token)
    if form == "text":
        context.exit(max(_send(client, group, raw, asked, reports.TextForm(xpath, explain, language)) for group in in_turn))
    told = [_reported(client, group, asked) for group in in_turn]
    click.echo(reports.FORMATS[form]([report for _, group in told for report in group]))
    context.exit(max(code for code, _ in told))


def _in_turn(groups: list[list[Path]], needed: Path | None, base: str, token: str) -> Iterator[list[Path]]:
    """Yield the files of each submission, after setting up the register as the file ``needed`` says."""
    if needed is None:
        yield from groups
        return
    from mockregister.testing import Admin

    admin, setup = Admin(base, token), needs.read(needed)
    click.echo(f"set up the register: {'; '.join(needs.set_up(admin, setup)) or 'nothing to set'}", err=True)
    yield from groups[:-1]
    needs.edit_by_hand(admin, setup)
    yield groups[-1]


def _reported(client: Client, files: list[Path], language: str) -> tuple[int, list[FileReport]]:
    """Send files as one submission, and return the exit code and a report for each file."""
    contents = [file.read_bytes() for file in files]
    try:
        answer = client.submit(contents)
    except (NoAnswer, NoCard) as error:
        return NO_ANSWER, [reports.FileReport(file, str(error), (), failed=True) for file in files]
    found = _explained(client, answer, contents, language)
    return exit_code(answer), list(_reports(files, contents, answer, found, _link(client, answer), language or "en"))


def _explained(client: Client, answer: Answer, contents: Sequence[bytes], language: str) -> list[ExplainedFinding]:
    """Return the findings of an answer, with explanations from the register's journal unless ``language`` is empty."""
    findings, exchange = list(placed(answer.findings, contents)), answer.headers.get(EXCHANGE_HEADER, "")
    told = client.explanations(exchange, language) if language and exchange and findings else []
    if len(told) != len(findings):
        return [reports.unexplained(finding, number) for number, finding in enumerate(findings, 1)]
    return [reports.explained_by(finding, explanation) for finding, explanation in zip(findings, told, strict=True)]


def _reports(
    files: Sequence[Path],
    contents: Sequence[bytes],
    answer: Answer,
    found: Sequence[ExplainedFinding],
    link: str,
    language: str,
) -> Iterator[FileReport]:
    """Yield a report for each file; the first also has the findings that are about no document among them."""
    ids = [summarize(content).id.lower() for content in contents]
    for number, (file, content) in enumerate(zip(files, contents, strict=True)):
        places = reports.PlacesOf(content, language)
        about = [
            explained
            for explained in found
            if (document := explained.finding.document.lower()) == ids[number] or (number == 0 and document not in ids)
        ]
        placed = tuple(map(places.placed, about))
        yield reports.FileReport(file, _outcome(answer), placed, link, failed=exit_code(answer) != SUCCESS)


def _link(client: Client, answer: Answer) -> str:
    """Return the address of the exchange's page at the register; empty if the answer does not name the exchange."""
    exchange = answer.headers.get(EXCHANGE_HEADER, "")
    return f"{client.url.rstrip('/')}{client.sending.base}/exchanges/{exchange}" if exchange else ""


def _send(client: Client, files: list[Path], raw: bool, language: str, form: reports.TextForm) -> int:
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
        print_outcome(names, answer)
        link = _link(client, answer)
        for report in _reports(files, contents, answer, _explained(client, answer, contents, language), link, form.language):
            for line in reports.findings_of(report, form):
                click.echo(line)
        if link:
            click.echo(f"    {form.words['see']} {link}")
    return exit_code(answer)


def print_outcome(names: str, answer: Answer) -> None:
    """Print the outcome of a submission."""
    if answer.status:
        found_nothing = answer.status == "Failure" and not answer.findings
        click.echo(f"{names}: {coloured(answer.status)}{NOTHING_FOUND if found_nothing else ''}")
    else:
        click.echo(f"{names}: {_outcome(answer)}", err=True)


def _outcome(answer: Answer) -> str:
    """Return the outcome of a submission: the status, the fault, or the HTTP status of an answer without SOAP."""
    fault = answer.fault
    if answer.status:
        return answer.status
    return f"fault: {fault.reason} {fault.hint}".rstrip() if fault else f"HTTP {answer.http_status}, no SOAP"


def exit_code(answer: Answer) -> int:
    """Return 0 for Success, 1 for Failure, 2 for another answer: a fault, or the page of a front end."""
    return {"Success": SUCCESS, "Failure": FAILURE}.get(answer.status, NO_ANSWER)
