"""Every finding is explained: the parts that decided, their values and lines, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from importlib import resources
from pathlib import Path

import pytest

from mockregister.cli.demo import example
from mockregister.clock import COPENHAGEN, Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.document.reader import read_submission
from mockregister.finding import Finding, Level
from mockregister.model import Submission
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic.broken import Broken, codes_broken
from mockregister.synthetic.cases import cases_of
from mockregister.synthetic.code_books import PracticeBook, Wish
from mockregister.validation.edition_folder import with_list
from mockregister.validation.editions.newest import NEWEST
from mockregister.validation.explaining.explain import explain
from mockregister.validation.explaining.explanation import LANGUAGES, ExplainedFinding, Explanation, by_cause
from mockregister.validation.explaining.integrity_danish import DANISH as INTEGRITY_IN_DANISH
from mockregister.validation.explaining.read_document import ReadDocument
from mockregister.validation.integrity_codes import documented
from mockregister.validation.level3_integrity import TEXTS
from mockregister.validation.pipeline import Examination
from mockregister.validation.rules import FAMILIES, RuleBook
from mockregister.validation.rules.danish import DANISH
from mockregister.validation.rules.expression import Condition
from mockregister.validation.rules.reading import reading
from tests.builders import a_document, a_procedure, an_encounter, an_episode, an_indication, as_xml, at

DAY, NOON = date(2018, 9, 10), at("2019-06-01 12:00")
BROKEN = list(codes_broken())


def explained(
    before: Sequence[Submission], last: Submission, tables: CodeTables, now: datetime, language: str = "en", **settings: str
) -> list[ExplainedFinding]:
    """Store the earlier submissions, and explain the findings of the last one."""
    register = Register(MemoryStore(), tables, Clock(frozen_at=now), Settings(**settings))
    for sent in before:
        submit(register, Service.REPORTING, sent)
    with Examination(last, register, NEWEST) as examination:
        return explain(examination.findings(), examination, language)


@pytest.fixture(scope="module")
def tables() -> CodeTables:
    return CodeTables.load()


def of_document(content: bytes, tables: CodeTables, language: str = "en") -> list[ExplainedFinding]:
    return explained((), read_submission([content]), tables, NOON, language)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_rule_is_explained_with_the_deciding_parts_their_lines_and_advice(family: str) -> None:
    for number, rule in enumerate(FAMILIES[family]):
        book, case = PracticeBook(), cases_of(rule.id)[0]
        sent = [read_submission([writer.write(document)]) for document in case.documents(DAY, case.now(DAY), book)]
        language = LANGUAGES[number % 2]
        found = explained(sent[:-1], sent[-1], book.tables(), case.now(DAY), language)
        of_rule = [told.explanation for told in found if told.finding.code == rule.id]
        assert of_rule, rule.id
        for why in of_rule:
            assert why.because, rule.id
            assert why.advice.endswith("."), rule.id
            assert why.lines, rule.id
            assert why.declaration == (rule.condition if language == "en" else reading(rule, DANISH))


@pytest.mark.parametrize(("number", "broken"), list(enumerate(BROKEN)), ids=lambda value: getattr(value, "name", ""))
def test_every_integrity_code_is_explained(number: int, broken: Broken) -> None:
    *before, last = broken.submissions
    settings = Settings(producers=broken.producers)
    register = Register(MemoryStore(), CodeTables.of(settings), Clock(frozen_at=NOON), settings)
    for sent in before:
        submit(register, Service.REPORTING, sent)
    if broken.by_hand:
        register.edit_by_hand(broken.by_hand)
    with Examination(last, register, NEWEST) as examination:
        found = explain(examination.findings(), examination, LANGUAGES[number % 2])
    (told,) = [told for told in found if told.finding.code == broken.name]
    assert told.explanation.because
    assert told.explanation.advice.endswith(".")
    assert told.explanation.declaration
    assert told.finding.code in ("AUTHOR_INSTITUTION_NOT_FOUND", "CLINICAL_DOCUMENT_NOT_FOUND") or told.explanation.lines


WRONG_FORM = {
    "element out of place": (b"<setId ", b"<setid ", 1),
    "time of no form": (b'"20190501100000+0200"', b'"2019xx"', 1),
    "attribute that nobody declared": (b'classCode="ENC"', b'classCode="ENC" mood="1"', 1),
    "class that does not exist": (b'classCode="ENC"', b'classCode="ENCX"', 1),
    "missing country": (b"<country>5100</country>", b"", 2),
    "time without seconds": (b'"20190501100000+0200"', b'"201905011000+0200"', 2),
    "end before start": (b'<low value="20190502080000+0200"/>', b'<low value="20290502080000+0200"/>', 2),
    "code system of another": (b'code="DI109" codeSystem="1.2.208.176.2.4"', b'code="DI109" codeSystem="1.2.3"', 2),
}


@pytest.mark.parametrize("name", WRONG_FORM)
@pytest.mark.parametrize("language", ["en", "da"])
def test_findings_of_schema_and_profile_are_explained_with_their_declaration(
    name: str, language: str, tables: CodeTables
) -> None:
    old, new, level = WRONG_FORM[name]
    assert old in example(), name
    found = of_document(example().replace(old, new, 1), tables, language)
    assert found
    for told in found:
        assert told.finding.level is (Level.XSD if level == 1 else Level.SCHEMATRON)
        assert told.explanation.lines
        assert told.explanation.declaration
        assert told.explanation.advice.endswith(".")


@pytest.mark.parametrize("name", WRONG_FORM)
def test_in_danish_only_the_words_of_the_answer_and_names_of_elements_are_english(name: str, tables: CodeTables) -> None:
    old, new, _ = WRONG_FORM[name]
    for told in of_document(example().replace(old, new, 1), tables, "da"):
        why = told.explanation
        mentions = (mention.name for mention in why.mentions)
        told = [told.cause.text, why.advice, *mentions, *(part.text for part in why.because if part.text != told.finding.text)]
        meanings = [line.partition(": ")[2] for line in why.declaration.splitlines() if not line.startswith((" ", "<"))]
        english = re.compile(r"\b(the|of|is|shall|must|encounter|episode|condition|patient with)\b", re.IGNORECASE)
        assert not english.search("\n".join([*told, *meanings]))


def test_danish_explanations_of_level_2_have_danish_deciding_parts(tables: CodeTables) -> None:
    (counted,) = of_document(without(PRIORITY, "/>"), tables, "da")
    assert counted.explanation.because[0].text == "priorityCode uden nullFlavor skal forekomme netop én gang, men mangler"


def test_a_time_in_the_future_is_explained_with_its_value_and_line(tables: CodeTables) -> None:
    content = as_xml(a_document(effective_time=at("2029-01-01 00:00"), episodes=[an_episode()]))
    (told,) = of_document(content, tables)
    line = next(number for number, said in enumerate(content.decode().splitlines(), 1) if "20290101" in said)
    (part,) = told.explanation.because
    assert part.text == f"document time 2029-01-01 00:00 (line {line}) is later than now, 2019-06-01 12:00"
    assert told.explanation.lines == [line]
    assert told.explanation.advice == f"Correct the document time (line {line})."


def test_explanations_are_also_written_in_danish(tables: CodeTables) -> None:
    content = as_xml(a_document(effective_time=at("2029-01-01 00:00"), episodes=[an_episode()]))
    (told,) = of_document(content, tables, "da")
    assert "er senere end nu, 2019-06-01 12:00" in told.explanation.because[0].text


def test_an_unknown_code_is_explained_with_similar_codes(tables: CodeTables) -> None:
    (told,) = of_document(example().replace(b'"DI109"', b'"DI108"'), tables)
    assert any("DI109 Essentiel hypertension" in said for said in told.explanation.register)


def test_a_wrong_version_is_explained_with_the_latest(tables: CodeTables) -> None:
    broken = next(broken for broken in BROKEN if broken.name == "PARENT_DOCUMENT_VERSION_MISMATCH")
    (told,) = explained(broken.submissions[:-1], broken.submissions[-1], tables, NOON)
    assert any("The latest document of set" in said and "is version 1" in said for said in told.explanation.register)


def test_findings_that_follow_from_the_same_value_have_one_cause(tables: CodeTables) -> None:
    wrong = example().replace(b'<low value="20190501100000+0200"/>', b'<low value="20190520100000+0200"/>')
    found = of_document(wrong, tables)
    assert len(found) > 1
    assert {told.cause.number for told in found} == {1}
    assert [told.cause.first for told in found] == [True] + [False] * (len(found) - 1)
    assert "2019-05-20 10:00" in found[0].cause.text


def shifted(days: int, *lines: int) -> bytes:
    """Return the shipped example with the times on these lines moved by some days."""
    text = example().decode().splitlines()
    for line in lines:
        text[line - 1] = re.sub(r'value="(\d{6})(\d\d)', lambda day: f'value="{day[1]}{int(day[2]) + days:02}', text[line - 1])
    return "\n".join(text).encode()


@pytest.mark.parametrize(
    ("lines", "days", "findings", "cause"),
    [
        (
            *((128, 129), 1, 9),
            ["end of the encounter 2019-05-03 12:00 (line 129)", "start of the encounter 2019-05-03 08:00 (line 128)"],
        ),
        (
            *((128, 129), -1, 12),
            ["end of the encounter 2019-05-01 12:00 (line 129)", "start of the encounter 2019-05-01 08:00 (line 128)"],
        ),
        (
            *((145, 146), 1, 4),
            ["start of the stay 2019-05-03 08:00 (line 145)", "end of the stay 2019-05-03 12:00 (line 146)"],
        ),
        (
            *((213, 214), 1, 3),
            ["end of the procedure 2019-05-03 09:30 (line 214)", "start of the procedure 2019-05-03 09:00 (line 213)"],
        ),
    ],
)
def test_a_period_on_a_wrong_day_is_one_cause(
    lines: tuple[int, ...], days: int, findings: int, cause: list[str], tables: CodeTables
) -> None:
    found = of_document(shifted(days, *lines), tables)
    assert len(found) == findings
    assert {told.cause.text for told in found} == {", ".join(cause)}
    assert {told.cause.number for told in found} == {1}


def test_two_wrong_values_are_two_causes(tables: CodeTables) -> None:
    wrong = shifted(1, 187).replace(b"<county>0851", b"<county>0899")
    found = of_document(wrong, tables)
    causes = {told.cause.number: told.cause.text for told in found}
    assert list(causes.values()) == [
        "start of treatment of the encounter 2019-05-03 08:20 (line 187)",
        "municipality code of the residence 0899 (line 25)",
    ]
    assert {told.finding.code for told in found if told.cause.number == 1} == {"00.01", "05.13"}


@pytest.mark.parametrize(
    ("old", "new", "findings"),
    [
        (b"276231000016004", b"276231000016999", 4),
        (b'<low value="20190502080000+0200"/>', b'<low value="20190502180000+0200"/>', 3),
        (b"80C36CDD-D7B3-5AD3-9C0D-0DEC4C500D94", b"80C36CDD-D7B3", 2),
        (b'  <setId root="4A14B4CE-B8BE-5411-B6F5-60B193E80AD4" assigningAuthorityName="mockregister"/>\n', b"", 11),
    ],
    ids=["a unit that is none, four times", "a time that is copied", "an id that others refer to", "a missing setId"],
)
def test_a_wrong_value_in_several_places_is_one_cause(old: bytes, new: bytes, findings: int, tables: CodeTables) -> None:
    found = of_document(example().replace(old, new), tables)
    assert len(found) == findings
    assert {told.cause.number for told in found} == {1}


def test_an_unexplainable_finding_is_explained_by_its_own_sentence(tables: CodeTables) -> None:
    register = Register(MemoryStore(), tables, Clock(frozen_at=datetime(2019, 6, 1, tzinfo=COPENHAGEN)), Settings())
    imposed = Finding(Level.BUSINESS_RULE, "made up")
    with Examination(read_submission([example()]), register, NEWEST) as examination:
        (told,) = explain([imposed], examination)
    assert told.explanation.because[0].text == "made up"


def test_a_rule_that_crashes_is_explained_without_deciding_parts(tables: CodeTables) -> None:
    def crash(thing: object) -> bool:
        raise ZeroDivisionError

    rule = replace(NEWEST.rules["02.01"], violated=Condition(crash, "a crash"))
    edition = NEWEST.changed("with a crash", rules=RuleBook([rule]))
    register = Register(MemoryStore(), tables, Clock(frozen_at=NOON), Settings())
    with Examination(read_submission([as_xml(episodes=[an_episode()])]), register, edition) as examination:
        (told,) = explain(examination.findings(), examination)
    assert "ZeroDivisionError" in told.finding.text
    assert told.explanation.because == ()
    assert told.explanation.declaration == "a crash"


@pytest.mark.parametrize(
    ("old", "new", "advice"),
    [
        (b'"DI109"', b'"di109"', "Send DI109: SKS writes codes in capitals."),
        (b'AD4" extension="2AB6', b'AD5" extension="2AB6', "Give encounter 1 › id the root of the setId (4A14B4CE"),
        (b'"DI109" codeSystem="1.2.208.176.2.4"', b'"DI109" codeSystem="1.2.3"', "@codeSystem SHALL be '1.2.208.176.2.4'."),
    ],
)
def test_advice_names_the_right_value_if_it_is_known(old: bytes, new: bytes, advice: str, tables: CodeTables) -> None:
    (told,) = of_document(example().replace(old, new, 1), tables)
    assert advice in told.explanation.advice


def test_the_wrong_value_is_named_although_the_finding_has_no_parameter(tables: CodeTables) -> None:
    (told,) = of_document(example().replace(b"2512489996", b"3212489996"), tables)
    assert [(mention.value, mention.line) for mention in told.explanation.mentions] == [("3212489996", 20)]


def test_a_value_of_an_earlier_document_is_named_with_its_document_and_line(tables: CodeTables) -> None:
    examples = resources.files("mockregister.document") / "examples"
    first, second, third = (
        (examples / name).read_bytes() for name in ("1-first-visit.xml", "2-control-visit.xml", "3-correction.xml")
    )
    wrong = third.replace(b"20190502080000", b"20190503080000").replace(b"20190502113000", b"20190503113000")
    sent = [read_submission([content]) for content in (first, second, wrong)]
    found = explained(sent[:2], sent[2], tables, NOON)
    (procedure,) = [told.explanation for told in found if told.finding.code == "11.22"]
    document = "document c00df5b4-9d28-544e-a8a2-d731ea41b36d, version 1"
    assert f"start of the procedure 2019-05-02 09:00 (line 213 of {document})" in procedure.because[0].text
    assert procedure.lines == [73]
    assert f"(line 213 of {document})" in procedure.advice


def test_a_renamed_integrity_code_has_the_advice_of_its_later_name(tables: CodeTables) -> None:
    second = example().replace(b"1.2.208.176.7.1.10.46", b"1.2.208.176.7.1.10.45").replace(b"ALGA02", b"ALGA01")
    earlier = NEWEST.changed("earlier", integrity=documented(date(2019, 2, 1)))
    register = Register(MemoryStore(), tables, Clock(frozen_at=NOON), Settings())
    with Examination(read_submission([second]), register, earlier) as examination:
        (told,) = explain(examination.findings(), examination)
    assert told.finding.code == "ENCOUNTER_ALREADY_HAVE_MAJOR_CONDITION_OBSERVATION"
    assert told.explanation.advice.startswith("Send it as a minor condition")
    assert any("main condition" in said for said in told.explanation.register)


def test_a_closed_unit_is_named_with_its_closing_date(tmp_path: Path) -> None:
    units = "sor_id,name,unit_type,owner_cvr,valid_from,valid_to,specialities\n"
    units += "276231000016004,Prøveafsnit,OE,29190941,2000-01-01,2019-04-30,\n6071000016008,Prøvehospital,SI,29190941,,,\n"
    (tmp_path / "sor.csv").write_text(units, "utf-8")
    found = of_document(example(), CodeTables.load(sor=tmp_path / "sor.csv"))
    texts = [part.text for told in found for part in told.explanation.because]
    assert any("closing date of the responsible unit 276231000016004 (Prøveafsnit), 2019-04-30" in text for text in texts)
    assert any("Correct the responsible unit" in told.explanation.advice for told in found)


def test_the_finding_at_the_place_of_the_cause_comes_first(tables: CodeTables) -> None:
    found = of_document(example().replace(b'<low value="20190502080000', b'<low value="20191302080000', 1), tables)
    (to_read,) = [told for told in found if told.cause.first]
    assert (len(found), to_read.finding.code) == (3, "dtr1-2-TS")
    assert by_cause(found)[0][0] is to_read


def with_changed(*changes: tuple[str, str]) -> bytes:
    """Return the shipped example with each of these texts replaced once. Each text must be in it."""
    text = example().decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def without(first: str, last: str) -> bytes:
    """Return the shipped example without the part from a text to the end of another."""
    text = example().decode()
    begin = text.index(first)
    return (text[:begin] + text[text.index(last, begin) + len(last) :]).encode()


TYPE_ID = '<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>'
VERSION = '<versionNumber value="1"/>'
PRIORITY = '<priorityCode code="ATA3"'


@pytest.mark.parametrize(
    ("content", "advice", "example_begins"),
    [
        (
            without("<recordTarget>", "</recordTarget>"),
            "Add recordTarget after versionNumber (line 14) and before author (line 16), as in the example.",
            '<recordTarget>\n  <templateId root="1.2.208.176.7.1.10.101"/>',
        ),
        (
            without("<participantRole", "</participantRole>"),
            "Add participantRole after templateId 2 (line 70), as in the example.",
            '<participantRole classCode="ROL">',
        ),
        (
            with_changed((TYPE_ID, ""), (VERSION, f"{VERSION}{TYPE_ID}")),
            "Move typeId (line 14) to its place after realmCode (line 3).",
            "",
        ),
        (
            with_changed(
                ("  <realmCode", "  <title>early</title><realmCode"), ("  <title>Første besøg: forhøjet blodtryk</title>\n", "")
            ),
            "Move title (line 3) to its place after code (line 9).",
            "",
        ),
        (
            with_changed((PRIORITY, f'<priorityCode code="ATA1"/>\n{PRIORITY}')),
            "Take out one of priorityCode (line 131) and priorityCode (line 132): encounter may have only one.",
            "",
        ),
        (with_changed(("<setId ", "<setid ")), "Write 'setId' instead of 'setid' (line 13).", ""),
        (
            with_changed(("<setId ", '<setId xmlns="" ')),
            "Put 'setId' (line 13) into the namespace urn:hl7-org:v3; it is in no namespace.",
            "",
        ),
        (
            with_changed((VERSION, f"{VERSION}<forloeb/>")),
            "Take 'forloeb' (line 14) out: ClinicalDocument has no such element.",
            "",
        ),
        (
            with_changed(('classCode="ENC" moodCode', 'classCode="ENC" moodcode')),
            "Write 'moodCode' instead of 'moodcode' (line 122).",
            "",
        ),
        (
            with_changed(('entryRelationship typeCode="RSON"', "entryRelationship")),
            "Give entryRelationship (line 77) the attribute typeCode, such as RSON.",
            "",
        ),
        (
            with_changed(('"20190501100000+0200"', '"2019-05-01T10:00"')),
            "Write a time as YYYYMMDDhhmmss±ZZzz, such as 20190501100000+0200, for @value (line 66).",
            "",
        ),
        (
            with_changed(('entryRelationship typeCode="RSON"', 'entryRelationship typeCode="RSN"')),
            "Write RSON for @typeCode (line 77).",
            "",
        ),
        (
            with_changed(('versionNumber value="1"', 'versionNumber value="one"')),
            "Write a whole number for @value (line 14).",
            "",
        ),
        (with_changed(("<effectiveTime>", "<effectiveTime>about")), "Take the text 'about' out of effectiveTime (line 65).", ""),
        (
            with_changed(('xsi:type="IVL_TS"', 'xsi:type="IVLTS"')),
            "Give useablePeriod (line 27) the xsi:type of a CDA data type, such as IVL_TS; it has 'IVLTS'.",
            "",
        ),
        (
            with_changed(('xsi:type="IVL_TS"', 'xsi:type="x:IVL_TS"')),
            "Give useablePeriod (line 27) the xsi:type of a CDA data type, such as IVL_TS; it has 'x:IVL_TS'.",
            "",
        ),
        (
            with_changed(("<city>", '<city xsi:nil="true">')),
            "Take the attribute xsi:nil out of city (line 24).",
            "",
        ),
        (
            with_changed(('extension="ALFB01"', 'extension=""')),
            "Write a text that is not empty for @extension (line 169).",
            "",
        ),
        (
            with_changed(("urn:hl7-org:v3", "urn:hl7-org:v2")),
            "Send a ClinicalDocument in the namespace urn:hl7-org:v3; this is ClinicalDocument in urn:hl7-org:v2.",
            "",
        ),
    ],
)
def test_advice_on_level_1_names_the_element_and_its_place_and_has_an_example(
    content: bytes, advice: str, example_begins: str, tables: CodeTables
) -> None:
    found = of_document(content, tables)
    assert {told.cause.number for told in found} == {1}
    why = found[0].explanation
    assert why.advice == advice
    assert why.example.startswith(example_begins)
    assert bool(why.example) == bool(example_begins)


@pytest.mark.parametrize(
    ("content", "advice", "example_has", "language"),
    [
        (
            without(PRIORITY, "/>"),
            "Add priorityCode to encounter 1, after effectiveTime (line 127), as in the example: it must occur exactly once.",
            'code="ATA3"',
            "en",
        ),
        (
            without(PRIORITY, "/>"),
            "Tilføj priorityCode til kontakt 1, efter effectiveTime (linje 127), som i eksemplet: "
            "det skal forekomme netop én gang.",
            'code="ATA3"',
            "da",
        ),
        (
            with_changed(('<templateId root="1.2.208.176.7.1.10.74"/>', "")),
            "Giv også encounter (linje 122) templateId 1.2.208.176.7.1.10.74.",
            "1.2.208.176.7.1.10.74",
            "da",
        ),
        (
            with_changed(('<low value="20190502080000+0200"/>', '<low value="20190502080000"/>')),
            "Ret kontakt 1 › effectiveTime › low (linje 128): @value skal være et tidspunkt, ÅÅÅÅMMDDttmmss±ZZzz, f.eks. "
            "20190502080000+0200.",
            "",
            "da",
        ),
        (
            with_changed(('<id root="1.2.208.176.1.1"', '<id root="1.2.208.176.1.2"')),
            "Give author › assignedAuthor › representedOrganization › id (line 40) the root 1.2.208.176.1.1.",
            "1.2.208.176.1.1",
            "en",
        ),
        (
            with_changed(('<low value="20190502080000+0200"/>', '<low value="20190502080000"/>')),
            "Correct encounter 1 › effectiveTime › low (line 128): @value SHALL be a time, YYYYMMDDhhmmss±ZZzz, such as "
            "20190502080000+0200.",
            "",
            "en",
        ),
        (
            with_changed(('extension="C00DF5B4-9D28-544E-A8A2-D731EA41B36D"', 'extension="DOK-4711"')),
            "Correct id (line 8): @extension SHALL be of the type uuid, such as 867FEA5C-C40A-4756-B9A8-FFDF3883B4AA.",
            "",
            "en",
        ),
    ],
)
def test_advice_on_level_2_names_the_place_a_similar_element_and_the_right_form(
    content: bytes, advice: str, example_has: str, language: str, tables: CodeTables
) -> None:
    why = of_document(content, tables, language)[0].explanation
    assert why.advice == advice
    assert example_has in why.example
    assert bool(why.example) == bool(example_has)


def test_only_the_deciding_lines_of_a_declaration_are_shown(tables: CodeTables) -> None:
    (missing,) = of_document(without("<recordTarget>", "</recordTarget>"), tables)
    assert missing.explanation.declaration.splitlines() == [
        '<xs:complexType name="POCD_MT000040.ClinicalDocument">',
        '  <xs:element name="copyTime" type="TS" minOccurs="0"/>',
        '  <xs:element name="recordTarget" type="POCD_MT000040.RecordTarget" maxOccurs="unbounded"/>',
        '  <xs:element name="author" type="POCD_MT000040.Author" maxOccurs="unbounded"/>',
    ]
    (wrong,) = of_document(without(PRIORITY, "/>"), tables)
    heading, *lines = wrong.explanation.declaration.splitlines()
    assert heading.startswith("DKEncounter ")
    assert [line.split()[1] for line in lines] == ["encounter", "priorityCode"]


def test_an_example_has_the_set_id_of_the_document(tables: CodeTables) -> None:
    own = without('<id root="4A14B4CE', "/>").replace(
        b"4A14B4CE-B8BE-5411-B6F5-60B193E80AD4", b"00000000-0000-4000-8000-000000000001"
    )
    (why,) = of_document(own, tables)
    assert '<id root="00000000-0000-4000-8000-000000000001"' in why.explanation.example


def test_advice_on_a_missing_code_names_possible_codes(tables: CodeTables) -> None:
    found = of_document(with_changed(('code="ATA3"', 'code="ATA1"')), tables)
    (why,) = [told.explanation for told in found if told.finding.code == "05.102"]
    assert "a code of code list admin.kontaarsag, such as ALCC01 (sygdom)" in why.advice


def test_advice_names_the_values_of_the_only_member_of_a_collection(tables: CodeTables) -> None:
    found = of_document(
        shifted(0).replace(b'<time>\n                  <low value="20190502080000', b'<time><low value="20190502084500'), tables
    )
    (why,) = [told.explanation for told in found if told.finding.code == "09.16a"]
    assert ": correct the start of the stay (line 144) or the start of the encounter (line 128)." in why.advice


def test_a_value_that_occurs_twice_in_an_entry_is_named_with_the_line_where_it_is_wrong(tables: CodeTables) -> None:
    wrong = with_changed(('extension="ALFB01"', 'extension="ALFA2"'))
    (why,) = [told.explanation for told in of_document(wrong, tables) if told.finding.code == "10.b"]
    line = next(number for number, said in enumerate(wrong.decode().splitlines(), 1) if 'extension="ALFA2"' in said)
    assert f"(line {line})" in why.advice


def test_a_published_rule_is_explained_with_its_dates_and_the_required_value(tables: CodeTables, tmp_path: Path) -> None:
    header = "ErrorType,RuleGroup,Rulename,ErrorNumber,ErrorText,Rulesource,EncounterStartFromDate"
    row = "ERROR,KONTAKT,05.95,595,Skal være ATA1,when Kontakt( prioritet.kode != 'ATA1' ) then,2019-01-01"
    edition = with_list(NEWEST, "own", f"{header}\n{row}\n".encode())
    register = Register(MemoryStore(), tables, Clock(frozen_at=NOON), Settings())
    with Examination(read_submission([example()]), register, edition) as examination:
        (told,) = explain(examination.findings(), examination)
    assert "by its list the rule applies: EncounterStartFromDate 2019-01-01" in [part.text for part in told.explanation.because]
    assert told.explanation.advice == "Correct the priority of the encounter (line 131): it has to be ATA1."


FIRST, CONTROL = (
    (resources.files("mockregister.document") / "examples" / name).read_bytes()
    for name in ("1-first-visit.xml", "2-control-visit.xml")
)


def after_the_first(old: bytes, new: bytes, tables: CodeTables) -> list[ExplainedFinding]:
    """Explain the findings of the shipped second document after the first, with a text replaced everywhere."""
    assert old in CONTROL
    return explained([read_submission([FIRST])], read_submission([CONTROL.replace(old, new)]), tables, NOON)


def test_the_version_of_the_parent_is_explained_with_that_of_the_document(tables: CodeTables) -> None:
    (why,) = after_the_first(b'<versionNumber value="2"/>', b'<versionNumber value="1"/>', tables)
    assert why.explanation.lines == [14, 57]
    assert "the versionNumber of this document (line 14), which is 1 and has to be greater." in why.explanation.advice


def test_advice_says_that_a_replacing_document_must_state_the_entries_that_it_refers_to(tables: CodeTables) -> None:
    (why,) = after_the_first(b'typeCode="APND"', b'typeCode="RPLC"', tables)
    assert why.explanation.register == (
        "The document replaces all that the set has (typeCode RPLC, line 53), so it can refer only to what it states itself.",
    )
    assert why.explanation.advice.startswith("State the entry in this document and refer to it as internal")


def test_an_existing_set_is_explained_with_the_lines_of_its_id_only(tables: CodeTables) -> None:
    related = CONTROL[CONTROL.index(b"<relatedDocument") : CONTROL.index(b"</relatedDocument>") + 18]
    (why,) = after_the_first(related, b"", tables)
    assert why.explanation.lines == [2, 13]


def test_an_encounter_that_is_sent_again_is_the_cause_of_its_second_main_condition(tables: CodeTables) -> None:
    own = re.search(rb'<encounter classCode="ENC" moodCode="EVN">.*?<id root="[^"]*" extension="([^"]*)"', CONTROL, re.DOTALL)
    found = after_the_first(own[1], b"2AB699E6-5EB2-554D-8707-B54A048BF813", tables)  # type: ignore[index]
    codes = [told.finding.code for told in found]
    assert codes == ["ENCOUNTER_ALREADY_EXISTS", "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION"]
    assert {told.cause.number for told in found} == {1}


def test_advice_for_a_broken_reference_proposes_the_only_entry_of_the_kind(tables: CodeTables) -> None:
    wrong = example()[::-1].replace(b"80C36CDD"[::-1], b"00000000"[::-1], 1)[::-1]
    (why,) = of_document(wrong, tables)
    assert why.explanation.advice.startswith("Refer to 80c36cdd-d7b3-5ad3-9c0d-0dec4c500d94 (line 60), the only one of its kind")


def test_a_type_that_the_element_cannot_have_is_named_with_the_declared_one(tables: CodeTables) -> None:
    found = of_document(with_changed(('<code code="DI109"', '<code xsi:type="st" code="DI109"')), tables, "da")
    (advice,) = [told.explanation.advice for told in found if told.finding.code == "cvc-elt.4.3"]
    assert advice == "Giv code (linje 247) en datatype fra CDA som xsi:type, f.eks. CD; den har 'st'."


def test_the_type_that_an_element_has_is_told_beside_the_one_it_must_have(tables: CodeTables) -> None:
    (found,) = of_document(with_changed(('<code code="DI109"', '<code xsi:type="CE" code="DI109"')), tables)
    assert found.explanation.because[0].text.endswith("xsi:type SHALL be CD if it is given. It is 'CE'.")


def test_an_element_that_occurs_once_too_often_is_one_cause_with_its_lines(tables: CodeTables) -> None:
    template = '<templateId root="1.2.208.176.7.1.10.74"/>'
    found = of_document(with_changed((template, f"{template}\n{template}")), tables)
    assert {told.finding.code for told in found} == {"DKEncounter", "dtr1-12-II"}
    assert {told.cause.number for told in found} == {1}
    assert ", but is on lines 123, 124; remove the surplus." in found[0].explanation.advice


def test_a_result_of_a_wrong_type_is_one_cause_with_its_line(tables: CodeTables) -> None:
    book, case = PracticeBook(), cases_of("RAA01.5")[0]
    *before, last = [read_submission([writer.write(document)]) for document in case.documents(DAY, case.now(DAY), book)]
    found = explained(before, last, book.tables(), case.now(DAY))
    (why,) = [told.explanation for told in found if told.finding.code == "RAA01.5"]
    types = [mention.value for part in why.because if " is of another type than " in part.text for mention in part.mentions]
    assert types
    assert not any(value.startswith("RDA01 ") for value in types)


def test_only_the_first_of_very_many_findings_are_explained(tables: CodeTables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockregister.validation.explaining.explain.MOST_EXPLAINED", 3)
    read: list[ReadDocument] = []
    begin = ReadDocument.__init__
    monkeypatch.setattr(ReadDocument, "__init__", lambda self, content: (begin(self, content), read.append(self))[0])
    found = of_document(example().replace(b'<realmCode code="DK"/>', b'<realmCode code="DK" z="1"/>' * 5), tables)
    assert [bool(told.explanation.advice) for told in found] == [True, True, True, False, False]
    assert len(read) == 1


def of_case(rule_id: str, number: int = 0, book: PracticeBook | None = None, language: str = "en") -> Explanation:
    """Why the documents of a rule's case break it."""
    case, book = cases_of(rule_id)[number], book or PracticeBook()
    sent = [read_submission([writer.write(document)]) for document in case.documents(DAY, case.now(DAY), book)]
    found = explained(sent[:-1], sent[-1], book.tables(), case.now(DAY), language)
    return next(told.explanation for told in found if told.finding.code == rule_id)


