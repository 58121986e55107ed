"""The reader accepts every way of writing the same content, and never fails on a well-formed document."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from mockregister import safexml
from mockregister.document import reader
from mockregister.document import templates as t
from mockregister.document.markup import cda
from mockregister.model import (
    CPR,
    ClinicalDocument,
    Code,
    EntryKind,
    Identifier,
    Patient,
    PersonName,
    ProcedureForm,
    Reference,
    Relation,
    Scope,
)
from tests.builders import (
    CPR_NUMBER,
    a_condition,
    a_document,
    a_link,
    a_marker,
    a_minor_condition,
    a_nullification,
    a_payment,
    a_procedure,
    a_residence,
    a_stay,
    an_absence,
    an_alternatively_identified_patient,
    an_encounter,
    an_episode,
    an_id,
    an_organizer,
    as_xml,
    at,
    external,
    set_external,
    the_next_document,
)

EVERYTHING = the_next_document(
    title="Alt på en gang",
    patient=an_alternatively_identified_patient(cpr=CPR_NUMBER, residences=(a_residence(start=at("2019-01-01")),)),
    episodes=[an_episode(markers=[a_marker()], link=a_link(), completion=Code("ALAC70"))],
    encounters=[an_encounter(stays=[a_stay(), an_absence()], treatment_start=at("2019-05-02 08:30"))],
    conditions=[a_condition(side=Code("TUL2"), metastases=[Code("DC793C")], recurrences=[Code("DT636C")])],
    procedures=[a_procedure(payment=a_payment(), contrast=Code("MV08AA01"))],
    organizers=[an_organizer()],
    nullified=[a_nullification(EntryKind.ENCOUNTER, "earlier encounter")],
)


def a_root(document: ClinicalDocument = EVERYTHING) -> etree._Element:
    return safexml.parse(as_xml(document))


def read(source: bytes | str | etree._Element) -> ClinicalDocument:
    content = source.encode() if isinstance(source, str) else source
    return reader.read(safexml.parse(content) if isinstance(content, bytes) else content).document


def single(root: etree._Element, name: str, template: str = "") -> etree._Element:
    """Return the only element of this name, or the only element with this template."""
    return next(found for found in root.iter(cda(name)) if not template or has_template(found, template))


def has_template(element: etree._Element, template: str) -> bool:
    return any(child.get("root") == template for child in element.iterchildren(cda("templateId")))


def test_a_document_is_read_as_it_was_written():
    assert read(a_root()) == EVERYTHING


def test_white_space_does_not_matter():
    assert read(as_xml(EVERYTHING, pretty=False)) == EVERYTHING


def test_comments_and_processing_instructions_do_not_matter():
    root = a_root()
    for element in list(root.iter("*")):
        element.insert(0, etree.Comment("not data"))
        element.append(etree.ProcessingInstruction("not", "data"))
    assert read(root) == EVERYTHING


def test_elements_of_other_namespaces_do_not_matter():
    root = a_root()
    for element in list(root.iter("*")):
        element.insert(0, etree.Element("{urn:sender}id", root="other", extension="other", code="other"))
    assert read(root) == EVERYTHING


def test_the_order_of_template_ids_does_not_matter():
    root = a_root()
    for element in list(root.iter("*")):
        for template in list(element.iterchildren(cda("templateId"))):
            element.insert(0, template)
    assert read(root) == EVERYTHING


def test_template_ids_beyond_the_profile_do_not_matter():
    root = a_root()
    for template in list(root.iter(cda("templateId"))):
        template.addprevious(etree.Element(cda("templateId"), root="1.2.3.4"))
        template.addnext(etree.Element(cda("templateId")))
    assert read(root) == EVERYTHING


def test_prefixes_do_not_matter():
    text = as_xml(EVERYTHING, pretty=False).decode()
    prefixed = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1hl7:", text).replace('xmlns="', 'xmlns:hl7="')
    assert read(prefixed) == EVERYTHING


def test_parts_that_the_profile_does_not_know_are_ignored():
    root = a_root()
    encounter = single(root, "encounter", t.ENCOUNTER)
    stranger = etree.fromstring(
        '<entryRelationship xmlns="urn:hl7-org:v3" typeCode="REFR"><act classCode="PCPR" moodCode="EVN">'
        '<templateId root="9.9.9"/><id root="a" extension="b"/></act></entryRelationship>'
    )
    encounter.append(stranger)
    assert read(root) == EVERYTHING


def test_a_section_under_a_wrong_template_still_has_its_entries():
    root = a_root(a_document(organizers=[an_organizer()]))
    single(root, "section").find(cda("templateId")).set("root", "1.2.208.176.7.1.10.60")
    assert read(root).organizers == (an_organizer(),)


@pytest.mark.parametrize("type_code", ["RESP", "LOC", "IND", "PRF", "REF"])
def test_a_participant_without_template_ids_is_recognised_by_its_type(type_code):
    root = a_root()
    for participant in root.iter(cda("participant")):
        if participant.get("typeCode") == type_code:
            for template in list(participant.iterchildren(cda("templateId"))):
                participant.remove(template)
    assert read(root) == EVERYTHING


def test_a_participant_with_the_template_goes_before_one_with_only_the_type():
    root = a_root(a_document(episodes=[an_episode(responsible_unit="1")]))
    ours = single(root, "participant", t.RESPONSIBLE_UNIT)
    ours.addprevious(etree.fromstring('<participant xmlns="urn:hl7-org:v3" typeCode="RESP"><participantRole/></participant>'))
    assert read(root).episodes[0].responsible_unit == "1"


def test_a_code_with_a_null_flavor_is_read_as_none():
    root = a_root(a_document(encounters=[an_encounter()]))
    priority = single(root, "priorityCode")
    priority.set("nullFlavor", "UNK")
    assert read(root).encounters[0].priority is None


def test_a_code_has_its_system_and_its_display_name():
    root = a_root(a_document(encounters=[an_encounter(priority=Code("X", "Øjeblikkeligt", "1.2.3"))]))
    assert read(root).encounters[0].priority == Code("X", "Øjeblikkeligt", "1.2.3")


def test_documents_share_equal_codes_but_each_code_has_its_own_place():
    source = as_xml(conditions=[a_condition(code=Code("DI109")), a_minor_condition(code=Code("DI109"))])
    first, second = (reader.read(safexml.parse(source)) for _ in range(2))
    main, minor = (condition.code for condition in first.document.conditions)
    assert main is second.document.conditions[0].code
    assert main == minor
    assert first.places.element(main) is not first.places.element(minor)


def test_the_template_decides_whether_a_condition_is_main_or_minor():
    minor_by_template = a_condition("a", main=False, kind=Code("ALGA01"))
    main_by_template = a_condition("b", main=True, kind=Code("ALGA02"))
    both = read(as_xml(conditions=[minor_by_template, main_by_template])).conditions
    assert [condition.main for condition in both] == [False, True]


@pytest.mark.parametrize("form", ProcedureForm)
def test_a_procedure_keeps_its_form(form):
    assert read(as_xml(procedures=[a_procedure(form=form)])).procedures[0].form is form


@pytest.mark.parametrize(
    "target",
    [
        external(EntryKind.EPISODE_OF_CARE, "other"),
        set_external("ecd3567b-a6d5-4f1a-a5e4-7b9d6bb10177"),
        Reference(Scope.INTERNAL, EntryKind.EPISODE_OF_CARE, an_id("other")),
    ],
)
def test_the_template_decides_the_scope_of_a_reference(target):
    assert read(as_xml(episodes=[an_episode(link=a_link(target))])).episodes[0].link.target == target


def test_a_reference_to_a_replaced_entry_is_not_read_as_the_owner():
    entry = an_encounter(episode=None, replaces=external(EntryKind.ENCOUNTER, "encounter"))
    assert read(as_xml(encounters=[entry])).encounters == (entry,)


def test_a_replacement_reference_may_have_its_template_on_the_outer_element_only():
    condition = a_condition(replaces=external(EntryKind.CONDITION, "condition"))
    content = as_xml(conditions=[condition]).replace(b'<templateId root="1.2.208.176.7.1.10.100"/>', b"")
    assert read(content).conditions[0].replaces is None
    holder = b'<reference typeCode="RPLC">'
    marked = content.replace(holder, holder + b'<templateId root="1.2.208.176.7.1.10.117"/>')
    assert read(marked).conditions == (condition,)


@pytest.mark.parametrize("relation", Relation)
def test_the_parent_is_read_with_its_relation(relation):
    document = the_next_document(relation)
    assert read(a_root(document)).parent == document.parent


def patient_from(*templates: str, ids: str) -> Patient:
    declared = "".join(f'<templateId root="{template}"/>' for template in templates)
    return read(
        f'<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole>{declared}{ids}</patientRole></recordTarget>'
        "</ClinicalDocument>"
    ).patient


CPR_ID = f'<id root="{CPR}" extension="{CPR_NUMBER}"/>'
ODD_ID = f'<id root="{CPR}" extension="08119675AG1"/>'
OTHER_ID = '<id root="1.2.3" extension="08119675AG1"/>'


def test_role_106_has_a_cpr_number():
    assert patient_from(t.CPR_IDENTIFIED_PATIENT_ROLE, ids=CPR_ID) == Patient(CPR_NUMBER)


def test_role_107_never_has_a_cpr_number():
    patient = patient_from(t.ALTERNATIVELY_IDENTIFIED_PATIENT_ROLE, ids=CPR_ID)
    assert patient == Patient("", (Identifier(CPR, CPR_NUMBER),))


ALL_ROLES = (
    t.ALTERNATIVELY_IDENTIFIED_PATIENT_ROLE,
    t.CPR_IDENTIFIED_PATIENT_ROLE,
    t.CPR_AND_ALTERNATIVELY_IDENTIFIED_PATIENT_ROLE,
)


@pytest.mark.parametrize("ids", [CPR_ID + OTHER_ID, OTHER_ID + CPR_ID])
def test_role_133_has_both_ids_in_any_order(ids):
    assert patient_from(*ALL_ROLES, ids=ids) == Patient(CPR_NUMBER, (Identifier("1.2.3", "08119675AG1"),))


@pytest.mark.parametrize("ids", [CPR_ID + ODD_ID, ODD_ID + CPR_ID])
def test_of_two_ids_that_claim_to_be_cpr_numbers_the_possible_one_is_used(ids):
    assert patient_from(*ALL_ROLES, ids=ids) == Patient(CPR_NUMBER, (Identifier(CPR, "08119675AG1"),))


def test_a_name_with_only_null_flavors_is_read_as_none():
    root = a_root(a_document(patient=an_alternatively_identified_patient(name=None)))
    assert single(root, "family").get("nullFlavor") == "NA"
    assert read(root).patient.name is None


def test_a_name_may_lack_its_given_names():
    name = PersonName("Prøvesen")
    assert read(as_xml(patient=an_alternatively_identified_patient(name=name))).patient.name == name


def test_a_result_that_is_a_quantity_is_read_as_its_number():
    root = a_root(a_document(organizers=[an_organizer()]))
    value = single(root, "value")
    value.text = None
    value.set("value", "3500")
    assert read(root).organizers[0].results[0].value == "3500"


def test_an_empty_document_is_read():
    document = read('<ClinicalDocument xmlns="urn:hl7-org:v3"/>')
    assert document.id == Identifier("")
    assert list(document.entries()) == []


@st.composite
def vandalism(draw: st.DrawFn) -> etree._Element:
    """Return a document in which elements were removed, doubled, moved, renamed, changed or emptied."""
    root = a_root()
    for _ in range(draw(st.integers(1, 8))):
        elements = list(root.iter("*"))[1:]
        if not elements:
            break
        victim = draw(st.sampled_from(elements))
        draw(st.sampled_from([_remove, _double, _move, _rename, _scribble, _blank]))(draw, victim, root)
    return root


def _remove(draw, victim, root):
    victim.getparent().remove(victim)


def _double(draw, victim, root):
    victim.addnext(etree.fromstring(etree.tostring(victim)))


def _move(draw, victim, root):
    elsewhere = [element for element in root.iter("*") if element is not victim and victim not in list(element.iterancestors())]
    draw(st.sampled_from(elsewhere)).append(victim)


def _rename(draw, victim, root):
    victim.tag = draw(st.sampled_from([cda("act"), cda("id"), cda("participant"), cda("entryRelationship"), "id"]))


def _scribble(draw, victim, root):
    attribute = draw(st.sampled_from(["value", "root", "extension", "code", "typeCode", "nullFlavor", "classCode"]))
    victim.set(attribute, draw(st.sampled_from("x9 '\"")))
    victim.text = "scribble"


def _blank(draw, victim, root):
    victim.attrib.clear()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(vandalism())
def test_any_well_formed_document_is_read_and_every_object_has_a_place(root):
    reading = reader.read(root)
    for entry in (reading.document, *reading.document.entries()):
        assert len(root.xpath(reading.places.location(entry))) == 1
