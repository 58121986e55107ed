"""``/episodes-of-care``: episodes of care (forløbselementer); a single one comes with all that belongs to it."""

from __future__ import annotations

from mockregister.model import EntryKind
from mockregister.web.api.element_resource import ALL, element_resource

blueprint = element_resource("episodes-of-care", EntryKind.EPISODE_OF_CARE, "Episodes of care (forløbselementer).", *ALL)
