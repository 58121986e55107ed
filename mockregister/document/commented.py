"""A document with comments that explain its parts, for people who write their first one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from lxml import etree

from mockregister.document import templates as t
from mockregister.safexml import CDA, parse

WIDTH = 110
HEADER = {
    "id": "The document's own id: the root is the id of its set, the extension is new in each document.",
    "effectiveTime": "When the document was made. No time in it may be later.",
    "setId": "The document set: all documents about one course, one after the other. It is the root of every id below.",
    "versionNumber": "1 in the first document of a set, and greater in each that follows.",
    "relatedDocument": "The document that this one follows: the latest of its set, by id and version. APND adds to the set; RPLC "
    "replaces everything in it.",
    "recordTarget": "The patient (patient).",
    "author": "Who wrote the document: the SOR id of a unit.",
    "custodian": "The reporting authority: a CVR number.",
}
PARTS = {
    t.EPISODES_OF_CARE_SECTION: "Episodes of care (forløbselementer).",
    t.ENCOUNTERS_SECTION: "Encounters (kontakter).",
    t.PROCEDURES_SECTION: "Procedures (procedurer).",
    t.CONDITIONS_SECTION: "Conditions (diagnoser).",
    t.OBSERVATION_ORGANIZERS_SECTION: "Result reports (resultatindberetninger).",
    t.NULLIFY_SECTION: "Nullified entries (sletninger). The entries that belong to them are nullified with them.",
    t.EPISODE_OF_CARE: "An episode of care. It is open while its effectiveTime has no high.",
    t.RESPONSIBLE_UNIT: "The responsible unit (ansvarlig enhed): a SOR id.",
    t.REFERRAL: "The referral (henvisning), and when it was received.",
    t.RIGHT_TO_CHOOSE_HOSPITAL: "The right to choose a hospital (fritvalg).",
    t.REFERRAL_ORIGIN: "The way of referral (henvisningsmåde).",
    t.REFERRAL_REASON: "Why the patient was referred (henvisningsårsag).",
    t.CLINICAL_THEME: "The clinical theme (forløbslabel).",
    t.MARKER: "A marker of the episode of care (forløbsmarkør).",
    t.EPISODE_LINK: "A link to another episode of care (reference).",
    t.EPISODE_COMPLETION: "How the episode of care ended (afslutningsmåde).",
    t.ENCOUNTER: "An encounter. Its code is the type (kontakttype).",
    t.ENCOUNTER_REASON: "Why the patient came (kontaktårsag).",
    t.SERVICE_DELIVERY_LOCATION: "Where the patient was, and when (opholdsadresse).",
    t.TREATMENT_START: "When treatment began (behandlingsstart).",
    t.PAYMENT_CONTRACT: "Who pays (betalingsoplysning). Its code is the agreement (betalingsaftale).",
    t.PAYOR: "The payer (betaler).",
    t.SPECIALIZATION_LEVEL: "The level of specialisation (specialiseringsniveau).",
    t.MAIN_CONDITION: "The main condition (aktionsdiagnose) of an encounter.",
    t.MINOR_CONDITION: "A minor condition (bidiagnose).",
    t.CONDITION_KIND: "The kind of condition (diagnoseart).",
    t.METASTASIS: "Metastases (metastaser).",
    t.CANCER_RECURRENCE: "Recurrence (lokalrecidiv).",
    t.PROCEDURE_ACT: "A procedure, sent as an act.",
    t.PROCEDURE_OBSERVATION: "A procedure, sent as an observation.",
    t.PROCEDURE_PROCEDURE: "A procedure, sent as a procedure.",
    t.PROCEDURE_PRODUCER: "The unit that performed it (producerende enhed): a SOR id.",
    t.OBSERVATION_ORGANIZER: "A result report. Its code is the name, RAA01 to RAA10; its status is a code (RAS01: complete).",
    t.OBSERVATION: "A result: its code is the type, its text is the value.",
    t.INTERNAL_EPISODE_OF_CARE: "It belongs to the episode of care with this id in this document (internal reference).",
    t.INTERNAL_ENCOUNTER: "It belongs to the encounter with this id in this document (internal reference).",
    t.INTERNAL_CONDITION: "It is about the condition with this id in this document (internal reference).",
    t.INTERNAL_PROCEDURE_PROCEDURE: "It is about the procedure with this id in this document (internal reference).",
    t.EXTERNAL_EPISODE_OF_CARE_REFERENCE: "It belongs to the episode of care with this id in the set (external reference).",
    t.REPLACEMENT_REFERENCE: "This entry replaces the entry with this id. What this entry leaves out is gone from the register.",
    t.NULLIFY: "The entry with this id is nullified.",
}


def commented(content: bytes, introduction: str = "") -> bytes:
    """Return a document with an introduction and a comment at the first part of each kind. Raise UnreadableDocument."""
    root = parse(content)
    for element, sentence in list(_explained(root)):
        element.addprevious(_comment(sentence))
    if introduction:
        root.insert(0, _comment(introduction))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _explained(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Yield the elements that get a comment, each with its sentence."""
    for child in root:
        if (name := etree.QName(child).localname) in HEADER:
            yield child, HEADER[name]
    told: set[str] = set()
    for template in root.iter(f"{{{CDA}}}templateId"):
        parent, oid = template.getparent(), template.get("root", "")
        if parent is not None and oid in PARTS and oid not in told:
            told.add(oid)
            yield parent, PARTS[oid]


def _comment(text: str) -> etree._Comment:
    """Return a comment with wrapped lines; two hyphens in a row are not allowed in it."""
    paragraphs = text.replace("--", "- -").splitlines()
    lines = [line for paragraph in paragraphs for line in textwrap.wrap(paragraph, WIDTH) or [""]]
    return etree.Comment(f" {lines[0]} " if len(lines) == 1 else "\n" + "\n".join(f"  {line}" for line in lines) + "\n")
