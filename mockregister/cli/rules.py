"""``mockregister rules``: list and explain the business rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from mockregister import settings as settings_module
from mockregister.cli.printing import coloured
from mockregister.clock import COPENHAGEN
from mockregister.codes.lists import CodeLists
from mockregister.errors import NotFound, did_you_mean
from mockregister.finding import Severity
from mockregister.validation.explaining.vocabulary import NAMES
from mockregister.validation.rules import FAMILIES, Rule, family_of, is_declared

if TYPE_CHECKING:
    from mockregister.validation.edition import Edition


@click.group()
def rules() -> None:
    """List and explain the business rules."""


@rules.command("list")
@click.argument("prefix", default="")
@click.option("--family", type=click.Choice(list(FAMILIES)), help="Only this family.")
@click.option(
    "--on", "looks_at", default="", metavar="THING", help="Only rules that look at this kind of element, such as encounter."
)
@click.option("--list", "code_list", default="", metavar="NAME", help="Only rules that name this code list.")
@click.option("--text", default="", help="Only rules whose text contains this.")
@click.option("--warnings", is_flag=True, help="Only warnings.")
@click.option(
    "--edition",
    metavar="NAME|DIR",
    help="Edition of the register: a date that `edition list` shows, or a folder of `edition make`.",
)
def list_rules(
    prefix: str, family: str | None, looks_at: str, code_list: str, text: str, warnings: bool, edition: str | None
) -> None:
    """List the rules whose id begins with PREFIX, with their texts."""
    for rule in (rule for rule in _edition(edition).rules if family in (None, family_of(rule))):
        looked_at = rule.looks_at.partition(" caused by ")[0]
        fits = rule.id.startswith(prefix) and text.casefold() in rule.text.casefold() and looks_at in looked_at
        if fits and (not code_list or code_list in rule.lists) and (not warnings or rule.severity is Severity.WARNING):
            click.echo(f"{rule.id:<18}{_severity(rule):<8} {rule.text}")


def _severity(rule: Rule) -> str:
    """Return the severity of a rule; OK for a rule that is listed but never reported."""
    return coloured(rule.severity.value) if rule.reported else "OK"


@rules.command("show")
@click.argument("rule_id")
@click.option("--document/--no-document", default=True, help="Show a document that breaks the rule, at the end.")
@click.option(
    "--edition",
    metavar="NAME|DIR",
    help="Edition of the register: a date that `edition list` shows, or a folder of `edition make`.",
)
def show_rule(rule_id: str, document: bool, edition: str | None) -> None:
    """Explain a rule.

    Show what the rule looks at, when it is violated, courses of disease that break it or just keep it, and a document that breaks
    it.
    """
    chosen = _edition(edition)
    if rule_id not in chosen.rules:
        near = did_you_mean(rule_id, [rule.id for rule in chosen.rules])
        raise NotFound(f"There is no rule '{rule_id}' in edition {chosen.name}; mockregister rules list shows them all.{near}")
    rule = chosen.rules[rule_id]
    lines = [*_about(rule)]
    with suppress(NotFound):  # the rule is from another rule list and has no written cases
        lines += ["", *_cases(rule)]
    if document:
        lines += ["", *_document(rule_id, chosen)]
    click.echo("\n".join(lines))


def _edition(name: str | None) -> Edition:
    from mockregister.mocking.editions import edition_of

    return edition_of(settings_module.load({"edition": name}).edition)


def _about(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}  {_severity(rule)}, number {rule.number}"
    yield f"  {rule.text}"
    yield f"  looks at: {rule.looks_at}" + (f"; the finding is reported at its {rule.stands_at.reads}" if rule.stands_at else "")
    yield f"  violated when: {rule.condition}"
    if rule.error_by:
        yield f"  becomes an error at: {rule.error_by.reads}"
    lists = CodeLists(lenient=False)
    for name in rule.lists:
        known = lists.get(name)
        yield f"  code list {name}: {known.title if known else 'no table has it, so it has no members'}"
    if rule.published:
        yield f"  as published: {' '.join(rule.published.split())}"


def _cases(rule: Rule) -> Iterator[str]:
    """Yield the cases written for the rule's id, and whether they break the rule in this edition."""
    from mockregister.synthetic.breaking_search import is_broken_by
    from mockregister.synthetic.cases import cases_of

    now = datetime.now(COPENHAGEN)
    for case in cases_of(rule.id):
        breaks = case.breaks if is_declared(rule) else is_broken_by(rule, case, now)
        changes = " and ".join(_change(place, value) for place, value in case.changes.items())
        course = f"the course '{case.course}'{f' in which {changes}' if changes else ''}"
        yield f"  The rule is {'broken' if breaks else 'kept'} by {course}, as the register sees it on {case.moment}."


def _change(place: str, value: Any) -> str:
    """Return a change of a course in words: ``the end of the encounter is day 1 12:00``."""
    owner, _, field = place.rpartition(".")
    named = NAMES[field][0] if field in NAMES else field.replace("_", " ")
    phrase = f"{named} of the {owner.replace('.', ' ').replace('_', ' ')}" if owner else named
    match value:
        case None:
            return f"there is no {phrase}"
        case dict():
            return f"the {phrase} has {', '.join(f'{name} {content}' for name, content in value.items()) or 'nothing'}"
        case list():
            return f"the {phrase} is {', then '.join(map(_value, value)) or 'nothing'}"
    return f"the {phrase} is {_value(value)}"


def _value(value: object) -> str:
    text = str(value)
    return f"a code of {text.removeprefix('in ')}" if text.startswith("in ") else text


def _document(rule_id: str, edition: Edition) -> Iterator[str]:
    from mockregister.document import writer
    from mockregister.synthetic.breaking_rules import breaking

    try:
        broken = breaking(rule_id, edition=edition)
    except NotFound as error:
        yield f"<!-- {error} -->"
        return
    if broken.practice:
        yield "<!-- This needs practice codes: mockregister generate --breaking also writes tables for serve --codes, --sor. -->"
    if broken.others:
        off = ",".join(broken.others)
        yield f"<!-- The same mistake breaks other rules: the register finds only this one with --rules-off {off} -->"
    yield from (writer.write(document).decode() for document in broken.documents)
