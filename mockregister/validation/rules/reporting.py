"""What the rules on the ten result reports (RAA01 to RAA10) have in common.

The module of a report names the report and its results, and then says what must hold for each. The methods here return these
rules and build their Danish texts from the names, in our own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockregister.finding import Severity
from mockregister.validation.rules.checks import named, of_other_type_than, result
from mockregister.validation.rules.expression import Condition, Path, both, either, none_of, some, the
from mockregister.validation.rules.facts import Fact, Report, Result
from mockregister.validation.rules.rule import Rule

COMPLETE_STATUS = "resindb.status.suba"
COMPLETE = the.status.inside(COMPLETE_STATUS, during=the.cause_period)


@dataclass(frozen=True)
class ResultKind:
    """A type of result: its code and what it is called in Danish."""

    code: str
    label: str

    def __str__(self) -> str:
        return f"{self.code} ({self.label})"

    def must_be_whole(self, rule_id: str, number: int, *, at_least: int, at_most: int | None = None) -> Rule:
        """Return the rule that the value is a whole number within limits, in any report."""
        value, limits = the.whole_number, [the.whole_number < at_least]
        if at_most is not None:
            limits.append(value > at_most)
        words = f"på mindst {at_least}" if at_most is None else f"fra {at_least} til {at_most}"
        return self._must_be(rule_id, number, f"et helt tal {words}", either(value.missing, *limits))

    def must_be_between(self, rule_id: str, number: int, above: int, below: int) -> Rule:
        """Return the rule that the value is a number strictly between the limits, in any report."""
        value, words = the.number, f"et tal over {above} og under {below}, med punktum før decimalerne"
        return self._must_be(rule_id, number, words, either(value.missing, value <= above, value >= below))

    def must_be_a_moment(self, rule_id: str, number: int) -> Rule:
        """Return the rule that the value is a date and time that exists, in any report."""
        words = "et tidspunkt, der findes, skrevet ÅÅÅÅMMDDttmmss og en zone som +0100"
        return self._must_be(rule_id, number, words, the.is_date_time.equals(False))

    def _must_be(self, rule_id: str, number: int, words: str, violated: Condition) -> Rule:
        return Rule(rule_id, number, f"Resultatet {self} skal være {words}.", on=Result, key=self.code, violated=violated)


@dataclass(frozen=True)
class ReportKind:
    """A result report: the code of its name and what it is called in Danish."""

    code: str
    label: str

    def __str__(self) -> str:
        return f"{self.code} ({self.label})"

    def rule(self, rule_id: str, number: int, text: str, violated: Condition, **more: Any) -> Rule:
        """Return a rule on reports of this name; ``more`` are other fields of the rule."""
        return Rule(rule_id, number, text, on=Report, key=self.code, violated=violated, **more)

    def comes_from(self, rule_id: str, number: int, cause: str, violated: Condition) -> Rule:
        """Return the rule that only ``cause``, as its text says, may give rise to the report."""
        return self.rule(rule_id, number, f"{self} skal være udløst af {cause}.", violated)

    def comes_from_procedure_in(self, rule_id: str, number: int, code_list: str) -> Rule:
        """Return the rule that only a procedure with a code of that list may give rise to the report."""
        violated = either(the.procedure.missing, the.procedure.code.outside(code_list, at=the.cause_start))
        return self.comes_from(rule_id, number, f"en procedure med en kode fra kodelisten {code_list}", violated)

    def holds_only(self, rule_id: str, number: int, *codes: str, violated: Condition | None = None) -> Rule:
        """Return the rule that only results of those types belong in the report."""
        text = f"{self} har et resultat, der ikke hører til i den; den kan rumme {', '.join(codes)}."
        return self.rule(rule_id, number, text, of_other_type_than(*codes) if violated is None else violated)

    def value_in(
        self, rule_id: str, number: int, kind: ResultKind, *lists: str, at: Path | None = None, when: Condition | None = None,
        where: str = "",
    ) -> Rule:  # fmt: skip
        """Return the rule that a result's value is in one of the lists if ``when`` holds, which ``where`` says in words."""
        text = f"Resultatet {kind} skal angives med en kode fra kodelisten {' eller '.join(lists)}{where and ', '}{where}."
        wrong = result(kind.code).outside(*lists, at=at)
        return self.rule(rule_id, number, text, wrong if when is None else both(when, wrong))

    def at_most_one(self, rule_id: str, number: int, kind: ResultKind) -> Rule:
        """Return the rule that the report has the result at most once."""
        return self.rule(
            rule_id, number, f"{self} har resultatet {kind} flere gange; én er det højeste.", result(kind.code).repeated
        )

    def exactly_one(self, rule_id: str, number: int, *kinds: ResultKind) -> Rule:
        """Return the rule that the report has the result, or one of several, exactly once."""
        text = f"{self} skal have resultatet {' eller '.join(map(str, kinds))} præcis én gang."
        return self.rule(rule_id, number, text, result(*(kind.code for kind in kinds)).not_just_one)

    def complete_needs(self, rule_id: str, number: int, kind: ResultKind) -> Rule:
        """Return the rule that a complete report has the result."""
        return self.rule(
            rule_id, number, f"En komplet {self} skal have resultatet {kind}.", both(COMPLETE, result(kind.code).absent)
        )

    def needs(self, rule_id: str, number: int, kind: ResultKind, when: Condition, where: str, **more: Any) -> Rule:
        """Return the rule that the report has the result if ``when`` holds, which ``where`` says in words."""
        text = f"{self} mangler resultatet {kind}, som er påkrævet, {where}."
        return self.rule(rule_id, number, text, both(when, result(kind.code).absent), **more)

    def lacks_complete(self, reports: Path, *, at: Path | None = None, during: Path | None = None) -> Condition:
        """Return the condition that no report of this name is complete; ``at`` or ``during`` are paths of a report."""
        return none_of(reports, both(named(self.code), the.status.inside(COMPLETE_STATUS, at=at, during=during)))

    def absent_or_incomplete(self, reports: Path, *, at: Path) -> Condition:
        """Return the condition that no report has this name, or one that has it is not complete at that moment."""
        incomplete = both(named(self.code), the.status.outside(COMPLETE_STATUS, at=at))
        return either(none_of(reports, named(self.code)), some(reports, incomplete))


def due(
    rule_id: str, number: int, text: str, *, on: type[Fact], violated: Condition, end: Path, now: Path, days: int, **more: Any
) -> tuple[Rule, Rule]:  # fmt: skip
    """Return two rules on what must be reported within some days after ``end``: a warning until then, an error from then on."""
    deadline = end.plus(days=days)
    warning = Rule(
        f"{rule_id}-w", number, text, on=on, violated=both(violated, deadline > now), severity=Severity.WARNING,
        error_by=deadline, **more,
    )  # fmt: skip
    return warning, Rule(rule_id, number, text, on=on, violated=both(violated, deadline <= now), **more)
