"""A cancer package: referred, investigated, decided on, treated; markers on the way, stages and a notification (RAA01)."""

from __future__ import annotations

from datetime import timedelta

from mockregister.model import Condition, Encounter, EpisodeOfCare
from mockregister.synthetic.chart import Chart, sks
from mockregister.synthetic.stage import Scenario, Stage, aged

NO_METASTASES, FIRST_TIME = "AZCD40", "ZDW10"
PACKAGES = (
    ("AFB07", "DC250", "UXCD55", "BWHA110"),
    ("AFB07", "DC259", "UXCD10", "BWHA110"),
    ("AFB02", "DC099", "UXMB00", "BWGC4"),
    ("AFB02", "DC109", "UXMB00", "BWGC4"),
    ("AFB23", "DC712", "UXMA00", "BWGC21"),
)


def play(stage: Stage) -> None:
    """The first visit within a week, the decision within three; treatment by visits; every visit tells where the cancer is."""
    package, cancer, picture, treatment = stage.random.choice(PACKAGES)
    chart, unit = stage.chart(), stage.unit("oncology")
    referred, opened = stage.at(0, 10), stage.at(1, 8)
    episode = chart.episode(opened, unit, "ALAL01", reason=cancer, referred=referred)
    chart.mark(episode, f"{package}A", opened)
    chart.send(stage.at(1, 14))

    first = _visit(stage, chart, chart.encounter(episode, start := stage.at(6), start + timedelta(minutes=60), unit), cancer)
    chart.procedure(first, picture, start + timedelta(minutes=20), 25, unit, contrast=sks("UXZ10"), staff=sks("APFE2"))
    chart.mark(episode, f"{package}B", start)
    chart.send(start + timedelta(hours=4))

    decision = stage.at(17)
    _visit(stage, chart, chart.encounter(episode, decision, decision + timedelta(minutes=30), unit), cancer)
    chart.mark(episode, f"{package}C1", decision)
    chart.procedure(episode, "ZZ0190D1", decision - timedelta(hours=20), 15, unit)
    chart.send(decision + timedelta(hours=2))
    _treated(stage, chart, episode, cancer, package, treatment)


def _treated(stage: Stage, chart: Chart, episode: EpisodeOfCare, cancer: str, package: str, treatment: str) -> None:
    """Two to four treatments a fortnight apart, each sent on its own."""
    unit = episode.responsible_unit
    for number in range(stage.between(2, 4)):
        start = stage.at(28 + 14 * number)
        visit = chart.encounter(episode, start, start + timedelta(hours=3), unit)
        _visit(stage, chart, visit, cancer)
        chart.procedure(visit, treatment, start + timedelta(minutes=30), 120, unit)
        if number == 0:
            chart.mark(episode, f"{package}F", start)
        chart.send(start + timedelta(hours=5))


def _visit(stage: Stage, chart: Chart, visit: Encounter, cancer: str) -> Encounter:
    """What every visit with a cancer tells: where it is, how far it has come, and its notification."""
    metastases, recurrences = (sks(NO_METASTASES),), (sks(FIRST_TIME),)
    condition = chart.condition(visit, cancer, metastases=metastases, recurrences=recurrences)
    _notify(stage, chart, condition, visit.responsible_unit)
    return visit


def _notify(stage: Stage, chart: Chart, condition: Condition, unit: str) -> None:
    basis = {"RDA02": "AZCK2", "RDA03": "AZCL3"}
    stages = {"RDA04": stage.one_of("AZCD13", "AZCD14", "AZCD15"), "RDA05": stage.one_of("AZCD30", "AZCD31"), "RDA06": "AZCD40"}
    chart.report(condition, "RAA01", unit, {"RDA01": "AZCA1", **basis, **stages})


SCENARIO = Scenario("cancer", "Kræftpakke med anmeldelse", 110, 9, play, aged(35), group="cancer")
