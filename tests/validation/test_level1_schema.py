"""Level 1 accepts legal CDA. Findings on other documents have the codes, the order and the places of Xerces.

The fragments are on line 2 of a document, inside its section. The expected places were recorded from a SAX parser.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from mockregister import safexml
from mockregister.finding import Finding, Level
from mockregister.validation import level1_schema
from mockregister.validation.level1_schema import check
from mockregister.validation.schema import FOLDER
from mockregister.validation.schema.assessment import MANY_ATTRIBUTES, MOST_PROBLEMS, MOST_TEXT, Assessment
from mockregister.validation.schema.components import cda_schema
from mockregister.validation.schema.positions import text_of

EVERYTHING = Path(__file__).parent / "level1" / "everything.xml"
SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "cases" / "level1.jsonl.gz"

BEFORE = (
    '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:h="urn:hl7-org:v3" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><id root="1.2"/><code/>'
    "<effectiveTime/><confidentialityCode/><recordTarget><patientRole><id/></patientRole></recordTarget>"
    "<author><time/><assignedAuthor><id/></assignedAuthor></author><custodian><assignedCustodian>"
    "<representedCustodianOrganization><id/></representedCustodianOrganization></assignedCustodian></custodian>"
    "<component><structuredBody><component><section>\n"
)
AFTER = "\n</section></component></structuredBody></component></ClinicalDocument>"
ACT = '<act classCode="ACT" moodCode="EVN"><code/></act>'


def with_section(content: str) -> str:
    return BEFORE + content + AFTER


def observed(content: str) -> str:
    return f'<entry><observation classCode="OBS" moodCode="EVN"><code code="x"/>{content}</observation></entry>'


def written_by(content: str) -> str:
    return f"<author><time/><assignedAuthor><id/>{content}</assignedAuthor></author>"


def findings(document: str | bytes) -> list[Finding]:
    content = document.encode() if isinstance(document, str) else document
    return check(content, safexml.parse(content))


def found(document: str | bytes) -> list[str]:
    return [f"{finding.where} {finding.code}" for finding in findings(document)]


def texts(content: str) -> list[str]:
    return [finding.text for finding in findings(with_section(content))]


def test_legal_cda_that_lpr3_never_reads_is_accepted() -> None:
    assert found(EVERYTHING.read_bytes()) == []


def test_a_body_in_another_format_is_accepted() -> None:
    start = BEFORE.index("<component>")
    body = '<component><nonXMLBody><text mediaType="application/pdf" representation="B64">JVBE</text></nonXMLBody>'
    assert found(BEFORE[:start] + body + "</component></ClinicalDocument>") == []


TIMES = {
    "a year": "2019",
    "a day": "20190304",
    "minutes": "201903041000",
    "minutes and offset": "201903041000+0100",
    "fractions of a second": "20190304100000.1234-0100",
}


@pytest.mark.parametrize("value", TIMES.values(), ids=TIMES.keys())
def test_a_time_stamp_may_have_any_precision(value: str) -> None:
    assert found(with_section(observed(f'<effectiveTime value="{value}"/>'))) == []


@pytest.mark.parametrize("value", ["", "2019-03-04", "201903041000+01000", "2019+0100", "20190304100000000", "now"])
def test_a_time_stamp_must_match_its_pattern(value: str) -> None:
    document = with_section(observed(f'<effectiveTime value="{value}"/>'))
    assert [finding.code for finding in findings(document)] == ["cvc-pattern-valid", "cvc-attribute.3"]


VALUES: dict[str, tuple[str, list[str]]] = {
    "a code outside a closed list": (
        f'<entry typeCode="XYZ">{ACT}</entry>',
        ["2:23 cvc-enumeration-valid", "2:23 cvc-attribute.3"],
    ),
    "a code outside a list of lists": (
        '<id nullFlavor="NONE"/>',
        ["2:24 cvc-datatype-valid.1.2.3", "2:24 cvc-attribute.3"],
    ),
    "an identifier of no kind": (
        '<id root="1.2.208.176."/>',
        ["2:26 cvc-datatype-valid.1.2.3", "2:26 cvc-attribute.3"],
    ),
    "an empty string": ('<id extension=""/>', ["2:19 cvc-minLength-valid", "2:19 cvc-attribute.3"]),
    "an unknown word in a list": (
        written_by('<addr use="HP  XX TMP"/>'),
        ["2:61 cvc-datatype-valid.1.2.3", "2:61 cvc-attribute.3"],
    ),
    "a number with letters": (
        observed('<value xsi:type="INT" value="1e3"/>'),
        ["2:103 cvc-datatype-valid.1.2.1", "2:103 cvc-attribute.3"],
    ),
    "a boolean in digits": ('<id displayable="1"/>', ["2:22 cvc-pattern-valid", "2:22 cvc-attribute.3"]),
    "a URI that breaks off": (
        written_by('<telecom value="http:"/>'),
        ["2:61 cvc-datatype-valid.1.2.1", "2:61 cvc-attribute.3"],
    ),
    "base64 with a wrong end": (
        observed('<value xsi:type="ED" integrityCheck="YWJ="/>'),
        ["2:112 cvc-datatype-valid.1.2.1", "2:112 cvc-attribute.3"],
    ),
    "a probability above one": (
        observed('<value xsi:type="UVP_TS" probability="1.2"/>'),
        ["2:112 cvc-maxInclusive-valid", "2:112 cvc-attribute.3"],
    ),
    "a probability below zero": (
        observed('<value xsi:type="UVP_TS" probability="-1"/>'),
        ["2:111 cvc-minInclusive-valid", "2:111 cvc-attribute.3"],
    ),
    "another value than the fixed one": ('<title mediaType="text/html">x</title>', ["2:30 cvc-complex-type.3.1"]),
    "an id that occurs twice": (
        '<text ID="a"><content ID="a"/></text>',
        ["2:31 cvc-id.2", "2:31 cvc-attribute.3"],
    ),
    "references to ids that do not exist": (
        '<text ID="a"><renderMultiMedia referencedObject="a b c"/></text>',
        ["3:71 cvc-id.1", "3:71 cvc-id.1"],
    ),
    "attributes nobody declared": (
        '<id xsi:remark="x" lang="da"/>',
        ["2:31 cvc-complex-type.3.2.2", "2:31 cvc-complex-type.3.2.2"],
    ),
    "missing attributes": (
        "<entry><observation><code/></observation></entry>",
        ["2:21 cvc-complex-type.4", "2:21 cvc-complex-type.4"],
    ),
    "a schema location that is no URI": (
        '<id xsi:schemaLocation="urn:hl7-org:v3 %"/>',
        ["2:44 cvc-datatype-valid.1.2.1", "2:44 cvc-attribute.3"],
    ),
}

CONTENT: dict[str, tuple[str, list[str]]] = {
    "an element in the wrong place": ("<title>x</title><id/><remark/>", ["2:22 cvc-complex-type.2.4.a"]),
    "an element where nothing may follow": (
        observed("<effectiveTime><high/><low/></effectiveTime>"),
        ["2:96 cvc-complex-type.2.4.d"],
    ),
    "content that stops too early": ("<entry></entry>", ["2:16 cvc-complex-type.2.4.b"]),
    "what stands in and after a wrong element": (
        "<entry><remark><id root='?'/></remark><act/></entry>",
        [
            "2:16 cvc-complex-type.2.4.a",
            "2:45 cvc-complex-type.4",
            "2:45 cvc-complex-type.4",
            "2:45 cvc-complex-type.2.4.b",
        ],
    ),
    "text between elements": (f"<entry>stray{ACT}</entry>", ["2:70 cvc-complex-type.2.3"]),
    "a hard space between elements": (f"<entry>&#160;{ACT}</entry>", ["2:71 cvc-complex-type.2.3"]),
    "a space where nothing may stand": ("<id> </id>", ["2:11 cvc-complex-type.2.1"]),
    "a child where nothing may stand": ("<id><remark/></id>", ["2:19 cvc-complex-type.2.1"]),
    "a comment where nothing may stand": ("<id><!-- > --><?p >?></id>", []),
    "a child among text only": ("<title>x<reference/></title>", ["2:21 cvc-complex-type.2.4.d"]),
    "a part that a restriction took away": (
        observed('<value xsi:type="CV"><translation/></value>'),
        ["2:103 cvc-complex-type.2.4.a"],
    ),
    "an element of another namespace": (
        '<id xmlns="urn:hl7-org:sdtc" root="?"/>',
        ["2:40 cvc-complex-type.2.4.a"],
    ),
}

TYPES: dict[str, tuple[str, list[str]]] = {
    "an abstract type": (observed("<value/>"), ["2:76 cvc-type.2"]),
    "a type not derived from the declared one": (
        '<code xsi:type="II" root="1.2" code="x"/>',
        ["2:42 cvc-elt.4.3", "2:42 cvc-complex-type.3.2.2"],
    ),
    "a type nobody declared": (
        observed('<value xsi:type="AMOUNT"/>'),
        ["2:94 cvc-elt.4.2", "2:94 cvc-type.2"],
    ),
    "a type with an undeclared prefix": (
        '<code xsi:type="q:CD"/>',
        ["2:24 UndeclaredPrefix", "2:24 cvc-elt.4.1", "2:24 UndeclaredPrefix", "2:24 cvc-attribute.3"],
    ),
    "a type that is no name": (
        '<code xsi:type="C D"/>',
        ["2:23 cvc-datatype-valid.1.2.1", "2:23 cvc-elt.4.1", "2:23 cvc-datatype-valid.1.2.1", "2:23 cvc-attribute.3"],
    ),
    "a simple type with attribute and child": (
        '<code xsi:type="st" code="x"><remark/></code>',
        [
            "2:30 cvc-elt.4.3",
            "2:30 cvc-type.3.1.1",
            "2:46 cvc-type.3.1.2",
            "2:46 cvc-minLength-valid",
            "2:46 cvc-type.3.1.3",
        ],
    ),
    "a built-in type": (
        '<title xsi:type="xs:date">today</title>',
        ["2:27 cvc-elt.4.3", "2:40 cvc-datatype-valid.1.2.1", "2:40 cvc-type.3.1.3"],
    ),
    "any type at all": ('<title xsi:type="xs:anyType"><id root="?"/></title>', ["2:30 cvc-elt.4.3"]),
    "nil where nothing is nillable": (
        '<title xsi:nil="maybe"/>',
        ["2:25 cvc-elt.3.1", "2:25 cvc-datatype-valid.1.2.1", "2:25 cvc-attribute.3"],
    ),
    "an unknown element that names its type": (
        '<remark xsi:type="II" root="?"><id root="?"/></remark>',
        [
            "2:32 cvc-complex-type.2.4.a",
            "2:32 cvc-datatype-valid.1.2.3",
            "2:32 cvc-attribute.3",
            "2:55 cvc-complex-type.2.1",
        ],
    ),
}
FRAGMENTS = VALUES | CONTENT | TYPES


@pytest.mark.parametrize(("fragment", "expected"), FRAGMENTS.values(), ids=FRAGMENTS.keys())
def test_errors_have_the_right_codes_places_and_order(fragment: str, expected: list[str]) -> None:
    assert found(with_section(fragment)) == expected


def test_a_document_with_another_root_element_has_one_error() -> None:
    assert found('<Document xmlns="urn:hl7-org:v3"><id root="?"/></Document>') == ["1:34 cvc-elt.1"]


def test_the_messages_quote_pattern_value_and_type() -> None:
    assert texts(observed('<effectiveTime><low value="20170222110000+02:00"/></effectiveTime>')) == [
        "cvc-pattern-valid: Value '20170222110000+02:00' is not facet-valid with respect to pattern "
        r"'[0-9]{1,8}|([0-9]{9,14}|[0-9]{14,14}\.[0-9]+)([+\-][0-9]{1,4})?' for type 'ts'.",
        "cvc-attribute.3: The value '20170222110000+02:00' of attribute 'value' on element 'low' is not valid with "
        "respect to its type, 'ts'.",
    ]


def test_the_message_names_the_children_that_were_expected() -> None:
    assert texts('<entry><act classCode="ACT" moodCode="EVN"><code/><code/><id/></act></entry>')[0].startswith(
        "cvc-complex-type.2.4.a: Invalid content was found starting with element 'code'. One of "
        """'{"urn:hl7-org:v3":text, "urn:hl7-org:v3":statusCode, "urn:hl7-org:v3":effectiveTime, """
    )


