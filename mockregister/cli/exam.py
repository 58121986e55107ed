"""``mockregister exam``: stories that a record system has to report, and the verdict on its reports."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from mockregister.cli.healthcheck import URL_HELP, default_url, token_option
from mockregister.errors import MockRegisterError
from mockregister.server import NoAnswer, Server

if TYPE_CHECKING:
    from mockregister.mocking.sitting import Sitting, WrittenStory

LONG = 600.0  # seconds to wait for the start of a sitting: the register tries a user's own stories before it accepts them
EXISTING = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
url_option = click.option("--url", default=default_url, metavar="URL", help=URL_HELP)
language_option = click.option(
    "--language", type=click.Choice(["da", "en"]), default="en", show_default=True, help="Language of sheet and verdict."
)
out_option = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="File to write the verdict to.  [default: print it]",
)
units_option = click.option(
    "--units", type=FILE, metavar="CSV", help="CSV file with the columns role and sor_id: the units of the examined system."
)


class ExamRefused(MockRegisterError):
    """The register refused a request about an exam."""


@click.group()
def exam() -> None:
    """Examine a record system: give it stories to report, and judge what reached the register."""


@exam.command()
@click.argument("name")
@click.option(
    "--stories", multiple=True, metavar="NAME|DIR|FILE", help="Shipped stories by name, or your own.  [default: all shipped ones]"
)
@units_option
@click.option("--sheet", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the sheet here, as HTML.")
@language_option
@url_option
@token_option
def start(
    name: str, stories: tuple[str, ...], units: Path | None, sheet: Path | None, language: str, url: str, token: str
) -> None:
    """Start a sitting: one run of the exam, in the register /r/NAME/ of a running server."""
    shipped, own = _chosen(stories)
    roles = _roles(units, shipped, own)
    body = {
        "name": name,
        "stories": shipped,
        "own": [{"file": story.file, "text": story.text} for story in own],
        "roles": {role: list(values) for role, values in roles.items()},
    }
    server = Server(url, token=token, timeout=LONG)
    told = json.loads(_asked(server, "POST", "", body))
    noun = "story" if told["stories"] == 1 else "stories"
    click.echo(f"{told['stories']} {noun}, day 0 is {told['day0']}; report to {told['url']}")
    if before := told["reported_before"]:
        number = f"{before} report{'' if before == 1 else 's'}"
        click.echo(f"The register '{name}' already has {number} about these people, and the verdict counts them.")
        click.echo(f"To begin without them, reset the register: POST {told['url']}__admin/reset")
    if sheet:
        sheet.write_bytes(_asked(server, "GET", f"/{quote(name, safe='')}/sheet?language={language}"))
        click.echo(f"sheet: {sheet}")
    else:
        click.echo(f"sheet: {url.rstrip('/')}/exams/{quote(name, safe='')}/sheet")


@exam.command()
@click.argument("name")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit", "html"]),
    default="text",
    show_default=True,
    help="Form of the verdict.",
)
@out_option
@language_option
@url_option
@token_option
@click.pass_context
def check(context: click.Context, name: str, form: str, out: Path | None, language: str, url: str, token: str) -> None:
    """Show the verdict on a sitting so far. Exit code 0 if every expectation is met, 1 if not."""
    context.exit(_print_verdict(Server(url, token=token), name, form, out, language))


@exam.command()
@click.argument("name")
@click.option("--stories", multiple=True, metavar="NAME", help="Report only these stories.  [default: all of the sitting]")
@url_option
@token_option
@click.pass_context
def sit(context: click.Context, name: str, stories: tuple[str, ...], url: str, token: str) -> None:
    """Report the stories of a sitting in place of the examined system; show the answers and the verdict."""
    from mockregister.mocking.sitting import Sitting
    from mockregister.model.plain import from_plain

    server = Server(url, token=token)
    told = json.loads(_asked(server, "GET", f"/{quote(name, safe='')}/sitting"))
    sitting, wanted = from_plain(Sitting, told["sitting"]), {story for names in stories for story in names.split(",")}
    known = {patient.story for patient in sitting.patients}
    if wanted - known:
        raise click.BadParameter(f"'{min(wanted - known)}' is not a story of this sitting.", param_hint="--stories")
    _report(sitting, datetime.fromisoformat(told["now"]), wanted or known, url, name)
    context.exit(_print_verdict(server, name, "text", None, "en"))


@exam.command()
@click.argument("name")
@url_option
@token_option
def end(name: str, url: str, token: str) -> None:
    """End a sitting; what its register holds is not changed."""
    _asked(Server(url, token=token), "DELETE", f"/{quote(name, safe='')}")


@exam.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def new(file: Path) -> None:
    """Write a story as a starting point to FILE, whose name must end in .yml."""
    from mockregister.exam.library import template

    if file.suffix != ".yml":
        raise click.BadParameter(f"'{file}' does not end in .yml, as the name of a story must.", param_hint="FILE")
    if file.exists():
        raise click.BadParameter(f"'{file}' exists already; choose another name.", param_hint="FILE")
    file.write_text(template(), "utf-8")
    click.echo(f"{file}: check it with mockregister exam lint {file}")


@exam.command()
@click.argument("files", nargs=-1, required=True, type=EXISTING, metavar="FILE|DIR...")
@units_option
@click.pass_context
def lint(context: click.Context, files: tuple[Path, ...], units: Path | None) -> None:
    """Show errors in stories, with file and line.

    Errors are a wrong form, contradictions, unknown codes and units, and expectations that cannot fail. Exit code 0 if there are
    none, 1 if there are.
    """
    from mockregister.clock import COPENHAGEN
    from mockregister.codes.tables import CodeTables
    from mockregister.exam.notation import FaultyStory
    from mockregister.exam.spoiling import problems_of

    _, own = _chosen(map(str, files))
    tables, now = CodeTables.load(), datetime.now(COPENHAGEN)
    try:
        roles = _roles(units, [], own)
        found = [problem for story in own for problem in problems_of(story, now, tables, roles)]
    except FaultyStory as error:
        found = error.problems
    for problem in found:
        click.echo(str(problem))
    context.exit(1 if found else 0)


def _chosen(stories: Iterable[str]) -> tuple[list[str], list[WrittenStory]]:
    """Return the names of shipped stories, and the user's own stories."""
    from mockregister.exam.library import of_file, of_folder

    shipped: list[str] = []
    own: list[WrittenStory] = []
    for written in stories:
        path = Path(written)
        if path.is_dir():
            own += of_folder(path)
        elif path.suffix in (".yml", ".yaml"):
            own.append(of_file(path))
        else:
            shipped += [name for name in written.split(",") if name]
    return shipped, own


