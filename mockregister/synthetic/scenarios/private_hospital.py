"""An operation at a private hospital that the patient chose; the region pays under an agreement."""

from __future__ import annotations

from datetime import timedelta

from mockregister.builders.terms import sks
from mockregister.synthetic.geography import PRIVATE_HOSPITAL as HOSPITAL
from mockregister.synthetic.stage import Scenario, Stage, aged

OPERATIONS = (("DK409", "KJAB11"), ("DK802", "KJKA21"), ("DH250", "KCJE20"), ("DM171", "KNGB40"))


def play(stage: Stage) -> None:
    """The patient is examined, operated on and seen once more; the hospital itself reports."""
    disease, operation = stage.random.choice(OPERATIONS)
    chart, unit = stage.chart(author=HOSPITAL.unit, custodian=HOSPITAL.custodian), HOSPITAL.unit
    referrer, affected = stage.unit("surgical"), sks(stage.one_of("TUL1", "TUL2"))
    episode = chart.episode(stage.at(0, 10), unit, "ALAL99", origin="ALDA20", reason=disease, referrer=referrer, choice="ALDB02")
    for days, code, minutes in ((10, "BVAA31A", 30), (31, operation, 180), (59, "BVAA31B", 20)):
        start = stage.at(days)
        end = start + timedelta(minutes=minutes)
        visit = chart.encounter(episode, start, end, unit, agreement="ALFA3")
        side = affected if disease in ("DM171", "DH250") else None
        chart.condition(visit, disease, side=side)
        chart.procedure(visit, code, start + timedelta(minutes=5), minutes // 2, unit, side=side if code == operation else None)
        if days > 50:
            chart.close(episode, end)
        chart.send(end + timedelta(hours=2))


SCENARIO = Scenario("private-hospital", "Privathospital ved udvidet frit valg", 66, 6, play, aged(50, 88), planned=True)
