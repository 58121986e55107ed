"""Sentences in English and Danish that say what to do about each integrity code, and what the register has instead."""

from __future__ import annotations

from mockregister.model import EntryKind
from mockregister.register.rows import Status


def _table(text: str) -> dict[str, tuple[str, str]]:
    """Return the English and the Danish sentence of each code; in the text, both are indented below the lines of codes."""
    table: dict[str, tuple[str, str]] = {}
    for block in text.strip().split("\n\n"):
        *codes, english, danish = block.splitlines()
        table |= dict.fromkeys(" ".join(codes).split(), (english.strip(), danish.strip()))
    return table


ADVICE = _table("""
ALTERNATIVE_IDENTIFIER_WITH_CPR_SYSTEMID_NOT_ALLOWED
  Send a CPR number in the template for CPR numbers, and alternative ids with the root of their own system.
  Send et CPR-nummer i skabelonen for CPR-numre, og alternative id'er med deres eget systems root.

AUTHOR_INSTITUTION_NOT_FOUND
  Name a registered unit in authorInstitution, as Name^^^^^&1.2.208.176.1.1&ISO^^^^SOR-id.
  Nævn en tilmeldt enhed i authorInstitution, som Navn^^^^^&1.2.208.176.1.1&ISO^^^^SOR-id.

BIRTH_DATES_MISMATCH
  Correct birthTime or the CPR number.
  Ret birthTime eller CPR-nummeret.

CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION
  Nullify the other main condition in the same document.
  Slet den anden aktionsdiagnose i samme dokument.

CLINICAL_DOCUMENT_ID_NOT_FOUND
  Give the ClinicalDocument an id.
  Giv dokumentet et id.

CLINICAL_DOCUMENT_NOT_FOUND
  Attach a document.
  Vedhæft et dokument.

CPR_AND_ALTERNATIVE_IDENTIFICATION_NOT_ALLOWED
  Use the template of the patientRole that is for both (.133), or send one of the ids only.
  Brug den skabelon for patientRole, der er til begge dele (.133), eller send kun det ene id.

CPR_NUMBER_MISSING
  Send a CPR number, or use the template for alternative ids (.107).
  Send et CPR-nummer, eller brug skabelonen for alternative id'er (.107).

CUSTODIAN_NOT_FOUND
  Name a custodian that the author's unit reports for.
  Angiv en custodian, som forfatterens enhed indberetter for.

DUPLICATE_DOCUMENT
  Send the document once.
  Send dokumentet én gang.

ELEMENT_CAN_NOT_BE_MOVED_FROM_DELETED_EOC
  Report the entry anew, with a new id.
  Indberet elementet på ny med et nyt id.

ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION
  Send it as a minor condition, or replace or nullify the main condition that the encounter has.
  Send den som bidiagnose, eller erstat eller slet den aktionsdiagnose, kontakten har.

EOC_SELF_REFERENCE
  Let the reference name another episode of care.
  Lad referencen nævne et andet forløbselement.

EXTENSION_ALREADY_USED
  Give each entry an id of its own.
  Giv hvert element sit eget id.

EXTERNAL_EOC_NOT_PART_OF_SET
  Refer to an episode of care of this set, or use a reference that reaches beyond the set.
  Henvis til et forløbselement i dette sæt, eller brug en reference, der når ud over sættet.

GENDERS_MISMATCH
  Correct administrativeGenderCode or the CPR number.
  Ret administrativeGenderCode eller CPR-nummeret.

INVALID_CPR_NUMBER
  Send ten digits that begin with a date that exists.
  Send ti cifre, der begynder med en dato, der findes.

INVALID_CVR_NUMBER
  Correct the custodian's CVR number: its last digit must fit the others.
  Ret CVR-nummeret for custodian: det sidste ciffer skal passe til de andre.

INVALID_REPLACEMENT_CPR_NUMBER
  Send ten digits that begin with a date that exists, with 60 added to the day.
  Send ti cifre, der begynder med en dato, der findes, med 60 lagt til dagen.

INVALID_REPLACEMENT_NUMBER
  Write the number as the system of its root does, or give the root of its own system.
  Skriv nummeret, som systemet bag dets root gør, eller angiv dets eget systems root.

MALFORMED_DOCUMENT_FOUND
  Send well-formed XML.
  Send velformet XML.

MULTIPLE_ALTERNATIVE_IDENTIFIERS_NOT_ALLOWED
  Send one alternative id.
  Send ét alternativt id.

MYNDIGHED_CODE_NOT_FOUND
  Send a four-digit authority code of a municipality or country.
  Send en firecifret myndighedskode for en kommune eller et land.

NO_PATIENT_ID_IN_COMMON
  Send only documents about the same patient together.
  Send kun dokumenter om samme patient sammen.

OBSERVATION_ORGANIZER_HAS_NO_REFERENCE
  Refer to what gave rise to the result report.
  Henvis til det, der udløste resultatindberetningen.

PARENT_DOCUMENT_ID_MISMATCH PARENT_DOCUMENT_VERSION_MISMATCH
  Let relatedDocument name the latest document of the set, and give this document the next version.
  Lad relatedDocument nævne sættets seneste dokument, og giv dette dokument den næste version.

SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT
  Add a relatedDocument that names the latest document of the set, or begin a set with another setId.
  Tilføj et relatedDocument, der nævner sættets seneste dokument, eller begynd et sæt med et andet setId.

SET_ID_NOT_FOUND
  Give the document a setId.
  Giv dokumentet et setId.

SET_NOT_FOUND
  Send the first document of the set first, or leave out relatedDocument.
  Send sættets første dokument først, eller udelad relatedDocument.

SKS_CODE_NOT_FOUND
  Send an SKS code that exists.
  Send en SKS-kode, der findes.

SOR_IDENTIFIER_EXPECTED
  Name the unit by its SOR id, with root 1.2.208.176.1.1.
  Nævn enheden ved dens SOR-id, med root 1.2.208.176.1.1.

SOR_IDENTIFIER_INVALID
  Send a SOR id of digits only.
  Send et SOR-id, der kun består af cifre.

SOR_ORG_UNIT_NOT_FOUND
  Send the SOR id of a unit that SOR has, or let the register know the unit (--sor).
  Send SOR-id'et på en enhed, som SOR har, eller lad registret kende enheden (--sor).

WEBSERVICE_CHANGE_NOT_ALLOWED
  Change the episode of care in the register's user interface, where it was edited.
  Ret forløbselementet i registrets brugerflade, hvor det er blevet rettet.

EOC_ALREADY_EXISTS EOC_MARKER_ALREADY_EXISTS ENCOUNTER_ALREADY_EXISTS PROCEDURE_ALREADY_EXISTS
CONDITION_OBSERVATION_ALREADY_EXISTS OBSERVATION_ORGANIZER_ALREADY_EXISTS
  Give the entry another id, or send it with a reference that replaces the one the register has.
  Giv elementet et andet id, eller send det med en reference, der erstatter det, registret har.

INTERNAL_EOC_NOT_FOUND INTERNAL_EOC_MARKER_NOT_FOUND INTERNAL_ENCOUNTER_NOT_FOUND
INTERNAL_CONDITION_OBSERVATION_NOT_FOUND INTERNAL_PROCEDURE_NOT_FOUND
  State the entry in this document, or refer to it as external if the set already has it.
  Angiv elementet i dette dokument, eller henvis til det som eksternt, hvis sættet allerede har det.

EXTERNAL_EOC_NOT_FOUND EXTERNAL_EPISODE_OF_CARE_MARKER_NOT_FOUND EXTERNAL_ENCOUNTER_NOT_FOUND
EXTERNAL_CONDITION_OBSERVATION_NOT_FOUND EXTERNAL_PROCEDURE_NOT_FOUND EXTERNAL_OBSERVATION_ORGANIZER_NOT_FOUND
  Refer to an entry that the set has, or state it in this document and refer to it as internal.
  Henvis til et element, som sættet har, eller angiv det i dette dokument, og henvis til det som internt.
""")

