"""Episodes of care that someone has edited in the register's user interface; no document may change them."""

from __future__ import annotations

from collections.abc import Iterator

from mockregister.register.proposal import Proposal
from mockregister.register.violation import Violation
from mockregister.register.workspace import Workspace


def check(proposal: Proposal, workspace: Workspace) -> Iterator[Violation]:
    """Yield each edited episode that the document changes, once."""
    for episode, document in workspace.touched.items():
        checked = proposal.before.checked(episode)
        if document == proposal.key and checked is not None and checked.by_hand:
            yield proposal.violation("WEBSERVICE_CHANGE_NOT_ALLOWED", _place(proposal, episode), episode)


def _place(proposal: Proposal, episode: str) -> object:
    """Return where the document states the episode, removes it or adds to it; else the document as a whole."""
    stated = proposal.stated.get(episode)
    if stated is not None:
        return stated.entry
    owners = (statement.owner for statement in proposal.statements if statement.owner_key == episode)
    return proposal.nullified.get(episode) or next(owners, None) or proposal.document
