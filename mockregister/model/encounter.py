"""Encounters and what belongs directly to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mockregister.model.episode import Referral
from mockregister.model.values import Code, Identifier, Reference


@dataclass(frozen=True, slots=True)
class Stay:
    """Where the patient was during an encounter (opholdsadresse), template .50: a unit, or an absence (fravær)."""

    start: datetime | None
    end: datetime | None = None
    unit: str = ""
    absence: Code | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Who pays (betalingsoplysning), template .7, on an encounter or a procedure.

    ``agreement`` is the betalingsaftale, ``payer`` the betaler, ``specialisation`` the specialiseringsniveau.
    """

    agreement: Code | None
    start: datetime | None
    end: datetime | None = None
    payer: Code | None = None
    specialisation: Code | None = None


@dataclass(frozen=True, slots=True)
class Encounter:
    """An encounter (kontakt), template .74, on one episode of care.

    ``type`` is the kontakttype, ``priority`` the prioritet, ``reason`` the kontaktårsag, ``treatment_start`` the time at which
    treatment began (behandlingsstart, template .112).
    """

    id: Identifier
    episode: Reference | None
    type: Code | None
    start: datetime | None
    end: datetime | None
    priority: Code | None
    responsible_unit: str
    stays: tuple[Stay, ...] = ()
    payments: tuple[Payment, ...] = ()
    reason: Code | None = None
    referral: Referral | None = None
    treatment_start: datetime | None = None
    replaces: Reference | None = None
