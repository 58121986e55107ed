"""CPR numbers are masked in every common spelling. Ids of requests are not changed."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote, unquote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.web.masking import masked

SEPARATORS = [
    "",
    " ",
    "-",
    ".",
    "/",
    "_",
    "+",
    "\t",
    " - ",
    ". ",
    "\u00a0",
    "\u2009",
    "\u202f",
    "\u2010",
    "\u2011",
    "\u2013",
    "\u2212",
    "\u180e",
    "\u3000",
    "\u301c",
    "\uff0d",
    "\U00010ead",
]
BORDERS = st.text(st.characters(exclude_categories=["Nd", "Nl", "No", "Cs"], exclude_characters="%\\"), max_size=8)


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a CPR number and a way of writing it."""
    born = draw(st.dates(date(1900, 1, 1), date(2036, 12, 31)))
    number = f"{born:%d%m%y}{draw(st.integers(0, 9999)):04}"
    pairs = [number[place : place + 2] for place in range(0, 10, 2)]
    between = [draw(st.sampled_from(SEPARATORS)) for _ in range(4)]
    text = "".join(pair + mark for pair, mark in zip(pairs, [*between, ""], strict=True))
    encode = draw(st.sampled_from([str, quote, lambda plain: quote(quote(plain)), _digits_too]))
    return number, encode(text)


def _digits_too(text: str) -> str:
    return "".join(f"%{ord(sign):02X}" if sign.isascii() else quote(sign) for sign in text)


@given(written(), BORDERS, BORDERS)
def test_a_cpr_number_is_masked_in_every_spelling(drawn: tuple[str, str], before: str, after: str) -> None:
    number, text = drawn
    found = masked(f"{before}{text}{after}")
    assert number not in re.sub(r"[^0-9]", "", unquote(unquote(found)))
    assert found == f"{before}[cpr]{after}"


@pytest.mark.parametrize("escaped", [r"\u3000", r"\u202f", r"\xa0", r"\U00010ead"])
def test_a_cpr_number_with_an_escaped_separator_is_masked(escaped: str) -> None:
    assert masked(f"name='010190{escaped}1234'") == "name='[cpr]'"


@pytest.mark.parametrize(
    "written",
    ["25.12.1948-9996", "251219489996", "25-12-2007 9996", "2 5 1 2 4 8 9 9 9 6", "2%205%201%202%204%208%209%209%209%206"],
)
def test_a_four_digit_year_and_separate_digits_are_masked(written: str) -> None:
    assert masked(f"/patients/{written} 422") == "/patients/[cpr] 422"


def test_a_date_before_a_time_of_day_is_not_masked() -> None:
    assert masked("0101901234:5 and 010190-1234:80") == "[cpr]:5 and [cpr]:80"


@given(st.uuids(), st.sampled_from([str, lambda id: id.hex, lambda id: str(id).upper(), lambda id: f"span_{id.hex}"]), BORDERS)
def test_no_request_id_is_masked(id: UUID, write: object, before: str) -> None:
    text = f"{before} request_id={write(id)} register=default"  # type: ignore[operator]
    assert masked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "276231000016004",
        "29190941",
        "2011-12-01 12:00:00",
        "2011-12-01%2012:00:00",
        "1.2.208.176.1.2",
        "9fe67bda-917a-5785",
        "1764334800",
        "10.10.10.10:8080",
        "1.2.2.1.1.1.1.9.6.1.2",
        "20121909123456",
    ],
)
def test_other_numbers_are_not_masked(text: str) -> None:
    assert masked(text) == text
