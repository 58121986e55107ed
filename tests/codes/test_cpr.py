"""CPR and replacement numbers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.codes import cpr


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("0101003000", date(1900, 1, 1)),
        ("3112993999", date(1999, 12, 31)),
        ("0101364000", date(2036, 1, 1)),
        ("0101374000", date(1937, 1, 1)),
        ("0101575000", date(2057, 1, 1)),
        ("0101588000", date(1858, 1, 1)),
        ("0101369000", date(2036, 1, 1)),
        ("0101379000", date(1937, 1, 1)),
        ("2902004000", date(2000, 2, 29)),
    ],
)
def test_the_seventh_digit_decides_the_century(number: str, born: date) -> None:
    assert cpr.birth_date(number) == born


@pytest.mark.parametrize(
    "number", ["2902010000", "3002801234", "0013801234", "0000000000", "010180123", "010180-123", "٠١٠١٨٠١٢٣٤"]
)
def test_fact_87_an_impossible_number_is_not_a_cpr_number(number: str) -> None:
    assert cpr.birth_date(number) is None


def test_a_replacement_number_has_sixty_added_to_its_day() -> None:
    assert cpr.is_replacement("6101801234")
    assert cpr.birth_date("6101801234") == date(1980, 1, 1)
    assert cpr.birth_date("9202801234") is None


def test_an_odd_last_digit_means_male() -> None:
    assert (cpr.sex("0101801231"), cpr.sex("0101801230")) == ("M", "F")


def test_modulus_11_can_be_checked_but_is_not_required() -> None:
    assert cpr.has_check_digit("0707614285")
    assert not cpr.has_check_digit("0707614286")
    assert cpr.birth_date("0707614286") == date(1961, 7, 7)


@pytest.mark.parametrize(
    ("root", "number", "good"),
    [
        (cpr.X_ECPR, "0703921VJ4", True),
        (cpr.X_ECPR, "0703925VJ4", False),
        (cpr.X_ECPR, "3002921VJ4", False),
        (cpr.X_ECPR, "0703921vj4", False),
        (cpr.D_ECPR, "1206550VK9", True),
        (cpr.D_ECPR, "1206551VK9", False),
        (f"{cpr.ECPR_ROOT}.179", "08119675AG1", True),
        (f"{cpr.ECPR_ROOT}.181", "1610610SG1", True),
        (f"{cpr.ECPR_ROOT}.181", "", False),
        ("1.2.3", "anything at all", True),
    ],
)
def test_electronic_replacement_numbers_have_the_form_of_their_oid(root: str, number: str, good: bool) -> None:
    assert cpr.is_ecpr(root, number) is good


@given(st.dates(min_value=date(1858, 1, 1), max_value=date(2057, 12, 31)), st.integers(0, 9999))
def test_the_date_of_birth_has_the_day_month_and_year_digits_of_the_number(born: date, serial: int) -> None:
    told = cpr.birth_date(f"{born:%d%m%y}{serial:04}")
    assert told is None or (told.day, told.month, told.year % 100) == (born.day, born.month, born.year % 100)
    assert told is not None or (born.day, born.month) == (29, 2)


@given(st.text(max_size=12))
def test_any_text_can_be_checked(text: str) -> None:
    assert cpr.birth_date(text) is None or (text.isdecimal() and len(text) == 10)
    cpr.is_ecpr(cpr.X_ECPR, text)
    cpr.is_ecpr(cpr.D_ECPR, text)
