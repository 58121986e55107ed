"""One call as faults and the journal see it, before anything is known about its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    """The values of a call that decide which faults strike it, and by which the journal is searched.

    ``service`` is the name in the URL (``PatientHealthcareReportingService``); ``authors`` the SOR ids of the author
    institution and of the documents' authors; ``cvr`` the CVR numbers of the care provider in the ID card and of the
    custodians; ``sets`` and ``patients`` have the form that ``folded`` returns; ``headers`` have lower-case names.
    """

    service: str
    path: str = ""
    authors: frozenset[str] = frozenset()
    cvr: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    patients: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)


def folded(identifier: str) -> str:
    """Return an id in the form in which ids are compared.

    Letter case makes no difference in UUIDs (facts 106, 191). A CPR number loses its dash, also if it follows its root
    (``root^extension``).
    """
    root, mark, bare = identifier.strip().lower().rpartition("^")
    return root + mark + (bare.replace("-", "") if len(bare) == len("010190-1234") and bare[6] == "-" else bare)
