"""Each data type rule accepts an element that keeps to it, and refuses an element that breaks it."""

from __future__ import annotations

import pytest
from lxml import etree

from mockregister.validation.profile.datatypes import KIND_OF, RULES, is_timestamp, rules_of
from mockregister.validation.profile.nodes import Node

#: The type, the rule, and an element that breaks it: the second of two elements, or else ``x``.
BROKEN = [
    ("II", "dtr1-1-ANY", '<x nullFlavor="NI" extension="1"/>'),
    ("CD", "dtr1-1-ANY", '<x nullFlavor="OTH" code="A"><originalText>a</originalText></x>'),
    ("CD", "dtr1-1-ANY", '<x nullFlavor="NI"><originalText>a</originalText></x>'),
    ("II", "dtr1-1-ANY", '<x nullFlavor="UNC" extension="1" root="1.2"/>'),
    ("CD", "dtr1-1-ANY", '<x nullFlavor="OTH"><qualifier/></x>'),
    ("AD", "dtr1-1-ANY", '<x nullFlavor="NI">tekst</x>'),
    ("AD", "dtr1-1-ANY", '<x nullFlavor="NI"><!-- c -->tekst</x>'),
    ("CS", "dtr1-1-CS", "<x/>"),
    ("CS", "dtr1-1-CS", '<x code="A" nullFlavor="NI"/>'),
    ("II", "dtr1-1-II", '<x extension="1"/>'),
    ("II", "dtr1-2-II", '<x nullFlavor="NI" root="1.2"/>'),
    ("II", "dtr1-5-II", '<x nullFlavor="NI" displayable="true"/>'),
    ("II", "dtr1-7-II", '<x nullFlavor="NI" assigningAuthorityName="SOR"/>'),
    ("II", "dtr1-10-II", '<x root="Z0000000-0000-0000-0000-000000000000"/>'),
    ("II", "dtr1-10a-II", '<x root="ABC"/>'),
    ("II", "dtr1-12-II", '<x root="1.2"/><x root="1.2" extension="1"/><x root="1.2"/>'),
    ("II", "dtr1-12-II", '<x root="1.2" extension="1"/><x root="1.2" extension="1"/>'),
    ("CD", "dtr1-1-CD", '<x codeSystem="1.2"/>'),
    ("CD", "dtr1-1-CD", '<x><originalText nullFlavor="NI"/></x>'),
    ("CD", "dtr1-2-CD", '<x code="A"/>'),
    ("CD", "dtr1-3-CD", '<x nullFlavor="NI" codeSystemName="SKS"/>'),
    ("CD", "dtr1-4-CD", '<x nullFlavor="NI" codeSystemVersion="1"/>'),
    ("CD", "dtr1-5-CD", '<x nullFlavor="NI" displayName="a"/>'),
    ("CD", "dtr1-6-CD", '<x nullFlavor="NI" code="A"/>'),
    ("CD", "dtr1-7-CD", '<x nullFlavor="NI" displayName="a"/>'),
    ("CD", "dtr1-10-CD", '<x code="A" codeSystem="1.2"><translation nullFlavor="NI"/></x>'),
    ("CD", "dtr1-11-CD", '<x code="A" codeSystem="1.2"><translation codeSystem="1.3"/></x>'),
    ("CD", "dtr1-12-CD", '<x code="A" codeSystem="1.2"><translation code="B" codeSystemName="b"/></x>'),
    ("CD", "dtr1-13-CD", '<x code="A" codeSystem="1.2"><translation code="B" codeSystemVersion="b"/></x>'),
    ("CD", "dtr1-14-CD", '<x code="A" codeSystem="1.2"><translation displayName="b"/></x>'),
    ("CD", "dtr1-18-CD", '<x code="A" codeSystem="1.2"/><x code="A" codeSystem="1.2"/>'),
    ("CD", "dtr1-19-CD", '<x code="A" codeSystem="1.2"><translation code="B"/><translation code="B"/></x>'),
    ("CD", "dtr1-20-CD", '<x code="A" codeSystem="1.2"><originalText language="12">a</originalText></x>'),
    ("CE", "dtr1-2-CD", '<x code="A"/>'),
    ("TS", "dtr1-3-QTY", '<x value="2019"/><x nullFlavor="NI"/>'),
    ("INT", "dtr1-1-INT", "<x/>"),
    ("INT", "dtr1-1-INT", '<x value="1" nullFlavor="NI"/>'),
    ("TS", "dtr1-1-TS", "<x/>"),
    ("TS", "dtr1-1-TS", '<x value="2019" nullFlavor="NI"/>'),
    ("TS", "dtr1-2-TS", '<x value="20190230"/>'),
    ("SXCM_TS", "dtr1-1-SXCM_TS", '<x nullFlavor="NI" operator="I"/>'),
    ("IVXB_TS", "dtr1-1-IVXB_TS", '<x nullFlavor="NI" inclusive="true"/>'),
    ("IVL_TS", "dtr1-2-IVL_TS", '<x><low value="2019" nullFlavor="NI"/></x>'),
    ("IVL_TS", "dtr1-2-IVL_TS", '<x nullFlavor="NI"><low value="2019"/></x>'),
    ("IVL_TS", "dtr1-2-IVL_TS", '<x><width unit="d" nullFlavor="NI"/></x>'),
    ("IVL_TS", "dtr1-3-IVL_TS", '<x value="2019"><period/></x>'),
    ("IVL_TS", "dtr1-4-2-IVL_TS", '<x value="2019"><low value="2018"/></x>'),
    ("IVL_TS", "dtr1-4-2-IVL_TS", '<x value="2019"><center value="2018"/></x>'),
    ("IVL_TS", "dtr1-4-2-IVL_TS", '<x value="2019"><high value="2018"/></x>'),
    ("IVL_TS", "dtr1-4-2-IVL_TS", '<x value="2019"><width value="1" unit="d"/></x>'),
    ("IVL_TS", "dtr1-4-3-IVL_TS", '<x><center value="2019"/><width value="1" unit="d"/></x>'),
    ("IVL_TS", "dtr1-6-IVL_TS", '<x><low value="2019"/><high value="2019"/></x>'),
    ("IVL_TS", "dtr1-1-PQR", '<x><low value="2019"/><width unit="d"/></x>'),
    ("IVL_TS", "dtr1-2-PQR", '<x><low value="2019"/><width value="1" unit="d"><translation/></width></x>'),
    ("IVL_TS", "dtr1-7-IVL_TS", '<x><low value="2019"/><high value="2018"/></x>'),
    ("IVL_TS", "dtr1-7-IVL_TS", '<x><low value="20190101120000+0100"/><high value="20190101120000+0000"/></x>'),
    ("IVL_TS", "dtr1-7-IVL_TS", '<x><low value="201901011200+0100"/><high value="201901011300+0100"/></x>'),
    ("IVL_TS", "dtr1-7-1-IVL_TS", '<x><low nullFlavor="PINF"/></x>'),
    ("IVL_TS", "dtr1-7-2-IVL_TS", '<x><high nullFlavor="NINF"/></x>'),
    ("IVL_TS", "dtr1-8-IVL_TS", '<x><low value="2019"/><width value="1" unit="kg"/></x>'),
    ("IVL_TS", "dtr1-9-IVL_TS", '<x><low value="201913"/></x>'),
    ("IVL_TS", "dtr1-9-IVL_TS", '<x><center value="201913"/></x>'),
    ("IVL_TS", "dtr1-9-IVL_TS", '<x><high value="201913"/></x>'),
    ("AD", "dtr1-1-AD", "<x/>"),
    ("AD", "dtr1-1-AD", "<x>tekst<city>by</city></x>"),
    ("AD", "dtr1-5-AD", '<x><useablePeriod><low value="2018"/><high value="201901"/></useablePeriod></x>'),
    ("AD", "dtr1-6-AD", '<x><useablePeriod><low value="2019"/><high value="2018"/></useablePeriod></x>'),
    ("AD", "dtr1-7-AD", '<x><useablePeriod><low value="2018"/><width value="1" unit="kg"/></useablePeriod></x>'),
    ("AD", "dtr1-9-AD", '<x>tekst</x><x nullFlavor="NI"/>'),
    ("AD", "dtr1-10-AD", "<x><city>by</city></x><x><county>by</county></x>"),
    ("ST", "dtr1-1-BIN", "<x/>"),
    ("ST", "dtr1-1-BIN", "<x> \n </x>"),
    ("ST", "dtr1-2-ED", '<x integrityCheck="aGVq">a</x>'),
    ("ST", "dtr1-3-ED", '<x>a<thumbnail nullFlavor="NI"><reference value="b"/></thumbnail></x>'),
    ("ST", "dtr1-5-ED", '<x compression="DF">a</x>'),
    ("ST", "dtr1-5-ED", '<x compression="DF" representation="B64"/>'),
    ("ST", "dtr1-9-ED", "<x>a<translation/></x>"),
    ("ST", "dtr1-10-ED", '<x nullFlavor="NI" mediaType="text/plain"/>'),
    ("ST", "dtr1-12-ED", '<x nullFlavor="NI" language="da"/>'),
    ("ST", "dtr1-18-ED", '<x language="12">a</x>'),
    ("ST", "dtr1-3-ST", '<x><reference value="b"/></x>'),
    ("ST", "dtr1-4-ST", "<x>a<thumbnail/></x>"),
    ("ST", "dtr1-5-ST", '<x representation="B64">a</x>'),
    ("ST", "dtr1-6-ST", '<x mediaType="text/html">a</x>'),
    ("ST", "dtr1-7-ST", '<x compression="DF">a</x>'),
    ("ST", "dtr1-8-ST", '<x integrityCheck="aGVq" integrityCheckAlgorithm="SHA-1">a</x>'),
    ("ST", "dtr1-8-ST", '<x integrityCheck="aGVq">a</x>'),
    ("ST", "dtr1-8-ST", '<x integrityCheckAlgorithm="SHA-1">a</x>'),
    ("ADXP", "dtr1-1-ADXP", "<x>a</x><x>a</x>"),
    ("ADXP", "dtr1-1-ADXP", '<x nullFlavor="NI"/><x nullFlavor="NI"/>'),
    ("ENXP", "dtr1-1-BIN", "<x/>"),
    ("CS", "dtr1-1-ANY", '<x nullFlavor="NI" displayName="a"/>'),
    ("CE", "dtr1-1-ANY", '<x nullFlavor="NI" code="A"/>'),
    ("ST", "dtr1-1-ANY", '<x nullFlavor="NI">a</x>'),
    ("PN", "dtr1-1-ANY", '<x nullFlavor="NI">a</x>'),
    ("INT", "dtr1-1-ANY", '<x nullFlavor="NI" value="1"/>'),
    ("INT", "dtr1-3-QTY", '<x value="1"/><x nullFlavor="NI"/>'),
    ("IVL_TS", "dtr1-2-TS", '<x value="201913"/>'),
    ("IVL_TS", "dtr1-1-SXCM_TS", '<x nullFlavor="NI" operator="I"/>'),
    ("IVXB_TS", "dtr1-2-TS", '<x value="201913"/>'),
    ("PN", "dtr1-1.1-EN", '<x nullFlavor="NI">a</x>'),
    ("PN", "dtr1-1.1-EN", '<x nullFlavor="NI"><given>a</given></x>'),
    ("PN", "dtr1-1.2-EN", "<x>a<given>b</given></x>"),
    ("PN", "dtr1-1.3-EN", "<x/>"),
    ("PN", "dtr1-5-EN", '<x>a</x><x nullFlavor="NI"/>'),
    ("PN", "dtr1-6-EN", "<x><given>a</given></x><x><given>a</given></x>"),
    ("PN", "dtr1-7-EN", '<x><given qualifier="CL CL">a</given></x>'),
    ("PN", "dtr1-1-PN", '<x><given>a</given><given qualifier="CL LS">b</given></x>'),
]

