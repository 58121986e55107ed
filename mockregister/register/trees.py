"""Build episodes of care as trees, the way clinicians think of them, from the register's rows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from mockregister.model import (
    Condition,
    ConditionNode,
    Encounter,
    EncounterNode,
    EpisodeOfCare,
    EpisodeTree,
    ObservationOrganizer,
    OrganizerNode,
    Procedure,
    ProcedureNode,
    Scope,
)
from mockregister.register.rows import key_of
from mockregister.register.view import View

MOST_LINKS = 5  # links that are followed from one episode of care to the next, in a row
NONE_YET: Mapping[str, EpisodeTree] = MappingProxyType({})
Node = TypeVar("Node", bound=EpisodeTree | EncounterNode | ConditionNode | ProcedureNode)


def tree_of(view: View, key: str, known: Mapping[str, EpisodeTree] = NONE_YET) -> EpisodeTree | None:
    """Return the episode of care of this key with everything below it; None if there is no live one.

    The tree of the episode that it links to is attached to it, and so on along the links. ``known`` are the trees from which
    links led here, by key.
    """
    row = view.live_entry(key)
    if row is None or not isinstance(row.entry, EpisodeOfCare):
        return None
    checked = view.checked(key)
    reported = checked.reported if checked is not None else None
    tree = _grown(view, key, EpisodeTree(row.entry, view.patient_of(row.set), reported, row.set))
    if row.entry.link is not None:
        target, known = row.entry.link.target, {**known, key: tree}
        linked = target.id.root.lower() if target.scope is Scope.SET_EXTERNAL else key_of(target.id)
        tree.linked = known.get(linked) or (tree_of(view, linked, known) if len(known) <= MOST_LINKS else None)
    return tree


def _grown(view: View, key: str, node: Node) -> Node:
    """Return the node of the entry of this key with everything below it."""
    # a marker's row equals the marker in its episode, but a store need not read them as the same object
    markers = {key_of(marker.id): marker for marker in node.entry.markers if marker.id} if isinstance(node, EpisodeTree) else {}
    for child, row in view.owned(key).items():
        entry = row.entry
        if isinstance(entry, ObservationOrganizer):
            node.organizers.append(OrganizerNode(entry, node))
        elif isinstance(entry, Condition) and isinstance(node, EncounterNode):
            node.conditions.append(_grown(view, child, ConditionNode(entry, node)))
        elif isinstance(entry, Procedure) and isinstance(node, EpisodeTree | EncounterNode):
            encounter = node if isinstance(node, EncounterNode) else None
            node.procedures.append(_grown(view, child, ProcedureNode(entry, encounter=encounter)))
        elif isinstance(entry, Encounter) and isinstance(node, EpisodeTree):
            node.encounters.append(_grown(view, child, EncounterNode(entry)))
        elif child in markers:
            reports = [row.entry for row in view.owned(child).values() if isinstance(row.entry, ObservationOrganizer)]
            node.organizers += [OrganizerNode(report, markers[child]) for report in reports]
    return node
