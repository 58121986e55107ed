"""What the integrity codes say, in Danish: explanations have it in place of the English text of the finding."""

from __future__ import annotations

from mockregister.finding import Finding
from mockregister.validation.level3_integrity import TEXTS

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
    **{f"INTERNAL_{kind}_NOT_FOUND": f"Dokumentet henviser til {name} {{0}}, men angiver den ikke" for kind, name in KINDS},
    **{f"EXTERNAL_{kind}_NOT_FOUND": f"Dokumentet henviser til {name} {{0}}, som sættet ikke har" for kind, name in KINDS},
    **{f"{kind}_ALREADY_EXISTS": f"Registret har allerede {name} {{0}}" for kind, name in KINDS},
    "AUTHOR_INSTITUTION_NOT_FOUND": "Indsendelsen skal nævne authorInstitution som Name^^^^^&1.2.208.176.1.1&ISO^^^^<SOR-id>",
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
    "forløbsmarkør, kontakt, diagnose eller procedure der gav anledning til den",
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


def in_danish(finding: Finding) -> str:
    """Return what a finding of level 3 says, in Danish; details that follow its text stay in English."""
    if finding.code not in DANISH or finding.code not in TEXTS:
        return finding.text
    shown = [param or "(none)" for param in finding.params] or ["(none)"]
    detail = finding.text.removeprefix(TEXTS[finding.code].format(*shown))
    danish = DANISH[finding.code].format(*(param.replace("(none)", "(intet)") for param in shown))
    return danish + (detail if detail != finding.text else "")
