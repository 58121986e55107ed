"""Apply a document to what the register holds: find what it violates, and change what it changes (interface section 7)."""

from __future__ import annotations

from collections.abc import Iterator

from mockregister.model import EntryKind
from mockregister.register import chain, identities, main_conditions, references
from mockregister.register.proposal import Proposal
from mockregister.register.rows import EntryRow, LinkRow, SetRow, Status, Table, key_of
from mockregister.register.violation import Violation
from mockregister.register.workspace import Workspace


def amend(workspace: Workspace, proposal: Proposal) -> Iterator[Violation]:
    """Change the workspace as the document says, and yield what is wrong with the document.

    A refused document is applied too, as far as possible, so that later documents of the submission are judged fairly.
    """
    yield from chain.check(proposal, workspace)
    if proposal.is_sent_again:
        return  # everything in it exists already; reporting each entry would not help (fact 205)
    yield from identities.check(proposal, workspace)
    yield from references.check(proposal)
    apply(workspace, proposal)
    yield from references.to_removed_entries(proposal, workspace)
    yield from main_conditions.check(proposal, workspace)
    yield from _edited_by_hand(workspace, proposal)


def apply(workspace: Workspace, proposal: Proposal) -> None:
    """Change the workspace as the document says."""
    _write(workspace, proposal)
    _remove(workspace, proposal)
    _note_header(workspace, proposal)


def _write(workspace: Workspace, proposal: Proposal) -> None:
    """Write the entries that the document states, but never over an entry of another set or kind."""
    custodian = proposal.document.custodian
    for statement in proposal.stated.values():
        row = proposal.rows.get(statement.key)
        if row is None or (row.set == proposal.set_key and row.kind is statement.kind):
            owner, set_key, document = proposal.owner_of(statement), proposal.set_key, proposal.key
            written = EntryRow(statement.kind, statement.entry, set_key, owner, Status.LIVE, document, custodian)
            workspace.write(statement.key, written)


def _remove(workspace: Workspace, proposal: Proposal) -> None:
    """Remove what is nullified or left out, after the updates, so that what has moved away from it stays (fact 202)."""
    for key, target in proposal.nullified.items():
        if proposal.own_row(target) is not None and not (proposal.replaces_all and key in proposal.stated):
            workspace.remove(key, Status.NULLIFIED, Status.FELL, proposal.key)
    for key in _left_out(workspace, proposal):
        workspace.remove(key, Status.DROPPED, Status.DROPPED, proposal.key)


def _left_out(workspace: Workspace, proposal: Proposal) -> list[str]:
    """Return the keys that a replacement leaves out: of the whole set (fact 66), or of a replaced episode's markers (fact 96)."""
    if proposal.replaces_all:
        return [key for key in workspace.live(proposal.set_key) if key not in proposal.stated]
    owned = (workspace.owned(key_of(episode.id)).items() for episode in proposal.document.episodes)
    markers = dict.fromkeys(key for rows in owned for key, row in rows if row.kind is EntryKind.MARKER)
    return [key for key in markers if key not in proposal.stated]


def _note_header(workspace: Workspace, proposal: Proposal) -> None:
    """Link alternative ids to the CPR number of the same document (fact 34), and put the document at the end of its set.

    If the patient of the set changes, all episodes of care of the set are touched.
    """
    document, patient = proposal.document, proposal.document.patient
    for identifier in patient.alternative_ids if patient.cpr else ():
        workspace.rows.put(Table.LINKS, identifier.key, LinkRow(patient.cpr))
    if proposal.set is not None and proposal.set.patient != patient:
        for key in workspace.live(proposal.set_key):
            workspace.touch(key, proposal.key)
    if not proposal.follows_nothing:  # if it does, later documents of the submission must not find the set either
        base = proposal.key if proposal.set is None or proposal.replaces_all else proposal.set.base
        row = SetRow(document.set_id, proposal.key, document.version, base, patient, document.custodian)
        workspace.rows.put(Table.SETS, proposal.set_key, row)


def _edited_by_hand(workspace: Workspace, proposal: Proposal) -> Iterator[Violation]:
    """Yield a violation for each episode of care that the document changes after someone edited it in the user interface."""
    for episode, document in workspace.touched.items():
        checked = workspace.checked(episode)
        if document == proposal.key and checked is not None and checked.by_hand:
            yield proposal.violation("WEBSERVICE_CHANGE_NOT_ALLOWED", _where(proposal, episode), episode)


def _where(proposal: Proposal, episode: str) -> object:
    """Return the object with which the document states the episode, removes it or adds to it; else the document as a whole."""
    stated = proposal.stated.get(episode)
    if stated is not None:
        return stated.entry
    owners = (statement.owner for statement in proposal.statements if statement.owner_key == episode)
    return proposal.nullified.get(episode) or next(owners, None) or proposal.document
