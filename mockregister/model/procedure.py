"""Procedures (procedurer), each belonging to an encounter or directly to an episode of care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mockregister.model.encounter import Payment
from mockregister.model.values import Code, Identifier, ProcedureForm, Reference


@dataclass(frozen=True, slots=True)
class Indication:
    """Why a procedure was done (indikation), template .19, with its supplementary codes."""

    code: Code
    supplementary: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure (procedure), templates .25, .29 and .30.

    ``owner`` is the encounter or the episode of care that it belongs to. ``producer`` is the SOR id of the producing unit,
    ``staff`` the personalekategori, ``side`` the sideangivelse, ``action`` the handlingsspecifikation (template .22),
    ``contrast`` the anvendt kontrast (template .2).
    """

    id: Identifier
    form: ProcedureForm
    owner: Reference | None
    code: Code
    start: datetime | None
    end: datetime | None
    producer: str
    staff: Code | None = None
    supplementary: tuple[Code, ...] = ()
    side: Code | None = None
    contrast: Code | None = None
    payment: Payment | None = None
    indication: Indication | None = None
    action: Code | None = None
    replaces: Reference | None = None
