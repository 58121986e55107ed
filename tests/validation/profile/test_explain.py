"""`validate --explain` shows the declaration that is broken."""

from __future__ import annotations

import re
from dataclasses import replace

from mockregister import safexml
from mockregister.finding import Finding, Level
from mockregister.validation.editions import NEWEST
from mockregister.validation.profile.explain import declaration
from tests.builders import an_episode, as_xml


def finding_of(content: bytes) -> Finding:
    return NEWEST.profile.check(safexml.parse(content))[0]


def an_episode_with(old: bytes, new: bytes) -> bytes:
    content = as_xml(episodes=[an_episode()])
    assert old in content
    return content.replace(old, new, 1)


def test_a_finding_of_a_template_is_shown_with_its_declaration() -> None:
    content = an_episode_with(b'classCode="PCPR"', b'classCode="ACT"')
    text = declaration(finding_of(content), content)
    assert text.startswith("DKEpisodeOfCareAct 1.2.208.176.7.1.10.80 2018-03-28 anywhere -> EpisodeOfCare: An episode of care")
    assert "  act @classCode=PCPR @moodCode=EVN\n" in text


def test_a_finding_of_a_data_type_is_shown_with_the_nearest_template() -> None:
    content = as_xml(episodes=[an_episode()])
    inside = content.index(b"1.2.208.176.7.1.10.80")
    content = content[:inside] + re.sub(rb'<low value="\d{8}', b'<low value="20190230', content[inside:], count=1)
    finding = finding_of(content)
    assert finding.code == "dtr1-9-IVL_TS"
    assert declaration(finding, content).startswith("DKEpisodeOfCareAct 1.2.208.176.7.1.10.80")


def test_an_included_part_is_shown_with_the_template_that_includes_it() -> None:
    content = an_episode_with(b'typeCode="RESP"', b'typeCode="LOC"')
    named, included = declaration(finding_of(content), content).split("\n\n")
    assert named.startswith("DKEpisodeOfCareAct ")
    assert included.startswith("DKResponsibleUnitParticipantBody ")
    assert "@typeCode=RESP" in included


def test_a_finding_that_belongs_to_no_template_has_no_declaration() -> None:
    assert declaration(a_finding("/*:a[namespace-uri()=''][1]"), b"<a/>") == ""


def test_a_declaration_is_found_by_code_or_by_the_surrounding_template() -> None:
    content = (
        b'<a xmlns="urn:hl7-org:v3"><templateId/><templateId root="1.2.208.176.7.1.10.5"/><b><templateId root="1.2"/></b></a>'
    )
    where = "/*:a[namespace-uri()='urn:hl7-org:v3'][1]/*:b[namespace-uri()='urn:hl7-org:v3'][1]"
    assert declaration(a_finding(where), content).startswith("DKSupplementaryCodeAct ")
    assert declaration(replace(a_finding(where), code="DKEncounter"), content).startswith("DKEncounter ")


def a_finding(where: str) -> Finding:
    return Finding(Level.SCHEMATRON, "dtr1-1-II: text", code="dtr1-1-II", where=where)
