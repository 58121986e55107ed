"""The ids of a patient: a CPR number, alternative ids, and the links between them (facts 34, 92)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mockregister.model import CPR, Patient
from mockregister.register.indexes import LINKS_OF_CPR, SETS_BY_ALTERNATIVE_NUMBER, SETS_OF_PATIENT
from mockregister.register.rows import LinkRow, Table
from mockregister.register.view import View


def patient_key(patient: Patient) -> str:
    """Return the key of a patient: the CPR number, else ``root^extension`` of the first alternative id."""
    return patient.cpr or next((identifier.key for identifier in patient.alternative_ids), "")


def sets_of(view: View, text: str) -> list[str]:
    """Return the keys of the document sets about a patient, under any of the ids, oldest first for each id.

    ``text`` is a CPR number, the extension of an alternative id, or ``root^extension``.
    """
    found = (view.rows.find(SETS_OF_PATIENT, known) for known in _known_by(view, _named(view, text.strip())))
    return list(dict.fromkeys(key for sets in found for key in sets))


def _known_by(view: View, asked: Iterable[str]) -> list[str]:
    """Return all keys of the patient with these keys: CPR numbers and the alternative ids that are linked to them."""
    asked = list(asked)
    links = (view.rows.get(Table.LINKS, LinkRow, key) for key in asked)
    numbers = [*(key for key in asked if "^" not in key), *(link.cpr for link in links if link is not None)]
    tied = (key for cpr in numbers for key in view.rows.find(LINKS_OF_CPR, cpr))
    return list(dict.fromkeys((*asked, *numbers, *tied)))


def _named(view: View, text: str) -> Iterator[str]:
    """Yield the keys that a CPR number, an extension or ``root^extension`` can mean."""
    root, _, number = text.lower().rpartition("^")
    if root:
        yield from (f"{root}^{number}", *((number.upper(),) if root == CPR else ()))
    else:
        yield number.upper()
        rows = (view.set(key) for key in view.rows.find(SETS_BY_ALTERNATIVE_NUMBER, number))
        keys = (identifier.key for row in rows if row for identifier in row.patient.alternative_ids)
        yield from (key for key in keys if key.endswith(f"^{number}"))
