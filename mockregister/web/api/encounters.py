"""``/encounters``: encounters (kontakter)."""

from __future__ import annotations

from mockregister.model import EntryKind
from mockregister.web.api.element_resource import ALL, OF_ENCOUNTER, element_resource

blueprint = element_resource("encounters", EntryKind.ENCOUNTER, "Encounters (kontakter).", *ALL, *OF_ENCOUNTER)