KEPT = [
    ("II", '<x root="1.2" extension="1"/>'),
    ("II", '<x root="abcdefab-0000-0000-0000-000000000000"/>'),
    ("II", '<x nullFlavor="UNC" extension="1"/>'),
    ("II", '<x nullFlavor="NI" classCode="a" typeCode="b" determinerCode="c" moodCode="d"/>'),
    ("II", '<x nullFlavor="NI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="II" xsi:nil="true"/>'),
    ("II", '<x root="1.2" extension="1"/><y root="1.2" extension="1"/><x root="1.2" extension="2"/>'),
    ("II", '<x root="1.2"/><x root="1.2" extension="2"/>'),
    ("II", '<x nullFlavor="NI"/><x nullFlavor="NI"/>'),
    ("CS", '<x code="A"/>'),
    ("CS", '<x nullFlavor="NI"/>'),
    ("CD", '<x code="A" codeSystem="1.2" codeSystemName="a" codeSystemVersion="1" displayName="b"/>'),
    ("CD", "<x><originalText>a</originalText></x>"),
    ("CD", '<x nullFlavor="OTH" codeSystem="1.2"/>'),
    ("CD", '<x nullFlavor="NA"><translation code="A"/></x>'),
    ("CD", '<x nullFlavor="OTH"><originalText language="DA-dk">a</originalText></x>'),
    ("CD", '<x code="A" codeSystem="1.2"><translation code="B" codeSystem="1.2"/><translation code="C"/></x>'),
    ("CD", '<x code="A" codeSystem="1.2"/><x code="B" codeSystem="1.2"/><x code="B" codeSystem="1.3"/>'),
    ("CD", '<x code="A" codeSystem="1.2"><translation code="B" codeSystem="1.2"/><translation code="B" codeSystem="1.3"/></x>'),
    ("CD", '<x code="A" codeSystem="1.2"><translation code="B" codeSystem="1.2"/><translation code="C" codeSystem="1.2"/></x>'),
    (
        "CD",
        '<x code="A" codeSystem="1.2">'
        '<translation code="B" codeSystem="1" codeSystemName="b" codeSystemVersion="1" displayName="c"/></x>',
    ),
    ("CD", '<x code="A" codeSystem="1.2"><qualifier codeSystem="1.3"/></x>'),
    ("CD", '<x code="A" codeSystem="1.2"><qualifier language="12"/></x>'),
    ("CD", '<x nullFlavor="NI"/><x nullFlavor="NI"/>'),
    ("ST", '<x nullFlavor="NI"/>'),
    ("INT", '<x value="1"/>'),
    ("TS", '<x nullFlavor="NI"/>'),
    ("TS", '<x nullFlavor="NI"/><x nullFlavor="NA"/>'),
    ("TS", "<x><extension/></x>"),
    ("SXCM_TS", '<x value="2019" operator="I"/>'),
    ("IVXB_TS", '<x value="2019" inclusive="true"/>'),
    ("IVL_TS", '<x><low value="2019"/><high value="2020"/></x>'),
    ("IVL_TS", '<x><low value="20190101120000+0100"/><high value="201902"/></x>'),
    ("IVL_TS", '<x><low nullFlavor="NINF"/><high nullFlavor="PINF"/></x>'),
    ("IVL_TS", '<x><low value="2019"/><width value="1" unit="d"/></x>'),
    ("IVL_TS", '<x><low value="2019"/><width value="1"/></x>'),
    ("IVL_TS", '<x><center value="2019"/></x>'),
    ("AD", "<x>tekst</x>"),
    ("AD", '<x nullFlavor="NI"/>'),
    ("AD", "<x>\n <city>by</city>\n</x>"),
    ("AD", '<x><useablePeriod><low value="2018"/><high value="2019"/></useablePeriod></x>'),
    ("AD", '<x><useablePeriod><low value="2018"/><width value="1" unit="a"/></useablePeriod></x>'),
    ("AD", "<x>a</x><x>b</x>"),
    ("ST", "<x>a</x>"),
    ("ST", '<x language="da-DK" mediaType="text/plain" representation="TXT">a</x>'),
    ("ST", "<x><!-- c -->a</x>"),
    ("ADXP", "<x>a</x><x>b</x><y>a</y>"),
    ("PN", "<x><given>a</given><family>b</family></x>"),
    ("PN", '<x><given qualifier="CL">a</given></x><x><given qualifier="BR">a</given></x>'),
    ("PN", '<x><given qualifier="CL CL">a</given><given>b</given></x>'),
    ("PN", "<x>a</x>"),
    ("PN", '<x nullFlavor="NI"/>'),
]