def test_codes_that_advice_names_are_valid_when_the_element_was() -> None:
    book, priorities = PracticeBook(), frozenset({"admin.prioritet"})
    later = book.code(Wish(priorities, since=date(2018, 10, 1)))
    fitting = book.code(Wish(priorities, until=date(2018, 9, 30)))
    advice = of_case("05.b", 0, book).advice
    assert f"such as {fitting.code} (" in advice
    assert later.code not in advice


def test_advice_for_an_expired_code_says_to_replace_the_code() -> None:
    why = of_case("05.52")
    assert re.fullmatch(
        r"end of validity of the type \w+ .*, 2018-\d\d-\d\d 23:59:59 \(line \d+\) is earlier .*", why.because[0].text
    )
    assert re.fullmatch(r"Correct the type of the encounter \(line \d+\) or the end of the encounter \(line \d+\).", why.advice)


def test_advice_for_a_value_that_is_not_a_number_shows_the_form_of_a_number() -> None:
    why = of_case("RAA02.RDA22-1", 1)
    assert re.fullmatch(r"result RDA22 'x' \(line \d+\) is not a whole number", why.because[0].text)
    assert re.fullmatch(r"Write the result \(line \d+\) as a whole number, such as 12, in digits\.", why.advice)
    assert re.fullmatch(
        r"Skriv resultatet \(linje \d+\) som et helt tal, f\.eks\. 12, skrevet med cifre\.",
        of_case("RAA02.RDA22-1", 1, language="da").advice,
    )


