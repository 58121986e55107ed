"""Hypothesis strategies for the whole model.

``documents()`` draws any document that CDA can express, even without parts that the profile requires. With
``profiled=True`` it draws documents that are valid by the schema and the LPR3 profile. Optional parts are sometimes present.
References may lead to entries that do not exist, because only level 3 checks them.
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
    """Draw texts that XML can contain, never empty and without white space around them. Markup and quotes are likely."""
    letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cn", "Co", "Cs"))
    wild = st.text(letters | st.sampled_from("æøå<>&'\"]"), min_size=1, max_size=max_size)
    return wild.map(str.strip).filter(bool)


def uuids() -> st.SearchStrategy[str]:
    """Draw UUIDs in upper or lower case."""
    return st.uuids().map(str) | st.uuids().map(lambda uuid: str(uuid).upper())


def moments() -> st.SearchStrategy[datetime]:
    """Draw moments to the second, with a fixed offset."""
    offsets = st.sampled_from([60, 120, 0, -5 * 60, 5 * 60 + 30, 14 * 60, -12 * 60])
    return st.builds(_moment, st.integers(0, 200 * 365 * 86_400), offsets)


def _moment(seconds: int, offset: int) -> datetime:
    return datetime(1900, 1, 1, tzinfo=timezone(timedelta(minutes=offset))) + timedelta(seconds=seconds)


def codes(*, displayed: bool = True) -> st.SearchStrategy[Code]:
    """Draw texts with the form of SKS codes, sometimes with a display name."""
    return st.builds(Code, st.integers(0, 9999).map("ZZ{:04}".format), st.just("") | texts() if displayed else st.just(""))


def sor_ids() -> st.SearchStrategy[str]:
    """Draw texts with the form of SOR ids."""
    return st.integers(10, 10**6).map("{}1000016000".format)


def authority_codes() -> st.SearchStrategy[str]:
    """Draw texts with the form of municipality and country codes."""
    return st.integers(0, 9999).map("{:04}".format)


def cvr_numbers() -> st.SearchStrategy[str]:
    """Draw CVR numbers with a right check digit."""

    def with_check_digit(digits: str) -> str:
        total = sum(int(digit) * weight for digit, weight in zip(digits, CVR_WEIGHTS, strict=True))
        return digits + str(-total % 11)

    return st.integers(10**6, 10**7 - 1).map(str).map(with_check_digit).filter(lambda cvr: len(cvr) == 8)


def cpr_numbers() -> st.SearchStrategy[str]:
    """Draw CPR numbers with a date that exists."""
    born = st.dates(datetime(1940, 1, 1).date(), datetime(1999, 12, 31).date())
    return st.builds(lambda date, serial: f"{date:%d%m%y}{serial:04}", born, st.integers(0, 3999))


def wanted(strategy: st.SearchStrategy[Thing], profiled: bool) -> st.SearchStrategy[Thing | None]:
    """Draw a value that the profile requires. Without ``profiled`` it may be missing."""
    return strategy if profiled else st.none() | strategy


def wanted_text(strategy: st.SearchStrategy[str], profiled: bool) -> st.SearchStrategy[str]:
    """Draw a text that the profile requires. Without ``profiled`` it may be empty."""
    return strategy if profiled else st.just("") | strategy


def some(strategy: st.SearchStrategy[Thing], at_least: int = 0) -> st.SearchStrategy[tuple[Thing, ...]]:
    """Draw a few values."""
    return st.lists(strategy, min_size=at_least, max_size=2).map(tuple)


def timely(things: st.SearchStrategy[Thing], profiled: bool) -> st.SearchStrategy[Thing]:
    """Draw objects with a start and an end. With ``profiled`` the start is not after the end."""
    return things.map(_in_order) if profiled else things


def _in_order(thing: Thing) -> Thing:
    both = thing.start is not None and thing.end is not None
    return replace(thing, end=thing.start + timedelta(hours=1)) if both else thing


@cache
def ids(profiled: bool) -> st.SearchStrategy[Identifier]:
    """Draw identifiers in the set. Without ``profiled``, identifiers of other sets are also drawn."""
    of_the_set = st.builds(Identifier, st.just(SET_ID), uuids())
    return of_the_set if profiled else of_the_set | st.builds(Identifier, uuids() | st.just("1.2.3"), texts())


@cache
def references(profiled: bool, *kinds: EntryKind, scopes: tuple[Scope, ...] = NEAR) -> st.SearchStrategy[Reference]:
    """Draw references for which the profile has a template."""
    return st.one_of(
        st.builds(Reference, st.just(scope), st.just(kind), ids(profiled), st.just(form))
        for kind in kinds
        for scope in scopes
        for form in (FORMS if kind is PROCEDURE else (None,))
    )


def replacing(entries: st.SearchStrategy[Thing], kind: EntryKind) -> st.SearchStrategy[Thing]:
    """Draw entries, some of which replace an earlier version of themselves."""
    return st.builds(lambda entry, again: _replacing(entry, kind) if again else entry, entries, st.booleans())


def _replacing(entry: Thing, kind: EntryKind) -> Thing:
    return replace(entry, replaces=Reference(Scope.EXTERNAL, kind, entry.id, getattr(entry, "form", None)))


@cache
def referrals(profiled: bool) -> st.SearchStrategy[Referral]:
    """Draw referrals."""
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
    """Draw links to episodes of care of the document, of the set, or of any set."""
    anywhere = st.builds(Identifier, uuids()).map(lambda id: Reference(Scope.SET_EXTERNAL, EPISODE, id))
    return st.builds(EpisodeLink, codes(), references(profiled, EPISODE) | anywhere)


@cache
def episodes(profiled: bool) -> st.SearchStrategy[EpisodeOfCare]:
    """Draw episodes of care."""
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
    """Draw payments. A payer has no display name, as it is written as an identifier."""
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
    """Draw stays and absences."""
    times = wanted(moments(), profiled), st.none() | moments()
    made = st.builds(Stay, *times, wanted_text(sor_ids(), profiled)) | st.builds(Stay, *times, absence=codes())
    return timely(made, profiled)


@cache
def encounters(profiled: bool) -> st.SearchStrategy[Encounter]:
    """Draw encounters."""
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
    """Draw main and minor conditions."""
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
    """Draw procedures in their three forms. A procedure that is sent as an act has no side."""
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
    without_wrong_side = made.map(lambda drawn: replace(drawn, side=None) if drawn.form is ProcedureForm.ACT else drawn)
    return replacing(timely(without_wrong_side, profiled), PROCEDURE)


@cache
def organizers(profiled: bool) -> st.SearchStrategy[ObservationOrganizer]:
    """Draw result reports. The type of a status has no display name."""
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
    """Draw unofficial residences."""
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
    """Return a number without spaces. The profile allows each number only once."""
    return f"{identifier.root} {' '.join(identifier.extension.split())}".lower()


def patients(profiled: bool) -> st.SearchStrategy[Patient]:
    """Draw patients with a CPR number, alternative ids, or both. With alternative ids the profile requires more."""
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
    """Draw parent documents of an early version."""
    versions = wanted(st.integers(0, 9), profiled)
    return st.builds(ParentDocument, st.sampled_from(Relation), ids(profiled), st.just(SET_ID), versions)


@cache
def documents(*, profiled: bool = False) -> st.SearchStrategy[ClinicalDocument]:
    """Draw documents with a few entries of every kind. The module's docstring explains ``profiled``."""
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
