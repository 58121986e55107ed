"""Mending corrects unambiguous errors, and leaves everything else as it was written."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest

from mockregister.clock import Clock
from mockregister.codes.sks import SksTable
from mockregister.codes.tables import CodeTables
from mockregister.document.reader import read_submission
from mockregister.model import Period
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.validation.editions import NEWEST
from mockregister.validation.mending.codes import successor
from mockregister.validation.mending.mending import Mending, mended
from mockregister.validation.mending.sentences import PHRASES
from mockregister.validation.pipeline import Examination

EXAMPLES = resources.files("mockregister.document") / "examples"
FIRST, SECOND, THIRD = (
    (EXAMPLES / name).read_text("utf-8") for name in ("1-first-visit.xml", "2-control-visit.xml", "3-correction.xml")
)
TABLES = CodeTables.of(Settings())


def register_with(*documents: str, tables: CodeTables = TABLES) -> Register:
    register = Register(MemoryStore(), tables, Clock(frozen_at=datetime(2026, 1, 1, tzinfo=UTC)), Settings())
    for document in documents:
        with Examination(read_submission([document.encode()]), register, NEWEST) as examination:
            assert not examination.findings()
            examination.draft.commit(examination.sent, (), "")
    return register


def mending(wrong: str, *before: str) -> Mending:
    assert wrong not in (FIRST, SECOND, THIRD)
    return mended(wrong.encode(), register_with(*before), NEWEST)


def without(text: str, *pieces: str) -> str:
    for piece in pieces:
        assert piece in text
        text = text.replace(piece, "", 1)
    return text


def template(identifier: str, blanks: int) -> str:
    return f'{" " * blanks}<templateId root="{identifier}"/>\n'


SET_ID = '  <setId root="4A14B4CE-B8BE-5411-B6F5-60B193E80AD4" assigningAuthorityName="mockregister"/>\n'
PAYMENT = template("1.2.208.176.7.1.10.7", 18)
EPISODE_REFERENCE = (template("1.2.208.176.7.1.10.69", 16), template("2.16.840.1.113883.10.12.324", 16))
WRONG = {
    "an element name in the wrong letter case": FIRST.replace("templateId", "templateID"),
    "an attribute name in the wrong letter case": FIRST.replace('classCode="ENC" moodCode', 'classcode="ENC" moodCode', 1),
    "an enumerated value in the wrong letter case": FIRST.replace('classCode="ENC"', 'classCode="enc"', 1),
    "a template id that no template has": FIRST.replace("1.2.208.176.7.1.10.74", "1.2.208.176.7.1.10.740"),
    "a template id that is missing": without(FIRST, PAYMENT),
    "the template of another kind of id": FIRST.replace("1.2.208.176.7.1.10.106", "1.2.208.176.7.1.10.107"),
    "a code system that can only be one": FIRST.replace('"DI109" codeSystem="1.2.208.176.2.4"', '"DI109" codeSystem="1.2.3"'),
    "a code in the wrong letter case": FIRST.replace('code="DI109"', 'code="di109"'),
    "a CPR number with a hyphen": FIRST.replace("2512489996", "251248-9996"),
    "a time as ISO 8601": FIRST.replace('"20190502082000+0200"', '"2019-05-02T08:20:00+02:00"'),
    "an id of another set": FIRST.replace('AD4" extension="2AB6', 'AD5" extension="2AB6', 1),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_an_unambiguous_error_is_mended_and_nothing_else_is_changed(wrong: str) -> None:
    found = mending(wrong)
    assert found.after.decode() == FIRST
    assert (len(found.mends), found.left) == (1, ())


def test_elements_are_put_in_the_order_of_the_schema() -> None:
    wrong = without(FIRST, SET_ID).replace("  <effectiveTime", SET_ID + "  <effectiveTime", 1)
    assert mending(wrong).after.decode() == FIRST


@pytest.mark.parametrize(
    "wrong",
    [
        SECOND.replace('<versionNumber value="1"/>', '<versionNumber value="2"/>'),
        SECOND.replace("C00DF5B4-9D28-544E-A8A2-D731EA41B36D", "C00DF5B4-9D28-544E-A8A2-D731EA41B999"),
    ],
    ids=["its version", "its id"],
)
def test_the_parent_is_mended_if_either_its_id_or_its_version_is_right(wrong: str) -> None:
    assert mending(wrong, FIRST).after.decode() == SECOND


def test_a_parent_with_a_wrong_id_and_a_wrong_version_is_not_mended() -> None:
    wrong = SECOND.replace("C00DF5B4-9D28-544E-A8A2-D731EA41B36D", "C00DF5B4-9D28-544E-A8A2-D731EA41B999")
    wrong = wrong.replace('<versionNumber value="1"/>', '<versionNumber value="2"/>').replace('"2"/>', '"3"/>', 1)
    found = mending(wrong, FIRST)
    assert not found.mends
    assert found.left


def test_missing_templates_of_a_reference_are_added() -> None:
    found = mending(without(THIRD, *EPISODE_REFERENCE), FIRST, SECOND)
    assert found.after.decode() == THIRD


def test_missing_templates_inside_a_replacing_reference_are_added() -> None:
    ids = [template(f"1.2.208.176.7.1.10.{number}", 16) for number in (121, 117)]
    bare = without(THIRD, *ids, template("1.2.208.176.7.1.10.78", 18))
    start = bare.index('<reference typeCode="RPLC">')
    rest = without(bare[start:], template("2.16.840.1.113883.10.12.324", 16), template("2.16.840.1.113883.10.12.325", 18))
    found = mending(bare[:start] + rest, FIRST, SECOND)
    assert sorted(found.after.decode().splitlines()) == sorted(THIRD.splitlines())
    assert not found.left


@pytest.mark.parametrize(
    "wrong",
    [
        FIRST.replace('"20190502080000+0200"', '"20191302080000+0200"'),
        FIRST.replace('"20190502080000+0200"', '"20190502080000"', 1),
        FIRST.replace("2512489996", "251248999"),
        FIRST.replace('code="DI109"', 'code="DI1X9"'),
        FIRST[:400],
        "",
    ],
    ids=["no such month", "no time zone", "a digit too few", "no such code", "cut off", "empty"],
)
def test_an_ambiguous_error_is_not_mended(wrong: str) -> None:
    found = mending(wrong)
    assert (found.after, found.mends) == (wrong.encode(), ())
    assert found.left
    assert not list(found.diff())


def test_the_remaining_findings_are_explained() -> None:
    found = mending(FIRST.replace('code="DI109"', 'code="di109"').replace("20190501100000", "20190510100000"))
    assert len(found.mends) == 1
    assert {"00.01", "05.21"} <= {left.finding.code for left in found.left}
    assert found.left[0].explanation.advice


def test_the_difference_shows_the_line_before_and_after() -> None:
    lines = list(mending(WRONG["a CPR number with a hyphen"]).diff("wrong.xml", "right.xml"))
    assert lines[:2] == ["--- wrong.xml", "+++ right.xml"]
    assert [line[:1] for line in lines[3:] if line[:1] in "+-"] == ["-", "+"]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8"])
def test_encoding_comments_and_line_ends_are_kept(encoding: str) -> None:
    right = FIRST.replace("UTF-8", encoding, 1).replace("\n", "\r\n").replace("<recordTarget>", "<!-- æøå --><recordTarget>")
    wrong = right.replace("2512489996", "251248-9996")
    assert mended(wrong.encode(encoding), register_with(), NEWEST).after == right.encode(encoding)


SKS = """code,term,valid_from,valid_to,lists
DA,Kolera,2000-01-01,2018-12-31,diag
DB,Kolera,2019-01-01,,diag
DC,Feber,2000-01-01,2018-12-31,diag
DD,Feber,2019-01-01,,diag
DE,Feber,2019-01-01,,diag
"""


def test_an_expired_code_has_a_successor_if_exactly_one_code_has_its_term(tmp_path: Path) -> None:
    (tmp_path / "sks.csv").write_text(SKS, "utf-8")
    sks = SksTable.from_csv(tmp_path / "sks.csv")
    then = Period(datetime(2020, 1, 1, tzinfo=UTC), None)
    assert [successor(sks, code, then) for code in ("DA", "DB", "DC", "DX")] == ["DB", "", "", ""]


DANISH = {
    FIRST.replace('"DI109" codeSystem', '"di109" codeSystem'): "@code i aktionsdiagnose 1 › code ændres fra 'di109' til 'DI109'.",
    FIRST.replace('classCode="ENC" moodCode', 'classcode="ENC" moodCode', 1): "Attributten 'classcode' omdøbes til 'classCode'.",
    without(FIRST, PAYMENT): "kontakt 1 › act får templateId 1.2.208.176.7.1.10.7.",
}


@pytest.mark.parametrize(("wrong", "sentence"), DANISH.items(), ids=DANISH.values())
def test_a_mend_is_described_in_danish(wrong: str, sentence: str) -> None:
    found = mended(wrong.encode(), register_with(), NEWEST, "da")
    assert [mend.what for mend in found.mends] == [sentence]


def test_every_mend_has_a_danish_sentence_with_the_same_values() -> None:
    for english, danish in PHRASES.values():
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", danish))
