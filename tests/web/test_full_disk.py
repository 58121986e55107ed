"""If the disk is full, a submission is answered with a fault and the register does not change."""

from __future__ import annotations

from pathlib import Path

from mockregister.client import Client
from mockregister.register.tinydb_folder import JOURNAL
from mockregister.testing import server
from tests.builders import an_episode, as_xml
from tests.register.test_tinydb_store import a_full_disk


def test_a_submission_on_a_full_disk_is_a_fault_and_changes_nothing(tmp_path: Path) -> None:
    content = as_xml(episodes=[an_episode()])
    with server(store=f"tinydb:{tmp_path}") as url:
        client = Client(url)
        with a_full_disk(tmp_path / "default" / JOURNAL, room=1000):
            refused = client.submit([content])
        assert refused.fault is not None
        assert refused.http_status == 500
        assert "was not kept" in refused.fault.reason
        assert str(tmp_path) not in refused.fault.reason
        assert client.submit([content]).status == "Success"
