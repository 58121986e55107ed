"""One call as mocks see it: what it can be told apart by, before anything is known of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    """What the faults match on and the journal is searched by.

    ``service`` is the name in the URL (``PatientHealthcareReportingService``), ``author`` the author institution's SOR id,
    ``cvr`` the reporting organisation's CVR number. ``sets`` and ``patients`` are in the form ``folded`` gives them;
    ``headers`` have lower case names.
    """

    service: str
    path: str = ""
    author: str = ""
    cvr: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    patients: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)


def folded(identifier: str) -> str:
    """An id as it is compared: UUIDs know no letter case (facts 106, 191), a CPR number may be written with a dash."""
    bare = identifier.strip().lower()
    return bare.replace("-", "") if len(bare) == len("010190-1234") and bare[6] == "-" else bare
