"""Level 2 checks the profile and words its findings."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from copy import copy, deepcopy
from pathlib import Path
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from weakref import WeakSet, ref

import pytest
from lxml import etree

from mockregister import safexml
from mockregister.finding import Finding, Level, Severity
from mockregister.validation import level2_profile
from mockregister.validation.editions import NEWEST
from mockregister.validation.level2_profile import Profile
from mockregister.validation.profile.nodes import Node
from tests.builders import a_condition, a_procedure, an_encounter, an_episode, as_xml
from tests.validation.profile.specimens import BY_NAME, SET, TYPE, specimen

SHARED = Path(__file__).parents[3] / "shared" / "reference"


def a_report(**parts: Any) -> str:
    """Return a document with an episode of care and an encounter."""
    return as_xml(**({"episodes": [an_episode()], "encounters": [an_encounter()]} | parts)).decode()


def findings(xml: str) -> list[Finding]:
    return NEWEST.profile.check(safexml.parse(xml.encode()))


def found(xml: str) -> list[tuple[str, str]]:
    """Return the last step of each place with the code."""
    return [(re.findall(r"/\*:(\w+)\[[^/]*\[(\d+)\]", finding.where)[-1][0], finding.code) for finding in findings(xml)]


def changed(xml: str, old: str, new: str, times: int = 1) -> str:
    assert old in xml, f"{old} is not in the document"
    return xml.replace(old, new, times)


# ------------------------------------------------------------------------------------------------------------ accepted documents


def test_a_document_that_keeps_to_the_profile_has_no_findings() -> None:
    assert findings(a_report(conditions=[a_condition()], procedures=[a_procedure()])) == []


def test_elements_that_the_profile_does_not_know_are_accepted() -> None:
    xml = changed(a_report(), "<setId", '<languageCode code="da"/><setId')
    assert findings(xml) == []


def test_template_ids_that_the_profile_does_not_know_are_accepted() -> None:
    ours = '<templateId root="1.2.208.176.7.1.10.80"/>'
    assert findings(changed(a_report(), ours, ours + '<templateId root="1.2.3"/>')) == []


def test_codes_are_not_checked_on_this_level() -> None:
    assert findings(re.sub(r'code="AFA\w+"', 'code="6101000016001"', a_report())) == []


def test_uuids_may_be_in_upper_or_lower_case() -> None:
    lower = re.sub(r'"[0-9A-F-]{36}"', lambda match: match[0].lower(), a_report())
    assert findings(lower) == []


# ----------------------------------------------------------------------------------------------------------- facts observed


def test_an_entry_of_another_set_is_refused() -> None:
    """See facts 39 and 46."""
    report = a_report()
    inside = report.index("10.80")
    other = re.sub(r'<id root="[^"]*"', '<id root="00000000-0000-5000-8000-000000000000"', report[inside:], count=1)
    (finding,) = findings(report[:inside] + other)
    assert finding.text == (
        "(DKEpisodeOfCareAct): @root SHALL equal /ClinicalDocument/setId/@root. It is '00000000-0000-5000-8000-000000000000'."
    )


def test_the_document_id_must_have_the_root_of_its_set() -> None:
    """See fact 213."""
    xml = re.sub(r'<id root="[^"]*"', '<id root="00000000-0000-5000-8000-000000000000"', a_report(), count=1)
    assert found(xml) == [("id", "DKEpisodeOfCareSummariesDocument")]


def test_an_episode_of_care_must_have_a_start() -> None:
    """See fact 44."""
    report = a_report()
    inside = report.index("10.80")
    xml = report[:inside] + re.sub(r"<low [^>]*/>", '<low nullFlavor="UNK"/>', report[inside:], count=1)
    assert found(xml) == [("effectiveTime", "DKEpisodeOfCareAct")]


def test_a_uuid_must_have_hyphens() -> None:
    """See fact 82."""
    report = a_report()
    inside = report.index("10.80")
    xml = report[:inside] + re.sub(r'extension="[^"]*"', lambda match: match[0].replace("-", ""), report[inside:], count=1)
    assert ("id", "DKEpisodeOfCareAct") in found(xml)


@pytest.mark.parametrize("number", ["1234567", "123456789", "1234567A", "12345678\n", ""])
def test_a_cvr_number_must_have_eight_digits(number: str) -> None:
    """See facts 84 and 148."""
    xml = re.sub(r'(2\.24\.1\.1" extension=")[^"]*', rf"\g<1>{number.replace(chr(10), '&#10;')}", a_report())
    assert ("id", "DKCustodian") in found(xml)


def test_a_wrong_template_id_is_reported_as_a_missing_element() -> None:
    """Fact 85: the element is no longer recognised, so it is reported as missing."""
    xml = changed(a_report(), 'root="1.2.208.176.7.1.10.51"', 'root="1.2.208.176.7.10.51"')
    (finding,) = findings(xml)
    assert (finding.code, found(xml)[0][0]) == ("DKEpisodeOfCareAct", "act")
    assert "1.2.208.176.7.1.10.51" in finding.text
    assert finding.text.endswith("SHALL stand exactly once, but is not there.")


def test_an_element_that_occurs_too_often_is_reported_with_its_count() -> None:
    xml = re.sub(r"(<realmCode[^>]*/>)", r"\1\1\1", a_report())
    assert findings(xml)[0].text.endswith("hl7:realmCode that is not null SHALL stand exactly once, but stands 3 times.")


def test_a_wrong_class_code_is_reported_as_observed() -> None:
    """See fact 146."""
    xml = changed(a_report(), '<participantRole classCode="ROL"', '<participantRole classCode="ISDLOC"')
    (finding,) = findings(xml)
    assert finding.text == "(DKResponsibleUnitParticipantBody): @classCode SHALL be 'ROL'. It is 'ISDLOC'."
    assert finding.where.startswith("/*:ClinicalDocument[namespace-uri()='urn:hl7-org:v3'][1]/*:component[namespace-uri()=")
    assert finding.where.endswith(
        "/*:participant[namespace-uri()='urn:hl7-org:v3'][1]/*:participantRole[namespace-uri()='urn:hl7-org:v3'][1]"
    )


def test_a_patient_id_without_a_root_breaks_type_and_template() -> None:
    """See fact 93."""
    xml = re.sub(r'(<patientRole.*?<id) root="[^"]*"', r"\1", a_report(), count=1, flags=re.DOTALL)
    assert ("patientRole", "DKCivilRegistrationSystemIdentifiedPatientRole") in found(xml)


def test_a_numeric_result_must_be_a_text() -> None:
    """Fact 103: LPR3 requires an ST, although other profiles have types for numbers."""
    document = specimen(BY_NAME["DKObservation"], 0).document
    value = document.find(".//{*}value")
    value.text = "3500"
    assert NEWEST.profile.check(document) == []
    value.set(TYPE, "INT")
    problems = [finding.text for finding in NEWEST.profile.check(document)]
    assert problems == ["(DKObservation): xsi:type SHALL be ST if it is given."]


def test_a_replacing_entry_must_have_the_id_of_the_replaced_entry() -> None:
    """See fact 45."""
    document = specimen(BY_NAME["DKEncounter"], 0, looks_back=True).document
    document.find(".//{*}externalAct/{*}id").set("extension", "00000000-0000-5000-8000-000000000000")
    assert [finding.text for finding in NEWEST.profile.check(document)] == [
        "(DKEncounter): id/@extension SHALL be that of the entry it replaces."
    ]


def test_a_reference_into_another_set_needs_no_extension() -> None:
    """See facts 105 and 141."""
    document = specimen(BY_NAME["DKEpisodeOfCareLinkAct"], 2).document
    assert dict(document.find(".//{*}externalAct/{*}id").attrib) == {"root": SET}
    assert NEWEST.profile.check(document) == []


def test_a_procedure_act_that_replaces_another_has_only_one_reference_of_the_cda_template() -> None:
    """The official Schematron also counts a replacing reference with CDA's own templateId as a reference to the owner."""
    document = specimen(BY_NAME["DKProcedureAct"], 0, looks_back=True).document
    assert {finding.code for finding in NEWEST.profile.check(document)} == {"DKProcedureAct", "DKProcedureActBody"}
    replacing = document.find(".//{*}reference[@typeCode='RPLC']")
    replacing.remove(replacing.find("{*}templateId[@root='2.16.840.1.113883.10.12.324']"))
    assert NEWEST.profile.check(document) == []


