"""A hip fracture: an operation with an implant (RAA08), and a complication that is found later (RAA09)."""

from __future__ import annotations

from datetime import timedelta

from mockregister.builders.terms import sks
from mockregister.document.building import timestamp
from mockregister.synthetic.chart import ACCIDENT, ACUTE
from mockregister.synthetic.stage import Scenario, Stage, aged

FRACTURES = (("DS720", "KNFB02"), ("DS720", "KNFJ70"), ("DS721", "KNFJ51"))  # each with the operation that suits it
COMPLICATIONS = ("DT810", "DT814")  # bleeding, infection


def play(stage: Stage) -> None:
    """The patient is admitted after a fall and operated on the next day.

    The complication is reported when the patient goes home.
    """
    chart, unit = stage.chart(), stage.unit("orthopaedic")
    start, operated, home = stage.at(0, stage.between(10, 21)), stage.at(1, 10), stage.at(stage.between(5, 9), 12)
    side = sks(stage.one_of("TUL1", "TUL2"))
    episode = chart.episode(start, unit, "ALAL99", origin="ALDA11")
    stay = chart.encounter(episode, start, None, unit, priority=ACUTE, reason=ACCIDENT)
    fracture, treatment = stage.random.choice(FRACTURES)
    chart.condition(stay, fracture, side=side)
    chart.procedure(stay, "UXRG15", start + timedelta(minutes=40), 10, unit, side=side)
    chart.report(
        stay, "RAA05", unit, {"RDA60": timestamp(start - timedelta(hours=2)), "RDA61": "EUHA1", "RDA62": "EUS50", "RDA63": "EUA2"}
    )
    chart.send(start + timedelta(hours=3))
    operation = chart.procedure(stay, treatment, operated, 75, unit, side=side)
    lot, when = f"PRØVE-{stage.between(10000, 99999)}", timestamp(operated)
    chart.report(operation, "RAA08", unit, {"RDB02": "05700000000000", "RDB03": lot, "RDB05": "GS1", "RDB06": "1", "RDB07": when})
    chart.send(operated + timedelta(hours=5))
    chart.report(operation, "RAA09", unit, {"RDA85": stage.one_of("ZDA03A1", "ZDA03A2", "ZDA03A3A")})
    chart.condition(stay, stage.one_of(*COMPLICATIONS), main=False)
    chart.end(stay, home)
    chart.close(episode, home)
    chart.send(home + timedelta(hours=2))


SCENARIO = Scenario("hip-fracture", "Hoftebrud med implantat og komplikation", 12, 5, play, aged(68), group="hip")
