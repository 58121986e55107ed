"""Every element is found by each filter that matches it, and not by others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mockregister import safexml
from mockregister.document import reader
from mockregister.model import (
    ClinicalDocument,
    Code,
    Condition,
    Encounter,
    EntryKind,
    EpisodeOfCare,
    ObservationOrganizer,
    Patient,
    Procedure,
    Relation,
)
from tests.builders import (
    SET_ID,
    UNIT,
    a_condition,
    a_document,
    a_link,
    a_marker,
    a_minor_condition,
    a_nullification,
    a_payment,
    a_procedure,
    a_referral,
    a_referral_reason,
    a_result,
    a_stay,
    an_alternatively_identified_patient,
    an_encounter,
    an_episode,
    an_indication,
    an_organizer,
    at,
    external,
    internal,
    the_next_document,
    uuid,
)
from tests.web.api.conftest import Api

EXAMPLES = Path(__file__).parents[4] / "shared" / "reference" / "examples"
RESOURCES = {
    EpisodeOfCare: "episodes-of-care",
    Encounter: "encounters",
    Condition: "conditions",
    Procedure: "procedures",
    ObservationOrganizer: "results",
}
STUBS = {
    EntryKind.EPISODE_OF_CARE: ("episodes", an_episode),
    EntryKind.ENCOUNTER: ("encounters", an_encounter),
    EntryKind.PROCEDURE: ("procedures", a_procedure),
    EntryKind.CONDITION: ("conditions", a_condition),
    EntryKind.OBSERVATION_ORGANIZER: ("organizers", an_organizer),
}
NEITHER = {
    "patient": "0101019999",
    "sor": "999999999999999",
    "label": "ALAL99",
    "type": "ALCA9*",
    "priority": "ATA9",
    "code": "ZZZZ99",
    "authority": "99999999",
    "set": uuid("no set"),
    "rule": "99.99",
    "has": "errors",
    "status": "dropped",
    "from": "2999-01-01",
    "to": "1800-01-01",
    "submitted_since": "2999-01-01T00:00:00Z",
}


def everything() -> ClinicalDocument:
    """Return a document with every kind of entry and every optional part that has a filter."""
    episode = an_episode(
        end=at("2019-06-01 10:00"),
        referral=a_referral(reason=a_referral_reason("DJ189", "ZDW01"), referrer="6071000016008"),
        markers=[a_marker()],
        link=a_link(),
        completion=Code("ALAB00"),
    )
    cause = internal(EntryKind.MARKER, "marker")
    return a_document(
        episodes=[episode],
        encounters=[an_encounter(stays=[a_stay(unit="6071000016008")], reason=Code("ALCC01"), referral=a_referral())],
        conditions=[a_condition(side=Code("TUL1"), supplementary=[Code("ZDW02")]), a_minor_condition()],
        procedures=[
            a_procedure(staff=Code("ALHA01"), indication=an_indication("DI109"), payment=a_payment()),
            a_procedure("on the episode", owner=internal(EntryKind.EPISODE_OF_CARE, "episode"), end=None),
        ],
        organizers=[an_organizer(results=[a_result("RDA22")]), an_organizer("of the marker", cause=cause)],
    )


def codes_in(plain: Any) -> Iterator[str]:
    """Yield every code that a list shows of an element."""
    if isinstance(plain, dict):
        yield from (plain["code"],) if "system" in plain and plain["code"] else ()
        yield from (code for value in plain.values() for code in codes_in(value))
    if isinstance(plain, list):
        yield from (code for value in plain for code in codes_in(value))


def filters_for(
    document: ClinicalDocument, entry: Any, shown: dict[str, Any], around: dict[type, Any]
) -> Iterator[tuple[str, str]]:
    """Yield the filters that match an entry, computed from what was sent and from what lists show.

    ``around`` has the episode of care and the encounter to which it belongs, by class.
    """
    yield "set", document.set_id.upper()
    yield "authority", document.custodian
    yield "submitted_since", "2000-01-01"
    yield from (("patient", name) for name in names_of(document.patient))
    for code in codes_in({name: value for name, value in shown.items() if name not in ("findings", "meta")}):
        yield from (("code", code), ("code", f"{code[:3]}*"), ("code", f"{code[:-1].lower()}*"))
    for unit in filter(None, (getattr(entry, name, "") for name in ("responsible_unit", "producer"))):
        yield "sor", unit
    yield from times_of(entry)
    if EpisodeOfCare in around and around[EpisodeOfCare].label:
        yield "label", around[EpisodeOfCare].label.code
    if Encounter in around and not isinstance(entry, EpisodeOfCare):
        encounter = around[Encounter]
        yield from ((name, getattr(encounter, name).code) for name in ("type", "priority") if getattr(encounter, name))
    if isinstance(entry, ObservationOrganizer):
        yield from (("type", result.type.code) for result in entry.results)


def names_of(patient: Patient) -> Iterator[str]:
    if patient.cpr:
        yield from (patient.cpr, f"1.2.208.176.1.2^{patient.cpr}")
    for number in patient.alternative_ids:
        yield from (number.extension, f"{number.root}^{number.extension}")


def times_of(entry: Any) -> Iterator[tuple[str, str]]:
    start, end = getattr(entry, "start", None), getattr(entry, "end", None)
    if start is not None:
        yield from (("from", moment(start)), ("to", moment(start)), ("from", start.date().isoformat()))
        yield "status", "closed" if end is not None else "open"
    if end is not None:
        yield from (("from", moment(end)), ("to", moment(end + timedelta(days=9))))


def moment(time: datetime) -> str:
    return time.isoformat()


def around(document: ClinicalDocument, entry: Any) -> dict[type, Any]:
    """Return the entry and its owners, by class."""
    known = {entry.id.extension.lower(): entry for entry in document.entries()}
    known |= {mark.id.extension.lower(): episode for episode in document.episodes for mark in episode.markers if mark.id}
    found: dict[type, Any] = {}
    while entry is not None and type(entry) not in found:
        found[type(entry)] = entry
        names = ("episode", "encounter", "owner", "cause")
        reference = next((getattr(entry, name) for name in names if getattr(entry, name, None)), None)
        entry = known.get(reference.id.extension.lower()) if reference else None
    return found


def expect_found_again(api: Api, document: ClinicalDocument) -> None:
    for entry in document.entries():
        path, key = RESOURCES[type(entry)], entry.id.extension.lower()
        shown = next(item for item in api.get(path, set=document.set_id)["items"] if item["id"]["extension"].lower() == key)
        asked = set(filters_for(document, entry, shown, around(document, entry)))
        missed = [pair for pair in sorted(asked) if key not in api.keys(path, **dict([pair]))]
        assert missed == [], f"{path}/{key} is not found by these"
        together = {name: value for name, value in sorted(asked) if name not in ("from", "to")}
        assert key in api.keys(path, **together)
        for name in {name for name, _ in asked} & set(NEITHER):
            if name != "from" or dict(asked).get("status") == "closed":
                assert key not in api.keys(path, **{name: NEITHER[name]}), f"{path}/{key} is found by {name}"


def test_everything_in_a_document_is_found_by_its_filters(api: Api) -> None:
    document = everything()
    api.put(document)
    expect_found_again(api, document)


def test_a_document_with_an_alternative_id_is_found_by_its_filters(api: Api) -> None:
    document = replace(everything(), patient=an_alternatively_identified_patient())
    api.put(document)
    expect_found_again(api, document)


def test_a_marker_is_found_by_its_own_code_and_by_its_episodes_filters(api: Api) -> None:
    api.put(everything())
    asked = {"code": "AFB23A", "label": "ALAL02", "sor": UNIT, "set": SET_ID, "from": "2019-05-01", "status": "closed"}
    for name, value in asked.items():
        assert api.keys("markers", **{name: value}) == [uuid("marker").lower()], name
        assert api.keys("markers", **{name: NEITHER[name]}) == [], name


def test_an_element_without_its_own_unit_is_found_by_the_unit_of_its_owner(api: Api) -> None:
    other = "6071000016008"
    api.put(
        a_document(
            episodes=[an_episode(responsible_unit=other)],
            encounters=[an_encounter(responsible_unit=UNIT, stays=())],
            conditions=[a_condition()],
        )
    )
    assert api.keys("conditions", sor=UNIT) == [uuid("condition").lower()]
    assert api.keys("conditions", sor=other) == []


def test_a_filter_by_unit_includes_the_units_below_it(api: Api) -> None:
    units = api.namespace.register.codes.sor
    lower = next(unit.sor_id for unit in units if units.above(unit.sor_id))
    api.put(a_document(episodes=[an_episode(responsible_unit=lower)]))
    for upper in units.above(lower):
        assert api.keys("episodes-of-care", sor=upper) == [uuid("episode").lower()]


def test_a_patient_with_linked_ids_is_found_by_each_of_them(api: Api) -> None:
    alternative = an_alternatively_identified_patient()
    api.put(a_document(patient=alternative, episodes=[an_episode()]))
    api.put(the_next_document(patient=replace(alternative, cpr="2512489996"), encounters=[an_encounter()]))
    [number] = alternative.alternative_ids
    for name in ("2512489996", "251248-9996", number.extension, number.extension.lower(), f"{number.root}^{number.extension}"):
        assert api.keys("episodes-of-care", patient=name) == [uuid("episode").lower()], name


def test_nullified_elements_are_found_only_by_their_status(api: Api) -> None:
    api.put(everything())
    api.put(the_next_document(nullified=[a_nullification(EntryKind.ENCOUNTER, "encounter")]))
    assert api.keys("encounters") == []
    assert api.keys("encounters", status="nullified") == [uuid("encounter").lower()]
    assert set(api.keys("conditions", status="nullified", code="DI109")) == {
        uuid("condition").lower(),
        uuid("minor condition").lower(),
    }
    assert api.keys("procedures") == [uuid("on the episode").lower()]


def test_elements_that_a_replacement_left_out_are_found_as_dropped(api: Api) -> None:
    api.put(everything())
    api.put(the_next_document(Relation.REPLACE, episodes=[an_episode()]))
    assert api.keys("encounters", status="dropped") == [uuid("encounter").lower()]
    assert api.keys("encounters", status="nullified") == api.keys("encounters") == []


def test_an_element_is_found_by_its_new_code_and_not_by_the_old_one(api: Api) -> None:
    api.put(everything())
    changed = a_condition(code=Code("DI119"), replaces=external(EntryKind.CONDITION, "condition"))
    api.put(the_next_document(conditions=[changed]))
    key = uuid("condition").lower()
    assert api.keys("conditions", code="DI119") == [key]
    assert key not in api.keys("conditions", code="DI109")
    again = a_condition(replaces=external(EntryKind.CONDITION, "condition"))
    api.put(the_next_document(version=3, conditions=[again]))
    assert api.keys("conditions", code="DI109").count(key) == 1


def test_elements_are_found_by_their_findings(api: Api) -> None:
    document = a_document(episodes=[an_episode()], encounters=[an_encounter()], procedures=[a_procedure()])
    api.submit(document)
    [found] = api.get("error-list")["items"]
    for finding in found["findings"]:
        path = {"procedure": "procedures", "encounter": "encounters"}.get(finding["stands_at"]["kind"], "episodes-of-care")
        at_it = {"rule": finding["rule_id"], "has": f"{finding['severity'].lower()}s"}
        for asked in ({"rule": finding["rule_id"]}, {"has": at_it["has"]}, at_it):
            assert finding["stands_at"]["id"] in api.keys(path, **asked)
        assert api.keys("episodes-of-care", rule=finding["rule_id"]) == [uuid("episode").lower()]
    assert api.keys("episodes-of-care", rule="99.99") == []


def example_documents() -> list[ClinicalDocument]:
    """Return the published examples, in the order in which they build on each other."""
    paths = sorted(EXAMPLES.glob("*.xml"), key=lambda path: (path.name.startswith("Removal"), path.name))
    return [reader.read(safexml.parse(path.read_bytes())).document for path in paths]


def before(document: ClinicalDocument) -> Iterator[ClinicalDocument]:
    """Return an earlier document that has the entries which the document replaces or nullifies."""
    stubs: dict[str, Any] = {}
    for target in document.nullified:
        field, make = STUBS[target.target.kind]
        stubs.setdefault(field, []).append(replace(make(), id=target.target.id))
    if document.parent is not None:
        yield replace(a_document(**stubs), id=document.parent.id, set_id=document.set_id, patient=document.patient)


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="../shared/reference is not on this machine")
@pytest.mark.parametrize("number", range(13))
def test_every_element_of_an_example_is_found_by_its_filters(api: Api, number: int) -> None:
    document = example_documents()[number]
    for earlier in before(document):
        api.put(earlier)
    api.put(document)
    expect_found_again(api, document)
    for target in document.nullified:
        path = next(path for cls, path in RESOURCES.items() if isinstance(STUBS[target.target.kind][1](), cls))
        key = target.target.id.extension.lower()
        assert api.keys(path, status="nullified", set=document.set_id) == [key]
        assert key not in api.keys(path)
