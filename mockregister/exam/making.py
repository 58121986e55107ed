"""Make the entries of a model answer from their facets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mockregister.builders.reports import REPORTS
from mockregister.builders.terms import sks
from mockregister.codes.cpr import D_ECPR
from mockregister.document.building import timestamp
from mockregister.errors import MockRegisterError
from mockregister.exam.matching import Roles
from mockregister.exam.story import Expectation, StoryPerson, TimeWindow, Wanted, at
from mockregister.mocking.sitting import SittingPatient
from mockregister.model import (
    Code,
    Condition,
    Encounter,
    Entry,
    EntryKind,
    EpisodeLink,
    EpisodeOfCare,
    Identifier,
    Marker,
    ObservationOrganizer,
    Patient,
    Payment,
    PersonName,
    Procedure,
    ProcedureForm,
    Reference,
    Referral,
    ReferralReason,
    Residence,
    Result,
    Scope,
    Stay,
)
from mockregister.model.document import owner_of, reference_to
from mockregister.register.filters import ANY
from mockregister.synthetic.chart import COMPLETE, MAIN, MINOR, PAYER, PLANNED, VISIT, anywhere, chained, status_of

DENMARK = "5100"


class CannotAnswer(MockRegisterError):
    """Our own generator cannot report a story, because the story does not say enough."""


@dataclass
class Making:
    """What all entries of a record have in common."""

    roles: Roles
    local: str
    author: str
    custodian: str
    set_id: str = ""

    def id(self, kind: str, name: str) -> Identifier:
        """Return the id of the entry called ``name``."""
        return Identifier(self.set_id, chained(kind, self.author, f"{self.local}/{name}"))

    def owner_key(self, entry: Entry) -> str | None:
        """Return the key of the owner of an entry."""
        owner = owner_of(entry)
        return owner.id.key if owner is not None else None


@dataclass(frozen=True)
class ReportedFacets:
    """The facets of one element."""

    making: Making
    values: Mapping[str, Wanted]

    def code(self, name: str, default: str = "") -> str:
        """Return the first of the accepted codes."""
        words = self.values.get(name)
        if name in self.values and not words:
            return ""
        roles = self.making.roles.codes
        found = [code for word in words for code in roles.get(word, (word,))] if isinstance(words, tuple) else [default]
        return found[0].rstrip(ANY)

    def coded(self, name: str, default: str = "") -> Code | None:
        """Return the first of the accepted codes with its term, or None."""
        code = self.code(name, default)
        return sks(code) if code else None

    def text(self, name: str) -> str:
        """Return a text facet."""
        value = self.values.get(name)
        return value[0] if isinstance(value, tuple) else ""

    def unit(self, name: str = "unit", default: str = "") -> str:
        """Return the SOR id of a unit."""
        word = self.text(name)
        return self.making.roles.units.get(word, (word,))[0] if word else default

    def time(self, name: str) -> datetime | None:
        """Return the moment that the story names; None if it names none."""
        value = self.values.get(name)
        return at(self.making.roles.day, value.told) if isinstance(value, TimeWindow) else None

    def begins(self, name: str = "start") -> datetime:
        """Return a time that every story must have. Raise CannotAnswer if it is missing."""
        moment = self.time(name)
        if moment is None:
            raise CannotAnswer(f"Our own generator cannot report this: give every episode and encounter its {name}.")
        return moment


Parts = Sequence[tuple[Expectation, ReportedFacets]]
Made = Mapping[str, Any]


def _episode(making: Making, name: str, facets: ReportedFacets, made: Made, parts: Parts) -> EpisodeOfCare:
    reason, follows, end = facets.coded("reason"), made.get(facets.text("follows")), facets.time("end")
    return EpisodeOfCare(
        making.id("episode", name),
        facets.begins(),
        end,
        facets.unit(),
        Referral(
            facets.time("referred") or facets.begins(),
            facets.coded("choice", "ALDB00"),
            facets.coded("origin", "ALDA30"),
            ReferralReason(reason) if reason else None,
            facets.unit("referrer"),
        ),
        facets.coded("label", "ALAL99"),
        tuple(Marker(sks(mark.code("code")), mark.time("time"), making.id("marker", part.name)) for part, mark in parts),
        EpisodeLink(sks(facets.code("relation", "ALAA01")), anywhere(follows)) if follows else None,
        facets.coded("completion", "ALAC01") if end else None,
    )


def _encounter(making: Making, name: str, facets: ReportedFacets, made: Made, parts: Parts) -> Encounter:
    start, end, owner = facets.begins(), facets.time("end"), _owner(facets, made)
    unit, type = facets.unit(default=owner.responsible_unit), sks(facets.code("type", VISIT))
    own = (Stay(start, end, unit),) if type.code == VISIT else ()
    stays = tuple(
        Stay(stay.time("start"), stay.time("end"), "" if stay.coded("absence") else stay.unit(), stay.coded("absence"))
        for _, stay in parts
    )
    return Encounter(
        making.id("encounter", name),
        reference_to(owner, Scope.EXTERNAL),
        type,
        start,
        end,
        facets.coded("priority", PLANNED),
        unit,
        stays or own,
        (Payment(sks(facets.code("agreement", "ALFA2")), start, end, PAYER, sks("ALFC2")),),
        facets.coded("reason"),
        treatment_start=facets.time("treated"),
    )


def _condition(making: Making, name: str, facets: ReportedFacets, made: Made, parts: Parts) -> Condition:
    is_main = facets.values.get("main") is not False
    tuples = ("supplementary", "metastases", "recurrences")
    several: dict[str, Any] = {each: (sks(facets.code(each)),) for each in tuples if facets.code(each)}
    return Condition(
        making.id("condition", name),
        is_main,
        reference_to(_owner(facets, made), Scope.EXTERNAL),
        sks(facets.code("code")),
        sks(MAIN if is_main else MINOR),
        facets.coded("side"),
        **several,
    )


def _procedure(making: Making, name: str, facets: ReportedFacets, made: Made, parts: Parts) -> Procedure:
    owner = _owner(facets, made)
    start = facets.time("start") or owner.start
    end = facets.time("end") or start + timedelta(minutes=10)
    is_of_episode = isinstance(owner, EpisodeOfCare)
    return Procedure(
        making.id("procedure", name),
        ProcedureForm.PROCEDURE,
        reference_to(owner, Scope.EXTERNAL),
        sks(facets.code("code")),
        start,
        end,
        facets.unit(default=owner.responsible_unit),
        side=facets.coded("side"),
        staff=facets.coded("staff"),
        contrast=facets.coded("contrast"),
        supplementary=(sks(facets.code("supplementary")),) if facets.code("supplementary") else (),
        payment=Payment(sks("ALFA2"), start, end, PAYER, sks("ALFC2")) if is_of_episode else None,
    )


def _report(making: Making, name: str, facets: ReportedFacets, made: Made, parts: Parts) -> ObservationOrganizer:
    """Make a result report; results that are not given are those of a complete report."""
    owner, code = _owner(facets, made), facets.code("code")
    around = _around(owner, made)
    start = getattr(owner, "start", None) or around.start
    complete = REPORTS[code].results if code in REPORTS else {}
    results = {type: value.format(start=timestamp(start)) for type, value in complete.items()}
    for type in (each for each in facets.values if each.startswith("RD")):
        moment = facets.time(type)
        results[type] = timestamp(moment) if moment is not None else facets.text(type).rstrip(ANY)
    return ObservationOrganizer(
        making.id("report", name),
        _to(owner),
        sks(code),
        status_of(facets.code("status", COMPLETE)),
        facets.unit(default=around.responsible_unit),
        tuple(Result(sks(type), value) for type, value in results.items() if value),
    )


def _owner(facets: ReportedFacets, made: Made) -> Any:
    """Return the owner of an entry. Raise CannotAnswer if the owner was not reported yet."""
    name = facets.text("on")
    if name not in made:
        raise CannotAnswer(
            f"Our own generator cannot report what belongs to '{name}' before it reports '{name}'; give it a later 'document' "
            "in its answer."
        )
    return made[name]


def _to(owner: Any) -> Reference:
    if isinstance(owner, Marker) and owner.id is not None:
        return Reference(Scope.EXTERNAL, EntryKind.MARKER, owner.id)
    return reference_to(owner, Scope.EXTERNAL)


def _around(entry: Any, made: Made) -> Any:
    """Return the nearest owner of an entry that has a responsible unit."""
    if isinstance(entry, Marker):
        return next(each for each in made.values() if entry in getattr(each, "markers", ()))
    while not hasattr(entry, "responsible_unit"):
        owner = owner_of(entry)
        entry = next(each for each in made.values() if owner is not None and each.id.key == owner.id.key)
    return entry


MAKERS: dict[str, Callable[[Making, str, ReportedFacets, Made, Parts], Entry]] = {
    "episode": _episode,
    "encounter": _encounter,
    "condition": _condition,
    "procedure": _procedure,
    "report": _report,
}


def patient_of(about: SittingPatient, person: StoryPerson, other: Mapping[str, Wanted], *, knows_cpr: bool) -> Patient:
    """Return a person as the record reports them; ``other`` are facets to report differently."""
    if person.numbers == "cpr" and not person.municipality and not person.country and not other:
        return Patient(about.cpr)
    reported = {name: value[0] for name, value in other.items() if isinstance(value, tuple)}
    country = reported.get("country", person.country or DENMARK)
    home = Residence(
        (about.address,),
        about.postal_code,
        about.town,
        reported.get("municipality", person.municipality or (about.municipality if country == DENMARK else "")),
        country,
    )
    return Patient(
        cpr=about.cpr if knows_cpr and other.get("cpr") is not False else "",
        alternative_ids=(Identifier(D_ECPR, about.replacement),) if about.replacement else (),
        name=PersonName(about.family, about.given),
        gender=about.sex,
        birth_time=at(datetime.fromisoformat(about.birth).date(), timedelta()),
        residences=(home,),
    )
