"""Result reports: numbers, codes and times about something in the record that caused the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mockregister.model.values import Code, Identifier, Reference


@dataclass(frozen=True, slots=True)
class Result:
    """One result (resultat), template .89: a type, a text value as sent, and the time of the result if it was sent."""

    type: Code
    value: str
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class ObservationOrganizer:
    """A result report (resultatindberetning), template .88 in the entry .90, which has its id.

    ``name`` is the report's SKS code (RAA01 …), ``status`` its SKS status (RAS01 …), ``cause`` what caused it
    (indberetningsårsag): an episode of care, a marker, an encounter, a condition or a procedure.
    """

    id: Identifier
    cause: Reference | None
    name: Code
    status: Code | None
    responsible_unit: str
    results: tuple[Result, ...] = ()
    replaces: Reference | None = None
