"""For every object of the model there is an XPath that selects exactly the element from which it was read."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from mockregister import safexml
from mockregister.document import reader
from mockregister.document.markup import cda
from mockregister.document.places import Places, by_id, document_id, literal
from mockregister.document.reader import Reading
from mockregister.model import Code, EntryKind, Identifier, PersonName
from tests.builders import (
    SET_ID,
    a_condition,
    a_document,
    a_link,
    a_marker,
    a_nullification,
    a_patient,
    a_residence,
    an_absence,
    an_encounter,
    an_episode,
    an_organizer,
    as_xml,
    the_next_document,
    uuid,
)
from tests.strategies import documents


def objects(thing: object) -> Iterator[object]:
    """Yield a model object and all objects that it contains."""
    if isinstance(thing, tuple):
        for part in thing:
            yield from objects(part)
    elif is_dataclass(thing):
        yield thing
        for field in fields(thing):
            yield from objects(getattr(thing, field.name))


def a_reading(**document: object) -> tuple[Reading, etree._Element]:
    root = safexml.parse(as_xml(the_next_document(**document)))
    return reader.read(root), root


def the_element(reading: Reading, root: etree._Element, thing: object, attribute: str = "") -> etree._Element:
    found = root.xpath(reading.places.location(thing, attribute))
    assert len(found) == 1
    return found[0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_the_xpath_of_every_object_selects_exactly_one_element(document):
    root = safexml.parse(as_xml(document))
    reading = reader.read(root)
    for thing in objects(reading.document):
        element = the_element(reading, root, thing)
        if isinstance(thing, Code) and thing.code:
            assert thing.code in (element.get("code"), element.get("extension"))
        if isinstance(thing, Identifier):
            assert thing.root == element.get("root", "")


def test_an_entry_is_found_by_class_id_and_templates():
    reading, _ = a_reading(episodes=[an_episode()])
    assert reading.places.location(reading.document.episodes[0]) == (
        "//*[local-name()='act' and @classCode='PCPR' and @moodCode='EVN']"
        f"[child::*[local-name()='id' and @extension='{uuid('episode')}']]"
        "[child::*[local-name()='templateId' and @root='1.2.208.176.7.1.10.80']]"
        "[child::*[local-name()='templateId' and @root='2.16.840.1.113883.10.12.301']]"
    )


def test_the_xpath_of_an_internal_reference_is_that_of_the_register():
    reading, _ = a_reading(encounters=[an_encounter()])
    assert reading.places.location(reading.document.encounters[0].episode) == (
        "//*[local-name()='act' and @classCode='PCPR' and @moodCode='EVN']"
        f"[child::*[local-name()='id' and @extension='{uuid('episode')}']]"
        "[child::*[local-name()='templateId' and @root='1.2.208.176.7.1.10.72']]"
        "[child::*[local-name()='templateId' and @root='2.16.840.1.113883.10.12.301']]"
    )


def test_two_equal_references_have_different_xpaths():
    reading, root = a_reading(encounters=[an_encounter("a"), an_encounter("b")])
    for encounter in reading.document.encounters:
        owner = next(the_element(reading, root, encounter.episode).iterancestors(cda("encounter")))
        assert owner.find(cda("id")).get("extension") == encounter.id.extension


def test_two_equal_entries_have_different_xpaths():
    reading, root = a_reading(conditions=[a_condition(), a_condition()])
    first, second = (the_element(reading, root, condition) for condition in reading.document.conditions)
    assert first is not second


def test_an_element_that_also_has_the_templates_of_another_is_distinguished():
    root = safexml.parse(as_xml(episodes=[an_episode(markers=[a_marker("a"), a_marker("a")])]))
    extra = [act for act in root.iter(cda("act")) if act.find(cda("id")) is not None][-1]
    extra.insert(0, etree.Element(cda("templateId"), root="1.2.3"))
    reading = reader.read(root)
    elements = [the_element(reading, root, marker) for marker in reading.document.episodes[0].markers]
    assert elements[1] is extra
    assert elements[0] is not extra


ATTRIBUTES = [
    (lambda document: document, "set_id", "setId"),
    (lambda document: document, "version", "versionNumber"),
    (lambda document: document, "custodian", "id"),
    (lambda document: document.author, "unit", "id"),
    (lambda document: document.parent, "set_id", "setId"),
    (lambda document: document.parent, "version", "versionNumber"),
    (lambda document: document.parent, "relation", "relatedDocument"),
    (lambda document: document.patient, "cpr", "id"),
    (lambda document: document.patient, "gender", "administrativeGenderCode"),
    (lambda document: document.patient.residences[0], "municipality", "county"),
    (lambda document: document.patient.residences[0], "country", "country"),
    (lambda document: document.encounters[0], "responsible_unit", "id"),
    (lambda document: document.encounters[0].stays[0], "unit", "id"),
]


@pytest.mark.parametrize(("thing", "attribute", "name"), ATTRIBUTES)
def test_a_plain_text_attribute_has_its_own_place(thing, attribute, name):
    patient = a_patient(name=PersonName("Prøvesen"), gender="F", residences=(a_residence(),))
    reading, root = a_reading(patient=patient, encounters=[an_encounter()])
    element = the_element(reading, root, thing(reading.document), attribute)
    assert element.tag == cda(name)


def test_a_missing_object_has_the_place_of_the_element_that_should_contain_it():
    reading, _ = a_reading(encounters=[an_encounter(stays=[an_absence()])])
    stay = reading.document.encounters[0].stays[0]
    assert reading.places.location(stay, "unit") == reading.places.location(stay)


def test_an_object_of_another_document_is_given_the_place_of_this_document():
    reading, root = a_reading()
    assert the_element(reading, root, an_episode()) is root


def test_an_object_without_an_id_is_found_below_the_entry_that_has_one():
    reading, _ = a_reading(organizers=[an_organizer()])
    location = reading.places.location(reading.document.organizers[0].results[0])
    assert location.endswith("/*[local-name()='component'][1]/*[local-name()='observation'][1]")
    assert uuid("organizer") in location


def test_the_line_is_that_of_the_element():
    reading, root = a_reading(episodes=[an_episode()])
    episode = reading.document.episodes[0]
    assert reading.places.line(episode) == the_element(reading, root, episode).sourceline > 1


def test_a_link_anywhere_is_found_by_the_root_it_names():
    reading, root = a_reading(episodes=[an_episode(link=a_link())])
    element = the_element(reading, root, reading.document.episodes[0].link.target)
    assert element.find(cda("id")).get("root") == uuid("another episode")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")) | st.sampled_from("'\"")))
def test_any_text_is_one_xpath_string(text):
    assert etree.Element("x").xpath(f"string({literal(text)})") == text


def test_an_id_with_quotes_of_both_kinds_is_found():
    quoted = Identifier(SET_ID, """it's "5'""")
    reading, root = a_reading(episodes=[an_episode(id=quoted)])
    the_element(reading, root, reading.document.episodes[0])
    assert len(root.xpath(by_id(quoted.root, quoted.extension))) == 1


def test_a_business_rule_names_an_entry_by_its_id():
    assert by_id("A-b", "C-d") == "//*[child::*[local-name()='id' and @root='A-b' and @extension='C-d']]"


def test_a_document_is_named_by_its_id_as_the_sender_spells_it():
    mixed = Identifier("Ab", "Cd")
    assert document_id(safexml.parse(as_xml(a_document(id=mixed)))) == "Ab^Cd"


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<x/>", "^"), (b'<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="A"/></ClinicalDocument>', "A^")],
)
def test_an_incomplete_document_is_named_by_what_it_has(content, name):
    assert document_id(safexml.parse(content)) == name


def test_a_root_without_an_id_is_found():
    root = safexml.parse(b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>')
    reading = reader.read(root)
    assert the_element(reading, root, reading.document) is root


def test_a_reference_in_a_nullification_is_found():
    reading, root = a_reading(nullified=[a_nullification(EntryKind.ENCOUNTER, "gone")])
    assert the_element(reading, root, reading.document.nullified[0].target).tag == cda("externalAct")


def located(root: etree._Element, element: etree._Element) -> str:
    places = Places(root)
    return places.location(places.put(object(), element))


def test_an_element_among_very_many_is_selected_by_its_position() -> None:
    ids = "".join(f'<id extension="{number}"/><!-- --><x/>' for number in range(1000))
    root = safexml.parse(f"<a><b>{ids}</b></a>".encode())
    element = root[0][3 * 700]
    assert located(root, element).endswith("/*[local-name()='id'][701]")
    assert root.xpath(located(root, element)) == [element]


def test_many_elements_with_the_same_id_are_selected_by_their_positions() -> None:
    alike = "".join(f'<b><templateId root="{number}"/><id root="1"/></b>' for number in range(101))
    root = safexml.parse(f"<a>{alike}</a>".encode())
    assert located(root, root[50]) == "/*[local-name()='a'][1]/*[local-name()='b'][51]"
    root.remove(root[0])
    assert located(root, root[50]).startswith("//*[local-name()='b']")
    assert root.xpath(located(root, root[50])) == [root[50]]


def test_an_xpath_names_at_most_twenty_template_ids() -> None:
    templates = "".join(f'<templateId root="{number}"/>' for number in range(1000))
    root = safexml.parse(f'<a><b>{templates}<id root="1"/></b></a>'.encode())
    assert located(root, root[0]).count("templateId") == 20
    assert root.xpath(located(root, root[0])) == [root[0]]