def test_advice_for_an_impossible_time_shows_a_possible_one() -> None:
    assert of_case("RAA05.RDA60-1").advice.endswith(" as a time, such as 20190502120000+0200.")


def test_advice_for_a_missing_result_report_gives_its_name_and_status() -> None:
    given = "give it the name RAA10 and a status of code list resindb.status.suba"
    assert of_case("RAA10.1").advice.partition(": ")[2].startswith(given)
    assert any(part.text.endswith(" are missing") for part in of_case("RAA10.1").because)


def test_what_another_part_says_more_about_is_no_cause() -> None:
    why = of_case("02.a")
    assert [mention.name for mention in why.mentions if mention.may_be_wrong] == ["label of the episode of care"]
    assert re.fullmatch(r"Ret referencen \(linje \d+\)\.", of_case("03.101", language="da").advice)


@pytest.mark.parametrize(
    ("rule_id", "begins", "in_danish"),
    [
        ("01.11", "date of the referral 2018-", "datoen for henvisningens tidspunkt 2018-"),
        ("02.41", "opening date of the responsible unit ", "åbningsdatoen for forløbselementets ansvarlige enhed "),
        ("09.41", "opening date of the unit ", "åbningsdatoen for opholdsadressens enhed "),
        ("10.32", "end of the payment of the procedure ", "procedurens betalingsoplysnings sluttidspunkt "),
        ("12.59", "supplementary code of the main condition ", "aktionsdiagnosens tillægskode "),
        ("RAA01.6", "condition of the result report ", "resultatindberetningens diagnose "),
    ],
)
def test_values_are_named_so_that_they_are_told_apart(rule_id: str, begins: str, in_danish: str) -> None:
    for language, name in (("en", begins), ("da", in_danish)):
        assert any(part.text.startswith(name) for part in of_case(rule_id, language=language).because), language


