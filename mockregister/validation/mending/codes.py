"""Mends for level 4: an expired code is replaced if SKS has exactly one valid code with the same term."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from mockregister.codes import validity
from mockregister.codes.sks import SksTable
from mockregister.document.reader import Reading
from mockregister.finding import Finding
from mockregister.model import Period
from mockregister.register.codings import Coding, codings
from mockregister.register.proposal import statements
from mockregister.register.rows import EntryRow, Status
from mockregister.validation.mending.written import Mend, WrittenDocument, set_attribute
from mockregister.validation.pipeline import Examination


def code_mends(finding: Finding, written: WrittenDocument, examination: Examination) -> Iterator[Mend]:
    """Yield a mend for each expired code that has a successor. Trying them shows which code the finding is about."""
    (reading,), sks = examination.readings, examination.register.codes.sks
    for coding in _codings(reading, examination):
        right = successor(sks, coding.code.code, coding.period)
        element = _same(written, reading, coding) if right else None
        if element is not None:
            yield set_attribute(written, element, "code" if "code" in element.attrib else "extension", right)


def _codings(reading: Reading, examination: Examination) -> Iterator[Coding]:
    for statement in statements(reading.document):
        set_key, document_key = reading.document.set_id.lower(), reading.document.id.key
        row = EntryRow(statement.kind, statement.entry, set_key, statement.owner_key, Status.LIVE, document_key)
        yield from codings(row, examination.draft.view)


def _same(written: WrittenDocument, reading: Reading, coding: Coding) -> etree._Element | None:
    """Return the element of the written document that a code was read from; None if there is none."""
    read = reading.places.element(coding.code)
    if read is None:
        return None
    number = next(number for number, element in enumerate(reading.places.root.iter(etree.Element)) if element is read)
    return list(written.root.iter(etree.Element))[number]


def successor(sks: SksTable, code: str, period: Period) -> str:
    """Return the code that replaces an expired one: the only code with its first letter and its term that is valid in the period.

    Return an empty string if no code or more than one fits, if the code is unknown or still valid, or if the period has no start.
    """
    rows, start = sks.rows(code), period.start
    if start is None or not rows or any(validity.overlaps(row, start, period.end) for row in rows):
        return ""
    term = rows[-1].term.casefold()
    alike = {
        row.code
        for row in (sks.search(code[:1], term) if term else ())
        if row.term.casefold() == term and validity.overlaps(row, start, period.end)
    }
    return alike.pop() if len(alike) == 1 else ""
