"""CVR numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.codes import cvr


@pytest.mark.parametrize("number", ["29190623", "29190941", "25469364", "99999993"])
def test_a_valid_number_has_the_right_check_digit(number: str) -> None:
    assert cvr.is_cvr(number)


@given(st.sampled_from(["29190623", "25469364"]), st.integers(0, 7), st.integers(1, 9))
def test_a_single_wrong_digit_is_found(number: str, place: int, off: int) -> None:
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    assert not cvr.is_cvr(wrong)


@pytest.mark.parametrize("text", ["", "2919062", "291906233", "2919O623", "２９１９０６２３"])
def test_a_text_that_is_not_eight_digits_is_not_a_cvr_number(text: str) -> None:
    assert not cvr.is_cvr(text)
