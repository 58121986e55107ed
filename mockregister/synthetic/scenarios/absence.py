"""A stay in hospital with days at home in between, and a move between wards."""

from __future__ import annotations

from datetime import timedelta

from mockregister.builders.terms import sks
from mockregister.model import Stay
from mockregister.synthetic.chart import ACUTE, ILLNESS
from mockregister.synthetic.stage import Scenario, Stage, aged

DISEASES = (("ALAL02", "DI509"), ("ALAL21", "DJ441"), ("ALAL99", "DJ189"))


def play(stage: Stage) -> None:
    """Each move is sent as a correction of the encounter, with all its stays; the last document ends it."""
    chart, acute, ward = stage.chart(), stage.unit("acute"), stage.unit("medical")
    start, moved = stage.at(0, stage.between(1, 20)), stage.at(1, 9)
    left, back, home = stage.at(5, 15), stage.at(7, 18), stage.at(10, 11)
    label, disease = stage.random.choice(DISEASES)
    episode = chart.episode(start, ward, label, origin="ALDA11")
    stay = chart.encounter(episode, start, None, acute, priority=ACUTE, reason=ILLNESS, treated=start + timedelta(minutes=35))
    chart.condition(stay, disease)
    chart.condition(stay, "DE119", main=False)
    chart.send(start + timedelta(hours=5))
    at_first = Stay(start, moved, acute)
    chart.change(stay, responsible_unit=ward, stays=(at_first, Stay(moved, None, ward)))
    chart.procedure(stay, "UXRC00", start + timedelta(hours=1), 10, acute)
    chart.send(stage.at(1, 12))
    away = Stay(left, back, absence=sks("ALCF02"))
    chart.change(stay, stays=(at_first, Stay(moved, left, ward), away, Stay(back, None, ward)))
    chart.send(stage.at(7, 20))
    chart.procedure(stay, "BVAA04", home - timedelta(hours=1), 20, ward)
    chart.end(stay, home)
    chart.close(episode, home)
    chart.send(home + timedelta(hours=1))


SCENARIO = Scenario("absence", "Indlæggelse med fravær", 12, 9, play, aged(40))