def test_the_message_lists_a_closed_list_in_the_order_of_the_schema() -> None:
    assert "enumeration '[COMP, DRIV]'" in texts(f'<entry typeCode="XYZ">{ACT}</entry>')[0]


def test_an_anonymous_type_is_named_after_attribute_and_owner() -> None:
    align, scope = texts('<text><table><tbody align="up"><tr><td scope="all"/></tr></tbody></table></text>')[1::2]
    assert "'#AnonType_alignStrucDoc.Tbody'" in align
    assert "'#AnonType_scopeStrucDoc.Td'" in scope


def test_messages_name_elements_and_attributes_as_they_were_written() -> None:
    assert texts('<h:id xmlns:q="urn:q" q:note="x"/>') == [
        "cvc-complex-type.3.2.2: Attribute 'q:note' is not allowed to appear in element 'h:id'."
    ]


def test_white_space_is_quoted_as_it_was_sent() -> None:
    assert texts(observed('<value xsi:type="INT" value=" 1  2 "/>')) == [
        "cvc-datatype-valid.1.2.1: '1  2' is not a valid value for 'integer'.",
        "cvc-attribute.3: The value ' 1  2 ' of attribute 'value' on element 'value' is not valid with respect to "
        "its type, 'int'.",
    ]


PLACES = {
    "attributes on several lines": ('<id\n\troot="?"\n />', "4:4"),
    "a line end of two characters": ('\r\n<id root="?"/>', "3:15"),
    "carriage returns alone": ('<title>a\r\rb</title>\r<id root="?"/>', "5:14"),
    "carriage returns between attributes": ('<id\r\troot="?"\r />', "4:4"),
    "a carriage return in an attribute": ('<id extension="a\rb" root="?"/>', "3:13"),
    "letters of several bytes": ('<id extension="æøå" root="?"/>', "2:31"),
    "a character of two UTF-16 units": ('<id extension="\U0001f600" root="?"/>', "2:30"),
    "a bracket in an attribute": ("<id extension='>' root=\"?\"/>", "2:29"),
    "comments with tags in them": ('<!-- <id> \n --><id root="?"/>', "3:19"),
    "character data with tags in them": ("<title><![CDATA[<id>]]></title><component/>", "2:44"),
}


