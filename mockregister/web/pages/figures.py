"""The figures at the top of the overview, of all authorities or of one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import url_for

from mockregister.register.elements import Look
from mockregister.register.overview import contacts_by_month, document_sets_of, documents_by_month, figures, standing_counts


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A number with its name, and the address of the list that it counts; ``tone`` is its colour, such as ``bad``."""

    name: str
    value: int
    address: str
    tone: str = ""


def shown_figures(look: Look, patients: int, authority: str) -> list[ShownFigure]:
    """Return the figures of an authority, or of all if it is empty; ``patients`` is the number of patients of all authorities."""
    own = authority or None
    errors, listed = url_for("pages.error-list.show", authority=own), url_for("pages.patients.show", authority=own)
    stored = url_for("pages.start.submissions", authority=own)
    if authority:
        with_errors, with_warnings = _standing_of(look, authority)
        counted = [
            ShownFigure("Document sets", document_sets_of(look, authority), listed),
            ShownFigure("Contacts", _of(contacts_by_month(look), authority), listed),
            ShownFigure("Documents", _of(documents_by_month(look), authority), stored),
        ]
    else:
        found = figures(look, patients)
        with_errors, with_warnings = found.with_errors, found.with_warnings
        counted = [
            ShownFigure("Patients", found.patients, listed),
            ShownFigure("Episodes of care", found.episodes, listed),
            ShownFigure("Documents", found.documents, stored),
        ]
    return [
        *counted,
        ShownFigure("Episodes with errors", with_errors, errors, "bad" if with_errors else ""),
        ShownFigure("Episodes with warnings only", with_warnings, errors, "warn" if with_warnings else ""),
    ]


def _of(counts: Counter[tuple[str, str]], authority: str) -> int:
    return sum(rows for (_, cvr), rows in counts.items() if cvr == authority)


def _standing_of(look: Look, authority: str) -> tuple[int, int]:
    """Return how many of an authority's episodes of care have errors, and warnings only."""
    own = [count for count in standing_counts(look) if count.authority == authority]
    with_errors = sum(count.episodes for count in own if count.is_error)
    return with_errors, sum(count.episodes for count in own) - with_errors
