"""What ties documents together: the parent document, and nullified entries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mockregister.model.values import Identifier, Reference


class Relation(Enum):
    """How a document relates to its parent (relatedDocument/@typeCode), template .111."""

    APPEND = "APND"
    REPLACE = "RPLC"


@dataclass(frozen=True, slots=True)
class ParentDocument:
    """The parent document: the latest of its set, by id and version (facts 73, 187).

    ``version`` is None if the sender left it out.
    """

    relation: Relation
    id: Identifier
    set_id: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Nullification:
    """A nullified entry (sletning), template .118; the entries that belong to the entry are removed with it (fact 172)."""

    target: Reference
