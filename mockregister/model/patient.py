"""The patient and the reporter: the header of a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mockregister.model.values import Identifier


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name (PN); LPR3 wants one family name and any number of given names."""

    family: str = ""
    given: tuple[str, ...] = ()
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Residence:
    """An unofficial residence (uofficiel bopæl), template .127; the register knows the official one from CPR.

    ``municipality`` and ``country`` are four-digit authority codes (county and country of the address); ``start`` and
    ``end`` are its useable period, either end open when None.
    """

    street: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    municipality: str = ""
    country: str = ""
    use: str = "HP"
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """The patient (patient), templates .106 (CPR), .107 (alternative ids) and .133 (both, which links them).

    ``cpr`` is ten characters, empty when the patient has alternative ids only. ``gender`` is M, F or UN, empty when not sent.
    """

    cpr: str = ""
    alternative_ids: tuple[Identifier, ...] = ()
    name: PersonName | None = None
    gender: str = ""
    birth_time: datetime | None = None
    residences: tuple[Residence, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """The author of the document: ``unit`` is the SOR id of the represented organization, template .102."""

    unit: str
    time: datetime | None = None
