"""``/markers``: episode of care markers with an id (forløbsmarkører); those without an id are only in their episode."""

from __future__ import annotations

from mockregister.model import EntryKind
from mockregister.web.api.element_resource import ALL, element_resource

blueprint = element_resource("markers", EntryKind.MARKER, "Episode of care markers with an id (forløbsmarkører).", *ALL)
