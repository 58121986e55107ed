"""``/metrics``: what happened since the start and what is stored, for Prometheus.

There may be thousands of registers, so no label names one: the figures are those of the whole server. If several workers serve,
every worker answers with the sum of all of them, including the figures of their processes.
"""

from __future__ import annotations

import json
import os
import platform
from collections import Counter as Counts
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from pathlib import Path

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

import mockregister
from mockregister.finding import Severity
from mockregister.mocking.registers import Registers
from mockregister.register.overview import rules_in, standing_in
from mockregister.web.registers import registers
from mockregister.web.tally import FINDINGS, LEVELS, LIMITS, REQUESTS, SECONDS, STRUCK, Counted, tally

blueprint = Blueprint("metrics", __name__)
LEAST = ("process_start_time_seconds", "process_max_fds")  # samples whose sum over processes has no meaning


def text(served: Registers) -> bytes:
    """Return the figures of all processes in Prometheus' text format."""
    shown = CollectorRegistry()
    shown.register(_Stored(served))
    shown.register(_TallySum(served.bench.figures(tally().as_json())))
    shown.register(_Sum(map(_taken_up, _processes(served))))
    return generate_latest(shown)


def _processes(served: Registers) -> list[int]:
    """Return the processes that serve: this one and, on Linux, the others of the same master."""
    children = Path(f"/proc/{os.getppid()}/task/{os.getppid()}/children")
    if served.settings.workers == 1 or not children.exists():
        return [os.getpid()]
    return [*map(int, children.read_text("ascii").split())]


def _collected(collector: Collector) -> str:
    """Return the metrics of a collector as JSON."""
    return json.dumps(
        [
            (
                metric.name,
                metric.documentation,
                metric.type,
                [(sample.name, sample.labels, sample.value) for sample in metric.samples],
            )
            for metric in collector.collect()
        ]
    )


def _taken_up(process: int) -> str:
    """Return a process's processor time, memory and open files, as the system reports them."""
    return _collected(ProcessCollector(pid=lambda: process, registry=None))


class _Sum(Collector):
    """The sum of the figures of several processes."""

    def __init__(self, figures: Iterable[str]) -> None:
        self.figures = figures

    def collect(self) -> Iterator[Metric]:
        found: dict[str, tuple[str, str]] = {}
        sums: dict[str, dict[tuple[str, tuple[tuple[str, str], ...]], float]] = {}
        for name, documentation, kind, samples in chain.from_iterable(map(json.loads, self.figures)):
            found[name], values = (documentation, kind), sums.setdefault(name, {})
            for sample, labels, value in samples:
                key, old = (sample, tuple(labels.items())), values.get((sample, tuple(labels.items())), 0.0)
                values[key] = min(old or value, value) if sample.endswith(LEAST) else old + value
        for name, (documentation, kind) in found.items():
            metric = Metric(name, documentation, kind)
            for (sample, labels), value in sums[name].items():
                metric.add_sample(sample, dict(labels), value)
            yield metric


class _TallySum(Collector):
    """The sum of the counts of several processes."""

    def __init__(self, told: Iterable[str]) -> None:
        self._counts = Counts[Counted]()
        for counts in map(json.loads, told):
            self._counts.update({tuple(counted): number for *counted, number in counts})

    def collect(self) -> Iterator[Metric]:
        yield self._counter(REQUESTS, "Submissions by service, HTTP status and outcome", "service", "status", "outcome")
        yield self._counter(FINDINGS, "Findings by level, code and severity", "level", "code", "severity")
        yield self._seconds()
        struck = CounterMetricFamily("mockregister_faults_struck", "Simulated faults that exchanges met")
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


class _Stored(Collector):
    """Adds up the counts that registers keep of what they hold; no register is opened for it."""

    def __init__(self, registers: Registers) -> None:
        self.registers = registers

    def collect(self) -> Iterator[Metric]:
        stored, findings, waiting = Counts[str](), Counts[str](), 0
        episodes = Counts({severity.value: 0 for severity in Severity})
        for totals in self.registers.totals():
            stored.update(totals.stored.rows)
            waiting += totals.waiting
            now = totals.clock.now()
            for standing in standing_in(totals.stored.standing_by_day, now):
                episodes[(Severity.ERROR if standing.is_error else Severity.WARNING).value] += standing.episodes
            for found in rules_in(totals.stored.standing_by_rule, now):
                findings[found.code] += found.episodes
        yield _gauge("mockregister_stored_entities", "Rows stored in the registers in use", "kind", stored)
        text = "Episodes of care in the error lists of the registers in use, by the most severe finding"
        yield _gauge("mockregister_error_list_episodes", text, "severity", episodes)
        text = "Episodes of care in which each code is found, in the error lists of the registers in use"
        yield _gauge("mockregister_error_list_findings", text, "code", findings)
        yield GaugeMetricFamily("mockregister_registers", "Number of registers", value=len(self.registers.names()))
        yield GaugeMetricFamily("mockregister_faults", "Faults that may still strike, of the registers in use", value=waiting)
        build = {
            "version": mockregister.__version__,
            "edition": self.registers.editions.start.name,
            "python": platform.python_version(),
        }
        yield InfoMetricFamily("mockregister_build", "The version that runs, and the edition at the start", value=build)


def _gauge(name: str, text: str, label: str, counts: Counts[str]) -> Metric:
    """Return a gauge with a sample for each counted thing."""
    gauge = GaugeMetricFamily(name, text, labels=[label])
    for counted, number in counts.items():
        gauge.add_metric([counted], number)
    return gauge


@blueprint.get("/metrics")
def show() -> Response:
    """Return the metrics in the text format of Prometheus."""
    return Response(text(registers()), content_type=CONTENT_TYPE_LATEST)
