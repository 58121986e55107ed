"""Hypothesis strategies for the whole model.

``documents()`` gives any document that CDA can say, holes included: what the profile requires may be missing. With
``profiled=True`` it gives documents that the schema and the LPR3 profile have no objections to, every optional part
now and then among them. References need not lead anywhere: that is for level 3 to find.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from mockregister.model import (
    Author,
    ClinicalDocument,
    Code,
    Condition,
    Encounter,
    EntryKind,
    EpisodeLink,
    EpisodeOfCare,
    Identifier,
    Indication,
    Marker,
    Nullification,
    ObservationOrganizer,
    ParentDocument,
    Patient,
    Payment,
    PersonName,
    Procedure,
    ProcedureForm,
    Reference,
    Referral,
    ReferralReason,
    Relation,
    Residence,
    Result,
    Scope,
    Stay,
)
from tests.builders import SET_ID

Thing = TypeVar("Thing")

FORMS = tuple(ProcedureForm)
EPISODE, ENCOUNTER, PROCEDURE = EntryKind.EPISODE_OF_CARE, EntryKind.ENCOUNTER, EntryKind.PROCEDURE
CAUSES = (EPISODE, EntryKind.MARKER, ENCOUNTER, EntryKind.CONDITION, PROCEDURE)
NULLIFIABLE = (EPISODE, ENCOUNTER, PROCEDURE, EntryKind.CONDITION, EntryKind.OBSERVATION_ORGANIZER)
NEAR = (Scope.INTERNAL, Scope.EXTERNAL)
CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)


def texts(max_size: int = 30) -> st.SearchStrategy[str]:
    """Texts that XML can hold, without white space around them, never empty; markup and quotes are likely."""
    letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cn", "Co", "Cs"))
    wild = st.text(letters | st.sampled_from("æøå<>&'\"]"), min_size=1, max_size=max_size)
    return wild.map(str.strip).filter(bool)


def uuids() -> st.SearchStrategy[str]:
    """UUIDs, in either letter case."""
    return st.uuids().map(str) | st.uuids().map(lambda one: str(one).upper())


def moments() -> st.SearchStrategy[datetime]:
    """Moments to the second, with a fixed offset."""
    offsets = st.sampled_from([60, 120, 0, -5 * 60, 5 * 60 + 30, 14 * 60, -12 * 60])
    return st.builds(_moment, st.integers(0, 200 * 365 * 86_400), offsets)


def _moment(seconds: int, offset: int) -> datetime:
    return datetime(1900, 1, 1, tzinfo=timezone(timedelta(minutes=offset))) + timedelta(seconds=seconds)


def codes(*, displayed: bool = True) -> st.SearchStrategy[Code]:
    """SKS codes by form alone, here and there with what the sender called them."""
    return st.builds(Code, st.integers(0, 9999).map("ZZ{:04}".format), st.just("") | texts() if displayed else st.just(""))


def sor_ids() -> st.SearchStrategy[str]:
    """SOR ids by form alone."""
    return st.integers(10, 10**6).map("{}1000016000".format)


def authority_codes() -> st.SearchStrategy[str]:
    """Municipality and country codes by form alone."""
    return st.integers(0, 9999).map("{:04}".format)


def cvr_numbers() -> st.SearchStrategy[str]:
    """CVR numbers whose check digit is right."""

    def with_check_digit(digits: str) -> str:
        total = sum(int(digit) * weight for digit, weight in zip(digits, CVR_WEIGHTS, strict=True))
        return digits + str(-total % 11)

    return st.integers(10**6, 10**7 - 1).map(str).map(with_check_digit).filter(lambda cvr: len(cvr) == 8)


def cpr_numbers() -> st.SearchStrategy[str]:
    """CPR numbers whose date exists."""
    born = st.dates(datetime(1940, 1, 1).date(), datetime(1999, 12, 31).date())
    return st.builds(lambda date, serial: f"{date:%d%m%y}{serial:04}", born, st.integers(0, 3999))


def wanted(strategy: st.SearchStrategy[Thing], profiled: bool) -> st.SearchStrategy[Thing | None]:
    """Something that the profile requires."""
    return strategy if profiled else st.none() | strategy


def wanted_text(strategy: st.SearchStrategy[str], profiled: bool) -> st.SearchStrategy[str]:
    """A text that the profile requires."""
    return strategy if profiled else st.just("") | strategy


def some(strategy: st.SearchStrategy[Thing], at_least: int = 0) -> st.SearchStrategy[tuple[Thing, ...]]:
    """A few."""
    return st.lists(strategy, min_size=at_least, max_size=2).map(tuple)


def timely(things: st.SearchStrategy[Thing], profiled: bool) -> st.SearchStrategy[Thing]:
    """Things with a start and an end, which the profile wants in that order."""
    return things.map(_in_order) if profiled else things


def _in_order(thing: Thing) -> Thing:
    both = thing.start is not None and thing.end is not None
    return replace(thing, end=thing.start + timedelta(hours=1)) if both else thing


@cache
def ids(profiled: bool) -> st.SearchStrategy[Identifier]:
    """Identifiers within the set; others too, when the profile is not asked."""
    of_the_set = st.builds(Identifier, st.just(SET_ID), uuids())
    return of_the_set if profiled else of_the_set | st.builds(Identifier, uuids() | st.just("1.2.3"), texts())


@cache
def references(profiled: bool, *kinds: EntryKind, scopes: tuple[Scope, ...] = NEAR) -> st.SearchStrategy[Reference]:
    """References that the profile has a template for."""
    return st.one_of(
        st.builds(Reference, st.just(scope), st.just(kind), ids(profiled), st.just(form))
        for kind in kinds
        for scope in scopes
        for form in (FORMS if kind is PROCEDURE else (None,))
    )


def replacing(entries: st.SearchStrategy[Thing], kind: EntryKind) -> st.SearchStrategy[Thing]:
    """Entries of which some replace an earlier version of themselves."""
    return st.builds(lambda entry, again: _replacing(entry, kind) if again else entry, entries, st.booleans())


def _replacing(entry: Thing, kind: EntryKind) -> Thing:
    return replace(entry, replaces=Reference(Scope.EXTERNAL, kind, entry.id, getattr(entry, "form", None)))


@cache
def referrals(profiled: bool) -> st.SearchStrategy[Referral]:
    """Referrals."""
    return st.builds(
        Referral,
        time=wanted(moments(), profiled),
        free_choice=wanted(codes(), profiled),
        origin=wanted(codes(), profiled),
        reason=st.none() | st.builds(ReferralReason, codes(), some(codes())),
        referrer=st.just("") | sor_ids(),
    )


@cache
def links(profiled: bool) -> st.SearchStrategy[EpisodeLink]:
    """Links to episodes of care of the document, the set, or anywhere."""
    anywhere = st.builds(Identifier, uuids()).map(lambda one: Reference(Scope.SET_EXTERNAL, EPISODE, one))
    return st.builds(EpisodeLink, codes(), references(profiled, EPISODE) | anywhere)


@cache
def episodes(profiled: bool) -> st.SearchStrategy[EpisodeOfCare]:
    """Episodes of care."""
    made = st.builds(
        EpisodeOfCare,
        id=ids(profiled),
        start=wanted(moments(), profiled),
        end=st.none() | moments(),
        responsible_unit=wanted_text(sor_ids(), profiled),
        referral=wanted(referrals(profiled), profiled),
        label=wanted(codes(), profiled),
        markers=some(st.builds(Marker, codes(), wanted(moments(), profiled), st.none() | ids(profiled))),
        link=st.none() | links(profiled),
        completion=st.none() | codes(),
    )
    return replacing(timely(made, profiled), EPISODE)


@cache
def payments(profiled: bool) -> st.SearchStrategy[Payment]:
    """Payments; a payer is written as an identifier, which has no display name."""
    made = st.builds(
        Payment,
        agreement=wanted(codes(), profiled),
        start=wanted(moments(), profiled),
        end=st.none() | moments(),
        payer=wanted(codes(displayed=False), profiled),
        specialisation=wanted(codes(), profiled),
    )
    return timely(made, profiled)


@cache
def stays(profiled: bool) -> st.SearchStrategy[Stay]:
    """Stays and absences."""
    times = wanted(moments(), profiled), st.none() | moments()
    made = st.builds(Stay, *times, wanted_text(sor_ids(), profiled)) | st.builds(Stay, *times, absence=codes())
    return timely(made, profiled)


@cache
def encounters(profiled: bool) -> st.SearchStrategy[Encounter]:
    """Encounters."""
    made = st.builds(
        Encounter,
        id=ids(profiled),
        episode=wanted(references(profiled, EPISODE), profiled),
        type=wanted(codes(), profiled),
        start=wanted(moments(), profiled),
        end=st.none() | moments(),
        priority=wanted(codes(), profiled),
        responsible_unit=wanted_text(sor_ids(), profiled),
        stays=some(stays(profiled)),
        payments=some(payments(profiled), at_least=int(profiled)),
        reason=st.none() | codes(),
        referral=st.none() | referrals(profiled),
        treatment_start=st.none() | moments(),
    )
    return replacing(timely(made, profiled), ENCOUNTER)


@cache
def conditions(profiled: bool) -> st.SearchStrategy[Condition]:
    """Conditions, main and minor."""
    made = st.builds(
        Condition,
        id=ids(profiled),
        main=st.booleans(),
        encounter=wanted(references(profiled, ENCOUNTER), profiled),
        code=codes(),
        kind=wanted(codes(), profiled),
        side=st.none() | codes(),
        supplementary=some(codes()),
        metastases=some(codes()),
        recurrences=some(codes()),
        negated=st.booleans(),
    )
    return replacing(made, EntryKind.CONDITION)


@cache
def procedures(profiled: bool) -> st.SearchStrategy[Procedure]:
    """Procedures in their three forms; one sent as an act has no side."""
    made = st.builds(
        Procedure,
        id=ids(profiled),
        form=st.sampled_from(ProcedureForm),
        owner=wanted(references(profiled, EPISODE, ENCOUNTER), profiled),
        code=codes(),
        start=wanted(moments(), profiled),
        end=st.none() | moments(),
        producer=wanted_text(sor_ids(), profiled),
        staff=st.none() | codes(),
        supplementary=some(codes()),
        side=st.none() | codes(),
        contrast=st.none() | codes(),
        payment=st.none() | payments(profiled),
        indication=st.none() | st.builds(Indication, codes(), some(codes())),
        action=st.none() | codes(),
    )
    without_wrong_side = made.map(lambda one: replace(one, side=None) if one.form is ProcedureForm.ACT else one)
    return replacing(timely(without_wrong_side, profiled), PROCEDURE)


@cache
def organizers(profiled: bool) -> st.SearchStrategy[ObservationOrganizer]:
    """Result reports; a status is of a type that has no display name."""
    results = st.builds(Result, codes(), wanted_text(texts(), profiled), st.none() | moments())
    made = st.builds(
        ObservationOrganizer,
        id=ids(profiled),
        cause=wanted(references(profiled, *CAUSES), profiled),
        name=codes(),
        status=wanted(codes(displayed=False), profiled),
        responsible_unit=wanted_text(sor_ids(), profiled),
        results=some(results, at_least=int(profiled)),
    )
    return replacing(made, EntryKind.OBSERVATION_ORGANIZER)


@cache
def residences(profiled: bool) -> st.SearchStrategy[Residence]:
    """Unofficial residences."""
    made = st.builds(
        Residence,
        street=st.lists(texts(), max_size=4, unique=True).map(tuple),
        postal_code=st.just("") | texts(),
        city=st.just("") | texts(),
        municipality=st.just("") | authority_codes(),
        country=wanted_text(authority_codes(), profiled),
        use=st.sampled_from(["HP", "TMP"]),
        start=st.none() | moments(),
        end=st.none() | moments(),
    )
    return timely(made, profiled)


@cache
def _number(identifier: Identifier) -> str:
    """What a number says, however it is spaced: the profile wants each but once."""
    return f"{identifier.root} {' '.join(identifier.extension.split())}".lower()


def patients(profiled: bool) -> st.SearchStrategy[Patient]:
    """Patients by CPR number, by alternative ids, or by both; the profile wants to know more of those with alternative ids."""
    genders = st.sampled_from(["M", "F", "UN"])
    given_names = st.lists(texts(), min_size=1, max_size=2, unique=True).map(tuple)
    names = st.builds(PersonName, texts(), given_names, st.just("") | texts())
    numbers = st.builds(Identifier, st.just("1.2.208.176.1.6.1.3") | uuids(), texts())
    alternatives = st.lists(numbers, min_size=1, max_size=2, unique_by=_number).map(tuple)
    homes = st.lists(residences(profiled), min_size=1, max_size=2, unique_by=_address).map(tuple)
    person = {"name": st.none() | names, "birth_time": st.none() | moments()}
    cpr = wanted_text(cpr_numbers(), profiled)
    return st.one_of(
        st.builds(Patient, cpr=cpr, gender=st.just("") | genders, residences=st.just(()) | homes, **person),
        st.builds(Patient, cpr=cpr, alternative_ids=alternatives, gender=genders, residences=homes, **person),
        st.builds(Patient, alternative_ids=alternatives, gender=genders, residences=homes, **person),
    )


def _address(home: Residence) -> tuple[object, ...]:
    return home.street, home.postal_code, home.city, home.municipality, home.country


@cache
def parents(profiled: bool) -> st.SearchStrategy[ParentDocument]:
    """Parent documents of an early version."""
    versions = wanted(st.integers(0, 9), profiled)
    return st.builds(ParentDocument, st.sampled_from(Relation), ids(profiled), st.just(SET_ID), versions)


@cache
def documents(*, profiled: bool = False) -> st.SearchStrategy[ClinicalDocument]:
    """Documents with a few entries of every kind; see the module for ``profiled``."""
    return st.builds(
        ClinicalDocument,
        id=ids(profiled),
        set_id=st.just(SET_ID),
        version=st.integers(10, 1000),
        effective_time=wanted(moments(), profiled),
        patient=patients(profiled),
        author=st.builds(Author, wanted_text(sor_ids(), profiled), wanted(moments(), profiled)),
        custodian=wanted_text(cvr_numbers(), profiled),
        title=st.just("") | texts(),
        parent=st.none() | parents(profiled),
        episodes=some(episodes(profiled)),
        encounters=some(encounters(profiled)),
        procedures=some(procedures(profiled)),
        conditions=some(conditions(profiled)),
        organizers=some(organizers(profiled)),
        nullified=some(st.builds(Nullification, references(profiled, *NULLIFIABLE, scopes=(Scope.EXTERNAL,)))),
    )
