"""`validate --explain`: the declaration beside the lines that break it."""

from __future__ import annotations

import re
from dataclasses import replace

from mockregister import safexml
from mockregister.finding import Finding, Level
from mockregister.validation.editions import NEWEST
from mockregister.validation.profile.explain import declaration, explain
from tests.builders import an_episode, as_xml


def finding_of(content: bytes) -> Finding:
    return NEWEST.profile.check(safexml.parse(content))[0]


def an_episode_with(old: bytes, new: bytes) -> bytes:
    content = as_xml(episodes=[an_episode()])
    assert old in content
    return content.replace(old, new, 1)


def test_a_finding_of_a_template_is_shown_with_its_declaration_and_its_lines() -> None:
    content = an_episode_with(b'classCode="PCPR"', b'classCode="ACT"')
    text = explain(finding_of(content), content)
    assert text.startswith("DKEpisodeOfCareAct 1.2.208.176.7.1.10.80 2018-03-28 anywhere -> EpisodeOfCare: An episode of care")
    assert text.count("\n\n") == 1
    assert "  act @classCode=PCPR @moodCode=EVN\n" in text
    line = next(number for number, line in enumerate(content.splitlines(), 1) if b'classCode="ACT"' in line)
    assert f"\n{line:>6}  " in text


def test_a_finding_of_a_data_type_is_shown_with_the_nearest_template() -> None:
    content = as_xml(episodes=[an_episode()])
    inside = content.index(b"1.2.208.176.7.1.10.80")
    content = content[:inside] + re.sub(rb'<low value="\d{8}', b'<low value="20190230', content[inside:], count=1)
    finding = finding_of(content)
    assert finding.code == "dtr1-9-IVL_TS"
    assert explain(finding, content).startswith("DKEpisodeOfCareAct 1.2.208.176.7.1.10.80")


def test_what_a_template_includes_is_shown_where_the_element_names_it() -> None:
    content = an_episode_with(b'typeCode="RESP"', b'typeCode="LOC"')
    named, included, _ = explain(finding_of(content), content).split("\n\n")
    assert named.startswith("DKEpisodeOfCareAct ")
    assert included.startswith("DKResponsibleUnitParticipantBody ")
    assert "@typeCode=RESP" in included


def test_a_long_element_is_cut() -> None:
    content = an_episode_with(b'classCode="PCPR"', b'classCode="ACT"')
    text = explain(finding_of(content), content)
    assert text.endswith("\n        …")
    assert len([line for line in text.splitlines() if line[:6].strip().isdigit()]) == 12


def test_a_short_element_is_shown_whole() -> None:
    content = an_episode_with(b'code="N"', b'code="R"')
    text = explain(finding_of(content), content)
    assert "<confidentialityCode" in text.splitlines()[-1]


def test_a_place_that_the_document_does_not_have_is_shown_as_far_as_it_leads() -> None:
    content = an_episode_with(b'code="N"', b'code="R"')
    finding = replace(
        finding_of(content), where="/*:ClinicalDocument[namespace-uri()='urn:hl7-org:v3'][1]/*:x[namespace-uri()=''][1]"
    )
    assert "     1  " in explain(finding, content) or "     2  " in explain(finding, content)


def test_the_document_is_read_in_its_own_encoding() -> None:
    text = an_episode_with(b'code="N"', b'displayName="p\xc3\xa5" code="R"').decode()
    latin = text.replace("UTF-8", "ISO-8859-1").encode("iso-8859-1")
    assert 'displayName="på"' in explain(finding_of(latin), latin)
    assert 'displayName="på"' in explain(finding_of(text.encode()), text.encode())


def test_a_line_ends_where_xml_says_so() -> None:
    content = '<?xml version="1.0"?>\n<a xmlns="urn:hl7-org:v3">a\u2028b\u0085c\r\n<b/>\r\n</a>'.encode()
    where = "/*:a[namespace-uri()='urn:hl7-org:v3'][1]/*:b[namespace-uri()='urn:hl7-org:v3'][1]"
    assert explain(a_finding(where), content) == "     3  <b/>"


def test_an_encoding_other_than_utf_8_does_no_harm() -> None:
    content = '<?xml version="1.0" encoding="iso-8859-15"?>\n<a>æ</a>'.encode("iso-8859-15")
    assert explain(a_finding("/*:a[namespace-uri()=''][1]"), content).endswith("<a>æ</a>")


def test_the_lines_are_those_of_the_element_and_no_others() -> None:
    content = b'<a xmlns="urn:hl7-org:v3">\n<b/>\n<b>\n<c/>\n</b>\n<d/>\n</a>'
    text = explain(a_finding("/*:a[namespace-uri()='urn:hl7-org:v3'][1]/*:b[namespace-uri()='urn:hl7-org:v3'][2]"), content)
    assert text == "     3  <b>\n     4  <c/>"


def test_an_element_of_as_many_lines_as_are_shown_is_shown_whole() -> None:
    lines = [b"<a>", *[b"<b/>"] * 11]
    assert "…" not in explain(a_finding("/*:a[namespace-uri()=''][1]"), b"\n".join([*lines, b"</a>"]))
    assert "…" in explain(a_finding("/*:a[namespace-uri()=''][1]"), b"\n".join([*lines, b"<b/>", b"</a>"]))


def test_a_finding_that_belongs_to_no_template_has_no_declaration() -> None:
    assert declaration(a_finding("/*:a[namespace-uri()=''][1]"), b"<a/>") == ""


def test_a_declaration_is_found_by_code_or_by_the_template_around() -> None:
    content = (
        b'<a xmlns="urn:hl7-org:v3"><templateId/><templateId root="1.2.208.176.7.1.10.5"/><b><templateId root="1.2"/></b></a>'
    )
    where = "/*:a[namespace-uri()='urn:hl7-org:v3'][1]/*:b[namespace-uri()='urn:hl7-org:v3'][1]"
    assert declaration(a_finding(where), content).startswith("DKSupplementaryCodeAct ")
    assert declaration(replace(a_finding(where), code="DKEncounter"), content).startswith("DKEncounter ")


def a_finding(where: str) -> Finding:
    return Finding(Level.SCHEMATRON, "dtr1-1-II: text", code="dtr1-1-II", where=where)
