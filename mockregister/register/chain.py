"""Check that a document is the next link of its set's chain (facts 73, 187, 192)."""

from __future__ import annotations

from collections.abc import Iterator

from mockregister.model import ParentDocument
from mockregister.register.proposal import Proposal
from mockregister.register.rows import DocumentRow, SetRow, Table
from mockregister.register.view import View
from mockregister.register.violation import Violation


def check(proposal: Proposal, before: View) -> Iterator[Violation]:
    """Yield what is wrong with the document's ids, its set, and the document it follows."""
    document = proposal.document
    if not document.id.extension:
        yield proposal.violation("CLINICAL_DOCUMENT_ID_NOT_FOUND", document)
    if not document.set_id:
        yield proposal.violation("SET_ID_NOT_FOUND", document, attribute="set_id")
    elif proposal.is_sent_again:
        yield proposal.violation("SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT", document, proposal.set_key)
    elif proposal.follows_nothing:
        yield proposal.violation("SET_NOT_FOUND", document, proposal.set_key)
    else:
        if proposal.set is not None and document.parent is not None:
            yield from _succession(proposal, proposal.set, document.parent)
        if before.rows.get(Table.DOCUMENTS, DocumentRow, proposal.key) is not None:  # its row would be lost
            yield proposal.violation("EXTENSION_ALREADY_USED", document.id, document.id.extension.lower())


def _succession(proposal: Proposal, latest: SetRow, parent: ParentDocument) -> Iterator[Violation]:
    """Check that the parent is the latest document, by id and by version, and the new version is greater."""
    sent, known = parent.id.extension.lower(), latest.document.rpartition("^")[2]
    if sent != known:
        yield proposal.violation("PARENT_DOCUMENT_ID_MISMATCH", parent, sent, known)
    if parent.version not in (None, latest.version):
        yield _wrong_version(proposal, parent, parent.version, latest.version)
    elif proposal.document.version <= latest.version:
        yield _wrong_version(proposal, proposal.document, proposal.document.version, latest.version)


def _wrong_version(proposal: Proposal, at: object, sent: int | None, latest: int) -> Violation:
    return proposal.violation("PARENT_DOCUMENT_VERSION_MISMATCH", at, str(sent), str(latest), attribute="version")
