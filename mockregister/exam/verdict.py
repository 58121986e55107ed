"""The verdict on a story: each expectation met, missed or not yet tried, and the stored element that comes nearest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from mockregister.exam.evidence import Evidence, StoredThing
from mockregister.exam.lines import LineFinder
from mockregister.exam.matching import FacetDifference, Matching, Roles
from mockregister.exam.story import Expectation, Story
from mockregister.exam.wording import Wording
from mockregister.register.rows import Happening

STATED = (Happening.MADE, Happening.CHANGED, Happening.MOVED)


class ExamStanding(Enum):
    """The outcome of an expectation."""

    MET = "met"
    MISSED = "missed"
    UNTRIED = "not yet tried"


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """The place of a value in a document that was sent; ``line`` is 0 if it was not looked for."""

    document: str
    version: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class JudgedExpectation:
    """The verdict on an expectation, in sentences: what was wanted, and what was found instead.

    ``line`` is its line in the story's file; ``element`` the extension of the id of the stored element that comes nearest;
    ``rivals`` are others that fit equally well.
    """

    name: str
    kind: str
    line: int
    standing: ExamStanding
    wanted: str
    found: str = ""
    element: str = ""
    place: DocumentPlace | None = None
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedStory:
    """The verdict on a story."""

    name: str
    title: str
    expectations: tuple[JudgedExpectation, ...]

    def count(self, standing: ExamStanding) -> int:
        """Return the number of expectations with this outcome."""
        return sum(each.standing is standing for each in self.expectations)


def judge(story: Story, evidence: Mapping[str, Evidence], roles: Roles, wording: Wording, *, lines: bool = True) -> JudgedStory:
    """Return the verdict on a story, given what is stored about its people; lines are looked for only if ``lines`` is true."""
    judging = _Judging(story, evidence, roles, wording, lines)
    return JudgedStory(story.name, wording.of(story.titles), tuple(map(judging.judged, story.expectations)))


class _Judging:
    def __init__(self, story: Story, evidence: Mapping[str, Evidence], roles: Roles, wording: Wording, lines: bool) -> None:
        self.story, self.evidence, self.wording = story, evidence, wording
        self.matching = Matching(story, evidence, roles)
        self.pairs = self.matching.run()
        self.lines = LineFinder() if lines else None

    def judged(self, expectation: Expectation) -> JudgedExpectation:
        """Return the verdict on one expectation."""
        if expectation.is_element and expectation.stands != "no":
            return self._element(expectation)
        is_of_all = expectation.kind in ("refused", "error_list")
        about = self.evidence.values() if is_of_all else [self.evidence[expectation.person]]
        if not any(evidence.is_tried for evidence in about):
            return self._told(expectation, ExamStanding.UNTRIED)
        if expectation.is_element:
            return self._absent(expectation)
        return WAYS[expectation.kind](self, expectation)

    def _element(self, expectation: Expectation) -> JudgedExpectation:
        pair = self.pairs.get(expectation.name)
        if pair is None:
            return self._told(expectation, ExamStanding.UNTRIED, self.wording.say("nothing like it"))
        rivals = tuple(self.wording.thing(rival) for rival in pair.rivals)
        if not pair.differences:
            return self._told(expectation, ExamStanding.MET, self.wording.found(expectation, pair, ()), pair.thing, rivals=rivals)
        found = self.wording.found(expectation, pair, tuple(map(self._with_names, pair.differences)))
        first = pair.differences[0]
        line = self.lines.line(pair.thing, first.facet, next(iter(first.found), None)) if self.lines else 0
        return self._told(expectation, ExamStanding.MISSED, found, pair.thing, line, rivals)

    def _with_names(self, difference: FacetDifference) -> FacetDifference:
        """Return a difference in the owner of an element, with the names of the story instead of keys."""
        if difference.facet not in ("on", "follows"):
            return difference
        names = {pair.thing.key: name for name, pair in self.pairs.items()}
        return FacetDifference(difference.facet, tuple(names.get(key, key) for key in difference.found), difference.wanted)

    def _absent(self, expectation: Expectation) -> JudgedExpectation:
        live = self.evidence[expectation.person].live(expectation.kind)
        there = next((thing for thing in live if self.matching.fits(expectation, thing)), None)
        if there is None:
            return self._told(expectation, ExamStanding.MET)
        found = self.wording.say("is there", what=self.wording.thing(there))
        return self._told(expectation, ExamStanding.MISSED, found, there, self.lines.line(there, "", None) if self.lines else 0)

    def _corrected(self, expectation: Expectation) -> JudgedExpectation:
        pair = self.pairs.get(expectation.name)
        if pair is None or pair.thing.element is None:
            return self._told(expectation, ExamStanding.UNTRIED, self.wording.say("nothing like it"))
        events = [event for event in pair.thing.element.history if event.happening in STATED]
        if expectation.kind == "moved":
            is_met = any(event.happening is Happening.MOVED for event in events)
        else:
            is_met = len({event.document.key for event in events}) > 1
        return self._told(expectation, _met(is_met), "" if is_met else self.wording.say(f"never {expectation.kind}"), pair.thing)

    def _count(self, expectation: Expectation) -> JudgedExpectation:
        there = self.evidence[expectation.person].live(expectation.name)
        if len(there) == expectation.number:
            return self._told(expectation, ExamStanding.MET)
        last = there[-1] if there else None
        standing = ExamStanding.MISSED if there or not expectation.number else ExamStanding.UNTRIED
        return self._told(expectation, standing, self.wording.there_are(there), last)

    def _refused(self, expectation: Expectation) -> JudgedExpectation:
        number = len(frozenset().union(*(evidence.refused for evidence in self.evidence.values())))
        is_met = number <= expectation.number
        return self._told(expectation, _met(is_met), self.wording.say("refused were", number=number))

    def _error_list(self, expectation: Expectation) -> JudgedExpectation:
        allowed = expectation.wanted["but"]
        assert isinstance(allowed, tuple), "codes are texts"
        found = (finding.code for evidence in self.evidence.values() for finding in evidence.findings)
        codes = [code for code in found if code not in allowed]
        return self._told(expectation, _met(not codes), self.wording.against(codes))

    def _told(
        self,
        expectation: Expectation,
        standing: ExamStanding,
        found: str = "",
        thing: StoredThing | None = None,
        line: int = 0,
        rivals: tuple[str, ...] = (),
    ) -> JudgedExpectation:
        document = thing.element.document if thing is not None and thing.element is not None else None
        return JudgedExpectation(
            name=expectation.name,
            kind=expectation.kind,
            line=expectation.line,
            standing=standing,
            wanted=self.wording.wanted(expectation),
            found=found,
            element=thing.key if thing is not None and thing.element is not None else "",
            place=DocumentPlace(document.id, document.row.version, line) if document is not None else None,
            rivals=rivals,
        )


WAYS: dict[str, Callable[[_Judging, Expectation], JudgedExpectation]] = {
    "corrected": _Judging._corrected,
    "moved": _Judging._corrected,
    "count": _Judging._count,
    "refused": _Judging._refused,
    "error_list": _Judging._error_list,
}


def _met(is_met: bool) -> ExamStanding:
    return ExamStanding.MET if is_met else ExamStanding.MISSED
