"""Copies of the shipped example about any number of other patients."""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib import resources
from random import Random
from uuid import NAMESPACE_OID, uuid5

from mockregister import safexml
from mockregister.document import reader
from mockregister.model import Submission
from mockregister.register.register import Register
from mockregister.synthetic.cpr import nobodys_number

EXAMPLE_FILE = resources.files("mockregister.document") / "examples" / "1-first-visit.xml"
EXAMPLE = EXAMPLE_FILE.read_bytes()
SHAPE = reader.read(safexml.parse(EXAMPLE)).document
UUID = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
FIRST_YEAR, A_YEAR = 1925, 300  # this many patients are born in each year, on the days after January 1


def of_patient(number: int, visits: int = 1) -> bytes:
    """Return the example about patient ``number`` (0 to 29,999) with this many visits, in its own set and with its own ids."""
    text = _with_visits(EXAMPLE.decode(), visits)
    known = {SHAPE.set_id, *re.findall(rf'(?<=extension="){UUID}', text)}
    others = {id: str(uuid5(NAMESPACE_OID, f"{id} {number}")) for id in known}
    text = re.sub(UUID, lambda match: others.get(match[0], match[0]), text)
    return text.replace(SHAPE.patient.cpr, cpr(number)).encode()


def _with_visits(text: str, visits: int) -> str:
    """Return the example with this many copies of its visit and all entries below it."""
    ids = "|".join([entry.id.extension for entry in SHAPE.entries()][1:])
    return re.sub(
        r"<entry\b.*?</entry>",
        lambda entry: "".join(
            re.sub(ids, lambda id, copy=copy: str(uuid5(NAMESPACE_OID, f"{id[0]} {copy}")), entry[0])  # type: ignore[misc]
            for copy in range(visits if re.search(ids, entry[0]) else 1)
        ),
        text,
        flags=re.DOTALL,
    )


def cpr(number: int) -> str:
    """Return the CPR number of patient ``number``, a woman with her own birth date."""
    birth = date(FIRST_YEAR + number // A_YEAR, 1, 2) + timedelta(number % A_YEAR)
    return nobodys_number(birth, "F", Random(number))


def submission_of(content: bytes) -> Submission:
    """Return the submission of one of these documents."""
    return Submission.of([content]).by_author_of(SHAPE)


def fill(register: Register, patients: int, first: int = 0) -> None:
    """Store a document for each of this many patients without validating it, because that costs the same for each."""
    for number in range(first, first + patients):
        keep(register, of_patient(number))


def keep(register: Register, content: bytes) -> None:
    """Read a document and store it without validating it."""
    document = reader.read(safexml.parse(content)).document
    with register.draft([document]) as draft:
        draft.commit(submission_of(content), ())
