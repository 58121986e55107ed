"""Measure a verdict on every shipped story, alone and among other patients, compared with a submission of the same run.

    python bench/exams.py [SEED] [STORE]

Calls go over the admin API in this process, without a socket. The budget is 200 ms for 25 stories. Compare the ratio
to the submission between machines. STORE is a setting such as ``postgresql://…``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

from flask.testing import FlaskClient

from mockregister.app import create_app
from mockregister.builders.terms import sks
from mockregister.client import Sending, write_request
from mockregister.document import writer
from mockregister.exam.answering import answers
from mockregister.mocking.registers import Namespace
from mockregister.model import ClinicalDocument
from mockregister.settings import Settings

ROUNDS = 7
OTHER_UNIT = "6071000016008"


def milliseconds(act: Callable[[], object]) -> float:
    """Return the median of some rounds after a warm-up."""
    act()
    return median(_timed(act) for _ in range(ROUNDS))


def _timed(act: Callable[[], object]) -> float:
    started = perf_counter()
    act()
    return (perf_counter() - started) * 1000


def documents(namespace: Namespace, *, wrong: bool) -> list[ClinicalDocument]:
    """Return the documents of our own generator. With ``wrong``, unit and side are changed everywhere."""
    assert namespace.sitting is not None
    told = [each for _, story in answers(namespace.sitting, namespace.register.clock.now()) for each in story]
    return list(map(_wrong, told)) if wrong else told


def _wrong(document: ClinicalDocument) -> ClinicalDocument:
    encounters = tuple(replace(each, responsible_unit=OTHER_UNIT) for each in document.encounters)
    conditions = tuple(replace(each, side=sks("TUL3")) for each in document.conditions)
    procedures = tuple(replace(each, producer=OTHER_UNIT, side=sks("TUL3")) for each in document.procedures)
    return replace(document, encounters=encounters, conditions=conditions, procedures=procedures)


def send(http: FlaskClient, name: str, document: ClinicalDocument) -> None:
    """Submit one document."""
    sending = Sending(register=name, service="save")
    headers, body = write_request([writer.write(document)], sending)
    http.post(sending.path, data=body, headers=headers)


def main(seed: str, store: str) -> None:
    """Print the table."""
    app = create_app(Settings(seed=seed, store=store))
    http, registers = app.test_client(), app.extensions["mockregister"]
    for name, wrong in (("untouched", None), ("passed", False), ("half-wrong", True)):
        http.post("/__admin/exams", json={"name": name})
        told = [] if wrong is None else documents(registers.get(name), wrong=wrong)
        peer = median([_timed(partial(send, http, name, document)) for document in told] or [0.0])
        report: Any = http.get(f"/__admin/exams/{name}").json
        counts = [each["standing"] for story in report["stories"] for each in story["expectations"]]
        missed = counts.count("missed")
        taken = milliseconds(partial(http.get, f"/__admin/exams/{name}"))
        ratio = f"{taken / peer:5.1f} x a submission" if told else ""
        size = f"{len(report['stories'])} stories, {len(counts)} expectations"
        print(f"{name:12} {size}, {missed:3} missed {taken:7.1f} ms {ratio}")
        http.delete(f"/__admin/registers/{name}")
    registers.close()


if __name__ == "__main__":
    main(*(sys.argv[1:] + ["none", "memory"][len(sys.argv) - 1 :]))