def test_a_role_with_all_three_template_ids_is_checked_as_the_first_of_them() -> None:
    document = specimen(BY_NAME["DKEpisodeOfCareSummariesDocument"], 2).document
    address = document.find(".//{*}addr")
    address.remove(address.find("{*}city"))
    assert [finding.code for finding in NEWEST.profile.check(document)] == ["DKCivilRegistrationSystemIdentifiedPatientRole"]


def test_the_period_of_a_null_address_is_checked_by_the_template_of_both_ids() -> None:
    document = specimen(BY_NAME["DKEpisodeOfCareSummariesDocument"], 2).document
    address = document.find(".//{*}addr")
    address.set("nullFlavor", "NI")
    assert {finding.code for finding in NEWEST.profile.check(document)} == {"dtr1-1-ANY"}
    period = address.find("{*}useablePeriod")
    period.set(TYPE, "PIVL_TS")
    assert "xsi:type SHALL be IVL_TS." in {finding.text.split(": ")[1] for finding in NEWEST.profile.check(document)}
    period.set("nullFlavor", "NI")
    assert "xsi:type SHALL be IVL_TS." not in {finding.text.split(": ")[1] for finding in NEWEST.profile.check(document)}


def test_template_ids_on_an_element_of_another_name_do_not_count() -> None:
    document = specimen(BY_NAME["DKMainConditionObservation"], 0).document
    document.find(".//{*}encounter").tag = "{urn:hl7-org:v3}act"
    assert [finding.code for finding in NEWEST.profile.check(document)] == ["DKMainConditionObservation"]


