"""``/conditions``: conditions (diagnoser)."""

from __future__ import annotations

from mockregister.model import EntryKind
from mockregister.web.api.element_resource import ALL, OF_ENCOUNTER, element_resource

blueprint = element_resource("conditions", EntryKind.CONDITION, "Conditions (diagnoser).", *ALL, *OF_ENCOUNTER)
