"""A register in five figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from flask import current_app

from mockregister.finding import Finding, Severity
from mockregister.model import EntryKind
from mockregister.register.elements import Look
from mockregister.register.indexes import BY_STANDING, EPISODES_BY_FINDING, standing_key
from mockregister.register.register import Register
from mockregister.register.rows import Table
from mockregister.register.state import State
from mockregister.web.pages.patients import found


@dataclass(frozen=True, slots=True)
class Figures:
    """How many there are; ``with_errors`` and ``with_warnings`` are episodes of care."""

    patients: int
    episodes: int
    documents: int
    with_errors: int
    with_warnings: int


def figures(register: Register) -> Figures:
    """The figures of this moment."""
    state = register.state
    standing = [findings for _, findings in outstanding(Look(state, register.clock.now()))]
    with_errors = sum(any(one.is_error for one in findings) for findings in standing)
    return Figures(
        patients=_patients(state),
        episodes=state.postings(BY_STANDING, standing_key(EntryKind.EPISODE_OF_CARE, "live")),
        documents=state.count(Table.DOCUMENTS),
        with_errors=with_errors,
        with_warnings=len(standing) - with_errors,
    )


def counts() -> WeakKeyDictionary[State, int]:
    """The patients of each state that is still there: an open page asks every other second, and mostly nothing has changed."""
    known: WeakKeyDictionary[State, int] = current_app.extensions.setdefault("mockregister.patients", WeakKeyDictionary())
    return known


def _patients(state: State) -> int:
    known = counts()
    if state not in known:
        known[state] = len(found(state))
    return known[state]


def outstanding(look: Look) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """The keys of the episodes of care that something stands against, and what that is at this moment."""
    for key in dict.fromkeys(key for one in Severity for key in look.state.find(EPISODES_BY_FINDING, one.value)):
        findings = look.findings(key)
        if findings and look.live_entry(key) is not None:
            yield key, findings
