"""A second opinion: the register's semantics, written as simply as possible, without regard to speed or places.

A document at a time is judged by interface specification section 7. Everything is copied before anything is changed.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field

LIVE, NULLIFIED, DROPPED = "live", "nullified", "dropped"
WORDS = {
    "episode": ("EOC", "EOC", "EOC"),
    "encounter": ("ENCOUNTER", "ENCOUNTER", "ENCOUNTER"),
    "procedure": ("PROCEDURE", "PROCEDURE", "PROCEDURE"),
    "condition": ("CONDITION_OBSERVATION", "CONDITION_OBSERVATION", "CONDITION_OBSERVATION"),
    "report": ("OBSERVATION_ORGANIZER", "OBSERVATION_ORGANIZER", "OBSERVATION_ORGANIZER"),
    "marker": ("EOC_MARKER", "EOC_MARKER", "EPISODE_OF_CARE_MARKER"),
}


@dataclass
class StatedEntry:
    """An entry that a document states. ``owner`` is a kind, a name, and whether the reference is internal."""

    kind: str
    name: str
    owner: tuple[str, str, bool] | None = None
    replaces: bool = False
    main: bool = False


@dataclass
class Paper:
    """A document. ``follows`` is None, or "append" or "replace" with the id and version of the parent."""

    set: str
    name: str
    version: int
    follows: tuple[str, str, int] | None
    said: list[StatedEntry] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Known:
    """An entry that was stored at some time."""

    kind: str
    set: str
    owner: str
    main: bool
    status: str = LIVE
    fell_with: str = ""


class Naive:
    """All entries that were ever stored, by name, and for each set its latest document and version."""

    def __init__(self) -> None:
        self.entries: dict[str, Known] = {}
        self.sets: dict[str, tuple[str, int]] = {}
        self.documents: set[tuple[str, str]] = set()

    def hand_in(self, paper: Paper) -> Counter[str]:
        """Store the document if there are no violations. Return the codes of the violations, each with its count."""
        after = deepcopy(self)
        wrong = after.judge(paper)
        if not wrong:
            self.__dict__ = after.__dict__
        return wrong

    def live(self) -> dict[str, str]:
        """Return the live entries, each with its owner."""
        return {name: known.owner for name, known in self.entries.items() if known.status == LIVE}

    def judge(self, paper: Paper) -> Counter[str]:
        """Change everything as the document says, and return the violations."""
        is_again = paper.follows is None and paper.set in self.sets
        is_lost = paper.follows is not None and paper.set not in self.sets
        wrong = Counter(self._chain(paper))
        if is_again:
            return wrong
        before = deepcopy(self.entries)
        said: dict[str, StatedEntry] = {}
        for stated in paper.said:
            said.setdefault(stated.name, stated)
        replaces_all = paper.follows is not None and paper.follows[0] == "replace"

        def reaches(kind: str, name: str) -> bool:
            known = before.get(name)
            is_there = known is not None and (known.status, known.kind, known.set) == (LIVE, kind, paper.set)
            return is_there and (name in said or not replaces_all)

        def not_found(kind: str, name: str) -> str:
            known = before.get(name)
            if known and kind == "episode" and (known.kind, known.status) == (kind, LIVE) and known.set != paper.set:
                return "EXTERNAL_EOC_NOT_PART_OF_SET"
            return f"EXTERNAL_{WORDS[kind][2]}_NOT_FOUND"

        # ids
        used = set() if replaces_all else {name for _, name in paper.gone}
        for stated in paper.said:
            known = before.get(stated.name)
            if stated.name in used:
                wrong["EXTENSION_ALREADY_USED"] += 1
                continue
            used.add(stated.name)
            is_own = known is not None and (known.kind, known.set) == (stated.kind, paper.set)
            if known and is_own and replaces_all and known.status in (LIVE, DROPPED):
                continue
            if known and is_own and stated.kind == "marker" and known.status != NULLIFIED and known.owner in said:
                continue
            if known and is_own and stated.replaces and known.status == LIVE:
                continue
            if stated.replaces:
                owner = stated.owner[1] if stated.owner else ""
                deleted = known and known.set == paper.set and known.fell_with and known.status == NULLIFIED
                if known and deleted and owner != known.owner and before[self._top(known.fell_with, before)].status == NULLIFIED:
                    wrong["ELEMENT_CAN_NOT_BE_MOVED_FROM_DELETED_EOC"] += 1
                elif not is_lost:
                    wrong[not_found(stated.kind, stated.name)] += 1
            elif known:
                wrong[f"{WORDS[stated.kind][0]}_ALREADY_EXISTS" if known.kind == stated.kind else "EXTENSION_ALREADY_USED"] += 1

        # references
        for stated in paper.said:
            if stated.owner is None or stated.kind == "marker":
                continue
            kind, name, internal = stated.owner
            if internal and not (name in said and said[name].kind == kind):
                wrong[f"INTERNAL_{WORDS[kind][1]}_NOT_FOUND"] += 1
            if not internal and not is_lost and not reaches(kind, name):
                wrong[not_found(kind, name)] += 1
        gone = {name: kind for kind, name in paper.gone}
        for name, kind in gone.items() if not is_lost else ():
            known = before.get(name)
            if known is None or (known.status, known.kind, known.set) != (LIVE, kind, paper.set):
                wrong[not_found(kind, name)] += 1

        # changes
        for stated in said.values():
            known = before.get(stated.name)
            if known is None or known.set == paper.set:
                self.entries[stated.name] = Known(stated.kind, paper.set, stated.owner[1] if stated.owner else "", stated.main)
        for name, kind in gone.items():
            known = before.get(name)
            if known and (known.status, known.kind, known.set) == (LIVE, kind, paper.set) and not (replaces_all and name in said):
                self._end(name, NULLIFIED, NULLIFIED)
        for name, known in before.items():
            if known.set != paper.set or known.status != LIVE or name in said:
                continue
            if replaces_all or (known.kind == "marker" and known.owner in said):
                self._end(name, DROPPED, DROPPED)

        # violations that only show after the changes
        for stated in paper.said:
            if stated.owner and not stated.owner[2] and stated.kind != "marker" and reaches(*stated.owner[:2]):
                wrong[not_found(*stated.owner[:2])] += self.entries[stated.owner[1]].status != LIVE
        return +wrong + self._mains(before, said, replaces_all)

    def _mains(self, before: dict[str, Known], said: dict[str, StatedEntry], replaces_all: bool) -> Counter[str]:
        wrong: Counter[str] = Counter()
        for visit in {stated.owner[1] for stated in said.values() if stated.main and stated.owner}:
            mains = [stated for stated in said.values() if stated.main and stated.owner and stated.owner[1] == visit]

            def was(stated: StatedEntry) -> Known | None:
                known = before.get(stated.name)
                return known if known and known.status == LIVE and known.kind == "condition" and not replaces_all else None

            others = [
                name
                for name, known in self.entries.items()
                if known.owner == visit and known.main and known.status == LIVE and name not in said
            ]
            news = [stated for stated in mains if not ((known := was(stated)) and known.main and known.owner == visit)]
            free = not others and len(news) == len(mains)
            for stated in news[1:] if free else news:
                known = was(stated)
                if known is not None and not known.main:
                    wrong["CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION"] += 1
                else:
                    wrong["ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION"] += 1
        return wrong

    def _chain(self, paper: Paper) -> list[str]:
        if paper.follows is None:
            return ["SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"] if paper.set in self.sets else self._register(paper)
        if paper.set not in self.sets:
            return ["SET_NOT_FOUND"]
        _, parent, version = paper.follows
        latest, latest_version = self.sets[paper.set]
        wrong = ["PARENT_DOCUMENT_ID_MISMATCH"] if parent != latest else []
        if version != latest_version or paper.version <= latest_version:
            wrong.append("PARENT_DOCUMENT_VERSION_MISMATCH")
        return wrong + self._register(paper)

    def _register(self, paper: Paper) -> list[str]:
        used = (paper.set, paper.name) in self.documents
        self.documents.add((paper.set, paper.name))
        self.sets[paper.set] = (paper.name, paper.version)
        return ["EXTENSION_ALREADY_USED"] if used else []

    def _end(self, name: str, status: str, below: str, owner: str = "") -> None:
        known = self.entries[name]
        if known.status != LIVE:
            return
        known.status, known.fell_with = status, owner if status == NULLIFIED else ""
        for child, other in list(self.entries.items()):
            if other.owner == name:
                self._end(child, below, below, name)

    @staticmethod
    def _top(name: str, entries: dict[str, Known]) -> str:
        while entries[name].owner:
            name = entries[name].owner
        return name