def _roles(units: Path | None, shipped: list[str], own: list[WrittenStory]) -> dict[str, tuple[str, ...]]:
    """Return the units and codes of each role in the file ``units``. Raise FaultyStory, which names file and line."""
    from mockregister.exam.library import chosen, stories_of
    from mockregister.exam.units import read_roles

    if units is None:
        return {}
    stories = stories_of((*(chosen(shipped) if shipped or not own else ()), *own))
    return read_roles(units.name, units.read_text("utf-8-sig"), stories)


def _report(sitting: Sitting, now: datetime, stories: set[str], url: str, register: str) -> None:
    from mockregister.client import Client
    from mockregister.exam.answering import answers

    client = Client(url, register=register, service="save")
    for story, documents in answers(sitting, now):
        if story in stories:
            answer = [client.submit([document]) for document in documents]
            click.echo(f"{story}: {', '.join(each.status or str(each.http_status) for each in answer)}")


def _print_verdict(server: Server, name: str, form: str, out: Path | None, language: str) -> int:
    """Print the verdict, or write it to ``out``. Return 0 if every expectation is met, else 1."""
    path = f"/{quote(name, safe='')}?language={language}"
    told = json.loads(_asked(server, "GET", path))
    content = _asked(server, "GET", f"{path}&format={form}")
    if out:
        out.write_bytes(content)
    else:
        click.echo(content.decode())
    is_met = (each["standing"] == "met" for story in told["stories"] for each in story["expectations"])
    return 0 if all(is_met) else 1


def _asked(server: Server, method: str, path: str, body: Any = None) -> bytes:
    """Return the answer to a request about exams. Raise ExamRefused with the register's reasons, NoAnswer if none can be read."""
    content = None if body is None else json.dumps(body).encode()
    answer = server.exchange(method, f"/__admin/exams{path}", {"Content-Type": "application/json"}, content)
    if answer.status < HTTPStatus.BAD_REQUEST:
        return bytes(answer.data)
    try:
        problem = json.loads(answer.data)
        told = [f"{error['field']}: {error['detail']}" for error in problem.get("errors", ())]
        raise ExamRefused("\n".join(told) or problem["detail"])
    except (ValueError, KeyError, TypeError) as error:
        raise NoAnswer(f"{server.host} answered {answer.status}; is that a mockregister?") from error
