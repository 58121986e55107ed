"""The profile in Danish: every template has a meaning, and every check has a requirement."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from mockregister.validation.profile import TEMPLATES, earlier
from mockregister.validation.profile.compiled import Place
from mockregister.validation.profile.compiling import compiled
from mockregister.validation.profile.danish import MEANINGS, asked_in_danish, meaning_of, times_in_danish
from mockregister.validation.profile.notation import Count, declared

ENGLISH = re.compile(r"\b(a|the|of|is|shall|not|be|it|its|there|or|and)\b", re.IGNORECASE)


def asked() -> list[str]:
    """Return the requirements of the profile's checks, as explanations quote them."""

    def below(place: Place) -> Iterator[Place]:
        yield place
        for inner in place.places:
            yield from below(inner)

    places = (place for roots in compiled(TEMPLATES).values() for root in roots for place in below(root))
    return sorted({check.text.rstrip(".") for place in places for check in place.checks})


def test_every_template_has_a_danish_meaning() -> None:
    assert {template.name for template in (*TEMPLATES, *earlier.TEMPLATES)} == set(MEANINGS)
    for meaning in MEANINGS.values():
        assert not ENGLISH.search(meaning)
        assert meaning.endswith(".")


def test_an_own_template_keeps_its_meaning() -> None:
    (own,) = declared("""
DKMine 1.2.3 2018-01-04 -> Mine
  "What is mine."
  @classCode=ACT
""")
    assert meaning_of(own, "da") == meaning_of(own, "en") == "What is mine."


@pytest.mark.parametrize("english", asked())
def test_every_check_has_a_danish_requirement(english: str) -> None:
    danish = asked_in_danish(english)
    assert danish != english
    assert not ENGLISH.search(re.sub(r"'[^']*'|width/@unit|\b(us|ms|s|min|h|d|wk|mo|a)\b", "", danish))


def test_an_unknown_requirement_is_not_translated() -> None:
    assert asked_in_danish("do as told") == "do as told"


@pytest.mark.parametrize(
    ("count", "danish"),
    [
        (Count(1, 1), "netop én gang"),
        (Count(1, None), "mindst én gang"),
        (Count(0, 1), "højst én gang"),
        (Count(0, 4), "højst 4 gange"),
        (Count(2, 4), "mindst 2 gange og højst 4 gange"),
    ],
)
def test_counts_are_worded_in_danish(count: Count, danish: str) -> None:
    assert times_in_danish(str(count)) == danish
