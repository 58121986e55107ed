"""An emergency visit after an accident, with the report of the injury (RAA05)."""

from __future__ import annotations

from datetime import timedelta

from mockregister.builders.terms import sks
from mockregister.document.building import timestamp
from mockregister.synthetic.chart import ACCIDENT, ACUTE
from mockregister.synthetic.stage import Scenario, Stage

WOUNDS = (
    (3, "DS525", "UXRF40", "KNCJ05"),
    (6, "DS934", "UXRG40", "BLKD0"),
    (0, "DS610", "UXRF50", "KQCB00"),
    (0, "DS018", "UXRA05", "KQAB00"),
)  # lowest age, diagnosis, examination and treatment


def play(stage: Stage) -> None:
    """The patient is seen, X-rayed and treated within hours.

    The report of the injury follows, and sometimes a correction of the diagnosis' side.
    """
    chart, unit = stage.chart(), stage.unit("acute")
    start = stage.at(0, stage.between(7, 23), stage.between(0, 59))
    end = start + timedelta(minutes=stage.between(70, 260))
    age = stage.person.age(stage.day)
    _, wound, picture, treatment = stage.random.choice([candidate for candidate in WOUNDS if candidate[0] <= age])
    episode = chart.episode(start, unit, "ALAL99", origin="ALDA11")
    visit = chart.encounter(episode, start, end, unit, priority=ACUTE, reason=ACCIDENT, treated=start + timedelta(minutes=25))
    side = sks(stage.one_of("TUL1", "TUL2"))
    condition = chart.condition(visit, wound, side=side)
    chart.procedure(visit, picture, start + timedelta(minutes=30), 10, unit, side=side)
    chart.procedure(visit, treatment, start + timedelta(minutes=45), 20, unit, side=side)
    happened = start - timedelta(minutes=stage.between(20, 180))
    found = {"RDA60": timestamp(happened), "RDA61": "EUHA1", "RDA62": "EUS50", "RDA63": "EUA2"}
    chart.report(visit, "RAA05", unit, found)
    chart.close(episode, end)
    chart.send(end + timedelta(minutes=20))
    if stage.chance(0.2):
        chart.change(condition, side=sks("TUL1" if side.code == "TUL2" else "TUL2"))
        chart.send(stage.at(1, 10))


SCENARIO = Scenario("injury", "Skadestuebesøg med skadeindberetning", 4, 24, play)
