"""A planned outpatient course: referral by the general practitioner, examination, treatment, and a last talk by telephone."""

from __future__ import annotations

from datetime import timedelta

from mockregister.synthetic.chart import VIRTUAL
from mockregister.synthetic.stage import Scenario, Stage, aged

COURSES = (
    (3, 17, "ALAL99", "DJ450", "children", "BVDY01"),
    (5, 17, "ALAL99", "DG409", "children", "BVAA02"),
    (18, 60, "ALAL99", "DG439", "medical", "BVAA02"),
    (18, 70, "ALAL99", "DK509", "medical", "BVAA02"),
    (18, 130, "ALAL99", "DL409", "medical", "BVAA02"),
    (40, 130, "ALAL22", "DE119", "endocrinology", "BVDY01"),
    (35, 130, "ALAL02", "DI109", "cardiology", "UXUC80"),
    (50, 130, "ALAL02", "DI489", "cardiology", "UXUC80"),
    (45, 130, "ALAL21", "DJ449", "medical", "BVDY01"),
    (55, 130, "ALAL23", "DM809", "endocrinology", "UXRE80"),
    (45, 130, "ALAL99", "DM171", "orthopaedic", "UXRG25"),
    (50, 130, "ALAL99", "DH259", "eye", "BVAA31"),
)  # lowest and highest age, label, disease, unit, first procedure

SUSPECTED = "DD649"


def play(stage: Stage) -> None:
    """The first document opens the episode; each of two to four visits is an addendum, and the last one ends the episode.

    In a sixth of the courses another disease is suspected at the first visit, and refuted at the last.
    """
    age = stage.person.age(stage.day)
    _, _, label, disease, kind, procedure = stage.random.choice([course for course in COURSES if course[0] <= age <= course[1]])
    chart, unit = stage.chart(), stage.unit(kind)
    referred, opened = stage.at(0, 11), stage.at(1, 9)
    episode = chart.episode(opened, unit, label, reason=disease, referred=referred)
    chart.mark(episode, "AFV01A1", opened)
    chart.send(stage.at(1, 15))
    visits = stage.between(2, 4)
    for number in range(visits):
        start = stage.at(14 + 30 * number)
        end = start + timedelta(minutes=stage.between(20, 60))
        visit = chart.encounter(episode, start, end, unit, VIRTUAL if number == visits - 1 else "ALCA00")
        chart.condition(visit, disease)
        if number == 0:
            chart.mark(episode, "AFV01F", start)
            chart.procedure(visit, procedure, start + timedelta(minutes=5), 10, unit)
            suspected = chart.condition(visit, SUSPECTED, main=False) if stage.chance(1 / 6) else None
        else:
            chart.procedure(visit, "BVAA33A" if number == visits - 1 else "BVAA02", start, 10, unit)
        if number == visits - 1:
            if suspected:
                chart.change(suspected, negated=True)
            chart.close(episode, end)
        chart.send(end + timedelta(hours=2))


SCENARIO = Scenario("outpatient", "Planlagt ambulant forløb", 150, 30, play, aged(3), planned=True)
