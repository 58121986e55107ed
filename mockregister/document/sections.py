"""The body of a document: its entries, in whatever section they are.

An entry's own template says what it is. The section's template is ignored, because senders get it wrong more often, and the
profile was checked before.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from lxml import etree

from mockregister.document import entries
from mockregister.document import templates as t
from mockregister.document.markup import COMPONENT, below, cda, templates
from mockregister.document.places import Places
from mockregister.model import ProcedureForm

_ENTRIES = (COMPONENT, cda("structuredBody"), COMPONENT, cda("section"), cda("entry"))

_READERS: dict[str, tuple[str, Callable[[etree._Element, Places], object]]] = {
    t.EPISODE_OF_CARE: ("episodes", entries.episode),
    t.ENCOUNTER: ("encounters", entries.encounter),
    t.PROCEDURE_ACT: ("procedures", partial(entries.procedure, form=ProcedureForm.ACT)),
    t.PROCEDURE_OBSERVATION: ("procedures", partial(entries.procedure, form=ProcedureForm.OBSERVATION)),
    t.PROCEDURE_PROCEDURE: ("procedures", partial(entries.procedure, form=ProcedureForm.PROCEDURE)),
    t.MAIN_CONDITION: ("conditions", partial(entries.condition, main=True)),
    t.MINOR_CONDITION: ("conditions", partial(entries.condition, main=False)),
    t.OBSERVATION_ORGANIZER_ENTRY: ("organizers", entries.organizer),
    t.NULLIFY: ("nullified", entries.nullification),
}


def body(root: etree._Element, places: Places) -> dict[str, tuple[Any, ...]]:
    """Return the entries of a document, as the fields of ``ClinicalDocument`` that hold them."""
    found: dict[str, list[object]] = {field: [] for field, _ in _READERS.values()}
    for entry in below(root, *_ENTRIES):
        for statement in entry.iterchildren("*"):
            reader = next((_READERS[template] for template in templates(statement) if template in _READERS), None)
            if reader is not None:
                field, read = reader
                found[field].append(read(statement, places))
    return {field: tuple(entry for entry in some if entry is not None) for field, some in found.items()}
