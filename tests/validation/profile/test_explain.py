"""`validate --explain`: the declaration beside the lines that break it."""

from __future__ import annotations

import re
from dataclasses import replace

from mockregister import safexml
from mockregister.finding import Finding
from mockregister.validation.level2_profile import check
from mockregister.validation.profile.explain import explain
from tests.builders import an_episode, as_xml


def finding_of(content: bytes) -> Finding:
    return check(safexml.parse(content))[0]


def an_episode_with(old: bytes, new: bytes) -> bytes:
    content = as_xml(episodes=[an_episode()])
    assert old in content
    return content.replace(old, new, 1)


def test_a_finding_of_a_template_is_shown_with_its_declaration_and_its_lines() -> None:
    content = an_episode_with(b'classCode="PCPR"', b'classCode="ACT"')
    text = explain(finding_of(content), content)
    assert text.startswith("(DKEpisodeOfCareAct): @classCode SHALL be 'PCPR'. It is 'ACT'.")
    assert "DKEpisodeOfCareAct 1.2.208.176.7.1.10.80 2018-03-28 anywhere -> EpisodeOfCare: An episode of care" in text
    assert "  act @classCode=PCPR @moodCode=EVN\n" in text
    line = next(number for number, line in enumerate(content.splitlines(), 1) if b'classCode="ACT"' in line)
    assert f"\n{line:>6}  " in text


def test_a_finding_of_a_data_type_is_shown_with_the_nearest_template() -> None:
    content = as_xml(episodes=[an_episode()])
    inside = content.index(b"1.2.208.176.7.1.10.80")
    content = content[:inside] + re.sub(rb'<low value="\d{8}', b'<low value="20190230', content[inside:], count=1)
    finding = finding_of(content)
    assert finding.code == "dtr1-9-IVL_TS"
    assert "\n\nDKEpisodeOfCareAct 1.2.208.176.7.1.10.80" in explain(finding, content)


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
    content = an_episode_with(b'code="N"', b'code="R"').decode().replace("UTF-8", "ISO-8859-1")
    assert "confidentialityCode" in explain(finding_of(content.encode("iso-8859-1")), content.encode("iso-8859-1"))