def test_the_reference_to_a_replaced_condition_is_not_checked_inside() -> None:
    """ART-DECOR's Schematron does not check inside this reference, although it does in references of other entries."""
    document = specimen(BY_NAME["DKMinorConditionObservation"], 0, looks_back=True).document
    document.find(".//{*}externalObservation").set("moodCode", "RQO")
    assert NEWEST.profile.check(document) == []


def test_a_parent_document_cannot_be_older_than_a_document_without_a_version() -> None:
    document = specimen(BY_NAME["DKEpisodeOfCareSummariesDocument"], 0, looks_back=True).document
    document.remove(document.find("{*}versionNumber"))
    problems = [finding.code for finding in NEWEST.profile.check(document)]
    assert problems == ["DKEpisodeOfCareSummariesDocument", "DKRelatedDocument"]


def test_a_moment_has_no_elements() -> None:
    document = specimen(BY_NAME["DKEpisodeOfCareSummariesDocument"], 0).document
    etree.SubElement(document.find(".//{*}author/{*}time"), "{urn:hl7-org:v3}low", value="20190101120000+0100")
    assert [finding.text for finding in NEWEST.profile.check(document)] == ["(DKAuthor): a TS SHALL have no elements."]


# ----------------------------------------------------------------------------------------------------------- wording of findings


def test_a_finding_is_an_error_of_level_2_with_its_line() -> None:
    xml = changed(a_report(), 'classCode="PCPR" moodCode="EVN"', 'classCode="ACT" moodCode="EVN"')
    (finding,) = findings(xml)
    line = next(number for number, text in enumerate(xml.splitlines(), 1) if 'classCode="ACT"' in text)
    assert (finding.level, finding.severity, finding.line) == (Level.SCHEMATRON, Severity.ERROR, line)


def test_all_findings_are_in_document_order() -> None:
    xml = changed(a_report(), 'code="N"', 'code="R"')
    xml = changed(xml, '<participantRole classCode="ROL"', '<participantRole classCode="ISDLOC"', times=2)
    assert found(xml) == [
        ("confidentialityCode", "DKMedcomConfidentialityCode"),
        ("participantRole", "DKResponsibleUnitParticipantBody"),
        ("participantRole", "DKResponsibleUnitParticipantBody"),
    ]


def test_the_sentence_begins_with_the_data_type_rule() -> None:
    xml = re.sub(r'<low value="\d{8}', '<low value="20190230', a_report())
    assert {finding.text.split(":")[0] for finding in findings(xml)} == {"dtr1-2-TS", "dtr1-9-IVL_TS"}


def test_the_sentence_begins_with_the_item_of_the_guide() -> None:
    xml = re.sub(r'<time value="[^"]*"', '<time value="201"', a_report())
    texts = [finding.text for finding in findings(xml)]
    assert "CONF-DK: 34: @value SHALL be of the type ts. It is '201'." in texts


def test_an_element_of_two_templates_is_checked_by_both() -> None:
    document = specimen(BY_NAME["DKMainConditionObservation"], 0).document
    etree.SubElement(document[1], "{urn:hl7-org:v3}templateId", root="1.2.208.176.7.1.10.46")
    document[1].set("moodCode", "RQO")
    problems = [finding.code for finding in NEWEST.profile.check(document)]
    assert problems == ["DKMainConditionObservation", "DKMinorConditionObservation"]


def test_a_document_that_was_not_parsed_from_text_has_no_lines() -> None:
    document = specimen(BY_NAME["DKClinicalThemeAct"], 0).document
    document[1].set("moodCode", "RQO")
    assert [finding.line for finding in NEWEST.profile.check(document)] == [0]


def test_the_same_error_at_the_same_place_is_reported_once() -> None:
    once = findings(changed(a_report(), 'code="N"', 'code="R"'))
    assert len(once) == len({(finding.text, finding.where) for finding in once})


