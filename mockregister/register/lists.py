"""Lists for people, read along counted indexes: documents by month, and what is in the error list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from heapq import merge

from mockregister.finding import Finding, Severity
from mockregister.model import EntryKind
from mockregister.register.elements import Document, Look, document
from mockregister.register.indexes import BY_CODE, DOCUMENTS_BY_MONTH, STANDING_BY_DAY, code_key, split
from mockregister.register.overview import error_at


def documents_of_month(look: Look, month: str, authority: str = "") -> Iterator[Document]:
    """Yield the documents received in a month (``2019-06``; empty: any), newest first, of one authority or of all."""
    keys: dict[str, list[str]] = {}
    for key in look.rows.counts(DOCUMENTS_BY_MONTH):
        said, cvr = split(key, 2)
        if month in ("", said) and authority in ("", cvr):
            keys.setdefault(said, []).append(key)
    for said in sorted(keys, reverse=True):
        found = (filter(None, (document(look, id) for id in look.rows.posted(DOCUMENTS_BY_MONTH, key))) for key in keys[said])
        yield from merge(*found, key=lambda document: document.row.received, reverse=True)


@dataclass(frozen=True, slots=True)
class StandingEpisode:
    """An episode of care with the findings against it, the authority (a CVR number), and the day of its last report."""

    episode: str
    authority: str
    day: date
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class StandingQuestion:
    """What to search for in the error list: ``first`` and ``last`` are days of reports; empty or None is not tested.

    ``severity`` is that of the worst finding against an episode of care.
    """

    authority: str = ""
    rule: str = ""
    severity: Severity | None = None
    first: date | None = None
    last: date | None = None


def standing(look: Look, wanted: StandingQuestion, *, newest_first: bool = False) -> Iterator[StandingEpisode]:
    """Yield the matching episodes of care that have findings, by the day of their report."""
    keys = ((split(key, 3), key) for key in look.rows.counts(STANDING_BY_DAY))
    fitting = sorted((day, authority, key) for (day, word, authority), key in keys if _fits(look, wanted, day, word, authority))
    for day, authority, key in reversed(fitting) if newest_first else fitting:
        for episode in look.rows.find(STANDING_BY_DAY, key):
            findings = look.findings(episode)
            if not wanted.rule or any(finding.code == wanted.rule for finding in findings):
                yield StandingEpisode(episode, authority, date.fromisoformat(day), findings)


def _fits(look: Look, wanted: StandingQuestion, day: str, word: str, authority: str) -> bool:
    is_error, _ = error_at(word, look.now)
    return (
        wanted.authority in ("", authority)
        and (wanted.severity is None or is_error is (wanted.severity is Severity.ERROR))
        and (wanted.first is None or day >= wanted.first.isoformat())
        and (wanted.last is None or day <= wanted.last.isoformat())
    )


def code_uses(look: Look, code: str) -> list[tuple[EntryKind, int]]:
    """Return about how many elements of each kind have a code, or once had it; kinds that never had it are left out."""
    found = ((kind, look.rows.postings(BY_CODE, code_key(kind, code.upper()))) for kind in EntryKind)
    return [(kind, elements) for kind, elements in found if elements]
