"""Synthetic CPR numbers belong to nobody: their date and century digits are right, but they never fulfil modulus 11."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from mockregister.codes import cpr
from mockregister.synthetic.cpr import can_be_safe, nobodys_number, replacement_number

FIRST, LAST = date(1858, 1, 2), date(2057, 12, 31)
WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)  # of the digits, as the CPR office publishes them


@pytest.mark.parametrize("many", [20_000, pytest.param(1_000_000, marks=[pytest.mark.slow, pytest.mark.timeout(300)])])
def test_no_number_can_belong_to_a_real_person(many: int) -> None:
    random = Random(7)
    span = (LAST - FIRST).days
    checked = 0
    while checked < many:
        birth, sex = FIRST + timedelta(days=random.randrange(span)), random.choice("MF")
        if can_be_safe(birth):
            number = nobodys_number(birth, sex, random)
            assert sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=True)) % 11
            assert (number[:2], number[2:4]) != ("01", "01")
            checked += 1


def test_a_number_has_the_requested_birth_date_and_sex() -> None:
    random = Random(7)
    for days in range(0, (LAST - FIRST).days, 7):
        birth = FIRST + timedelta(days=days)
        if can_be_safe(birth):
            number = nobodys_number(birth, "MF"[days % 2], random)
            assert cpr.birth_date(number) == birth
            assert cpr.sex(number) == "MF"[days % 2]


@pytest.mark.parametrize(
    ("birth", "sex", "century", "digits"), [("1960-10-27", "F", "0", "02468"), ("2005-01-31", "M", "6", "13579")]
)
def test_a_replacement_number_has_the_requested_birth_date_century_and_sex(
    birth: str, sex: str, century: str, digits: str
) -> None:
    born = date.fromisoformat(birth)
    for seed in range(50):
        number = replacement_number(born, sex, Random(seed))
        assert cpr.is_ecpr(cpr.D_ECPR, number)
        assert number.startswith(f"{born:%d%m%y}{century}")
        assert number[-1] in digits


def test_no_number_is_made_for_a_first_of_january() -> None:
    with pytest.raises(ValueError, match="may be real"):
        nobodys_number(date(1989, 1, 1), "M", Random(7))


def test_a_year_that_no_number_can_express_is_refused() -> None:
    with pytest.raises(ValueError, match="1857"):
        nobodys_number(date(1857, 5, 4), "M", Random(7))
