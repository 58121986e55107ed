"""A cancer package: referral, investigation, decision and treatment, with markers, stages and a notification (RAA01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from mockregister.builders.terms import sks
from mockregister.model import Encounter, EpisodeOfCare
from mockregister.synthetic.chart import Chart
from mockregister.synthetic.stage import Scenario, Stage, aged

NO_METASTASES, FIRST_TIME = "AZCD40", "ZDW10"


@dataclass(frozen=True, slots=True)
class CancerPackage:
    """A cancer package: its code and disease, its investigation and treatment, the treatment's marker, and the days between."""

    code: str
    cancer: str
    picture: str
    treatment: str
    begins: str
    days: int


PACKAGES = (
    CancerPackage("AFB07", "DC250", "UXCD55", "BWHA110", "F2", 14),
    CancerPackage("AFB07", "DC259", "UXCD10", "BWHA110", "F2", 14),
    CancerPackage("AFB02", "DC099", "UXMB00", "BWGC4", "F3", 7),
    CancerPackage("AFB02", "DC109", "UXMB00", "BWGC4", "F3", 7),
)


def play(stage: Stage) -> None:
    """The first visit is within a week, the decision within three weeks, and treatment takes several visits.

    Every visit reports where the cancer is.
    """
    package, stages = stage.random.choice(PACKAGES), _stages(stage)
    chart, unit = stage.chart(), stage.unit("oncology")
    referred, opened = stage.at(0, 10), stage.at(1, 8)
    episode = chart.episode(opened, unit, "ALAL01", reason=package.cancer, referred=referred)
    chart.mark(episode, f"{package.code}A", opened)
    chart.send(stage.at(1, 14))

    first = chart.encounter(episode, start := stage.at(6), start + timedelta(minutes=60), unit)
    _notify(chart, first, package.cancer, stages)
    chart.procedure(first, package.picture, start + timedelta(minutes=20), 25, unit, contrast=sks("UXZ10"), staff=sks("APFE2"))
    chart.mark(episode, f"{package.code}B", start)
    chart.send(start + timedelta(hours=4))

    decision = stage.at(19)
    _notify(chart, chart.encounter(episode, decision, decision + timedelta(minutes=30), unit), package.cancer, stages)
    chart.mark(episode, f"{package.code}C1", decision)
    chart.procedure(episode, "ZZ0190D1", stage.at(13), 15, unit)
    chart.send(decision + timedelta(hours=2))
    _treated(stage, chart, episode, package, stages)


def _treated(stage: Stage, chart: Chart, episode: EpisodeOfCare, package: CancerPackage, stages: dict[str, str]) -> None:
    """Two to four treatments, each in a document of its own."""
    unit = episode.responsible_unit
    for number in range(stage.between(2, 4)):
        start = stage.at(28 + package.days * number)
        visit = chart.encounter(episode, start, start + timedelta(hours=3), unit)
        _notify(chart, visit, package.cancer, stages)
        chart.procedure(visit, package.treatment, start + timedelta(minutes=30), 120, unit)
        if number == 0:
            chart.mark(episode, f"{package.code}{package.begins}", start)
        chart.send(start + timedelta(hours=5))


def _stages(stage: Stage) -> dict[str, str]:
    """Return the stage of the cancer by result type; it is the same at every visit."""
    tumour, nodes = stage.one_of("AZCD13", "AZCD14", "AZCD15"), stage.one_of("AZCD30", "AZCD31")
    return {"RDA04": tumour, "RDA05": nodes, "RDA06": NO_METASTASES}


def _notify(chart: Chart, visit: Encounter, cancer: str, stages: dict[str, str]) -> None:
    """Record what every visit reports of the cancer: its site, its stage and its notification."""
    metastases, recurrences = (sks(NO_METASTASES),), (sks(FIRST_TIME),)
    condition = chart.condition(visit, cancer, metastases=metastases, recurrences=recurrences)
    basis = {"RDA01": "AZCA1", "RDA02": "AZCK2", "RDA03": "AZCL3"}
    chart.report(condition, "RAA01", visit.responsible_unit, {**basis, **stages})


SCENARIO = Scenario("cancer", "Kræftpakke med anmeldelse", 110, 9, play, aged(35, 88), group="cancer", planned=True)