def test_the_start_of_another_episode_of_care_is_named_as_that_of_the_reference() -> None:
    assert "not later than the start of the episode of care of the reference " in of_case("02.03").because[0].text


def test_a_range_of_types_is_told_by_its_ends() -> None:
    assert of_case("RAA05.2").advice == "Send only results of type RDA60 to RDA76."
    assert of_case("RAA05.2", language="da").advice == "Angiv kun resultater af typen RDA60 til RDA76."


def test_of_several_codes_the_deciding_ones_are_named() -> None:
    case, book = cases_of("14.101")[0], PracticeBook()
    (content,) = [writer.write(told) for told in case.documents(DAY, case.now(DAY), book)]
    told = of_case("14.101", 0, PracticeBook()).because[-1].text
    found = re.match(r"code of the local recurrence of the main condition (ZZ\d+)[^,]* \(line (\d+)\) is not in ", told)
    assert found is not None
    lines = content.decode().splitlines()
    assert found[1] in lines[int(found[2]) - 1]


@pytest.mark.parametrize(
    ("condition", "because", "advice"),
    [
        (
            "Procedure( harResultatIndberetning('RAA07') == false )",
            "result report RAA07 of the procedure (line 207) is missing",
            "Send the result report RAA07 of the procedure (line 207).",
        ),
        (
            "Kontakt( opholdsadresserFoelgerHinandenUdenOverlapEllerSlip() )",
            "stays of the encounter: 2019-05-02 08:00 to 2019-05-02 12:00 (line 141) follow each other without gap or overlap",
            "",
        ),
        (
            "F : ForloebElement( D : patient ) Patient( erSammePatient(D) )",
            "patient of the episode of care is the same",
            "Correct the patient of the episode of care.",
        ),
        (
            "K : Kontakt( ) Set( size() > 0 ) from collect ( Procedure() from K.procedurer )",
            "the number of procedures: UXUC80 (Transtorakal ekkokardiografi) (line 207) is more than 0",
            "Correct the number of procedures (line 207).",
        ),
        (
            "F : ForloebElement( ) Set( size() < 1 ) from collect ( ForloebMarkoer() from F.forloebMarkoere )",
            "the number of markers: 0 (line 60) is less than 1",
            "Correct the number of markers (line 60).",
        ),
        (
            "D : Diagnose( ) not ( ResultatIndberetning( diagnose == D , navn.kode == 'RAA01' ) )",
            "result reports of the main condition (line 242) are missing",
            "Add one to the result reports of the main condition (line 242): give it the name RAA01.",
        ),
        (
            "K : Kontakt( ) not ( Diagnose( kode.primaerKode.kode == 'DI109' ) from K.bidiagnoser )",
            "code of the minor condition DE119 (Type 2-diabetes uden komplikationer) (line 271) is not DI109",
            "Add or correct one of the minor conditions of the encounter (line 266):"
            " correct the code of the minor condition (line 271): it has to be DI109.",
        ),
        (
            "Kontakt( startTidspunkt.plusDays(3000) > OffsetDateTime.now() )",
            "3000 days after the start of the encounter 2027-07-19 08:00 (line 128) is later than now, 2019-06-01 12:00",
            "Correct the start of the encounter (line 128).",
        ),
        (
            "Kontakt( aktionDiagnose != null, aktionDiagnose.kode.primaerKode.kode == 'DI109' )",
            "code of the main condition DI109 (Essentiel hypertension) (line 247) is DI109",
            "Correct the code of the main condition (line 247): it must not be DI109.",
        ),
    ],
)
def test_words_of_published_conditions_that_our_rules_lack_are_explained(
    condition: str, because: str, advice: str, tables: CodeTables
) -> None:
    found = of_published(condition, example(), tables)
    assert because in [part.text for part in found.because]
    assert found.advice == advice


