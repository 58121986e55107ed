"""``mockregister generate``: write synthetic patients to files, or submit them to a running register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockregister import settings as settings_module
from mockregister.cli import needs as needs_file
from mockregister.clock import COPENHAGEN

if TYPE_CHECKING:
    from mockregister.client import Answer, Client
    from mockregister.model import ClinicalDocument
    from mockregister.synthetic.broken import Broken
    from mockregister.synthetic.generator import Generated

REASONS = 10  # most reasons shown for documents that were not stored: many name a set, so each document may have its own
SENDERS = 2  # threads: one writes documents while the register checks those of the other


def _day(context: click.Context, parameter: click.Parameter, text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else datetime.now(COPENHAGEN).date()
    except ValueError as error:
        raise click.BadParameter(f"'{text}' is not a date; write it as 2026-06-30.") from error


@click.command()
@click.option("--patients", type=click.IntRange(1, 1_000_000), default=200, show_default=True, help="How many patients.")
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Random seed: the same seed and date give the same patients."
)
@click.option("--until", callback=_day, metavar="DATE", help="The last day on which anything happens.  [default: today]")
@click.option(
    "--mistakes", type=click.FloatRange(0, 1), default=0.0, help="Share of the courses of disease that have a typical mistake."
)
@click.option("--scenario", "scenarios", multiple=True, metavar="NAME", help="Only this course of disease; may be repeated.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write the documents here, in order of sending.")
@click.option("--into", metavar="URL", help="Submit to the register at this base URL, each patient's documents together.")
@click.option("--breaking", metavar="RULE_OR_CODE", help="Instead of patients, write the documents that break this rule or code.")
@click.option(
    "--edition", metavar="NAME|DIR", help="With --breaking: a date that `edition list` shows, or a folder of `edition make`."
)
@click.pass_context
def generate(
    context: click.Context,
    patients: int,
    seed: int,
    until: date,
    mistakes: float,
    scenarios: tuple[str, ...],
    out: Path | None,
    into: str | None,
    breaking: str | None,
    edition: str | None,
) -> None:
    """Make synthetic patients; without --out or --into, show a summary only."""
    from mockregister.synthetic import generator

    if breaking:
        if into:
            raise click.UsageError("--breaking writes files: leave out --into, and send them with 'mockregister submit'.")
        _break(breaking, until, out or Path(), edition)
        return
    if edition:
        raise click.UsageError("--edition goes with --breaking: synthetic patients break no rule of any edition.")
    generated = generator.generate(generator.Recipe(patients, seed, until, mistakes, scenarios))
    if out:
        write_files(_named(generated), out)
    if into:
        context.exit(_submit(generated, into))
    if not out:
        _summarize(generated)


def _break(name: str, until: date, folder: Path, edition: str | None) -> None:
    """Write documents that break a rule or a code of an edition, and show what the register needs first."""
    from mockregister.mocking.editions import edition_of
    from mockregister.synthetic.broken import broken

    settings = settings_module.load({"edition": edition})
    judged = edition_of(settings.edition)
    now = datetime.now(COPENHAGEN)
    moment = datetime.combine(until, time(12), COPENHAGEN) if until < now.date() else now
    found = broken(name, judged.codes.tables(settings), moment, judged)
    write_files([(f"{name}-{number}.xml", content) for number, content in enumerate(found.contents(), 1)], folder)
    needs: dict[str, Any] = {"rules_off": list(found.others)} if found.others else {}
    if found.practice:
        codes, units = found.practice.write(folder)
        needs |= {"codes": codes.name, "sor": units.name}
        click.echo(f"the register needs practice tables: --codes {codes} --sor {units}")
    if until < now.date() or found.practice:
        needs["clock"] = moment.isoformat(timespec="minutes")
        click.echo(f"the register needs --clock {moment:%Y-%m-%dT%H:%M}")
    needs |= {"producers": found.producers} if found.producers != "any" else {}
    needs |= {"edited_by_hand": found.by_hand} if found.by_hand else {}
    for need in _needs(found):
        click.echo(need)
    if needs:
        click.echo(f"this sets up a running register: mockregister submit --with {needs_file.write(folder, needs)} ...")


def _needs(found: Broken) -> Iterator[str]:
    """Yield how to send the documents, and what the register needs before them."""
    last = found.submissions[-1]
    if found.others:
        off = ",".join(found.others)
        yield f"the same mistake breaks other rules; to find only {found.name} the register needs --rules-off {off}"
    if found.producers != "any":
        yield f"the register needs --producers {found.producers}"
    if found.by_hand:
        yield f"before the last document, episode of care {found.by_hand} must have been edited by hand"
    if len(last.documents) > 1:
        yield f"the last {len(last.documents)} documents are one submission: mockregister submit --together"
    if last.author is None:
        yield 'the last submission must name no author institution: Client(URL).submit([document], author="")'


def _named(generated: Generated) -> Iterator[tuple[str, bytes]]:
    """Yield the documents with file names that sort in the order of sending."""
    from mockregister.document import writer

    documents = generated.documents()
    digits = len(str(len(documents)))
    for number, document in enumerate(documents, 1):
        yield f"{number:0{digits}}-{document.set_id[:8]}-v{document.version}.xml", writer.write(document)


def write_files(files: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Write named contents into a folder, which is made if it does not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, content in files:
        (folder / name).write_bytes(content)
        count += 1
    click.echo(f"{count} documents in {folder}")


def _submit(generated: Generated, url: str) -> int:
    """Send all documents, with a progress bar. Return the exit code: 1 if the register did not store all of them, else 0."""
    from mockregister.client import Client

    client, refused = Client(url), Counter[str]()
    people = _by_person(generated)
    count = sum(map(len, people))
    with (
        click.progressbar(length=count, label=f"{len(people)} patients, {count} documents") as bar,
        ThreadPoolExecutor(SENDERS) as pool,
    ):
        for documents, answer in zip(people, pool.map(partial(_sent, client), people), strict=True):
            if answer.status != "Success":
                refused[_why(answer)] += len(documents)
            bar.update(len(documents))
    for reason, times in refused.most_common(REASONS):
        click.echo(f"{times} not stored: {reason}", err=True)
    if len(refused) > REASONS:
        click.echo(f"{refused.total()} not stored in all, for {len(refused)} reasons", err=True)
    return 1 if refused else 0


def _by_person(generated: Generated) -> list[list[ClinicalDocument]]:
    """Return the documents of each person in the order in which they were made."""
    from mockregister.synthetic.generator import number_of

    people: dict[str, list[ClinicalDocument]] = {}
    for document in generated.documents():
        people.setdefault(number_of(document), []).append(document)
    return list(people.values())


def _sent(client: Client, documents: Sequence[ClinicalDocument]) -> Answer:
    """Send the documents of one person as one submission, which takes half as long as one submission for each document."""
    from mockregister.document import writer

    return client.submit([writer.write(document, pretty=False) for document in documents])


def _why(answer: Answer) -> str:
    if answer.findings:
        return f"{answer.findings[0].level.value} {answer.findings[0].text}"
    return answer.fault.reason if answer.fault else f"HTTP {answer.http_status}"


def _summarize(generated: Generated) -> None:
    """Print a summary: people, courses by scenario, documents."""
    people = generated.people
    women = sum(person.sex == "F" for person in people)
    click.echo(f"{len(people)} people, {women} of them women; {len(generated.courses)} courses of disease")
    for (name, title), times in Counter(
        (course.scenario.name, course.scenario.title) for course in generated.courses
    ).most_common():
        click.echo(f"  {times:6}  {name:22} {title}")
    mistakes = sum(bool(course.mistake) for course in generated.courses)
    click.echo(
        f"{len(generated.documents())} documents, {mistakes} courses with a mistake; --out DIR writes them, --into URL sends them"
    )
