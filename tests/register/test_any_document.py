"""The register judges any document without failing, and can show the episodes that it would make."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from mockregister.model import ClinicalDocument, ParentDocument, Relation
from mockregister.register.memory_store import MemoryStore
from tests.builders import a_document
from tests.register.desk import Desk
from tests.strategies import documents


@given(documents(), documents())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_two_documents_are_judged(first: ClinicalDocument, second: ClinicalDocument) -> None:
    desk = Desk(MemoryStore())
    desk.hand_in(a_document(set_id=first.set_id, id=first.id))
    parent = ParentDocument(Relation.REPLACE, first.id, first.set_id, 1)
    follower = replace(second, set_id=first.set_id, parent=parent)
    with desk.register.draft([first, follower, second]) as draft:
        assert all(violation.code for violation in draft.violations)
        assert all(tree.entry for tree in draft.touched())
