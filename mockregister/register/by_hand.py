"""Episodes of care that somebody has edited in the register's user interface: no document may change them any more."""

from __future__ import annotations

from collections.abc import Iterator

from mockregister.register.proposal import Proposal
from mockregister.register.violation import Violation
from mockregister.register.workspace import Workspace


def check(proposal: Proposal, workspace: Workspace) -> Iterator[Violation]:
    """The edited episodes that the document worked on, each told where the document states it, or at the document."""
    for episode, document in workspace.touched.items():
        checked = proposal.before.checked(episode)
        if document == proposal.key and checked is not None and checked.by_hand:
            stated = proposal.stated.get(episode)
            at = stated.entry if stated else proposal.document
            yield proposal.violation("WEBSERVICE_CHANGE_NOT_ALLOWED", at, episode)
