"""What another edition would change: the rules, and the answers to stored documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from flask import Blueprint, render_template

from mockregister.comparing.editions import OtherAnswer, RuleChange, answered_otherwise, difference
from mockregister.register.elements import Document
from mockregister.register.filters import Filter
from mockregister.register.rows import Table
from mockregister.validation.edition import Edition
from mockregister.web.pages.conditions import condition_of
from mockregister.web.pages.pieces import asked
from mockregister.web.registers import namespace, reader, registers

MOST_DOCUMENTS = 200  # the newest, with all documents of their sets, because later ones build on earlier ones

blueprint = Blueprint("editions", __name__, url_prefix="/control/editions")


@blueprint.get("")
def show() -> str:
    """Return the page with the difference to another edition, and the stored documents that it would answer differently.

    Raise NotFound.
    """
    editions, now = registers().editions, namespace().edition
    others = [name for name in editions.names() if name != now.name]
    other = editions.get(asked("edition")) if asked("edition") else None
    stored = list(_stored()) if other else []
    told = difference(now, other) if other else None
    return render_template(
        "editions.html",
        now=now.name,
        others=others,
        other=other.name if other else "",
        told=told,
        conditions={rule.id: _conditions(rule, now, other) for rule in told.changed_rules} if told and other else {},
        answers=list(_answers(stored, other.name)) if other else [],
        judged=len(stored),
        total=reader().view.rows.count(Table.DOCUMENTS),
    )


def _conditions(change: RuleChange, now: Edition, other: Edition) -> tuple[str, str]:
    """Return both conditions of a rule in the reader's language, or as published if they have the same words."""
    told = condition_of(now.rules[change.id]), condition_of(other.rules[change.id])
    return told if told[0] != told[1] else change.changes.get("condition", told)


def _stored() -> Iterator[Document]:
    """Yield the documents of the most recent sets, in order of arrival."""
    known = reader()
    sets = dict.fromkeys(document.row.set for document in islice(known.documents(Filter()), MOST_DOCUMENTS))
    documents = [document for key in sets for document in known.documents_of_set(key)]
    yield from sorted(documents, key=lambda document: document.row.received)


def _answers(stored: list[Document], other: str) -> Iterator[tuple[Document, OtherAnswer]]:
    """Yield each document that the other edition would answer differently at the register's moment, with both answers."""
    register, editions = namespace().register, registers().editions
    settings = replace(register.settings, clock=register.clock.now())
    contents = ((document.key, document.content) for document in stored)
    by_key = {document.key: document for document in stored}
    for answer in answered_otherwise(contents, namespace().edition, editions.get(other), settings):
        yield by_key[answer.document], answer
