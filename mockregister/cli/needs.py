"""The file that says how to set up a register so that the documents of ``generate --breaking`` break their rule or code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockregister.errors import SettingError

if TYPE_CHECKING:
    from mockregister.testing import Admin

FILE = "register.json"


def write(folder: Path, needs: dict[str, Any]) -> Path:
    """Write the needs into a folder, and return the file. ``codes`` and ``sor`` are the names of files in the folder."""
    file = folder / FILE
    file.write_text(json.dumps(needs, indent=2) + "\n", "utf-8")
    return file


def read(file: Path) -> dict[str, Any]:
    """Return the needs in a file, with the contents of the files that it names. Raise SettingError if they cannot be read."""
    try:
        needs: dict[str, Any] = json.loads(file.read_text("utf-8"))
        named = [name for name in ("codes", "sor") if name in needs]
        tables: dict[str, Any] = {name: (file.parent / needs[name]).read_text("utf-8") for name in named}
    except (OSError, ValueError, TypeError) as error:
        wanted = "use the register.json that generate --breaking writes"
        raise SettingError(f"{file} does not say what a register needs; {wanted} ({error}).") from error
    return {**needs, **tables}


def set_up(admin: Admin, needs: dict[str, Any]) -> list[str]:
    """Set up a register, except for edits by hand, and return what was set. Raise NoAnswer, or Refused if it refuses."""
    told = []
    if "clock" in needs:
        admin("PUT", "clock", {"mode": "frozen", "at": needs["clock"]})
        told.append(f"the time {needs['clock']}")
    tables: dict[str, Any] = {name: needs[name] for name in ("codes", "sor", "producers") if name in needs}
    if tables:
        admin("PUT", "tables", tables)
        told.append(f"the tables {', '.join(tables)}")
    for rule in needs.get("rules_off", ()):
        admin("PUT", f"rules/{rule}", {"enabled": False})
    return [*told, f"rules off: {', '.join(needs['rules_off'])}"] if needs.get("rules_off") else told


def edit_by_hand(admin: Admin, needs: dict[str, Any]) -> None:
    """Mark an episode of care as edited by hand, if the needs ask for it before the last document."""
    if needs.get("edited_by_hand"):
        admin("PUT", f"edited-by-hand/{needs['edited_by_hand']}")
