"""Mistakes in the notation of a rule's case are reported."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from mockregister.clock import COPENHAGEN
from mockregister.synthetic.code_books import PracticeBook
from mockregister.synthetic.courses import course, documents


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"encounter.unit": None}, "'encounter.unit' cannot be left out; give it a value, or leave out the part"),
        ({"main": {"code": None}}, "'main.code' cannot be left out"),
        ({"report.cause": None}, "'report.cause' cannot be left out"),
        ({"patient.born": None}, "'patient.born' cannot be left out"),
        ({"encounter.units": "somatic"}, "'encounter.units' is not a field of a course; encounter has start, end"),
        ({"stay 2": {"begin": "day 0 09:00"}}, "'stay 2.begin' is not a field of a course"),
        ({"encoutner.unit": "somatic"}, "'encoutner' is not a part of a course; the parts are document, patient"),
        ({"encoutner": None}, "'encoutner' is not a part of a course"),
        ({"encounter.unit": "somatc"}, "'somatc' is not a unit of a course; write 'somatic' or 'psychiatric'"),
        ({"encounter.start": "day x"}, "'day x' is not a time of a course; write 'day 0 09:00' or 'now'"),
        ({"encounter.start": 5}, "'5' is not a time of a course"),
        ({"encounter": "outpatient"}, "'encounter' is given 'outpatient'; write the fields of the part, such as {start: "),
        ({"episode": None}, "'episode' cannot be left out"),
    ],
)
def test_a_mistake_in_a_case_is_reported_in_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=r"course|left out|given") as told:
        documents(course("planned", changes), date(2019, 5, 10), datetime(2019, 6, 1, 12, tzinfo=COPENHAGEN), PracticeBook())
    assert str(told.value).startswith(sentence)
