"""Two workers and a second server on the same database share an exam and a training: each of them knows all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockregister.server import Server
from tests import postgresql
from tests.cli.test_exam import run
from tests.cli.test_workers import WORKERS
from tests.exam.conftest import NOW, VISIT
from tests.serving import running

TRIES = 6  # each request has its own connection, so that every worker is likely to answer some


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_an_exam_can_be_started_taken_checked_and_ended_at_any_worker(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(VISIT, "utf-8")
    how = ("--store", postgresql.url_for(tmp_path), "--clock", NOW.isoformat(), "--training", "on")
    with running(*how, *WORKERS) as workers, running(*how) as alone:
        urls = [workers.url, alone.url] * (TRIES // 2)
        begun = run("start", "team", "--stories", "diagnosis-report", "--stories", tmp_path, "--url", workers.url)
        assert begun.exit_code == 0, begun.output
        assert {run("check", "team", "--url", url).exit_code for url in urls} == {1}
        assert run("start", "team", "--url", alone.url).exit_code == 2
        sat = run("sit", "team", "--url", workers.url)
        assert sat.exit_code == 0, sat.output
        assert {run("check", "team", "--url", url).exit_code for url in urls} == {0}
        assert {"team" in Server(url).get("/training", "text/html").decode() for url in urls} == {True}
        Server(alone.url).exchange("POST", "/r/team/__admin/reset", {"Content-Type": "application/json"}, b"{}")
        assert {run("check", "team", "--url", url).exit_code for url in urls} == {1}
        assert run("end", "team", "--url", alone.url).exit_code == 0
        assert {run("check", "team", "--url", url).exit_code for url in urls} == {2}
