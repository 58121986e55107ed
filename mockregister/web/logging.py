"""Log lines, as text or JSON, with the fields of the exchange and without CPR numbers.

The package only logs; the program decides where the lines go: only ``serve`` calls ``configure``.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from queue import Empty, Full, Queue
from threading import Thread
from time import sleep
from typing import TextIO

from mockregister.web.masking import masked

IN_MESSAGE = ("method", "path", "status")
WAITING, BEARABLE = 10_000, 1.0  # most lines that wait to be written, and most seconds that ``flush`` waits
GATHERING = 0.05  # seconds for which lines are collected
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class TextLines(logging.Formatter):
    """``2019-06-01T10:00:00.000+00:00 INFO POST /cda-ws/… 200 request_id=… …``; one record is one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields = (f"{name}={value}" for name, value in _fields(record).items() if name not in IN_MESSAGE)
        line = " ".join((_moment(record), record.levelname, record.getMessage(), *fields))
        return masked(CONTROL.sub(" ", line)) + _trace(self, record)


class JsonLines(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {"time": _moment(record), "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        trace = _trace(self, record)
        whole = json.dumps(line | _fields(record) | ({"trace": trace} if trace else {}), ensure_ascii=False, default=str)
        return masked(CONTROL.sub(" ", whole))


FORMATS = {"text": TextLines, "json": JsonLines}


class LogWriter(logging.Handler):
    """Writes lines in its own thread, so that a slow reader of the log does not delay submissions.

    The thread collects lines for a moment, because waking it interrupts the caller. Lines are dropped while WAITING other lines
    are not yet written.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream, self._waiting = stream, Queue[str](WAITING)
        Thread(target=self._write, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the line for writing, or drop it if too many lines wait."""
        with suppress(Full):
            self._waiting.put_nowait(self.format(record) + "\n")

    def flush(self) -> None:
        """Wait until everything is written, for at most BEARABLE seconds."""
        with self._waiting.all_tasks_done:
            self._waiting.all_tasks_done.wait_for(lambda: not self._waiting.unfinished_tasks, BEARABLE)

    def _write(self) -> None:
        while True:
            first, written = self._waiting.get(), 0
            sleep(GATHERING)
            for line in chain((first,), iter(self._next, "")):
                with suppress(OSError, ValueError):  # the reader has gone
                    self._stream.write(line)
                written += 1
            with suppress(OSError, ValueError):
                self._stream.flush()
            for _ in range(written):
                self._waiting.task_done()

    def _next(self) -> str:
        """Return the next waiting line; empty if there is none."""
        try:
            return self._waiting.get_nowait()
        except Empty:
            return ""


def configure(log_format: str) -> None:
    """Write the log of this package to standard output, in this format."""
    handler = LogWriter(sys.stdout)
    handler.setFormatter(FORMATS[log_format]())
    ours = logging.getLogger("mockregister")
    ours.handlers, ours.propagate = [handler], False
    ours.setLevel(logging.INFO)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    found: dict[str, object] = getattr(record, "fields", {})
    return found


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return "\n" + masked(formatter.formatException(record.exc_info)) if record.exc_info else ""
