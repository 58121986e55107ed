"""Invented conditions give the same result with our translation and with an evaluator written from the description."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from random import Random

import pytest

from mockregister.synthetic.code_books import PracticeBook
from mockregister.validation.rules.drools.translation import translate
from mockregister.validation.rules.gathering import EpisodeFacts
from tests.validation.rules.drools.inventing import Inventor, a_case
from tests.validation.rules.drools.notation import violations
from tests.validation.rules.drools.test_translation import SAMPLES
from tests.validation.rules.sessions import found
from tests.validation.rules.trees import DAY, touched


@cache
def episodes(count: int = 40) -> list[tuple]:
    made = []
    random = Random(15)
    while len(made) < count:
        case, book = a_case(random), PracticeBook()
        now = case.now(DAY)
        with suppress(ValueError, KeyError, TypeError, AttributeError):  # these changes contradict each other
            documents = case.documents(DAY, now, book)
            tables = book.tables()
            (tree,) = touched(documents, tables, now)
            made.append((tree, tables, now, EpisodeFacts(tree, tables, now).session))
    return made


def differing(text: str, count: int = 40) -> list[int]:
    """Return the numbers of the episodes in which a condition finds other things than the evaluator."""
    translation = translate(text)
    return [
        number
        for number, (tree, tables, now, session) in enumerate(episodes(count))
        if {id(fact.source) for fact in found(translation, session)}
        != {id(thing.source) for thing in violations(text, tree, tables, now)}
    ]


@pytest.mark.parametrize("text", SAMPLES)
def test_conditions_that_use_all_of_the_notation_agree_with_its_description(text):
    assert differing(text) == []


@pytest.mark.parametrize("seed", range(8))
def test_invented_conditions_agree_with_the_description_of_the_notation(seed):
    inventor = Inventor(Random(seed))
    for text in [inventor.condition() for _ in range(25)]:
        assert differing(text, 15) == [], text
