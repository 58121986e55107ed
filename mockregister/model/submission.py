"""What is submitted: documents and their sender, from a SOAP envelope, a seed, a file or the JSON API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lxml import etree

from mockregister import safexml
from mockregister.lazy import lazy
from mockregister.model.document import ClinicalDocument
from mockregister.model.values import SOR


@dataclass(frozen=True)
class SentDocument:
    """A document as it was sent: ``id`` is the id of its Document element, ``content`` the document's bytes."""

    id: str
    content: bytes

    @lazy
    def root(self) -> etree._Element:
        """The root element, parsed once; readers must not change it. Raise UnreadableDocument."""
        return safexml.parse(self.content)


@dataclass(frozen=True, slots=True)
class AuthorInstitution:
    """The submission set's authorInstitution: XON fields 1, 6.2 and 10 (fact 33)."""

    name: str
    assigning_authority: str
    sor_id: str


@dataclass(frozen=True, slots=True)
class Submission:
    """Documents that are submitted together.

    ``author`` is None if the authorInstitution is missing or does not follow the Danish metadata profile. ``care_provider`` is
    the ID card's medcom:CareProviderID, read as a CVR number (fact 70). The other fields are recorded, not checked: the
    submission set's ids, the medcom message id, and the sending system from the HSUID header.

    ``instead_of_documents`` and ``instead_of_author`` say what the sender wrote instead of a document or the author
    institution; each is the end of the finding's sentence. They are empty if nothing is wrong, and for submissions without
    metadata, such as files, which need no author institution.
    """

    documents: tuple[SentDocument, ...]
    author: AuthorInstitution | None = None
    care_provider: str = ""
    unique_id: str = ""
    source_id: str = ""
    patient_id: str = ""
    message_id: str = ""
    system: str = ""
    instead_of_documents: str = ""
    instead_of_author: str = ""

    @classmethod
    def of(cls, contents: Iterable[bytes]) -> Submission:
        """Return a submission of these documents, without an author institution."""
        return cls(tuple(SentDocument(f"Document{number:02}", content) for number, content in enumerate(contents, 1)))

    def by_author_of(self, document: ClinicalDocument, name: str = "") -> Submission:
        """Return the submission as the author of ``document`` sends it, for the document's custodian.

        ``name`` is the name of the author institution; its SOR id if no name is given. If the document has no author unit,
        there is no author institution.
        """
        unit = document.author.unit
        author = AuthorInstitution(name or unit, SOR, unit) if unit else None
        return replace(self, author=author, care_provider=document.custodian)
