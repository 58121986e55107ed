"""What the page says in Danish. The English text is its own key, so templates read as what they show."""

from __future__ import annotations

DANISH: dict[str, str] = {}


def translate(text: str, language: str) -> str:
    """The text in ``da`` or ``en``; what has no Danish stays English."""
    return DANISH.get(text, text) if language == "da" else text
