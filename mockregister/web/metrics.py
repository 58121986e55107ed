"""``/metrics``: what happened since the start and what is stored, for Prometheus.

Registers come and go by the thousand, so no label names one: figures are of the whole server.
"""

from __future__ import annotations

import json
from collections import Counter as Counts
from collections.abc import Iterable, Iterator
from itertools import chain

from flask import Blueprint, Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from mockregister.mocking.journal import Exchange
from mockregister.mocking.registers import Registers
from mockregister.register.rows import Table

blueprint = Blueprint("metrics", __name__)
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Metrics:
    """The figures of one server, in a registry of its own."""

    def __init__(self, registers: Registers) -> None:
        self._registers, self.registry = registers, CollectorRegistry()
        self._requests = Counter(
            "mockregister_requests",
            "Submissions by service, HTTP status and outcome",
            ("service", "status", "outcome"),
            registry=self.registry,
        )
        self._findings = Counter(
            "mockregister_findings",
            "Findings by level, code and severity",
            ("level", "code", "severity"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "mockregister_level_seconds",
            "Seconds that each level took",
            ("level",),
            buckets=BUCKETS,
            registry=self.registry,
        )

    def observe(self, exchange: Exchange) -> None:
        """Count an exchange."""
        self._requests.labels(exchange.call.service, exchange.status, exchange.outcome).inc()
        for finding in exchange.findings:
            self._findings.labels(finding.level.value, finding.code, finding.severity.value).inc()
        for level, seconds in exchange.seconds.items():
            self._seconds.labels(level).observe(seconds)

    def text(self) -> bytes:
        """Return the figures of all processes in Prometheus' text format."""
        shown = CollectorRegistry()
        shown.register(_Stored(self._registers))
        shown.register(_Sum(self._registers.bench.figures(self.own())))
        return generate_latest(shown)

    def own(self) -> str:
        """Return the figures of this process, as another can add them up."""
        return json.dumps(
            [
                (one.name, one.documentation, one.type, [(sample.name, sample.labels, sample.value) for sample in one.samples])
                for one in self.registry.collect()
            ]
        )


class _Sum(Collector):
    """The figures of several processes, added up."""

    def __init__(self, figures: Iterable[str]) -> None:
        self.figures = figures

    def collect(self) -> Iterator[Metric]:
        found: dict[str, tuple[str, str]] = {}
        sums: dict[str, dict[tuple[str, tuple[tuple[str, str], ...]], float]] = {}
        for name, documentation, kind, samples in chain.from_iterable(map(json.loads, self.figures)):
            found[name], values = (documentation, kind), sums.setdefault(name, {})
            for sample, labels, value in samples:
                key, old = (sample, tuple(labels.items())), values.get((sample, tuple(labels.items())), 0.0)
                values[key] = min(old or value, value) if sample.endswith("_created") else old + value
        for name, (documentation, kind) in found.items():
            metric = Metric(name, documentation, kind)
            for (sample, labels), value in sums[name].items():
                metric.add_sample(sample, dict(labels), value)
            yield metric


class _Stored(Collector):
    """Counts what is stored when someone asks, so that nothing has to be kept in step."""

    def __init__(self, registers: Registers) -> None:
        self.registers = registers

    def collect(self) -> Iterator[Metric]:
        known = self.registers.known()
        stored = GaugeMetricFamily("mockregister_stored_entities", "Rows kept, of all registers", labels=["kind"])
        counts = Counts[Table]()
        for register in known:
            with register.register.look() as rows:
                counts.update({table: rows.count(table) for table in Table})
        for table in Table:
            stored.add_metric([table.label], counts[table])
        yield stored
        yield GaugeMetricFamily("mockregister_registers", "Registers there are", value=len(known))


def figures() -> Metrics:
    """Return the figures of the running server."""
    found: Metrics = current_app.extensions["mockregister.metrics"]
    return found


@blueprint.get("/metrics")
def show() -> Response:
    """The figures."""
    return Response(figures().text(), content_type=CONTENT_TYPE_LATEST)