@pytest.mark.parametrize(("fragment", "place"), PLACES.values(), ids=PLACES.keys())
def test_the_place_of_a_finding_is_just_after_the_tag(fragment: str, place: str) -> None:
    assert findings(with_section(fragment))[0].where.startswith(place)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1", "windows-1252"])
def test_places_do_not_depend_on_the_encoding(encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16"}.get(encoding, encoding)
    text = f'<?xml version="1.0" encoding="{declared}"?>' + with_section('<id extension="æ" root="?"/>')
    assert found(text.encode(encoding))[1:] == ["2:29 cvc-attribute.3"]


@pytest.mark.parametrize("name", ["base64 with a wrong end", "a schema location that is no URI", "an id that occurs twice"])
def test_errors_that_libxml2_misses_are_found_in_any_encoding(name: str) -> None:
    fragment, expected = {**VALUES, **CONTENT}[name]
    text = '<?xml version="1.0" encoding="UTF-16"?>' + with_section(fragment)
    assert found(text.encode("utf-16")) == expected


def test_a_finding_has_its_level_and_its_line() -> None:
    first = findings(with_section('<id root="?"/>'))[0]
    assert (first.level, first.line, first.is_error) == (Level.XSD, 2, True)


def test_many_threads_can_check_at_the_same_time() -> None:
    documents = [with_section(fragment) for fragment, _ in FRAGMENTS.values()] * 5
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(found, documents)) == [expected for _, expected in FRAGMENTS.values()] * 5


