"""``mockregister rules``: list, explain and import the business rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockregister.cli.printing import coloured
from mockregister.codes.lists import CodeLists
from mockregister.errors import NotFound
from mockregister.finding import Severity
from mockregister.validation.rules import FAMILIES, RULES, Rule

if TYPE_CHECKING:
    from mockregister.synthetic.breaking_rules import Case

OUTPUT = click.Path(dir_okay=False, path_type=Path)


@click.group()
def rules() -> None:
    """List, explain and import the business rules."""


@rules.command("list")
@click.argument("prefix", default="")
@click.option("--family", type=click.Choice(list(FAMILIES)), help="Only this family.")
@click.option("--on", "looks_at", default="", metavar="THING", help="Only rules that look at this, such as encounter.")
@click.option("--list", "code_list", default="", metavar="NAME", help="Only rules that name this code list.")
@click.option("--text", default="", help="Only rules with this text in what they say.")
@click.option("--warnings", is_flag=True, help="Only warnings.")
def list_rules(prefix: str, family: str | None, looks_at: str, code_list: str, text: str, warnings: bool) -> None:
    """List the rules whose id begins with PREFIX, with what they say."""
    for rule in FAMILIES[family] if family else RULES:
        fits = rule.id.startswith(prefix) and text.casefold() in rule.text.casefold() and looks_at in _looked_at(rule)
        if fits and (not code_list or code_list in rule.lists) and (not warnings or rule.severity is Severity.WARNING):
            click.echo(f"{rule.id:<18}{coloured(rule.severity.value):<8} {rule.text}")


def _looked_at(rule: Rule) -> str:
    """What is tested, whatever caused it."""
    return rule.looks_at.partition(" caused by ")[0]


@rules.command("show")
@click.argument("rule_id")
@click.option("--document/--no-document", default=True, help="Whether to end with a document that breaks the rule.")
def show_rule(rule_id: str, document: bool) -> None:
    """Explain a rule.

    What it looks at, when it is violated, what breaks it and what just passes, and a document that breaks it.
    """
    if rule_id not in RULES:
        raise NotFound(f"There is no rule '{rule_id}'; mockregister rules list shows them all.")
    lines = [*_about(RULES[rule_id]), "", *_cases(rule_id)]
    click.echo("\n".join([*lines, "", *_document(rule_id)] if document else lines))


def _about(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}  {coloured(rule.severity.value)}, number {rule.number}"
    yield f"  {rule.text}"
    yield f"  looks at: {rule.looks_at}" + (f"; the finding stands at its {rule.stands_at.reads}" if rule.stands_at else "")
    yield f"  violated when: {rule.condition}"
    if rule.error_by:
        yield f"  becomes an error at: {rule.error_by.reads}"
    lists = CodeLists(lenient=False)
    yield from (f"  code list {name}: {lists.require(name).title}" for name in rule.lists)


def _cases(rule_id: str) -> Iterator[str]:
    from mockregister.synthetic.breaking_rules import cases_of

    yield from (f"  {'breaks' if case.breaks else 'passes'}: {_told(case)}" for case in cases_of(rule_id))


def _told(case: Case) -> str:
    changes = "; ".join(f"{place} = {'nothing' if value is None else value}" for place, value in case.changes.items())
    return f"the course '{case.course}' with {changes}, on {case.moment}"


def _document(rule_id: str) -> Iterator[str]:
    from mockregister.document import writer
    from mockregister.synthetic.breaking_rules import breaking

    broken = breaking(rule_id)
    if broken.practice:
        yield "<!-- With practice codes: mockregister generate --breaking writes the tables for serve --codes and --sor, too. -->"
    yield from (writer.write(document).decode() for document in broken.documents)


@rules.command("import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--output", "-o", type=OUTPUT, default=Path("rules.json"), show_default=True, help="JSON file to write.")
def import_rules(source: Path, output: Path) -> None:
    """Take texts and severities from the official rule list.

    SOURCE is the register's own file (xlsx). Tells what is new, gone or changed against what the output file held before; a
    register started with --rules-file and the output file answers with it.
    """
    from mockregister.validation.rules import official

    listed = official.read_list(source)
    change = official.compare(listed, official.read_json(output))
    official.write_json(output, listed)
    click.echo(f"{output}: {len(listed)} rules; start the register with --rules-file {output}")
    for word, ids in (("new", change.new), ("gone", change.gone)):
        for rule_id in ids:
            click.echo(f"{word}: {rule_id}{'' if rule_id in RULES else ' (no such rule is declared here)'}")
    for rule_id, what in change.changed.items():
        click.echo(f"changed: {rule_id}: {what}")