#: Elements that a rule accepts, although other rules may not.
ALLOWED = [
    ("CD", "dtr1-1-ANY", '<x code="A"><originalText nullFlavor="NI"/><qualifier nullFlavor="NI" inverted="true"/></x>'),
    ("CD", "dtr1-18-CD", '<x code="A"/><x code="A"/>'),
    ("CD", "dtr1-18-CD", '<x codeSystem="1.2"/><x codeSystem="1.2"/>'),
    ("IVL_TS", "dtr1-1-PQR", '<x><low value="2019"/><width/></x>'),
    ("ST", "dtr1-1-BIN", "<x><reference/></x>"),
    ("ST", "dtr1-2-ED", '<x integrityCheck="aGVq" integrityCheckAlgorithm="SHA-1">a</x>'),
    ("ST", "dtr1-3-ED", '<x>a<thumbnail><reference value="b"/></thumbnail></x>'),
    ("ST", "dtr1-3-ED", '<x>a<thumbnail nullFlavor="NI"/></x>'),
    ("ST", "dtr1-3-ED", '<x>a<thumbnail/><thumbnail nullFlavor="NI"><reference value="b"/></thumbnail></x>'),
    ("ST", "dtr1-5-ED", '<x compression="DF" representation="B64">aGVq</x>'),
    ("ST", "dtr1-5-ED", '<x compression="DF"><reference value="b"/></x>'),
    ("ST", "dtr1-9-ED", "<x>a<translation/><thumbnail/></x>"),
]


