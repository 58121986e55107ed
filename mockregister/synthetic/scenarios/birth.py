"""A birth: the mother's episode with RAA02, and the child's with RAA03, which refers to the mother's."""

from __future__ import annotations

from datetime import timedelta

from mockregister.document.building import timestamp
from mockregister.synthetic.chart import ACUTE, ILLNESS
from mockregister.synthetic.stage import Scenario, Stage, aged


def play(stage: Stage) -> None:
    """The child is born within hours, in a fifth of the cases by caesarean section.

    The mother's first document is sent while she is still in hospital.
    """
    chart, unit = stage.chart(), stage.unit("birth")
    by_section, start = stage.chance(0.2), stage.at(0, stage.between(1, 16), stage.between(0, 59))
    born = start + timedelta(minutes=stage.between(120, 420))
    home = stage.at(stage.between(2, 4) if by_section else stage.between(1, 3), 12)
    episode = chart.episode(start, unit, "ALAL51", referred=stage.at(-160))
    stay = chart.encounter(episode, start, None, unit, priority=ACUTE, reason=ILLNESS)
    birth = chart.condition(stay, "DO829" if by_section else "DO800")
    if by_section:
        chart.procedure(stay, "KMCA10", born - timedelta(minutes=10), 45, unit)
    chart.send(born + timedelta(hours=3))
    week, day, children = stage.between(37, 41), stage.between(0, 6), stage.between(1, 3)
    age = f"RGAA{week}0{day}"
    chart.end(stay, home)
    chart.report(birth, "RAA02", unit, _mother(stage, age, children), found=born)
    chart.close(episode, home)
    chart.send(home + timedelta(hours=1))

    child = stage.chart(about=stage.newborn())
    own = child.episode(born, unit, "ALAL52", origin="ALDA40", referred=born, follows=episode, relation="ALAA03")
    first = child.encounter(own, born, home, unit, priority=ACUTE, reason=ILLNESS)
    alive = child.condition(first, "DZ380")
    child.report(alive, "RAA03", unit, {"RDA31": timestamp(born), "RDA20": age, **_child(stage)})
    child.close(own, home)
    child.send(home + timedelta(hours=2))


def _mother(stage: Stage, age: str, children: int) -> dict[str, str]:
    return {
        "RDA20": age,
        "RDA22": str(children),
        "RDA23": "1",
        "RDA24": "0",
        "RDA25": "RGAB00",
        "RDA26": str(stage.between(155, 182)),
        "RDA27": str(stage.between(52, 95)),
    }


def _child(stage: Stage) -> dict[str, str]:
    weight = stage.between(2700, 4300)
    return {
        "RDA32": "1",
        "RDA34": "RGAD01",
        "RDA35": str(stage.between(8, 10)),
        "RDA36": str(stage.between(33, 37)),
        "RDA37": str(stage.between(31, 36)),
        "RDA38": str(weight // 6),
        "RDA39": str(weight),
        "RDA40": str(stage.between(48, 55)),
        "RDA41": "RGAE01",
        "RDA46": f"7.{stage.between(15, 35)}",
    }


SCENARIO = Scenario("birth", "Fødsel: mor og barn", 6, 12, play, aged(20, 43, "F"), group="pregnancy")
