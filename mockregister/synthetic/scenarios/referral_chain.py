"""A chain of referrals: one unit examines, the next operates, a third trains; each episode refers to the one before."""

from __future__ import annotations

from datetime import timedelta

from mockregister.model import EpisodeOfCare
from mockregister.synthetic.chart import ACUTE, ILLNESS, Chart
from mockregister.synthetic.stage import Scenario, Stage, aged

LINKS = (
    ("acute", "DK573", "UXCD00A", 0),
    ("surgical", "DK572", "BVAA31", 12),
    ("medical", "DK579", "BVAA20", 50),
)


def play(stage: Stage) -> None:
    """Three episodes in three sets; each unit's referrer is the unit before it."""
    before: EpisodeOfCare | None = None
    for number, (kind, disease, procedure, days) in enumerate(LINKS):
        before = _link(stage, stage.chart(), (kind, disease, procedure, days + number), before)


def _link(stage: Stage, chart: Chart, link: tuple[str, str, str, int], before: EpisodeOfCare | None) -> EpisodeOfCare:
    kind, disease, procedure, days = link
    unit, start = stage.unit(kind), stage.at(days)
    end = start + timedelta(minutes=90)
    origin, referrer = ("ALDA20", before.responsible_unit) if before else ("ALDA11", "")
    referred = start if before is None else start - timedelta(days=5)
    episode = chart.episode(start, unit, "ALAL99", origin=origin, referrer=referrer, referred=referred, follows=before)
    urgency = (ACUTE, ILLNESS) if before is None else ("ATA3", "")
    visit = chart.encounter(episode, start, end, unit, "ALCA00", *urgency)
    chart.condition(visit, disease)
    chart.procedure(visit, procedure, start + timedelta(minutes=20), 30, unit)
    chart.close(episode, end)
    chart.send(end + timedelta(hours=2))
    return episode


SCENARIO = Scenario("referral-chain", "Henvisningskæde over flere enheder", 60, 6, play, aged(30))
