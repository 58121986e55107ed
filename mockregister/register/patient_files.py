"""Fetch everything stored about some patients in a few statements, instead of row by row."""

from __future__ import annotations

from collections.abc import Iterable

from mockregister.register.elements import Document, Element, Look, documents_of, element
from mockregister.register.identity import sets_of
from mockregister.register.indexes import (
    DOCUMENTS_OF_SET,
    EVENTS_OF_ENTRY,
    EVER_OF_SET,
    LINKS_OF_CPR,
    SETS_BY_ALTERNATIVE_NUMBER,
    SETS_OF_PATIENT,
)
from mockregister.register.rows import Table


def sets_about(look: Look, patients: Iterable[str]) -> dict[str, list[str]]:
    """Return the keys of the document sets about each patient; a patient is given by a CPR number or an alternative id."""
    numbers = list(patients)
    look.rows.fetch(
        ((Table.LINKS, number.upper()) for number in numbers),
        (
            (index, key)
            for number in numbers
            for index, key in (
                (SETS_OF_PATIENT, number.upper()),
                (SETS_BY_ALTERNATIVE_NUMBER, number.lower()),
                (LINKS_OF_CPR, number.upper()),
            )
        ),
    )
    return {number: sets_of(look, number) for number in numbers}


def elements_of_sets(look: Look, sets: Iterable[str]) -> list[Element]:
    """Return all elements that documents of these sets ever stated, whatever their state, oldest first in each set."""
    keys = list(sets)
    look.rows.fetch((), ((EVER_OF_SET, key) for key in keys))
    made = [entry for key in keys for entry in dict.fromkeys(look.rows.find(EVER_OF_SET, key))]
    look.rows.fetch(((Table.EPISODES, entry) for entry in made), ((EVENTS_OF_ENTRY, entry) for entry in made))
    return [found for found in (element(look, entry) for entry in made) if found is not None]


def documents_about(look: Look, sets: Iterable[str]) -> list[Document]:
    """Return the documents of these sets, oldest first in each."""
    keys = list(sets)
    look.rows.fetch((), ((DOCUMENTS_OF_SET, key) for key in keys))
    return list(documents_of(look, keys))
