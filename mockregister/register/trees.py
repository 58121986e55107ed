"""Build episodes of care as trees, the way clinicians think of them, from the register's rows."""

from __future__ import annotations

from dataclasses import replace

from mockregister.model import (
    Condition,
    ConditionNode,
    Encounter,
    EncounterNode,
    EpisodeOfCare,
    EpisodeTree,
    ObservationOrganizer,
    OrganizerNode,
    Patient,
    Procedure,
    ProcedureNode,
    Reference,
    Scope,
)
from mockregister.register.rows import EntryRow, LinkRow, Table, alternative_keys, key_of
from mockregister.register.view import View

MOST_LINKS = 5  # links that are followed from one episode of care to the next; some rule names each of them


class Trees:
    """Builds the trees of one state."""

    def __init__(self, view: View) -> None:
        self.view = view

    def tree(self, key: str) -> EpisodeTree | None:
        """Return the episode of care of this key with everything below it; None if there is no live one."""
        tree = self._root(key)
        if tree is not None:
            self._fill(tree, key)
            if tree.entry.link is not None:
                self._link(tree, tree.entry.link.target, {key: tree})
        return tree

    def _link(self, tree: EpisodeTree, target: Reference, known: dict[str, EpisodeTree]) -> None:
        """Attach the episode of care that the link leads to, with everything on it and the episode that it links to in turn."""
        key = target.id.root.lower() if target.scope is Scope.SET_EXTERNAL else key_of(target.id)
        if key in known or len(known) > MOST_LINKS:
            tree.linked = known.get(key)
            return
        tree.linked = self._root(key)
        if tree.linked is not None:
            self._fill(tree.linked, key)
            if tree.linked.entry.link is not None:
                self._link(tree.linked, tree.linked.entry.link.target, {**known, key: tree.linked})

    def patient_of(self, set_key: str) -> Patient:
        """Return the patient of a set, with the CPR number to which an alternative id was linked later (fact 34)."""
        row = self.view.set(set_key)
        patient = row.patient if row is not None else Patient()
        links = (self.view.rows.get(Table.LINKS, LinkRow, key) for key in alternative_keys(patient))
        cpr = patient.cpr or next((link.cpr for link in links if link is not None), "")
        return patient if cpr == patient.cpr else replace(patient, cpr=cpr)

    def _root(self, key: str) -> EpisodeTree | None:
        row = self.view.live_entry(key)
        if row is None or not isinstance(row.entry, EpisodeOfCare):
            return None
        checked = self.view.checked(key)
        reported = checked.reported if checked is not None else None
        return EpisodeTree(row.entry, self.patient_of(row.set), reported, row.set)

    def _below(self, key: str) -> list[tuple[str, EntryRow]]:
        rows = ((child, self.view.entry(child)) for child in self.view.owned(key))
        return [(child, row) for child, row in rows if row is not None]

    def _fill(self, tree: EpisodeTree, key: str) -> None:
        # a marker's row equals the marker in its episode, but a store need not read them as the same object
        markers = {key_of(marker.id): marker for marker in tree.entry.markers if marker.id is not None}
        for child, row in self._below(key):
            if isinstance(row.entry, Encounter):
                tree.encounters.append(self._encounter(row.entry, child))
            elif isinstance(row.entry, Procedure):
                tree.procedures.append(self._procedure(row.entry, child, None))
            elif isinstance(row.entry, ObservationOrganizer):
                tree.organizers.append(OrganizerNode(row.entry, episode=tree))
            elif child in markers:
                tree.organizers += [OrganizerNode(report, marker=markers[child]) for report in self._reports(child)]

    def _encounter(self, entry: Encounter, key: str) -> EncounterNode:
        node = EncounterNode(entry)
        for child, row in self._below(key):
            if isinstance(row.entry, Condition):
                node.conditions.append(self._condition(row.entry, child, node))
            elif isinstance(row.entry, Procedure):
                node.procedures.append(self._procedure(row.entry, child, node))
            elif isinstance(row.entry, ObservationOrganizer):
                node.organizers.append(OrganizerNode(row.entry, encounter=node))
        return node

    def _condition(self, entry: Condition, key: str, encounter: EncounterNode) -> ConditionNode:
        node = ConditionNode(entry, encounter)
        node.organizers = [OrganizerNode(report, condition=node) for report in self._reports(key)]
        return node

    def _procedure(self, entry: Procedure, key: str, encounter: EncounterNode | None) -> ProcedureNode:
        node = ProcedureNode(entry, encounter=encounter)
        node.organizers = [OrganizerNode(report, procedure=node) for report in self._reports(key)]
        return node

    def _reports(self, key: str) -> list[ObservationOrganizer]:
        return [row.entry for _, row in self._below(key) if isinstance(row.entry, ObservationOrganizer)]