def test_the_number_of_findings_is_limited() -> None:
    assert MOST_PROBLEMS < len(findings(with_section("<id root='?'/>" * MOST_PROBLEMS))) < MOST_PROBLEMS * 1.1


def test_the_length_of_all_messages_is_limited() -> None:
    value = "?" * 100_000
    told = findings(with_section(f"<id root='{value}'/>" * 100))
    assert MOST_TEXT < sum(len(finding.text) for finding in told) < MOST_TEXT + 5 * len(value)


def walked(content: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many elements are checked one by one."""
    opened: list[etree._Element] = []
    start = Assessment._start
    monkeypatch.setattr(Assessment, "_start", lambda self, node: opened.append(node) or start(self, node))
    assert found(with_section(content))
    return len(opened)


SOUND = f"<entry>{ACT}</entry>"


@pytest.mark.parametrize("bad", ["<entry><act/></entry>", "<a/>", "<entry IDREF='x'/>"])
def test_entries_without_errors_are_skipped(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert walked(SOUND * 10 + bad + SOUND * 100, monkeypatch) == walked(SOUND * 10 + bad + SOUND, monkeypatch)


def test_undeclared_elements_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    assert walked(f"<a>{'<b><c/></b>' * 1000}</a>", monkeypatch) == walked("<a/>", monkeypatch)


def test_libxml2_stops_at_its_first_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(level1_schema, "PIECE", 1000)
    end = with_section("<a/>" + "<b/>" * 10_000).encode()
    assert not level1_schema._validates(end, level1_schema._OF_DOCUMENTS)
    broken = end[:3000] + b"<<<" + end[3000:]  # libxml2 would report this if it read so far
    assert not level1_schema._validates(broken, level1_schema._OF_DOCUMENTS)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_size_of_the_pieces_does_not_matter(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(level1_schema, "PIECE", size)
    assert found(EVERYTHING.read_bytes()) == []


def test_ids_are_compared_across_entries() -> None:
    entry = "<entry>" + ACT.replace("<code/>", '<code><originalText><reference value="#x"/></originalText></code>') + "</entry>"
    twice = '<text><paragraph ID="x">a</paragraph><paragraph ID=" x ">b</paragraph></text>'
    assert found(with_section(twice.replace(" x ", "y") + entry)) == []
    assert [place.partition(" ")[2] for place in found(with_section(twice + entry))] == ["cvc-id.2", "cvc-attribute.3"]


@pytest.mark.parametrize("number", [1, MANY_ATTRIBUTES, MANY_ATTRIBUTES + 1])
def test_many_attributes_are_checked_like_few(number: int) -> None:
    unknown = " ".join(f'a{count}="x"' for count in range(number))
    told = texts(f"<id {unknown} root='?'/>")
    refused = "cvc-complex-type.3.2.2: Attribute 'a{}' is not allowed to appear in element 'id'."
    assert told[:number] == [refused.format(count) for count in range(number)]
    assert told[number:] == texts("<id root='?'/>")


def test_deep_nesting_is_handled() -> None:
    assert found(with_section("<a>" * 200 + "</a>" * 200)) == ["2:4 cvc-complex-type.2.4.a"]


def test_every_type_of_the_schema_can_be_built() -> None:
    schema = cda_schema()
    named = re.findall(r'Type name="([^"]+)"', "".join(file.read_text("utf-8") for file in FOLDER.glob("*.xsd")))
    assert all(schema.type(name).name == name for name in named)
    assert len(named) > 400


PIECES = st.sampled_from(
    [*re.findall(r"<[^<>]*/>", EVERYTHING.read_text("utf-8"))]
    + [fragment for fragment, _ in FRAGMENTS.values()]
    + ["tekst", " ", "<!-- c -->", "<remark/>"]
)


@given(st.lists(PIECES, max_size=8).map("".join))
@settings(deadline=None)
def test_everything_that_libxml2_refuses_has_a_finding(content: str) -> None:
    """The fast check and the walk agree about any content of a section."""
    document = with_section(content)
    libxml2 = etree.XMLSchema(file=str(FOLDER / "clinical_document.xsd"))
    assert libxml2.validate(safexml.parse(document.encode())) or found(document)


@given(st.lists(PIECES.map(lambda piece: f"<entry>{observed(piece)}</entry>"), max_size=8).map("".join), PIECES)
@settings(deadline=None)
def test_skipping_valid_entries_does_not_change_the_findings(entries: str, piece: str) -> None:
    """The walk finds the same whether it checks valid entries or skips them."""
    document = with_section(entries + piece).encode()
    root = safexml.parse(document)
    whole = Assessment(cda_schema(), text_of(document, root), lambda entry: False).walk(root)
    assert Assessment(cda_schema(), text_of(document, root), level1_schema._is_sound).walk(root) == whole


def cases() -> list[dict[str, Any]]:
    if not SAMPLE.is_file():
        return []
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample of official answers is not beside the repository")
def test_findings_agree_with_the_sample_of_official_answers() -> None:
    answers = {case["name"]: found(case["document"]) for case in cases()}
    assert answers == {
        case["name"]: [f"{line}:{column} {code}" for line, column, code, _ in case["expected"]] for case in cases()
    }


def test_no_two_schemas_are_compiled_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    both, really = Barrier(2), etree.XMLSchema

    def compiled_beside_another(text: etree._Element) -> etree.XMLSchema:
        with suppress(BrokenBarrierError):
            both.wait(0.05)
            pytest.fail("libxml2 was given two schemas at the same time")
        return really(text)

    monkeypatch.setattr(etree, "XMLSchema", compiled_beside_another)
    monkeypatch.setattr(level1_schema, "_idle", {text: deque() for text in level1_schema._idle})
    document = safexml.parse(with_section("").encode())
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda _: check(with_section("").encode(), document), range(2))
    assert first == second
