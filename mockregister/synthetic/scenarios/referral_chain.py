"""A chain of referrals: one unit finds gallstones, the next removes them, and a third sees the patient afterwards."""

from __future__ import annotations

from datetime import timedelta

from mockregister.model import EpisodeOfCare
from mockregister.synthetic.chart import ACUTE, ILLNESS, Chart
from mockregister.synthetic.stage import Scenario, Stage, aged

LINKS = (
    ("acute", "DK802", "UXUD10", 0, 90),
    ("surgical", "DK802", "KJKA21", 13, 300),
    ("medical", "DZ090", "BVAA20", 52, 30),
)  # unit, disease, what is done, after how many days, minutes


def play(stage: Stage) -> None:
    """The three episodes are in three sets; each links to the one before, whose unit is its referrer."""
    before: EpisodeOfCare | None = None
    for link in LINKS:
        before = _link(stage, stage.chart(), link, before)


def _link(stage: Stage, chart: Chart, link: tuple[str, str, str, int, int], before: EpisodeOfCare | None) -> EpisodeOfCare:
    kind, disease, procedure, days, minutes = link
    unit, start = stage.unit(kind), stage.at(days)
    end = start + timedelta(minutes=minutes)
    origin, referrer = ("ALDA20", before.responsible_unit) if before else ("ALDA11", "")
    referred = start if before is None else start - timedelta(days=7)
    episode = chart.episode(start, unit, "ALAL99", origin=origin, referrer=referrer, referred=referred, follows=before)
    urgency = (ACUTE, ILLNESS) if before is None else ("ATA3", "")
    visit = chart.encounter(episode, start, end, unit, "ALCA00", *urgency)
    chart.condition(visit, disease)
    chart.procedure(visit, procedure, start + timedelta(minutes=minutes // 5), minutes // 3, unit)
    chart.close(episode, end)
    chart.send(end + timedelta(hours=2))
    return episode


SCENARIO = Scenario("referral-chain", "Henvisningskæde over flere enheder", 60, 6, play, aged(30))
