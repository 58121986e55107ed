"""An episode of care as a tree: each element with its facts, its time and its findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from mockregister.codes.tables import CodeTables
from mockregister.document.markup import timestamp
from mockregister.finding import Finding
from mockregister.model import (
    Code,
    ConditionNode,
    EncounterNode,
    EntryKind,
    EpisodeTree,
    Identifier,
    Marker,
    OrganizerNode,
    Payment,
    ProcedureNode,
    Referral,
    Stay,
)

Fact = tuple[str, str]
LONG = 2  # most elements of an encounter that is not folded
_MOMENT = re.compile(r"\d{14}[+-]\d{4}")


@dataclass(slots=True)
class PageNode:
    """An element on the page: ``kind`` names its kind, ``facts`` are further names with their values.

    ``is_moment`` tells that it has no duration. ``refers_to`` is the key of the episode of care that this one has a relation to.
    """

    kind: str
    title: str
    start: datetime | None = None
    end: datetime | None = None
    is_moment: bool = False
    facts: list[Fact] = field(default_factory=list)
    key: str = ""
    refers_to: str = ""
    findings: list[Finding] = field(default_factory=list)
    children: list[PageNode] = field(default_factory=list)

    def all(self) -> Iterator[PageNode]:
        """Yield the node and everything below it."""
        yield self
        for child in self.children:
            yield from child.all()

    @property
    def wrong(self) -> int:
        """Return the number of findings on it and on everything below it."""
        return len(self.findings) + sum(child.wrong for child in self.children)

    @property
    def is_long(self) -> bool:
        """Return True if it is folded at first: an episode of care, or an encounter with many elements."""
        return self.kind == "Episode of care" or (self.kind == "Encounter" and len(self.children) > LONG)

    @property
    def about(self) -> str:
        """Return the title of its main condition, or an empty text."""
        return next((child.title for child in self.children if child.kind == "Main condition"), "")

    @property
    def css(self) -> str:
        """Return its kind as a CSS class."""
        return self.kind.lower().replace(" ", "-")


class Nodes:
    """Makes the nodes of one episode; ``findings`` are those on it and on everything in it."""

    def __init__(self, codes: CodeTables, findings: Iterable[Finding]) -> None:
        self.codes = codes
        self._found: dict[tuple[str, str], list[Finding]] = {}
        for finding in findings:
            kind, number = (finding.subject.kind, finding.subject.id[1]) if finding.subject else ("", "")
            self._found.setdefault((kind, number.lower()), []).append(finding)

    def episode(self, tree: EpisodeTree) -> PageNode:
        """Return the episode of care with everything below it, and with the findings about the patient."""
        entry = tree.entry
        link = entry.link
        facts = [("Unit", self.unit(entry.responsible_unit)), ("Completion", self.code(entry.completion))]
        facts.append(("Relation", self.code(link.code) if link else ""))
        node = self._node("Episode of care", self.code(entry.label), entry.id, EntryKind.EPISODE_OF_CARE, facts)
        node.start, node.end = entry.start, entry.end
        node.refers_to = (link.target.id.extension or link.target.id.root).lower() if link else ""
        node.findings += self._found.get(("patient", entry.id.extension.lower()), [])
        node.children += [self.referral(entry.referral)] if entry.referral else []
        node.children += [self.marker(marker, tree) for marker in entry.markers]
        encounters = sorted(tree.encounters, key=lambda node: node.entry.start.timestamp() if node.entry.start else 0.0)
        node.children += map(self.encounter, encounters)
        node.children += [self.procedure(procedure) for procedure in tree.procedures]
        node.children += [self.report(organizer) for organizer in tree.organizers if organizer.marker is None]
        return node

    def referral(self, entry: Referral) -> PageNode:
        """Return a referral."""
        facts = [("Free choice", self.code(entry.free_choice)), ("Referred by", self.unit(entry.referrer))]
        facts.append(("Reason", self.code(entry.reason.code) if entry.reason else ""))
        return PageNode("Referral", self.code(entry.origin), entry.time, is_moment=True, facts=_given(facts))

    def marker(self, entry: Marker, tree: EpisodeTree) -> PageNode:
        """Return a marker with the reports that it caused."""
        node = self._node("Marker", self.code(entry.code), entry.id or Identifier(""), EntryKind.MARKER, [])
        node.start, node.is_moment = entry.time, True
        node.children = [
            self.report(organizer) for organizer in tree.organizers if organizer.marker is not None and organizer.marker == entry
        ]
        return node

    def encounter(self, tree: EncounterNode) -> PageNode:
        """Return an encounter with stays, conditions, procedures and reports."""
        entry = tree.entry
        facts = [
            ("Unit", self.unit(entry.responsible_unit)),
            ("Priority", self.code(entry.priority)),
            ("Reason", self.code(entry.reason)),
            ("Treatment began", f"{entry.treatment_start:%Y-%m-%d %H:%M}" if entry.treatment_start else ""),
        ]
        node = self._node("Encounter", self.code(entry.type), entry.id, EntryKind.ENCOUNTER, facts)
        node.start, node.end = entry.start, entry.end
        node.children += [self.referral(entry.referral)] if entry.referral else []
        node.children += [self.stay(stay) for stay in entry.stays]
        node.children += [self.payment(payment) for payment in entry.payments]
        node.children += [
            self.condition(condition) for condition in sorted(tree.conditions, key=lambda condition: not condition.entry.main)
        ]
        node.children += [self.procedure(procedure) for procedure in tree.procedures]
        node.children += [self.report(organizer) for organizer in tree.organizers]
        return node

    def stay(self, entry: Stay) -> PageNode:
        """Return a stay at a unit, or an absence."""
        if entry.absence is not None:
            return PageNode("Absence", self.code(entry.absence), entry.start, entry.end)
        return PageNode("Stay", self.unit(entry.unit), entry.start, entry.end)

    def payment(self, entry: Payment) -> PageNode:
        """Return the payment of an encounter."""
        facts = [("Payer", self.code(entry.payer)), ("Specialisation", self.code(entry.specialisation))]
        return PageNode("Payment", self.code(entry.agreement), entry.start, entry.end, facts=_given(facts))

    def condition(self, tree: ConditionNode) -> PageNode:
        """Return a condition with the reports that it caused."""
        entry = tree.entry
        facts = [
            ("Side", self.code(entry.side)),
            *self._more("Supplementary code", entry.supplementary),
            *self._more("Metastasis", entry.metastases),
            *self._more("Recurrence", entry.recurrences),
        ]
        kind = "Main condition" if entry.main else "Minor condition"
        node = self._node(kind, self.code(entry.code), entry.id, EntryKind.CONDITION, facts)
        node.children = [self.report(organizer) for organizer in tree.organizers]
        return node

    def procedure(self, tree: ProcedureNode) -> PageNode:
        """Return a procedure with the reports that it caused."""
        entry = tree.entry
        facts = [
            ("Producer", self.unit(entry.producer)),
            ("Side", self.code(entry.side)),
            ("Contrast", self.code(entry.contrast)),
            ("Action", self.code(entry.action)),
            ("Staff", self.code(entry.staff)),
            ("Indication", self.code(entry.indication.code) if entry.indication else ""),
            *self._more("Supplementary code", entry.supplementary),
        ]
        node = self._node("Procedure", self.code(entry.code), entry.id, EntryKind.PROCEDURE, facts)
        node.start, node.end = entry.start, entry.end
        node.children = [self.report(organizer) for organizer in tree.organizers]
        return node

    def report(self, tree: OrganizerNode) -> PageNode:
        """Return a result report with its results."""
        entry = tree.entry
        facts = [
            ("Status", self.code(entry.status)),
            *((self.code(result.type), self._value(result.value)) for result in entry.results),
        ]
        return self._node("Result report", self.code(entry.name), entry.id, EntryKind.OBSERVATION_ORGANIZER, facts)

    def code(self, code: Code | None) -> str:
        """Return a code with its term in the register, or else the sender's term."""
        if code is None:
            return ""
        rows = self.codes.sks.rows(code.code)
        term = next((row.term for row in reversed(rows) if row.term), code.display)
        return f"{term} ({code.code})" if term else code.code

    def unit(self, sor_id: str) -> str:
        """Return a unit with its name, if it is known."""
        known = self.codes.sor.unit(sor_id) if sor_id else None
        name = known.name if known else ""
        return name if sor_id in name else f"{name} ({sor_id})".strip() if name else sor_id

    def _value(self, text: str) -> str:
        """Return a code with its term, a moment as people write it, anything else as it is."""
        moment = timestamp(text) if _MOMENT.fullmatch(text) else None
        return self.code(Code(text)) if moment is None else f"{moment:%Y-%m-%d %H:%M}"

    def _more(self, name: str, codes: Iterable[Code]) -> Iterator[Fact]:
        return ((name, self.code(code)) for code in codes)

    def _node(self, kind: str, title: str, identifier: Identifier, entry_kind: EntryKind, facts: list[Fact]) -> PageNode:
        found = self._found.get((entry_kind.value, identifier.extension.lower()), [])
        return PageNode(kind, title, facts=_given(facts), key=identifier.extension.lower(), findings=list(found))


def _given(facts: Iterable[Fact]) -> list[Fact]:
    return [(name, value) for name, value in facts if value]
