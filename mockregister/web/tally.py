"""What a process has counted since its start: as text that other processes add up, and as Prometheus shows it."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter as Counts
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from threading import Lock

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

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

    def told(self) -> str:
        """Return the counts as JSON."""
        with self._lock:
            return json.dumps([(*counted, number) for counted, number in self._counts.items()], separators=(",", ":"))


class TallySum(Collector):
    """The sum of the counts of several processes."""

    def __init__(self, told: Iterable[str]) -> None:
        self._counts = Counts[Counted]()
        for counts in map(json.loads, told):
            self._counts.update({tuple(counted): number for *counted, number in counts})

    def collect(self) -> Iterator[Metric]:
        yield self._counter(REQUESTS, "Submissions by service, HTTP status and outcome", "service", "status", "outcome")
        yield self._counter(FINDINGS, "Findings by level, code and severity", "level", "code", "severity")
        yield self._seconds()
        struck = CounterMetricFamily("mockregister_faults_struck", "Faults done to exchanges on purpose")
        struck.add_metric((), self._counts[STRUCK,])
        yield struck

    def _counter(self, name: str, text: str, *labels: str) -> Metric:
        family = CounterMetricFamily(f"mockregister_{name}", text, labels=labels)
        for values, number in self._of(name):
            family.add_metric(values, number)
        return family

    def _seconds(self) -> Metric:
        family = HistogramMetricFamily("mockregister_level_seconds", "Seconds that each level took", labels=("level",))
        for (level,), total in self._of(SECONDS):
            below = accumulate(self._counts[LEVELS, level, limit] for limit in LIMITS)
            family.add_metric((level,), list(zip(LIMITS, below, strict=True)), total)
        return family

    def _of(self, counted: str) -> Iterator[tuple[Sequence[str], float]]:
        """Yield the labels and the number of everything that was counted under a name."""
        return ((labels, number) for (name, *labels), number in self._counts.items() if name == counted)
