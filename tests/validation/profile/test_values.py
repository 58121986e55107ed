"""Types and value sets decide which values an attribute may have."""

from __future__ import annotations

import math

import pytest

from mockregister.validation.profile.values import TYPES, VALUE_SETS, number


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        ("bl", ["true", "false"], ["1", "True", ""]),
        ("cs", ["A", "DK-1"], ["", "A B", "A\n", " A"]),
        ("int", ["1", "-1", "10", "0", "007"], ["-0", "-01", "1.0", "+1", " 1", "x"]),
        ("set_cs", ["H WP"], [""]),
        ("st", ["a b", "a\nb", " "], [""]),
        ("ts", ["2019", "20190101120000+0100"], ["201", "x2019", ""]),
        ("uid", ["1.2", "0", "A1B2C3D4-0000-5000-8000-abcdefabcdef", "ABC-1"], ["3.1", "1..2", "1.02", "A_1", ""]),
        ("uuid", ["A1B2C3D4-0000-5000-8000-abcdefabcdef"], ["A1B2C3D400005000 8000abcdefabcdef", "1.2", "G" * 8, ""]),
    ],
)
def test_a_type_accepts_its_values_only(type_: str, good: list[str], bad: list[str]) -> None:
    assert [value for value in good + bad if TYPES[type_].fullmatch(value)] == good


def test_the_value_sets_of_this_level_are_those_of_the_interface_specification() -> None:
    assert {name: " ".join(sorted(codes)) for name, codes in VALUE_SETS.items()} == {
        "AdministrativeGender": "F M UN",
        "DKActRelationshipDocument": "APND RPLC",
        "DKMedcomPostalAddressUse": "BAD DIR H HP HV PHYS PST PUB TMP WP",
    }


def test_a_text_that_is_not_a_number_is_read_as_none() -> None:
    assert number("12") == 12
    assert math.isnan(number("12+"))
