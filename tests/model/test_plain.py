"""Objects are converted to plain data without default values, and back."""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockregister.model import ClinicalDocument, Code, Encounter, EpisodeOfCare, Residence
from mockregister.model.plain import from_plain, to_plain
from tests.builders import a_residence, an_encounter, an_episode
from tests.strategies import documents


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Everything:
    text: str
    number: int
    share: float
    flag: bool
    moment: datetime
    colour: Colour
    content: bytes
    pair: tuple[str, int]
    entry: EpisodeOfCare | Encounter
    maybe: EpisodeOfCare | Encounter | None
    numbers: dict[str, float]
    many: tuple[Code, ...] = ()
    counted: int = 7
    named: dict[str, Code] = field(default_factory=dict)


def everything(**changes):
    given = {
        "text": "t",
        "number": 1,
        "share": 0.5,
        "flag": False,
        "moment": datetime(2019, 6, 1, tzinfo=UTC),
        "colour": Colour.RED,
        "content": b"\x00\xff",
        "pair": ("a", 1),
        "entry": an_encounter(),
        "maybe": None,
        "numbers": {"a": 1.0},
    }
    return Everything(**{**given, **changes})


@settings(max_examples=50, deadline=None)
@given(documents())
def test_any_document_is_converted_to_json_and_back(document):
    assert from_plain(ClinicalDocument, json.loads(json.dumps(to_plain(document)))) == document


@pytest.mark.parametrize(
    "changes",
    [{}, {"maybe": an_episode()}, {"many": (Code("a"),), "named": {"b": Code("c")}}, {"counted": 0, "text": "", "numbers": {}}],
)
def test_every_type_is_converted_to_json_and_back(changes):
    thing = everything(**changes)
    assert from_plain(Everything, json.loads(json.dumps(to_plain(thing)))) == thing


def test_default_values_are_left_out():
    assert to_plain(Code("A")) == {"code": "A"}
    assert "use" not in to_plain(a_residence())


def test_an_empty_value_that_is_not_the_default_is_written():
    assert to_plain(Residence(use="")) == {"use": ""}


def test_the_class_is_named_if_a_field_may_have_several():
    assert to_plain(everything())["entry"]["@class"] == "Encounter"


def test_the_error_for_an_unknown_field_names_the_known_fields():
    with pytest.raises(ValueError, match=r"Code has no field 'kode'; it has code, display, system\."):
        from_plain(Code, {"kode": "A"})


def test_a_missing_required_field_is_named():
    with pytest.raises(ValueError, match="Everything needs number, share"):
        from_plain(Everything, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 1),
        ("number", "1"),
        ("moment", "tomorrow"),
        ("moment", 5),
        ("colour", "blue"),
        ("content", "???"),
        ("pair", ["a"]),
        ("entry", {"@class": "Nothing"}),
        ("entry", "text"),
        ("many", [1]),
        ("many", None),
        ("named", []),
    ],
)
def test_a_wrong_value_is_refused_with_its_field(name, value):
    with pytest.raises(ValueError, match=f"Everything.{name} cannot be"):
        from_plain(Everything, {**to_plain(everything()), name: value})


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_any_json_is_either_read_or_refused_with_a_value_error(data):
    with suppress(ValueError):
        assert isinstance(from_plain(Code, data), Code)


def test_a_class_that_is_not_a_dataclass_is_refused():
    with pytest.raises(TypeError, match="Only dataclasses become plain data"):
        to_plain("text")
