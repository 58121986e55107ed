"""What the integrity codes say, in Danish: explanations have it in place of the English text of the finding."""

from __future__ import annotations

from mockregister.finding import Finding
from mockregister.validation.level3_integrity import TEXTS
from mockregister.validation.phrasebook import Phrasebook

KINDS = {
    "EOC": "forløbselementet",
    "EOC_MARKER": "forløbsmarkøren",
    "EPISODE_OF_CARE_MARKER": "forløbsmarkøren",
    "ENCOUNTER": "kontakten",
    "CONDITION_OBSERVATION": "diagnosen",
    "PROCEDURE": "proceduren",
    "OBSERVATION_ORGANIZER": "resultatindberetningen",
}.items()
DANISH: dict[str, str] = {
    **{f"INTERNAL_{kind}_NOT_FOUND": f"Dokumentet henviser til {name} {{0}}, som det ikke selv angiver" for kind, name in KINDS},
    **{f"EXTERNAL_{kind}_NOT_FOUND": f"Dokumentet henviser til {name} {{0}}, som sættet ikke har" for kind, name in KINDS},
    **{f"{kind}_ALREADY_EXISTS": f"Registret har allerede {name} {{0}}" for kind, name in KINDS},
    "AUTHOR_INSTITUTION_NOT_FOUND": "Indsendelsen skal nævne authorInstitution som Navn^^^^^&1.2.208.176.1.1&ISO^^^^<SOR-id>",
    "CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION": "Bidiagnosen {0} kan ikke blive aktionsdiagnose: kontakten har en anden, som "
    "dokumentet ikke sletter",
    "CUSTODIAN_NOT_FOUND": "Forfatterens enhed og custodian er ikke registreret som hørende sammen",
    "CLINICAL_DOCUMENT_NOT_FOUND": "Indsendelsen har intet ClinicalDocument",
    "CLINICAL_DOCUMENT_ID_NOT_FOUND": "Dokumentet har intet id",
    "PARENT_DOCUMENT_ID_MISMATCH": "parentDocument har extension {0}, men sættets seneste dokument har {1}",
    "PARENT_DOCUMENT_VERSION_MISMATCH": "Version {0} følger ikke efter sættets seneste dokument, som har version {1}",
    "SET_ID_NOT_FOUND": "Dokumentet har intet setId",
    "SET_NOT_FOUND": "Registret har ikke sættet {0}, selv om dokumentet har et relatedDocument",
    "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT": "Registret har allerede sættet {0}, og dokumentet har intet relatedDocument",
    "NO_PATIENT_ID_IN_COMMON": "Indsendelsens dokumenter har intet patient-id til fælles",
    "DUPLICATE_DOCUMENT": "Indsendelsen har det samme dokument to gange",
    "EXTENSION_ALREADY_USED": "Extension {0} er allerede brugt",
    "SKS_CODE_NOT_FOUND": "SKS-koden {0} findes ikke fra {1} til {2}",
    "SOR_IDENTIFIER_EXPECTED": "participant med templateId {0} har intet SOR-id: scopingEntity skal have et id med root {1}",
    "SOR_IDENTIFIER_INVALID": "SOR-id {0} er ikke et tal",
    "SOR_ORG_UNIT_NOT_FOUND": "SOR har ikke enheden {0}",
    "MYNDIGHED_CODE_NOT_FOUND": "Myndighedskoden {0} findes ikke",
    "EXTERNAL_EOC_NOT_PART_OF_SET": "Registret har forløbselementet {0}, men ikke i sættet {1}",
    "EOC_SELF_REFERENCE": "Forløbselementet {0} henviser til sig selv",
    "OBSERVATION_ORGANIZER_HAS_NO_REFERENCE": "Resultatindberetningen {0} siger ikke, hvilket forløbselement, hvilken "
    "forløbsmarkør, kontakt, diagnose eller procedure der udløste den",
    "GENDERS_MISMATCH": "administrativeGenderCode er ikke kønnet i CPR-nummeret",
    "BIRTH_DATES_MISMATCH": "birthTime er ikke fødselsdatoen i CPR-nummeret",
    "CPR_NUMBER_MISSING": "patientRole skal have et CPR-nummer og har intet",
    "INVALID_CPR_NUMBER": "Patientens CPR-nummer er ugyldigt: det skal være ti cifre, der begynder med en dato, der findes",
    "INVALID_REPLACEMENT_CPR_NUMBER": "Patientens erstatningspersonnummer er ugyldigt: det skal være ti cifre, der begynder med "
    "en dato, der findes, med 60 lagt til dagen",
    "INVALID_CVR_NUMBER": "CVR-nummeret for custodian er ugyldigt: det sidste af otte cifre skal passe til de andre (modulus 11)",
    "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION": "Aktionsdiagnosen {0} kan ikke tilføjes: kontakten har allerede en",
    "WEBSERVICE_CHANGE_NOT_ALLOWED": "Forløbselementet {0} er rettet i registret, så intet dokument må ændre det",
    "CPR_AND_ALTERNATIVE_IDENTIFICATION_NOT_ALLOWED": "patientRole kan ikke have et CPR-nummer og et alternativt id på én gang",
    "MULTIPLE_ALTERNATIVE_IDENTIFIERS_NOT_ALLOWED": "patientRole kan ikke have mere end ét alternativt id",
    "INVALID_REPLACEMENT_NUMBER": "Det alternative id er ikke et erstatningsnummer i det system, som dets root nævner",
    "ALTERNATIVE_IDENTIFIER_WITH_CPR_SYSTEMID_NOT_ALLOWED": "Det alternative id har CPR-systemets root",
    "MALFORMED_DOCUMENT_FOUND": "Dokumentet kan ikke læses",
    "ELEMENT_CAN_NOT_BE_MOVED_FROM_DELETED_EOC": "{0} blev slettet sammen med sit forløbselement og kan ikke flyttes",
}


