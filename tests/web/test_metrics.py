"""``/metrics`` counts events and stored data."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

import mockregister
from tests.web.admin.conftest import Bench, bench_of, document_with_a_violation

SAVE = "PatientHealthcareSaveIfNoErrorsReportingService"


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Start a server for this test, because counts begin with the start of a server."""
    yield from bench_of()


def samples(bench: Bench) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(bench.http.get("/metrics").text)
    return {(found.name, frozenset(found.labels.items())): found.value for family in families for found in family.samples}


def sample(bench: Bench, name: str, **labels: str) -> float:
    return samples(bench).get((f"mockregister_{name}", frozenset(labels.items())), 0)


def test_submissions_are_counted_by_service_status_and_outcome(bench: Bench) -> None:
    bench.submit()
    bench.submit(register="another")
    assert sample(bench, "requests_total", service=SAVE, status="200", outcome="Success") == 2
    bench.submit(headers={"X-Mock-Outcome": "503"})
    assert sample(bench, "requests_total", service=SAVE, status="503", outcome="Fault") == 1


def test_findings_are_counted_by_level_and_code(bench: Bench) -> None:
    bench.submit(document_with_a_violation())
    assert sample(bench, "findings_total", level="BUSINESS_RULE", code="05.104", severity="Error") == 1


def test_the_seconds_of_each_level_are_measured(bench: Bench) -> None:
    bench.submit()
    for level in ("XSD", "SCHEMATRON", "INTEGRITY_CHECK", "BUSINESS_RULE"):
        assert sample(bench, "level_seconds_count", level=level) == 1
        assert sample(bench, "level_seconds_sum", level=level) > 0


def test_stored_data_is_counted_over_all_registers(bench: Bench) -> None:
    bench.submit()
    bench.submit(register="another")
    assert sample(bench, "stored_entities", kind="documents") == 2
    assert sample(bench, "registers") == 2
    bench.post("reset")
    assert sample(bench, "stored_entities", kind="documents") == 1


def test_the_error_lists_are_counted_by_severity_and_rule(bench: Bench) -> None:
    assert sample(bench, "error_list_episodes", severity="Error") == 0
    bench.submit(document_with_a_violation(), service="save")
    bench.submit(document_with_a_violation(), service="save", register="another")
    assert sample(bench, "error_list_episodes", severity="Error") == 2
    assert sample(bench, "error_list_findings", code="05.104") == 2


def test_faults_are_counted_while_they_wait_and_when_they_strike(bench: Bench) -> None:
    bench.post("faults", match={}, fault={"type": "http_status", "status": 503}, times=1)
    assert (sample(bench, "faults"), sample(bench, "faults_struck_total")) == (1, 0)
    bench.submit()
    assert (sample(bench, "faults"), sample(bench, "faults_struck_total")) == (0, 1)


def test_version_and_memory_of_the_server_are_shown(bench: Bench) -> None:
    told = {name: value for (name, _), value in samples(bench).items()}
    assert told["process_resident_memory_bytes"] > 1_000_000
    assert told["process_cpu_seconds_total"] > 0
    labels = {"version": mockregister.__version__, "edition": "2023-09-18", "python": platform.python_version()}
    assert sample(bench, "build_info", **labels) == 1


def test_the_dashboard_uses_only_existing_metrics(bench: Bench) -> None:
    bench.submit(document_with_a_violation(), service="save")
    dashboard = json.loads((Path(__file__).parents[2] / "docs" / "grafana-dashboard.json").read_text("utf-8"))
    asked = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ()))
    wanted = set(re.findall(r"\b(?:mockregister|process)_\w+", asked))
    assert wanted >= {"mockregister_requests_total", "mockregister_faults", "mockregister_error_list_episodes"}
    assert wanted <= {name for name, _ in samples(bench)}


def test_the_metrics_can_be_read_under_the_path_of_a_register(bench: Bench) -> None:
    assert bench.http.get("/r/another/metrics").status_code == 200


def test_two_servers_count_separately(bench: Bench) -> None:
    other = next(generator := bench_of())
    other.submit()
    assert sample(bench, "requests_total", service=SAVE, status="200", outcome="Success") == 0
    generator.close()