def broken(datatype: str, xml: str) -> list[str]:
    """Return the rules that the last ``x`` breaks."""
    node = Node(etree.fromstring(f'<owner xmlns="urn:hl7-org:v3">{xml}</owner>'))
    last = [child for child in node.children if child.name == "x"][-1]
    return [rule.code for rule in rules_of(datatype) if not rule.holds(last)]


@pytest.mark.parametrize(("datatype", "rule", "xml"), BROKEN)
def test_an_element_that_breaks_a_rule_is_reported(datatype: str, rule: str, xml: str) -> None:
    assert rule in broken(datatype, xml)


@pytest.mark.parametrize(("datatype", "xml"), KEPT)
def test_an_element_that_breaks_no_rule_is_accepted(datatype: str, xml: str) -> None:
    assert broken(datatype, xml) == []


@pytest.mark.parametrize(("datatype", "rule", "xml"), ALLOWED)
def test_an_element_that_a_rule_allows_is_not_reported_by_it(datatype: str, rule: str, xml: str) -> None:
    assert rule not in broken(datatype, xml)


def test_every_rule_has_an_element_that_breaks_it() -> None:
    assert {rule for _, rule, _ in BROKEN} == {rule.code for rules in RULES.values() for rule in rules}


def test_every_rule_belongs_to_a_known_type() -> None:
    assert set(RULES) <= set(KIND_OF) | set(KIND_OF.values())


@pytest.mark.parametrize(
    "value",
    [
        "20", "2019", "201902", "20190228", "20200229", "2019022812", "201902281230", "20190228123059", "20190228240000",
        "2019022824",
        "20190228123059.123", "2019022812+0100", "20190228123059-0000", "20190228123059+1400", "20190228123059.5-0130",
    ],
)  # fmt: skip
def test_a_time_with_fewer_digits_is_valid(value: str) -> None:
    assert is_timestamp(value)


@pytest.mark.parametrize(
    "value",
    [
        "", "2", "201", "20190", "201913", "201900", "20190229", "20190431", "2019022825", "201902281260", "20190228123060",
        "20190228240001", "20190228123059+0160", "20190228123059+1401", "20190228123059+01", "20190228123059+1",
        "201902281230.5", "20190228123059.", "2019022812305900", " 2019", "2019 ", "+2019", "-2019", "20190228123059+01:00",
        "２０１９",
    ],
)  # fmt: skip
def test_an_impossible_time_is_invalid(value: str) -> None:
    assert not is_timestamp(value)
