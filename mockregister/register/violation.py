"""What a submission does that the register's integrity does not allow: a value, until level 3 makes a finding of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """An integrity code of interface specification section 6, and what in the submission violates it.

    ``document`` counts the submission's documents from 0. ``at`` is the object of the model that it stands at, by identity;
    ``attribute`` names the field of it that is meant, when that is a plain text.
    """

    code: str
    params: tuple[str, ...]
    document: int
    at: object
    attribute: str = ""