# The details that follow the text of a code in a finding, such as what was sent instead, and texts that replace the code's own.
_DETAILS = Phrasebook(
    (
        # about the author institution
        ("it is empty", "den er tom"),
        ("it is '{}'", "den er '{}'"),
        ("it is '{}', a number alone", "den er '{}', som kun er et tal"),
        ("it is '{}', which has no fields between ^", "den er '{}', som ikke har felter adskilt af ^"),
        ("it is '{}', whose & is escaped twice", "den er '{}', hvor & er escapet to gange"),
        ("it is '{}', which has no name before the first ^ (XON.1)", "den er '{}', som mangler et navn før det første ^ (XON.1)"),
        ("it is '{}', whose sixth field (XON.6) is '{}'", "den er '{}', hvis sjette felt (XON.6) er '{}'"),
        ("it is '{}', which has no id in the tenth field (XON.10)", "den er '{}', som mangler et id i det tiende felt (XON.10)"),
        ("its Slot is in the namespace '{}' instead of '{}'", "dens Slot er i navnerummet '{}' i stedet for '{}'"),
        ("its Slot stands in {} instead of a Classification", "dens Slot står i {} i stedet for i en Classification"),
        (
            "its Slot stands under the classificationScheme '{}' of a document entry's author instead of '{}'",
            "dens Slot står under classificationScheme '{}', som er for forfatteren til et dokument, i stedet for '{}'",
        ),
        (
            "its Slot stands under the classificationScheme '{}' instead of '{}'",
            "dens Slot står under classificationScheme '{}' i stedet for '{}'",
        ),
        ("its Slot is named '{}'", "dens Slot hedder '{}'"),
        ("its Slot has no Value in a ValueList, it holds {}", "dens Slot har ingen Value i en ValueList; den indeholder {}"),
        ("the request has no {}, it holds {}", "forespørgslen har intet {}; den indeholder {}"),
        (
            "nothing in its SubmitObjectsRequest is a Classification with the classificationScheme '{}'",
            "intet i dens SubmitObjectsRequest er en Classification med classificationScheme '{}'",
        ),
        ("the Classification of its author has only the Slot {}", "Classification for dens forfatter har kun Slot {}"),
        ("the Classification of its author has no Slot", "Classification for dens forfatter har ingen Slot"),
        (
            "its assigning authority (XON.6.2) is '{}' instead of SOR's {}",
            "dens assigning authority (XON.6.2) er '{}' i stedet for SOR's {}",
        ),
        ("its id (XON.10) is '{}', which is not a number", "dens id (XON.10) er '{}', som ikke er et tal"),
        ("no data producer is registered for the unit '{}'", "ingen dataproducent er registreret for enheden '{}'"),
        # about the custodian
        (
            "the care provider '{}' (medcom:CareProviderID) is not a data producer",
            "care provider '{}' (medcom:CareProviderID) er ikke dataproducent",
        ),
        ("the unit '{}' does not report for the custodian '{}'", "enheden '{}' indberetter ikke for custodian '{}'"),
        (
            "the care provider '{}' (medcom:CareProviderID) is not a data processor of the custodian '{}'",
            "care provider '{}' (medcom:CareProviderID) er ikke databehandler for custodian '{}'",
        ),
        # about documents
        ("The submission has a misplaced document: {}", "Indsendelsen har et dokument på et forkert sted: {}"),
        ("only {}; send each as {} directly within {}", "kun {}; send hvert dokument som {} direkte i {}"),
        ("{}; send each as {} directly within {}", "{}; send hvert dokument som {} direkte i {}"),
        ("{} within {}; send each as {} directly within {}", "{} i {}; send hvert dokument som {} direkte i {}"),
        ("{} in no namespace; send each as {} directly within {}", "{} uden navnerum; send hvert dokument som {} direkte i {}"),
        (
            "{} in no namespace within {}; send each as {} directly within {}",
            "{} uden navnerum i {}; send hvert dokument som {} direkte i {}",
        ),
        ("nothing", "intet"),
        # about documents that are not readable XML
        ("The XML is not well-formed: {}.", "XML'en er ikke velformet: {}."),
        ("it cannot be read to its end", "den kan ikke læses til ende"),
        ("The XML cannot be read: {}.", "XML'en kan ikke læses: {}."),
        ("The document is in XML {}; write it in XML 1.0.", "Dokumentet er i XML {}; skriv det i XML 1.0."),
        (
            "A document type declaration is not allowed; send the document without DOCTYPE.",
            "En dokumenttypeerklæring er ikke tilladt; send dokumentet uden DOCTYPE.",
        ),
        ("An element has more than {} attributes.", "Et element har mere end {} attributter."),
        (
            "An element is in the scope of more than {} namespace declarations.",
            "Mere end {} navnerumserklæringer gælder for et element.",
        ),
        (
            "The document has two byte order marks; write it in UTF-8 without any.",
            "Dokumentet har to byte order marks; skriv det i UTF-8 uden.",
        ),
        ("The document is in UTF-32, which is not read; use UTF-8.", "Dokumentet er i UTF-32, som ikke læses; brug UTF-8."),
        (
            "The document begins as {} but declares {}; write it in UTF-8 and declare that.",
            "Dokumentet begynder som {}, men angiver {}; skriv det i UTF-8, og angiv det.",
        ),
        ("it is empty; send the XML itself", "det er tomt; send selve XML'en"),
        ("it begins with {}; send the XML itself, as it is", "det begynder med {}; send selve XML'en, som den er"),
        (
            "it begins with {} and is {}; send the XML itself, as it is",
            "det begynder med {} og er {}; send selve XML'en, som den er",
        ),
        ("in base64, and in that {}", "i base64 og deri {}"),
        ("XML in base64", "XML i base64"),
        ("compressed with gzip", "komprimeret med gzip"),
        ("a zip archive", "et zip-arkiv"),
        ("a PDF", "en PDF"),
        ("a multipart package of its own", "en multipart-pakke"),
        ("XML whose < are escaped", "XML, hvis < er escapet"),
        ("a page in HTML", "en HTML-side"),
        ("a data URL", "en data-URL"),
    )
)
_JOINED = ((", but ", ", men "), (": ", ": "))


def in_danish(finding: Finding) -> str:
    """Return what a finding of level 3 says, in Danish; only the words of the XML parser stay English."""
    if finding.code not in DANISH or finding.code not in TEXTS:
        return finding.text
    shown = [param or "(none)" for param in finding.params] or ["(none)"]
    said = TEXTS[finding.code].format(*shown)
    if not finding.text.startswith(said):
        return _DETAILS.danish(finding.text)
    danish = DANISH[finding.code].format(*(param.replace("(none)", "(intet)") for param in shown))
    return danish + _detail(finding.text.removeprefix(said))


def _detail(english: str) -> str:
    """Return what follows the text of a code, with the word or sign before it."""
    for before, danish in _JOINED:
        if english.startswith(before):
            return danish + _DETAILS.danish(english.removeprefix(before))
    return english
