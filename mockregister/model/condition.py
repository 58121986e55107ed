"""Conditions (diagnoser), each belonging to an encounter."""

from __future__ import annotations

from dataclasses import dataclass

from mockregister.model.values import Code, Identifier, Reference


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition observation (diagnose), template .36 in .45 (main, aktionsdiagnose) or .46 (minor, bidiagnose).

    ``main`` follows the template, not ``kind`` (diagnoseart); ``side`` is the sideangivelse, ``recurrences`` the lokalrecidiver,
    ``supplementary`` the tillægskoder. ``negated`` is the CDA negation indicator (senere afkræftet); no rule reads it.
    """

    id: Identifier
    main: bool
    encounter: Reference | None
    code: Code
    kind: Code | None
    side: Code | None = None
    supplementary: tuple[Code, ...] = ()
    metastases: tuple[Code, ...] = ()
    recurrences: tuple[Code, ...] = ()
    negated: bool = False
    replaces: Reference | None = None