def test_findings_do_not_depend_on_earlier_documents() -> None:
    wrong = changed(a_report(), 'code="N"', 'code="R"')
    first = findings(wrong)
    assert (findings(a_report()), findings(wrong), findings(a_report())) == ([], first, [])


def test_an_id_that_was_right_in_its_set_is_wrong_in_another() -> None:
    document = specimen(BY_NAME["DKInternalEncounterReference"], 0).document
    assert NEWEST.profile.check(document) == []
    document[0].set("root", "00000000-0000-5000-8000-000000000000")
    assert [finding.code for finding in NEWEST.profile.check(document)] == ["DKInternalEncounterReference"]


def test_an_element_that_was_right_with_a_text_is_wrong_without() -> None:
    document = specimen(BY_NAME["DKEpisodeOfCareSummariesDocument"], 0).document
    assert NEWEST.profile.check(document) == []
    document.find(".//{*}county").text = None
    assert [finding.code for finding in NEWEST.profile.check(document)] == ["dtr1-1-BIN"]


def test_a_type_may_be_written_with_the_prefix_of_its_name_space() -> None:
    document = specimen(BY_NAME["DKObservation"], 0).document
    xml = (
        etree.tostring(document)
        .decode()
        .replace('xsi:type="ST"', 'xsi:type="h:ST"')
        .replace("xmlns=", 'xmlns:h="urn:hl7-org:v3" xmlns=', 1)
    )
    assert findings(xml) == []
    assert [finding.code for finding in findings(xml.replace('"h:ST"', '"xsi:ST"'))] == ["DKObservation"]


@pytest.mark.parametrize(
    ("template", "path", "what"),
    [
        ("DKEncounter", ".//{*}effectiveTime", "hl7:effectiveTime that is not null"),
        ("DKEncounter", ".//{*}id", "hl7:id"),
        ("DKEncounter", ".//{*}scopingEntity/{*}id", "hl7:id with @root 1.2.208.176.1.1"),
        (
            "DKConditionObservationSection",
            ".//{*}observation",
            "One of hl7:observation with templateId 1.2.208.176.7.1.10.36 and 1.2.208.176.7.1.10.45 and"
            " 2.16.840.1.113883.10.12.303, hl7:observation with templateId"
            " 1.2.208.176.7.1.10.36 and 1.2.208.176.7.1.10.46 and 2.16.840.1.113883.10.12.303",
        ),
        (
            "DKContrastAgentSubstanceAdministration",
            ".//{*}consumable",
            "hl7:consumable around hl7:manufacturedProduct with templateId 1.2.208.176.7.1.10.4 and 2.16.840.1.113883.10.12.312",
        ),
    ],
)
def test_a_missing_element_is_described_by_its_distinguishing_attributes(template: str, path: str, what: str) -> None:
    document = specimen(BY_NAME[template], 0).document
    missing = document.find(path)
    missing.getparent().remove(missing)
    assert f": {what} SHALL stand exactly once, but is not there." in NEWEST.profile.check(document)[0].text


def test_a_right_type_can_be_wrong_under_other_name_spaces() -> None:
    """``xsi:type="ST"`` has another meaning under another default name space."""
    document = specimen(BY_NAME["DKObservation"], 0).document
    assert NEWEST.profile.check(document) == []
    xml = etree.tostring(document).decode()
    prefixed = re.sub(r"<(/?)(\w)", r"<\1h:\2", xml).replace("xmlns=", 'xmlns="urn:other" xmlns:h=', 1)
    assert [finding.text for finding in findings(prefixed)] == ["(DKObservation): xsi:type SHALL be ST if it is given."]


def test_the_number_of_remembered_elements_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(level2_profile, "_MEMORY", 10)
    profile = Profile(NEWEST.profile.templates)
    assert profile.check(safexml.parse(a_report().encode())) == []
    assert 0 < len(profile._known) <= 10


def test_an_element_that_is_right_alone_can_be_wrong_beside_an_equal_one() -> None:
    """Each templateId is remembered as right by itself before it comes twice."""
    profile = Profile(NEWEST.profile.templates)
    document = safexml.parse(a_report().encode())
    assert profile.check(document) == []
    identifier = document.find("{*}templateId")
    identifier.addnext(copy(identifier))
    wrong = [finding.code for finding in profile.check(document)]
    assert wrong.count("dtr1-12-II") == 2
    assert [finding.code for finding in profile.check(document)] == wrong