def test_a_supplementary_code_of_a_published_condition_has_a_name_and_a_line(tables: CodeTables) -> None:
    content = as_xml(
        episodes=[an_episode()], encounters=[an_encounter()], procedures=[a_procedure(indication=an_indication("DI109", "DE119"))]
    )
    (part,) = of_published(
        "P : Procedure( ) SksKode( kode != P.kode.primaerKode.kode ) from P.indikation.tillaegsKoder", content, tables
    ).because
    line = next(number for number, said in enumerate(content.decode().splitlines(), 1) if "DE119" in said)
    assert part.text.startswith(
        f"supplementary code of the indication DE119 (Type 2-diabetes uden komplikationer) (line {line}) is not"
    )


def test_a_published_condition_on_a_code_and_its_owner_names_whose_time_it_reads(tables: CodeTables) -> None:
    content = as_xml(
        episodes=[an_episode()], encounters=[an_encounter()], procedures=[a_procedure(indication=an_indication("DI109", "DE119"))]
    )
    condition = "P : Procedure( ) SksKode( P.startTidspunkt != P.slutTidspunkt ) from P.indikation.tillaegsKoder"
    (part,) = of_published(condition, content, tables).because
    assert "start of the procedure" in part.text


def of_published(condition: str, content: bytes, tables: CodeTables) -> Explanation:
    """Why a document breaks the only rule of a published list."""
    rows = ["ErrorType,RuleGroup,Rulename,ErrorNumber,ErrorText,Rulesource", f'ERROR,X,05.95,595,Tekst,"when {condition} then"']
    edition = with_list(NEWEST, "own", "\n".join(rows).encode())
    register = Register(MemoryStore(), tables, Clock(frozen_at=NOON), Settings())
    with Examination(read_submission([content]), register, edition) as examination:
        return explain(examination.findings(), examination)[0].explanation


