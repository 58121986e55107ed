"""What a process has counted since its start, as text that other processes add up (``metrics.py``)."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter as Counts
from threading import Lock

from flask import current_app

from mockregister.mocking.journal import Exchange

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)  # seconds
LIMITS = (*map(str, map(float, BUCKETS)), "+Inf")
REQUESTS, FINDINGS, LEVELS, SECONDS, STRUCK = "requests", "findings", "levels", "seconds", "struck"

Counted = tuple[str, ...]  # what was counted, and its labels


class Tally:
    """The counts of this process."""

    def __init__(self) -> None:
        self._lock, self._counts = Lock(), Counts[Counted]()

    def add(self, exchange: Exchange) -> None:
        """Count an exchange."""
        counts = Counts[Counted]({(REQUESTS, exchange.call.service, str(exchange.status), exchange.outcome): 1})
        counts.update((FINDINGS, finding.level.value, finding.code, finding.severity.value) for finding in exchange.findings)
        counts.update((LEVELS, level, LIMITS[bisect_left(BUCKETS, took)]) for level, took in exchange.seconds.items())
        counts.update({(SECONDS, level): took for level, took in exchange.seconds.items()})
        counts[STRUCK,] += len(exchange.faults)
        with self._lock:
            self._counts.update(counts)

    def as_json(self) -> str:
        """Return the counts as JSON."""
        with self._lock:
            return json.dumps([(*counted, number) for counted, number in self._counts.items()], separators=(",", ":"))


def tally() -> Tally:
    """Return the counts of the running server."""
    found: Tally = current_app.extensions["mockregister.tally"]
    return found
