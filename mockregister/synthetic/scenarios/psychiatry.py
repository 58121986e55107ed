"""Psychiatry: an outpatient course, and an acute admission, with or without coercion (RAA10)."""

from __future__ import annotations

from datetime import timedelta

from mockregister.builders.terms import sks
from mockregister.document.building import timestamp
from mockregister.model import Result
from mockregister.synthetic.chart import ACUTE
from mockregister.synthetic.stage import Scenario, Stage, aged

DISEASES = (
    (14, 55, "DF901"),
    (14, 130, "DF321"),
    (14, 130, "DF322"),
    (14, 130, "DF419"),
    (14, 130, "DF431"),
    (18, 130, "DF313"),
)  # lowest and highest age, disease


def outpatient(stage: Stage) -> None:
    """The patient is assessed and comes to talks for months; one talk is by video."""
    age = stage.person.age(stage.day)
    chart, unit = stage.chart(), stage.unit("psychiatry" if age >= 18 else "youth_psychiatry")
    disease = stage.random.choice([code for low, high, code in DISEASES if low <= age <= high])
    episode = chart.episode(stage.at(0, 9), unit, "ALAL03", reason=disease)
    chart.send(stage.at(0, 12))
    for number in range(stage.between(2, 4)):
        start = stage.at(10 + 21 * number)
        end = start + timedelta(minutes=50)
        visit = chart.encounter(episode, start, end, unit, "ALCA03" if number == 2 else "ALCA00")
        chart.condition(visit, disease)
        chart.procedure(visit, "BVAA33D" if number == 2 else "BRSP1", start, 45, unit)
        chart.send(end + timedelta(hours=3))


def admission(stage: Stage) -> None:
    """The patient is admitted and goes home after weeks."""
    _admitted(stage, coerced=False)


def coercion(stage: Stage) -> None:
    """The patient is admitted and detained. The first document reports the coercion; a later one corrects the report."""
    _admitted(stage, coerced=True)


def _admitted(stage: Stage, *, coerced: bool) -> None:
    chart, unit = stage.chart(), stage.unit("psychiatry")
    disease = stage.one_of("DF200", "DF209", "DF259", "DF312")
    start, home = stage.at(0, stage.between(1, 22), 10), stage.at(stage.between(9, 25), 13)
    episode = chart.episode(start, unit, "ALAL03", origin="ALDA11")
    stay = chart.encounter(episode, start, None, unit, priority=ACUTE)
    chart.condition(stay, disease)
    if coerced:
        measure = chart.procedure(stay, "BRTA", start + timedelta(minutes=40), 60, unit)
        date = timestamp(start + timedelta(minutes=40))
        report = chart.report(measure, "RAA10", unit, {"RDA96": "BRTZ1", "RDA97": "BRTZ2", "RDA98": date})
    chart.send(start + timedelta(hours=6))
    if coerced:
        ended = start + timedelta(days=2)
        chart.change(report, results=(*report.results[:2], Result(sks("RDA98"), timestamp(ended), ended)))
        chart.send(stage.at(3, 9))
    chart.procedure(stay, "BVAA04", home - timedelta(hours=1), 30, unit)
    chart.end(stay, home)
    chart.close(episode, home)
    chart.send(home + timedelta(hours=1))


SCENARIOS = (
    Scenario("psychiatry", "Ambulant psykiatrisk forløb", 130, 8, outpatient, aged(14), planned=True),
    Scenario("psychiatric-admission", "Psykiatrisk indlæggelse uden tvang", 27, 3, admission, aged(18)),
    Scenario("coercion", "Psykiatrisk indlæggelse med tvang", 27, 2, coercion, aged(18)),
)