FOUND: dict[str, tuple[str, str]] = {
    "capitals": ("Send {0}: SKS writes codes in capitals.", "Send {0}: SKS skriver koder med store bogstaver."),
    "such as": ("Send an SKS code that exists, such as {0}.", "Send en SKS-kode, der findes, f.eks. {0}."),
    "follow": (
        "Let relatedDocument name the latest document of the set, id {0} and version {1}, and give this document version {2} or "
        "higher.",
        "Lad relatedDocument nævne sættets seneste dokument, id {0} og version {1}, og giv dette dokument version {2} eller "
        "højere.",
    ),
    "found": ("it is {0}", "fundet: {0}"),
    "no set": ("The register has no set {0}.", "Registret har intet sæt {0}."),
    "latest": (
        "The latest document of set {0} is version {1}, id {2}, received {3}.",
        "Det seneste dokument i sæt {0} er version {1}, id {2}, modtaget {3}.",
    ),
    "owner": (
        "The register has {0} in set {3} as {1} {2}; document {4} was the last to change it.",
        "Registret har {0} i sæt {3} som {1}, {2}; dokument {4} var det seneste, der ændrede det.",
    ),
    "document": ("The register has a document with id {0}.", "Registret har et dokument med id {0}."),
    "others": ("Set {2} has these {0}: {1}.", "Sæt {2} har disse {0}: {1}."),
    "no others": ("Set {1} has no {0}.", "Sæt {1} har ingen {0}."),
    "replaces": (
        "The document replaces all that the set has (typeCode RPLC, line {0}), so it can refer only to what it states itself.",
        "Dokumentet erstatter alt i sættet (typeCode RPLC, linje {0}), så det kan kun henvise til det, det selv angiver.",
    ),
    "state again": (
        "State the entry in this document and refer to it as internal, or add to the set with typeCode APND (line {0}).",
        "Angiv elementet i dette dokument, og henvis til det som internt, eller føj til sættet med typeCode APND (linje {0}).",
    ),
    "only one": (
        "Refer to {0}, the only one of its kind in this document, or refer to the entry as external if the set already has it.",
        "Henvis til {0}, det eneste af sin slags i dette dokument, eller henvis til elementet som eksternt, hvis sættet allerede "
        "har det.",
    ),
    "stated": ("The document states these {0}: {1}.", "Dokumentet angiver disse {0}: {1}."),
    "not stated": ("The document states no {0}.", "Dokumentet angiver ingen {0}."),
    "code": ("SKS has {0}, valid {1}.", "SKS har {0}, gyldig {1}."),
    "unit": ("SOR has {0}, open {1}.", "SOR har {0}, åben {1}."),
    "authority": ("There is {0} {1}.", "Der findes {0} {1}."),
    "sex": ("The CPR number says {0}, the document {1}.", "CPR-nummeret siger {0}, dokumentet {1}."),
    "born": ("The CPR number says {0}, birthTime {1}.", "CPR-nummeret siger {0}, birthTime {1}."),
    "main": ("The document has main condition {0} {1} (line {2}).", "Dokumentet har aktionsdiagnose {0} {1} (linje {2})."),
    "main kept": ("The encounter has main condition {0} {1}.", "Kontakten har aktionsdiagnose {0} {1}."),
}