def duplicated(line: int, content: bytes = FIRST) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join([*lines[:line], lines[line - 1], *lines[line:]])


@pytest.mark.parametrize(
    ("content", "language", "advice"),
    [
        (
            with_changed(('<templateId root="1.2.208.176.7.1.10.51"/>', '<templateId root="1.2.208.176.7.1.10.511"/>')),
            "en",
            "Correct the templateId of episode of care 1 › act on line 79: @root has to be 1.2.208.176.7.1.10.51.",
        ),
        (
            with_changed(('<templateId root="1.2.208.176.7.1.10.16"/>', "<templateId/>")),
            "da",
            "Ret templateId for procedure 1 › participant på linje 217: @root skal være 1.2.208.176.7.1.10.16.",
        ),
        (duplicated(123), "en", "Take out all but one of templateId on lines 123, 124, or let them differ."),
        (duplicated(24), "da", "Fjern alle på nær én af city på linjerne 24, 25, eller lad dem være forskellige."),
        (duplicated(28), "en", "Take out one of low (line 28) and low (line 29): useablePeriod may have only one."),
        (
            with_changed(('<participant typeCode="LOC">', "<participant>")),
            "en",
            "Give participant (line 141) the attribute typeCode, such as LOC.",
        ),
        (
            with_changed(('<participant typeCode="LOC">', '<participant typeCode="123">')),
            "en",
            "Write a value such as LOC for @typeCode (line 141).",
        ),
        (
            with_changed(('<effectiveTime value="20190502082000+0200"/>', '<effectiveTime value="0"/>')),
            "en",
            "Correct encounter 1 › act › effectiveTime (line 187): @value SHALL be of the type ts, such as 20190502080000+0200.",
        ),
        (
            with_changed(('code="DI109"', 'code="DI1O9"')),
            "en",
            "Send an SKS code that exists, such as DI109 (Essentiel hypertension), DI159 (Sekundær hypertension UNS), DI139 "
            "(Hypertensiv hjertesygdom og nyresygdom UNS).",
        ),
    ],
)
def test_advice_says_how_slips_are_mended(content: bytes, language: str, advice: str, tables: CodeTables) -> None:
    first = next(one for one in of_document(content, tables, language) if one.cause.first)
    assert first.explanation.advice == advice