def test_a_document_never_has_all_its_nodes_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nodes of a large document would take several times its own memory."""
    alive: WeakSet[Node] = WeakSet()
    most = 0

    def made(self: Node, element: etree._Element, owner: ref[Node] | None = None, place: int = 0) -> None:
        nonlocal most
        plain(self, element, owner, place)
        alive.add(self)
        most = max(most, len(alive))

    plain = Node.__init__
    monkeypatch.setattr(Node, "__init__", made)
    document = safexml.parse(a_report().encode())
    Profile(NEWEST.profile.templates).check(document)
    assert most < sum(1 for _ in document.iter("*")) / 2


def test_long_texts_are_not_remembered() -> None:
    """The number of remembered elements is limited, so each has to be small."""
    profile = Profile(NEWEST.profile.templates)
    document = specimen(BY_NAME["DKObservation"], 0).document
    value = document.find(".//{*}value")
    value.text = "tekst " * 1_000
    assert profile.check(document) == []
    assert value.text not in [text for *_, text in profile._known]


# --------------------------------------------------------------------------------------------------------- agreement with others


def cases() -> Iterator[dict[str, Any]]:
    path = SHARED / "cases" / "level2.jsonl.gz"
    if path.is_file():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def bare(where: str) -> str:
    return re.sub(r"\*:(\w+)\[namespace-uri\(\)='[^']*'\]", r"\1", where)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
def test_findings_agree_with_the_official_validator() -> None:
    differing = []
    for case in cases():
        errors = {(place, code) for place, code, role in case["expected"]["errors"] if role in ("error", "unspecified")}
        if {(bare(finding.where), finding.code) for finding in findings(case["document"])} != errors - {("", "dtr1-13-II")}:
            differing.append(case["name"])
    assert differing == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
@pytest.mark.parametrize("path", sorted((SHARED / "examples").glob("*.xml")), ids=lambda path: path.stem)
def test_the_examples_of_the_register_keep_to_the_profile(path: Path) -> None:
    assert NEWEST.profile.check(etree.parse(path).getroot()) == []


# ----------------------------------------------------------------------------------------------------------------- equal entries

UUID = r"[0-9A-F]{8}-[0-9A-F-]{27}"
ODD = (
    *("00000000-0000-5000-8000-000000000000", "aBc00000-0000-5000-8000-00000000000f", "ABCDEFG1-0000", SET),
    *("", "1.2.3", "nullified", "NA", "DI109", "12345678", "1234567890", "276231000016004é", "x y"),
    *("20190101000000+0100", "20190230000000+0100", "20991231000000+0100", "20190502"),
)


def spoilt(root: etree._Element, chance: Random) -> None:
    """Change an attribute, remove an element, double an element, or insert a comment."""
    element = chance.choice(list(root.iter("*")))
    owner, known = element.getparent(), [value for other in root.iter("*") for value in other.attrib.values()]
    turn = chance.random()
    if turn < 0.7 and element.attrib:
        element.set(chance.choice(list(element.attrib)), str(chance.choice((*ODD, *chance.sample(known, 10)))))
    elif turn < 0.8 and owner is not None:
        owner.remove(element)
    elif turn < 0.9 and owner is not None:
        element.addnext(deepcopy(element))
    else:
        element.append(etree.Comment(' value="20190101000000+0100"'))


def test_findings_in_an_entry_are_also_found_in_an_equal_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    chance, remembering, found = Random(19), Profile(NEWEST.profile.templates), 0
    report = a_report(conditions=[a_condition()], procedures=[a_procedure()]).encode()
    for _ in range(150):
        root = safexml.parse(report)
        for _ in range(chance.choice((0, 1, 1, 2))):
            spoilt(root, chance)
        remembered = remembering.check(root)
        with monkeypatch.context() as patch:
            patch.setattr(level2_profile, "_RECURRING", frozenset())
            assert NEWEST.profile.check(root) == remembered
        found += len(remembered)
    assert found > 100


def test_an_entry_that_is_equal_to_another_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids and times differ, and errors are found in both."""
    profile, entered = Profile(NEWEST.profile.templates), list[str]()
    wrong = changed(a_report(), 'classCode="ROL"', 'classCode="ISDLOC"')
    first = profile.check(safexml.parse(wrong.encode()))
    plain = Profile._due_of_new
    monkeypatch.setattr(Profile, "_due_of_new", lambda self, node, *known: entered.append(node.name) or plain(self, node, *known))
    other = re.sub(r'"20\d\d(\d{10}[+-])', r'"2011\1', re.sub(UUID, lambda id: str(uuid5(NAMESPACE_OID, id[0])).upper(), wrong))
    assert profile.check(safexml.parse(other.encode())) == first != []
    assert not {"act", "encounter"}.intersection(entered)
