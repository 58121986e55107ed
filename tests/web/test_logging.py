"""The log has a line for each request, as text or JSON, without CPR numbers."""

from __future__ import annotations

import json
import logging
import sys
from threading import Event
from types import SimpleNamespace
from typing import TextIO, cast

import pytest

from mockregister.web.logging import JsonLines, LogWriter, TextLines, configure
from tests.web.admin.conftest import Bench, bench, shared

__all__ = ["bench", "shared"]


def record(message: str, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("mockregister.access", logging.INFO, __file__, 1, message, None, None)
    made.fields = fields
    return made


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()])
def test_a_record_is_one_line_without_cpr_numbers(lines: logging.Formatter) -> None:
    line = lines.format(record("GET /x\nforged\u2028line 2512489996", path="/251248-9996\r\n"))
    assert len(line.splitlines()) == 1
    assert "9996" not in line


def test_json_lines_have_all_fields() -> None:
    line = json.loads(JsonLines().format(record("hello", request_id="7", faults=["1"])))
    assert (line["message"], line["level"], line["request_id"], line["faults"]) == ("hello", "INFO", "7", ["1"])


def test_text_lines_have_all_fields() -> None:
    assert TextLines().format(record("hello", request_id="7")).endswith("INFO hello request_id=7")


@pytest.mark.parametrize("given", ["2512489996", "call-251248-9996", "x" * 200])
def test_an_invalid_request_id_is_not_used(bench: Bench, given: str) -> None:
    assert bench.submit(headers={"X-Request-Id": given}).headers["x-request-id"] != given


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()])
def test_a_trace_is_masked_too(lines: logging.Formatter) -> None:
    try:
        raise ValueError("2512489996")
    except ValueError:
        made = logging.LogRecord("mockregister", logging.ERROR, __file__, 1, "broken", None, sys.exc_info())
    line = lines.format(made)
    assert "ValueError" in line
    assert "9996" not in line


def test_every_request_is_logged_with_its_id(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "mockregister.access")
    bench.submit(headers={"X-Request-Id": "run-7"}, register="team-a")
    fields = caplog.records[-1].fields
    assert (fields["request_id"], fields["register"], fields["status"], fields["outcome"]) == ("run-7", "team-a", 200, "Success")


def test_lines_are_written_to_standard_output(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockregister.web.logging.BEARABLE", 60)
    logger = logging.getLogger("mockregister")
    before = logger.handlers, logger.propagate, logger.level
    try:
        configure("json")
        logging.getLogger("mockregister.access").info("hello 2512489996")
        logger.handlers[0].flush()
        line = json.loads(capsys.readouterr().out)
    finally:
        logger.handlers, logger.propagate, logger.level = before
    assert line["message"] == "hello [cpr]"


def test_requests_do_not_wait_for_a_blocked_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockregister.web.logging.WAITING", 3)
    monkeypatch.setattr("mockregister.web.logging.BEARABLE", 0.01)
    reading, written = Event(), []
    stream = SimpleNamespace(write=lambda line: (reading.wait(), written.append(line)), flush=lambda: None)
    lines = LogWriter(cast(TextIO, stream))
    for number in range(100):
        lines.emit(logging.makeLogRecord({"msg": str(number)}))
    lines.flush()
    assert written == []
    monkeypatch.setattr("mockregister.web.logging.BEARABLE", 60)
    reading.set()
    lines.flush()
    assert written[:3] == ["0\n", "1\n", "2\n"]
    assert len(written) <= 4
