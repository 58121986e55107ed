"""Episodes of care and what belongs directly to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mockregister.model.values import Code, Identifier, Reference


@dataclass(frozen=True, slots=True)
class ReferralReason:
    """Why the patient was referred (henvisningsårsag), template .55, with its supplementary codes (tillægskoder)."""

    code: Code
    supplementary: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral (henvisning), template .51, on an episode of care or an encounter.

    ``origin`` is the way of referral (henvisningsmåde), ``free_choice`` the right to choose hospital (fritvalg), ``referrer``
    the SOR id of the referring unit, empty when none was sent.
    """

    time: datetime | None
    free_choice: Code | None
    origin: Code | None
    reason: ReferralReason | None = None
    referrer: str = ""


@dataclass(frozen=True, slots=True)
class Marker:
    """An episode of care marker (forløbsmarkør), template .82; the id is optional (fact 153)."""

    code: Code
    time: datetime | None
    id: Identifier | None = None


@dataclass(frozen=True, slots=True)
class EpisodeLink:
    """A link to another episode of care (reference mellem forløbselementer), template .83; ``code`` is its type."""

    code: Code
    target: Reference


@dataclass(frozen=True, slots=True)
class EpisodeOfCare:
    """An episode of care (forløbselement), template .80.

    ``label`` is the clinical theme (forløbslabel), ``completion`` how it ended (afslutningsmåde), ``responsible_unit`` a
    SOR id. ``replaces`` is the reference that makes this an update of an episode that the set already has.
    """

    id: Identifier
    start: datetime | None
    end: datetime | None
    responsible_unit: str
    referral: Referral | None
    label: Code | None
    markers: tuple[Marker, ...] = ()
    link: EpisodeLink | None = None
    completion: Code | None = None
    replaces: Reference | None = None
