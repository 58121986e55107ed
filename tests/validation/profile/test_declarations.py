"""For every line of every declaration, a document that breaks it has the finding, and a document that breaks nothing has none."""

from __future__ import annotations

import pytest
from lxml import etree

from mockregister.finding import Finding
from mockregister.validation.editions import NEWEST
from mockregister.validation.profile import TEMPLATES
from tests.validation.profile.specimens import BY_NAME, Specimen, Spot, alternatives, breaks, specimen

#: A replacing reference of a procedure act also counts as its only reference to an owner, so no document can have every part.
CONTRADICTORY = ("DKProcedureAct", "DKProceduresSection")
ROOTS = [template for template in TEMPLATES if template.anywhere]
CASES = [
    *((template.name, number, False) for template in ROOTS for number in range(alternatives(template))),
    *((template.name, 0, True) for template in ROOTS if template.name not in CONTRADICTORY),
]
#: A role with all three templateIds also counts as a role of each single template. These come first and name the finding.
BOTH_IDS = "DKCivilRegistrationSystemAndAlternativelyIdentifiedPatientRole"


def path(node: etree._Element) -> str:
    """Return the location of an element as an answer writes it."""
    name = etree.QName(node)
    position = 1 + len(list(node.itersiblings(node.tag, preceding=True)))
    step = f"/*:{name.localname}[namespace-uri()='{name.namespace}'][{position}]"
    return step if node.getparent() is None else path(node.getparent()) + step


@pytest.mark.parametrize(("name", "alternative", "looks_back"), CASES)
def test_a_document_with_every_part_of_a_template_is_accepted(name: str, alternative: int, looks_back: bool) -> None:
    assert NEWEST.profile.check(specimen(BY_NAME[name], alternative, looks_back).document) == []


@pytest.mark.parametrize(("name", "alternative", "looks_back"), CASES)
def test_a_document_that_breaks_a_line_has_the_finding_of_that_line(name: str, alternative: int, looks_back: bool) -> None:
    wrong = {}
    for number, spot in enumerate(specimen(BY_NAME[name], alternative, looks_back).spots):
        for title, _ in breaks(spot) if (not looks_back or _is_back(spot)) and not _is_covered(spot) else ():
            problem = _problem(specimen(BY_NAME[name], alternative, looks_back), number, title)
            if problem:
                wrong[f"{spot.line.name} {number}: {title}"] = problem
    assert wrong == {}


def _problem(made: Specimen, number: int, title: str) -> str:
    """Break the spot of this number, and return what is wrong with the findings, or an empty text."""
    spot = made.spots[number]
    place = path(spot.node)
    expected = dict(breaks(spot))[title](spot)
    found = NEWEST.profile.check(made.document)
    if expected:
        where, code = path(expected[0]), expected[1]
        wanted = [finding for finding in found if finding.where == where and (finding.code == code or code == BOTH_IDS)]
        if not wanted:
            return f"no finding of {code} at {where}"
        found = [finding for finding in found if finding not in wanted]
    return ", ".join(finding.text for finding in found if not _is_consequence(finding, place))


def _is_consequence(finding: Finding, place: str) -> bool:
    """Return True for a data type rule, another finding on the same element, or an id that is compared with the broken one."""
    compared = "setId/@root" in finding.text or "the entry it replaces" in finding.text
    return finding.code.startswith("dtr1-") or finding.where.startswith(place) or compared


def _is_covered(spot: Spot) -> bool:
    """Return True for the parts of a role with all three templateIds that distinguish it from the roles of single templates."""
    return spot.owner is not None and spot.owner.template == BOTH_IDS and spot.line.name in ("id", "templateId")


def _is_back(spot: Spot) -> bool:
    looking = "id-of-replaced" in spot.checks or spot.line.name == "relatedDocument"
    return looking or (spot.owner is not None and _is_back(spot.owner))


def test_the_specimens_cover_every_template() -> None:
    made: list[Specimen] = [specimen(BY_NAME[name], *rest) for name, *rest in CASES]
    held = {spot.template for specimen_made in made for spot in specimen_made.spots}
    bodies = {name for name in BY_NAME if BY_NAME[name].element is None and name in _included_bodies(held)}
    assert held | bodies == set(BY_NAME)


def _included_bodies(names: set[str]) -> set[str]:
    return {word for name in names for word in BY_NAME[name].declaration.split() if word in BY_NAME}
