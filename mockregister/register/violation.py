"""An integrity violation in a submission, as a value; level 3 turns it into a finding."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """An integrity code of interface specification section 6, and what in the submission violates it.

    ``document`` counts the submission's documents from 0. ``at`` is the object of the model, by identity, that violates the
    code; ``attribute`` is the name of its field, if that field is a plain text.
    """

    code: str
    params: tuple[str, ...]
    document: int
    at: object
    attribute: str = ""
