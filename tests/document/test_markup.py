"""Texts, numbers and times are read from CDA elements."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mockregister.document.building import timestamp as written
from mockregister.document.markup import below, cda, first, number, text, timestamp
from tests.strategies import moments

CET, CEST = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))


def an_element(inside: str, **attributes: str) -> etree._Element:
    element = etree.fromstring(f'<value xmlns="urn:hl7-org:v3">{inside}</value>')
    for name, value in attributes.items():
        element.set(name, value)
    return element


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("20190601110203+0200", datetime(2019, 6, 1, 11, 2, 3, tzinfo=CEST)),
        ("20190601110203-0330", datetime(2019, 6, 1, 11, 2, 3, tzinfo=timezone(-timedelta(hours=3, minutes=30)))),
        ("20120912000000-0000", datetime(2012, 9, 12, tzinfo=UTC)),
        ("20190601110203.987+0200", datetime(2019, 6, 1, 11, 2, 3, tzinfo=CEST)),
        ("20190601110203+2", datetime(2019, 6, 1, 11, 2, 3, tzinfo=CEST)),
        ("20190601110203+02", datetime(2019, 6, 1, 11, 2, 3, tzinfo=CEST)),
        ("20190601110203+200", datetime(2019, 6, 1, 11, 2, 3, tzinfo=CEST)),
        ("20190601+0200", datetime(2019, 6, 1, tzinfo=CEST)),
        ("201906011102+0200", datetime(2019, 6, 1, 11, 2, tzinfo=CEST)),
        ("2019", datetime(2019, 1, 1, tzinfo=CET)),
        ("20190601240000+0200", datetime(2019, 6, 2, tzinfo=CEST)),
        ("2019123124+0200", datetime(2020, 1, 1, tzinfo=CEST)),
        (" 20190601110203+0200\n", datetime(2019, 6, 1, 11, 2, 3, tzinfo=CEST)),
    ],
)
def test_a_timestamp_is_read_as_a_moment(value, moment):
    assert timestamp(value) == moment


@pytest.mark.parametrize(("value", "zone"), [("20190115120000", CET), ("20190715120000", CEST), ("20190601", CEST)])
def test_a_timestamp_without_an_offset_is_danish_time(value, zone):
    assert timestamp(value).utcoffset() == zone.utcoffset(None)


def test_a_time_that_occurs_twice_when_summer_time_ends_is_read_as_the_first():
    assert timestamp("20191027023000") == datetime(2019, 10, 27, 2, 30, tzinfo=CEST)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "20190230",
        "20190601250000+0200",
        "20190601240001+0200",
        "00010101000000+0100",
        "99991231235959-0100",
        "99991231240000",
        "20190601110203+9900",
        "2019-06-01",
        "00000101",
        "２０１９",
        "2019060111+",
    ],
)
def test_an_invalid_time_is_read_as_none(value):
    assert timestamp(value) is None


@given(moments())
def test_a_written_moment_is_read_back_unchanged(moment):
    assert timestamp(written(moment)) == moment


@given(st.text())
def test_any_text_can_be_read_as_a_timestamp_without_an_error(value):
    assert timestamp(value) is None or timestamp(value).tzinfo is not None


def test_comments_and_cdata_marks_are_not_part_of_a_text():
    assert text(an_element(" a<!-- not this -->b<?nor this?><![CDATA[<c]]> ")) == "ab<c"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("12", 12), (" 7 ", 7), ("-3", -3), ("", None), ("1.5", None), ("9" * 20, 10**20 - 1), ("9" * 5000, None)],
)
def test_a_number_must_be_whole_and_of_reasonable_size(value, expected):
    assert number(an_element("", value=value)) == expected


def test_elements_of_another_namespace_are_ignored():
    element = an_element('<id xmlns="urn:other" root="x"/><id root="y"/>')
    assert first(element, cda("id")).get("root") == "y"


def test_a_path_through_a_missing_element_finds_nothing():
    assert first(an_element("<a/>"), cda("a"), cda("b"), cda("c")) is None
    assert list(below(an_element("<a/>"), cda("a"), cda("b"))) == []
