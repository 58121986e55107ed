"""Names that users give to registers and checkpoints; they appear in URLs and in file names."""

from __future__ import annotations

import re

from mockregister.errors import InvalidRequest

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def check_name(name: str, kind: str, field: str = "name") -> str:
    """Return ``name`` if it can name a thing of this kind (register, checkpoint). Raise InvalidRequest about ``field`` if not."""
    if not NAME.fullmatch(name) or ".." in name:
        shown = name if len(name) <= 80 else name[:77] + "..."
        raise InvalidRequest(
            f"{field}: '{shown}' cannot name a {kind}; use up to 64 letters, digits, '.', '_' and '-', a letter or digit first.",
            field,
        )
    return name
