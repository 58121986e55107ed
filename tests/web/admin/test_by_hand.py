"""No document may change what was edited in the register's own user interface."""

from __future__ import annotations

from tests.builders import a_procedure, as_xml, external, the_next_document, uuid
from tests.register.desk import EPISODE
from tests.web.admin.conftest import Bench

EPISODE_ID = uuid("episode")
ADDENDUM = as_xml(the_next_document(procedures=[a_procedure(owner=external(EPISODE, "episode"))]))


def test_documents_cannot_change_an_episode_that_was_edited_by_hand(bench: Bench) -> None:
    bench.submit()
    answer = bench.call("PUT", f"edited-by-hand/{EPISODE_ID}")
    assert (answer.status_code, answer.json) == (200, {"edited_by_hand": EPISODE_ID.lower()})
    [finding] = bench.submit(ADDENDUM).findings
    assert (finding.code, finding.params) == ("WEBSERVICE_CHANGE_NOT_ALLOWED", (EPISODE_ID.lower(),))


def test_a_checkpoint_undoes_the_edit_by_hand(bench: Bench) -> None:
    bench.submit()
    bench.call("PUT", "checkpoints/before")
    bench.call("PUT", f"edited-by-hand/{EPISODE_ID}")
    bench.post("checkpoints/before/restore")
    assert bench.submit(ADDENDUM, service="save").status == "Success"


def test_an_unknown_episode_is_reported(bench: Bench) -> None:
    assert bench.problem("PUT", f"edited-by-hand/{EPISODE_ID}")["status"] == 404
    assert bench.problem("PUT", "edited-by-hand/nobody")["status"] == 404