def test_advice_for_an_element_without_template_ids_says_what_it_may_be(tables: CodeTables) -> None:
    (why,) = of_document(with_changed(('<templateId root="1.2.208.176.7.1.10.106"/>', "")), tables)
    assert why.explanation.advice.startswith(
        "Give recordTarget › patientRole (line 18) the templateId of what it is: 1.2.208.176.7.1.10.106 (DKCivilRegistration"
    )


def test_an_impossible_time_is_named_with_its_value(tables: CodeTables) -> None:
    found = of_document(with_changed(('"20190502082000+0200"', '"20190230082000+0200"')), tables)
    assert found[0].explanation.because[0].text.endswith("SHALL be a time that exists. It is '20190230082000+0200'.")


def test_every_integrity_code_has_a_danish_text_with_the_same_places() -> None:
    assert set(INTEGRITY_IN_DANISH) >= set(TEXTS)
    for code, text in TEXTS.items():
        assert re.findall(r"{\d}", INTEGRITY_IN_DANISH[code]) == re.findall(r"{\d}", text), code


def test_a_code_is_not_told_as_the_value_that_is_wrong(tables: CodeTables) -> None:
    (found,) = of_document(b"<ClinicalDocument", tables, "da")
    assert (found.cause.text, found.explanation.declaration) == ("", "Dokumentet kan ikke læses")


def test_level_3_is_told_in_danish_with_the_number_that_is_wrong(tables: CodeTables) -> None:
    (why,) = of_document(with_changed(("2512489996", "3102489996")), tables, "da")
    assert why.explanation.because[0].text == (
        "Patientens CPR-nummer er ugyldigt: det skal være ti cifre, der begynder med en dato, der findes; "
        "fundet: 3102489996 (linje 20)"
    )
    (code,) = of_document(with_changed(('code="DI109"', 'code="DI1O9"')), tables, "da")
    assert code.explanation.because[0].text.startswith("SKS-koden DI1O9 findes ikke fra 2019-05-02T08:00+02:00 til ")
