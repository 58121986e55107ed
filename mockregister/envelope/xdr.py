"""ITI-41 in, RegistryResponse out: IHE XDR, Provide and Register Document Set-b (IHE ITI TF-2, section 3.41)."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from mockregister.envelope import author_institution, dgws, mime, soap
from mockregister.envelope.soap import Caller, Message, attribute
from mockregister.errors import UnreadableRequest, shown
from mockregister.finding import Finding, Level, Severity
from mockregister.model import SentDocument, Submission
from mockregister.safexml import NAMESPACES, held, qname, whole_text
from mockregister.security.idcard import id_card

REQUEST = qname("xds", "ProvideAndRegisterDocumentSetRequest")
DOCUMENT = qname("xds", "Document")
ANY_DOCUMENT = ("{*}Document", "{*}document", "{*}DOCUMENT")
INCLUDE = qname("xop", "Include")
REGISTRY_PACKAGE, EXTERNAL_IDENTIFIER = qname("rim", "RegistryPackage"), qname("rim", "ExternalIdentifier")
UNIQUE_ID = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"  # XDSSubmissionSet.uniqueId
SOURCE_ID = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832"  # XDSSubmissionSet.sourceId
PATIENT_ID = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"  # XDSSubmissionSet.patientId
SUBMISSION_SET = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"  # the classification node of a RegistryPackage
DOCUMENT_ENTRY = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"  # objectType of a stable document
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
STATUS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"
SEVERITY = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:"
MARK = "|||"

# The prefixes that the register declares (fact 80), for clients that compare answers as text.
PREFIXES = {
    "ns2": "rs",
    "ns3": "lcm",
    "ns4": "xds",
    "ns5": "query",
    "ns6": "wsu",
    "ns7": "saml",
    "ns8": "ds",
    "ns9": "wsse",
    "ns10": "dgws",
    "ns11": "hsuid",
    "ns12": "rim",
}
DECLARATIONS = " ".join(f'xmlns:{prefix}="{NAMESPACES[name]}"' for prefix, name in PREFIXES.items())


def read(message: Message) -> Submission:
    """Return the submission in an opened envelope, even without documents. Raise UnreadableRequest if it is not ITI-41."""
    if message.payload.tag != REQUEST:
        raise UnreadableRequest(f"The SOAP Body holds {shown(message.payload.tag)}; send {REQUEST} (ITI-41).")
    soap.refuse_unknown_headers(message)
    elements = message.payload.findall(DOCUMENT)
    if len(elements) > mime.MAX_PARTS:  # all may name the same part, so the limit of parts does not limit them
        raise UnreadableRequest(f"The request has {len(elements)} documents; send at most {mime.MAX_PARTS} at once.")
    documents = tuple(_document(element, message.package) for element in elements)
    card, ids = id_card(message.header), _external_ids(message.payload)
    author = author_institution.read(message.payload)
    return Submission(
        documents,
        author,
        card.care_provider if card else "",
        ids.get(UNIQUE_ID, ""),
        ids.get(SOURCE_ID, ""),
        ids.get(PATIENT_ID, ""),
        dgws.message_id(message.header),
        dgws.system_name(message.header),
        instead_of_documents=_instead_of_documents(message.payload),
        instead_of_author="" if author else author_institution.instead(message.payload),
    )


def write_answer(caller: Caller, status: str, findings: Sequence[Finding], header_namespace: str) -> tuple[str, bytes]:
    """Return Content-Type and body of the RegistryResponse.

    ``status`` is Success or Failure; ``header_namespace`` is that of the medcom Header, given by the path called.
    """
    errors = _error_list(findings) if findings else ""
    answer = f'<ns2:RegistryResponse {DECLARATIONS} status="{STATUS}{status}">{errors}</ns2:RegistryResponse>'
    return soap.write(caller, dgws.answer_header(header_namespace), answer)


def error_code(finding: Finding) -> str:
    """Return the value of ``errorCode`` (fact 200)."""
    return "XDSMissingDocumentMetadata" if finding.missing_metadata else "InvalidDocumentContent"


def code_context(finding: Finding) -> str:
    """Return the value of ``codeContext``: type, text, and for an integrity check its code and parameters."""
    code = (finding.code, *finding.params) if finding.level is Level.INTEGRITY_CHECK and finding.code else ()
    return MARK.join((finding.level.value, finding.text, *code))


def location(finding: Finding) -> str:
    """Return the ``location``: document, place, and for a business rule its rule set and id; empty without a document."""
    rule = (finding.rule_set, finding.code) if finding.level is Level.BUSINESS_RULE else ()
    return MARK.join((*filter(None, (finding.document, finding.where)), *rule))


def _document(element: etree._Element, package: mime.Package) -> SentDocument:
    name, include, text = element.get("id", ""), element.find(INCLUDE), whole_text(element)
    if include is not None and not text.strip() and len(list(element.iterchildren("*"))) == 1:
        return SentDocument(name, package.attached(include.get("href", "")))
    this = f"The Document '{shown(name)}'"
    if include is not None:
        found = held(element) + (f" and '{shown(text.strip())}'" if text.strip() else "")
        raise UnreadableRequest(f"{this} holds {found}; it must hold one xop:Include alone.")
    if not package.is_xop:
        raise UnreadableRequest(f"{this} is not an XOP attachment. {mime.EXPECTED}", 415)
    child = next(element.iterchildren("*"), None)
    if child is not None:
        raise UnreadableRequest(f"{this} {_misplaced(element, child)}")
    content = text.encode()
    if not content.strip():
        raise UnreadableRequest(f"{this} is empty; name its part with an xop:Include.")
    return SentDocument(name, mime.decode_base64(content, this))


def _misplaced(document: etree._Element, child: etree._Element) -> str:
    """Return what a Document element holds instead of an Include or base64, and what to send, as the end of a sentence."""
    name, deeper = etree.QName(child), next(document.iter(INCLUDE), None)
    if deeper is not None:
        return f"has its xop:Include within {shown(child.tag)}; put it directly into the Document."
    if name.localname == "Include":
        return f"has an Include in the namespace '{shown(name.namespace or '')}'; use '{NAMESPACES['xop']}'."
    return f"holds {shown(child.tag)} as XML; send it as a part of its own, and name that part with an xop:Include."


def _instead_of_documents(request: etree._Element) -> str:
    """Return what the request has instead of a Document, or where it has a misplaced one, as the end of a sentence."""
    found = [stray for child in request.iterchildren("*") if child.tag != DOCUMENT for stray in child.iter(*ANY_DOCUMENT)]
    if found:
        parent = found[0].getparent()
        within = "" if parent is None or parent is request else f" within {parent.tag}"
        instead = f"{found[0].tag}{'' if etree.QName(found[0]).namespace else ' in no namespace'}{within}"
    else:
        instead = "" if request.find(DOCUMENT) is not None else f"only {held(request)}"
    return f"{instead}; send each as {DOCUMENT} directly within {REQUEST}" if instead else ""


def _external_ids(request: etree._Element) -> dict[str, str]:
    """Return the submission set's ids by identification scheme."""
    package = next(request.iter(REGISTRY_PACKAGE), None)
    found = [] if package is None else package.findall(EXTERNAL_IDENTIFIER)
    return {identifier.get("identificationScheme", ""): identifier.get("value", "") for identifier in found}


def _error_list(findings: Sequence[Finding]) -> str:
    highest = Severity.ERROR if any(finding.is_error for finding in findings) else Severity.WARNING
    errors = "".join(map(_error, findings))
    return f'<ns2:RegistryErrorList highestSeverity="{SEVERITY}{highest.value}">{errors}</ns2:RegistryErrorList>'


def _error(finding: Finding) -> str:
    where = location(finding)
    return (
        f"<ns2:RegistryError codeContext={attribute(code_context(finding))} errorCode={attribute(error_code(finding))}"
        f'{f" location={attribute(where)}" if where else ""} severity="{SEVERITY}{finding.severity.value}"/>'
    )
