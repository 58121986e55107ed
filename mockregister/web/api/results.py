"""``/results``: result reports with their results (resultatindberetninger)."""

from __future__ import annotations

from mockregister.model import EntryKind
from mockregister.web.api.element_resource import ALL, OF_ENCOUNTER, element_resource

blueprint = element_resource(
    "results",
    EntryKind.OBSERVATION_ORGANIZER,
    "Result reports with their results (resultatindberetninger).",
    *ALL,
    *OF_ENCOUNTER,
)
