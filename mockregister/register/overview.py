"""The register in a few figures, and the patients and episodes of care that they count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mockregister.finding import Finding, Severity
from mockregister.model import EntryKind, Patient
from mockregister.register.elements import Look
from mockregister.register.indexes import (
    BY_STANDING,
    ENTRIES_OF_SET,
    EPISODES_BY_FINDING,
    SETS_OF_PATIENT,
    standing_key,
)
from mockregister.register.rows import LinkRow, SetRow, Table, patient_keys
from mockregister.register.store import Rows
from mockregister.register.view import View


@dataclass(frozen=True, slots=True)
class Figures:
    """How many there are; ``with_errors`` and ``with_warnings`` are episodes of care."""

    patients: int
    episodes: int
    documents: int
    with_errors: int
    with_warnings: int


def figures(look: Look, patients: int) -> Figures:
    """Return the figures of a moment, when the number of patients is known."""
    standing = [findings for _, findings in outstanding(look)]
    with_errors = sum(any(finding.is_error for finding in findings) for findings in standing)
    return Figures(
        patients=patients,
        episodes=look.rows.postings(BY_STANDING, standing_key(EntryKind.EPISODE_OF_CARE, "live")),
        documents=look.rows.count(Table.DOCUMENTS),
        with_errors=with_errors,
        with_warnings=len(standing) - with_errors,
    )


def outstanding(look: Look) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Yield the keys of the episodes of care that something stands against, and what that is at this moment."""
    for key in dict.fromkeys(key for severity in Severity for key in look.rows.find(EPISODES_BY_FINDING, severity.value)):
        findings = look.findings(key)
        if findings and look.live_entry(key) is not None:
            yield key, findings


def with_finding(view: View, code: str) -> list[str]:
    """Return the keys of the episodes of care against which a finding of this code stands, oldest first."""
    return [key for key in view.rows.find(EPISODES_BY_FINDING, code) if view.live_entry(key) is not None]


def episodes_of_sets(view: View, sets: list[str]) -> list[str]:
    """Return the keys of the live episodes of care in document sets."""
    keys = (key for set_key in sets for key in view.rows.find(ENTRIES_OF_SET, set_key))
    rows = ((key, view.live_entry(key)) for key in keys)
    return [key for key, row in rows if row is not None and row.kind is EntryKind.EPISODE_OF_CARE]


def patients_with(rows: Rows, text: str = "") -> list[str]:
    """Return the keys of the patients whose CPR number or alternative id holds the text, or whose name has its words, in order.

    Each patient is there once: who got a CPR number later stands under that.
    """
    wanted = text.lower().replace("-", "") if text[6:7] == "-" else text.lower()
    links = ((key, rows.get(Table.LINKS, LinkRow, key)) for key in rows.keys(SETS_OF_PATIENT) if _fits(rows, key, wanted))
    return sorted({link.cpr if link else key for key, link in links}, key=lambda key: (key.rpartition("^")[2], key))


def name_of(patient: Patient) -> str:
    """Return a patient's name as it is spoken."""
    return " ".join((*patient.name.given, patient.name.family)) if patient.name else ""


def _fits(rows: Rows, key: str, wanted: str) -> bool:
    """Return whether a set is about the patient of this key, and the key holds the text, or the name its words."""
    sets = (rows.get(Table.SETS, SetRow, id) for id in rows.posted(SETS_OF_PATIENT, key))
    newest = next((row for row in sets if row is not None and key in patient_keys(row.patient)), None)
    return newest is not None and (wanted in key.lower() or _is_called(newest.patient, wanted.split()))


def _is_called(patient: Patient, words: list[str]) -> bool:
    name = name_of(patient).lower()
    return bool(name) and all(word in name for word in words)
