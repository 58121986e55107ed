"""The summary on a patient's page: how much is stored, the main diagnoses, and the findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mockregister.finding import Finding
from mockregister.web.pages.nodes import PageNode

MOST = 6  # main conditions that are named


@dataclass(frozen=True, slots=True)
class PatientSummary:
    """What the page says first about a patient: numbers of open episodes of care and of contacts, and the last contact.

    ``diagnoses`` are titles of main conditions, each with the key of the last condition that has it; ``findings`` come with the
    keys of the elements they are on.
    """

    open: int
    contacts: int
    last: datetime | None
    diagnoses: list[tuple[str, str]]
    authorities: list[str]
    findings: list[tuple[Finding, str]]


def summarized(episodes: list[PageNode], authorities: Iterable[str]) -> PatientSummary:
    """Return the summary of a patient's episodes of care, which these authorities (CVR numbers) report."""
    nodes = [node for episode in episodes for node in episode.all()]
    contacts = [node for node in nodes if node.kind == "Encounter"]
    return PatientSummary(
        open=sum(episode.end is None for episode in episodes),
        contacts=len(contacts),
        last=max((node.start for node in contacts if node.start), default=None),
        diagnoses=list({node.title: node.key for node in nodes if node.kind == "Main condition"}.items())[:MOST],
        authorities=sorted(set(filter(None, authorities))),
        findings=[(finding, node.key) for node in nodes for finding in node.findings],
    )
