"""Revalidation: run every rule on everything stored, as an administrator of the real register does (fact 111)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from mockregister.register.register import Register
from mockregister.register.rows import Change, DocumentRow, Table
from mockregister.register.store import Rows
from mockregister.register.trees import tree_of
from mockregister.register.view import View
from mockregister.validation.edition import Edition
from mockregister.validation.editions import NEWEST
from mockregister.validation.level4_rules import Surroundings, evaluate

EPISODES_AT_ONCE = 100  # in one batch; a submission waits for one batch at most


def episodes(register: Register) -> list[str]:
    """Return the keys of the episodes of care that can be validated again."""
    with register.look() as rows:
        return [episode for episode, _ in rows.rows(Table.EPISODES)]


def revalidate(register: Register, keys: Sequence[str], edition: Edition = NEWEST) -> Iterator[int]:
    """Run the edition's rules on these episodes of care and store the findings; yield the number done, batch by batch.

    Raise StoreError or Busy if a batch cannot be stored; the batches before it are kept.
    """
    for start in range(0, len(keys), EPISODES_AT_ONCE):
        batch = keys[start : start + EPISODES_AT_ONCE]
        register.change(partial(_checked, register, edition, batch))
        yield len(batch)


def _checked(register: Register, edition: Edition, keys: Iterable[str], rows: Rows) -> Iterator[Change]:
    view = View(rows)
    around = Surroundings(register.codes, register.clock.now(), register.rule_settings, edition.rules)
    for key in keys:
        tree, row = tree_of(view, key), view.checked(key)
        if tree is not None and row is not None:
            document = rows.get(Table.DOCUMENTS, DocumentRow, row.document)
            tree.received = document.received if document else None
            sent_id = f"{document.id.root}^{document.id.extension}" if document else row.document
            found = tuple(replace(finding, document=sent_id) for finding in evaluate(tree, around))
            yield Change(Table.EPISODES, key, replace(row, findings=found, checked=around.now))
