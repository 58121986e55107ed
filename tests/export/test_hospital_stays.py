"""A hospital stay consists of visits of a patient that overlap or have at most four hours between them."""

from __future__ import annotations

from typing import Any

import pytest

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document.reader import read_submission
from mockregister.export import lpr_a
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from tests.builders import UNIT, a_document, an_encounter, an_episode, an_sks_code, as_xml, at

WARD = "999903131000016008"  # psychiatric


@pytest.fixture(scope="module")
def tables() -> CodeTables:
    return CodeTables.load()


def a_visit(name: str, start: str, end: str | None, **more: Any) -> Any:
    return an_encounter(name, start=at(f"2019-05-{start}"), end=at(f"2019-05-{end}") if end else None, **more)


def stays_of(tables: CodeTables, *visits: Any) -> list[tuple[int, str, str, str]]:
    """Return for each stay the number of contacts, the type, and the flags of psychiatric and somatic care."""
    register = Register(MemoryStore(), tables, Clock(), Settings())
    document = a_document(episodes=[an_episode()], encounters=list(visits))
    with register.draft([document]) as draft:
        draft.commit(read_submission([as_xml(document)]), ())
    with register.look() as rows:
        frame = next(frame for frame in lpr_a.frames(rows, tables) if frame.name == "lpr_a_sghophold")
    told = [dict(zip(frame.columns, row, strict=True)) for row in frame.rows]
    names = ("antal_kont_sgh_oph", "sgh_oph_type", "flag_beh_type_psykiatri", "flag_beh_type_somatik")
    return [tuple(row[name] for name in names) for row in told]  # type: ignore[misc]


VISIT, ADMISSION = "Ambulant ophold", "Indlæggelse"


@pytest.mark.parametrize(
    ("second", "stays"),
    [
        ("02 13:00", [(2, VISIT, "0", "1")]),
        ("02 13:01", [(1, VISIT, "0", "1"), (1, VISIT, "0", "1")]),
        ("02 08:30", [(2, VISIT, "0", "1")]),
    ],
    ids=["four hours later", "a minute more", "at the same time"],
)
def test_visits_with_at_most_four_hours_between_them_are_one_stay(second: str, stays: list[Any], tables: CodeTables) -> None:
    first = a_visit("first", "02 08:00", "02 09:00")
    assert stays_of(tables, first, a_visit("second", second, f"{second[:3]}14:00")) == stays


def test_the_pause_is_measured_from_the_latest_end_of_all_earlier_visits(tables: CodeTables) -> None:
    long, within, later = ("02 08:00", "02 20:00"), ("02 09:00", "02 10:00"), ("02 23:00", "02 23:30")
    visits = [a_visit(name, *span) for name, span in (("later", later), ("long", long), ("within", within))]
    assert stays_of(tables, *visits) == [(3, ADMISSION, "0", "1")]


def test_a_stay_of_twelve_hours_is_an_admission(tables: CodeTables) -> None:
    assert stays_of(tables, a_visit("day", "02 08:00", "02 19:59"), a_visit("night", "05 08:00", "05 20:00")) == [
        (1, VISIT, "0", "1"),
        (1, ADMISSION, "0", "1"),
    ]


def test_a_visit_without_an_end_is_a_stay_only_in_psychiatry(tables: CodeTables) -> None:
    assert stays_of(tables, a_visit("somatic", "02 08:00", None, responsible_unit=UNIT)) == []
    assert stays_of(tables, a_visit("psychiatric", "02 08:00", None, responsible_unit=WARD)) == [(1, ADMISSION, "1", "0")]


def test_a_telephone_call_is_not_part_of_a_stay(tables: CodeTables) -> None:
    assert stays_of(tables, a_visit("call", "02 08:00", "02 08:10", type=an_sks_code("ALCA03"))) == []
