"""Sessions have the facts of a course of treatment. ``found`` returns where a published condition finds something."""

from __future__ import annotations

from functools import cache

from mockregister.synthetic.cases import LATER, Case
from mockregister.synthetic.code_books import PracticeBook
from mockregister.synthetic.courses import courses
from mockregister.validation.rules.drools.translation import Translation, translate
from mockregister.validation.rules.facts import Fact, Session
from mockregister.validation.rules.gathering import EpisodeFacts
from tests.validation.rules.trees import DAY, a_case, touched


def session_of(case: Case) -> Session:
    """Return all facts of a case."""
    book, now = PracticeBook(), case.now(DAY)
    documents = case.documents(DAY, now, book)
    tables = book.tables()
    (tree,) = touched(documents, tables, now)
    return EpisodeFacts(tree, tables, now).session


def a_session(course: str = "planned", moment: str = LATER, **changes: object) -> Session:
    """Return all facts of a course with changes. Dots in their names are written as double underscores."""
    return session_of(a_case(course, moment, **changes))


@cache
def sessions() -> list[Session]:
    """Return the facts of every shipped course."""
    return [session_of(a_case(name)) for name in courses()]


def found(condition: str | Translation, session: Session) -> list[Fact]:
    """Return the facts at which the condition's findings are placed."""
    rule = translate(condition) if isinstance(condition, str) else condition
    fitting = [fact for fact in session.facts if isinstance(fact, rule.on) and rule.key in ("", fact.key)]
    return [fact for fact in fitting if isinstance(fact.cause, rule.cause or object) and rule.violated.holds(fact)]


def kinds(condition: str, session: Session) -> list[str]:
    """Return the kinds of these facts."""
    return [type(fact).__name__ for fact in found(condition, session)]
