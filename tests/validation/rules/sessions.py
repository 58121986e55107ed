"""What the rules see of courses of treatment, and where a published condition finds something in it."""

from __future__ import annotations

from functools import cache

from mockregister.synthetic.cases import LATER, Case
from mockregister.synthetic.code_books import PracticeBook
from mockregister.synthetic.courses import courses
from mockregister.validation.rules.drools.translation import Translation, translate
from mockregister.validation.rules.facts import Fact, Session
from mockregister.validation.rules.gathering import gather
from tests.validation.rules.trees import DAY, a_case, touched


def session_of(case: Case) -> Session:
    """All that the rules see of a case."""
    book, now = PracticeBook(), case.now(DAY)
    documents = case.documents(DAY, now, book)
    tables = book.tables()
    (tree,) = touched(documents, tables, now)
    return gather(tree, tables, now)[0].session


def a_session(course: str = "planned", moment: str = LATER, **changes: object) -> Session:
    """All that the rules see of a course with changes, dots in their names written as double underscores."""
    return session_of(a_case(course, moment, **changes))


@cache
def sessions() -> list[Session]:
    """What the rules see of every shipped course."""
    return [session_of(a_case(name)) for name in courses()]


def found(condition: str | Translation, session: Session) -> list[Fact]:
    """The facts that a finding of the condition stands at."""
    rule = translate(condition) if isinstance(condition, str) else condition
    fitting = [fact for fact in session.facts if isinstance(fact, rule.on) and rule.key in ("", fact.key)]
    return [fact for fact in fitting if isinstance(fact.cause, rule.cause or object) and rule.violated.holds(fact)]


def kinds(condition: str, session: Session) -> list[str]:
    """The kinds of the facts that a finding of the condition stands at."""
    return [type(fact).__name__ for fact in found(condition, session)]
