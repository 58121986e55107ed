"""Check the sender (author institution, care provider and custodian) before level 1 (facts 60, 98).

The findings are of type INTEGRITY_CHECK. Only the custodian is read from a document.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockregister.codes.producers import Producers
from mockregister.document.header import CUSTODIAN_ID
from mockregister.document.markup import first
from mockregister.document.places import Places, document_id
from mockregister.finding import Finding, Level
from mockregister.model import SOR, AuthorInstitution, SentDocument, Submission
from mockregister.validation.level3_integrity import TEXTS


def check(sent: Submission, producers: Producers) -> list[Finding]:
    """Return what is wrong with the sender of well-formed documents; custodians are only checked if the rest is right."""
    found = []
    if not sent.documents or sent.instead_of_documents:  # facts 119, 198
        code = "CLINICAL_DOCUMENT_NOT_FOUND"
        misplaced = f"The submission has a misplaced document: {sent.instead_of_documents}"
        text = misplaced if sent.documents else _but(TEXTS[code], sent.instead_of_documents)
        found.append(Finding(Level.INTEGRITY_CHECK, text, code=code))
    if wrong := _wrong_author(sent, producers):
        code = "AUTHOR_INSTITUTION_NOT_FOUND"
        found.append(Finding(Level.INTEGRITY_CHECK, _but(TEXTS[code], wrong), code=code, missing_metadata=True))
    if found or sent.author is None:
        return found
    return [finding for document in sent.documents for finding in _custodian(document, sent, sent.author, producers)]


def _but(says: str, found: str) -> str:
    return f"{says}, but {found}" if found else says


def _wrong_author(sent: Submission, producers: Producers) -> str:
    """Return what is wrong with the author institution, as the end of a sentence; empty if nothing is wrong."""
    author = sent.author
    if author is None:
        return sent.instead_of_author
    if author.assigning_authority != SOR:
        return f"its assigning authority (XON.6.2) is '{author.assigning_authority}' instead of SOR's {SOR}"
    if not author.sor_id.isdecimal():
        return f"its id (XON.10) is '{author.sor_id}', which is not a number"
    return "" if producers.has_unit(author.sor_id) else f"no data producer is registered for the unit '{author.sor_id}'"


def _custodian(document: SentDocument, sent: Submission, author: AuthorInstitution, producers: Producers) -> Iterator[Finding]:
    """Check that the author's institution reports for the document's custodian (facts 35, 166, 182)."""
    element = first(document.root, *CUSTODIAN_ID)
    custodian = "" if element is None else element.get("extension", "")
    wrong = _wrong_pair(sent.care_provider, author.sor_id, custodian, producers)
    if not wrong:
        return
    places = Places(document.root)
    places.put(document, document.root, custodian=element)
    yield Finding(
        Level.INTEGRITY_CHECK,
        f"{TEXTS['CUSTODIAN_NOT_FOUND']}: {wrong}",
        code="CUSTODIAN_NOT_FOUND",
        where=places.location(document, "custodian"),
        document=document_id(document.root),
        line=places.line(document, "custodian"),
    )


def _wrong_pair(care_provider: str, unit: str, custodian: str, producers: Producers) -> str:
    """Return which of the three is not registered with the others, as the end of a sentence; empty if all are.

    A care provider is empty if it was not sent.
    """
    if care_provider and not producers.has_owner(care_provider):
        return f"the care provider '{care_provider}' (medcom:CareProviderID) is not a data producer"
    if not producers.has_pair(custodian, unit):
        return f"the unit '{unit}' does not report for the custodian '{custodian}'"
    if care_provider and not producers.has_triple(care_provider, custodian, unit):
        sender = f"the care provider '{care_provider}' (medcom:CareProviderID)"
        return f"{sender} is not a data processor of the custodian '{custodian}'"
    return ""