KINDS: dict[EntryKind, tuple[str, str]] = {
    EntryKind.EPISODE_OF_CARE: ("an episode of care", "et forløbselement"),
    EntryKind.MARKER: ("a marker", "en forløbsmarkør"),
    EntryKind.ENCOUNTER: ("an encounter", "en kontakt"),
    EntryKind.CONDITION: ("a condition", "en diagnose"),
    EntryKind.PROCEDURE: ("a procedure", "en procedure"),
    EntryKind.OBSERVATION_ORGANIZER: ("a result report", "en resultatindberetning"),
}
PLURALS: dict[EntryKind | None, tuple[str, str]] = {
    EntryKind.EPISODE_OF_CARE: ("episodes of care", "forløbselementer"),
    EntryKind.MARKER: ("markers", "forløbsmarkører"),
    EntryKind.ENCOUNTER: ("encounters", "kontakter"),
    EntryKind.CONDITION: ("conditions", "diagnoser"),
    EntryKind.PROCEDURE: ("procedures", "procedurer"),
    EntryKind.OBSERVATION_ORGANIZER: ("result reports", "resultatindberetninger"),
    None: ("entries", "elementer"),
}
STATUSES: dict[Status, tuple[str, str]] = {
    Status.LIVE: ("that is live", "der er gældende"),
    Status.NULLIFIED: ("that was nullified", "der er slettet"),
    Status.FELL: ("that was nullified with the entry it belonged to", "der blev slettet sammen med det element, det hørte til"),
    Status.DROPPED: ("that a replacement left out", "som en erstatning har udeladt"),
}
