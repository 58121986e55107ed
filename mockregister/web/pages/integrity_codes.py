"""When the register answers with each integrity code, in Danish; ``breaking.PROVOCATIONS`` says the same in English."""

from __future__ import annotations

DANISH: dict[str, str] = {
    "ALTERNATIVE_IDENTIFIER_WITH_CPR_SYSTEMID_NOT_ALLOWED": "Et alternativt id har CPR-systemets root.",
    "AUTHOR_INSTITUTION_NOT_FOUND": (
        "Indberetningens authorInstitution mangler, er ikke en XON med navn, SOR's OID og et SOR-id, eller nævner ved "
        "producers = listed en enhed, som ikke er tilmeldt. Dens errorCode er XDSMissingDocumentMetadata."
    ),
    "BIRTH_DATES_MISMATCH": "birthTime er en anden dag end den, CPR-nummeret angiver.",
    "CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION": (
        "En bidiagnose erstattes af en aktionsdiagnose, mens kontakten beholder en anden aktionsdiagnose."
    ),
    "CLINICAL_DOCUMENT_ID_NOT_FOUND": "Dokumentet har intet id.",
    "CLINICAL_DOCUMENT_NOT_FOUND": "Indberetningen har intet dokument.",
    "CONDITION_OBSERVATION_ALREADY_EXISTS": (
        "Diagnosen er kendt, som aktions- eller bidiagnose, og dokumentet siger ikke, at det erstatter den."
    ),
    "CPR_AND_ALTERNATIVE_IDENTIFICATION_NOT_ALLOWED": (
        "patientRole har både et CPR-nummer og et alternativt id, men ikke den skabelon, som er til begge dele (.133)."
    ),
    "CPR_NUMBER_MISSING": "Skabelonen for patientRole er til patienter med CPR-nummer, men der er intet CPR-nummer.",
    "CUSTODIAN_NOT_FOUND": "Ved producers = listed: den indberettende enhed må ikke indberette for dokumentets custodian.",
    "DUPLICATE_DOCUMENT": "To dokumenter i samme indberetning har samme id.",
    "ELEMENT_CAN_NOT_BE_MOVED_FROM_DELETED_EOC": (
        "Et element blev slettet sammen med sit forløbselement, og et senere dokument flytter det til et andet forløbselement."
    ),
    "ENCOUNTER_ALREADY_EXISTS": "Kontakten er kendt, gyldig eller slettet, og dokumentet siger ikke, at det erstatter den.",
    "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION": (
        "En aktionsdiagnose tilføjes eller flyttes til en kontakt, som allerede har en."
    ),
    "EOC_ALREADY_EXISTS": "Forløbselementet er kendt, gyldigt eller slettet, og dokumentet siger ikke, at det erstatter det.",
    "EOC_MARKER_ALREADY_EXISTS": "Markøren er kendt, og den sendes ikke med en erstatning af sit eget forløbselement.",
    "EOC_SELF_REFERENCE": "Et forløbselement henviser til sig selv.",
    "EXTENSION_ALREADY_USED": (
        "To elementer i et dokument har samme id, eller id'et tilhører et element af en anden slags eller et "
        "tidligere gemt dokument."
    ),
    "EXTERNAL_CONDITION_OBSERVATION_NOT_FOUND": (
        "En ekstern reference, erstatning eller sletning nævner en diagnose, som sættet ikke har."
    ),
    "EXTERNAL_ENCOUNTER_NOT_FOUND": "En ekstern reference, erstatning eller sletning nævner en kontakt, som sættet ikke har.",
    "EXTERNAL_EOC_NOT_FOUND": "En ekstern reference, erstatning eller sletning nævner et forløbselement, som sættet ikke har.",
    "EXTERNAL_EOC_NOT_PART_OF_SET": "En ekstern reference nævner et forløbselement, som registret har i et andet sæt.",
    "EXTERNAL_EPISODE_OF_CARE_MARKER_NOT_FOUND": "En ekstern reference nævner en markør, som sættet ikke har.",
    "EXTERNAL_OBSERVATION_ORGANIZER_NOT_FOUND": (
        "En erstatning eller sletning nævner en resultatindberetning, som sættet ikke har."
    ),
    "EXTERNAL_PROCEDURE_NOT_FOUND": (
        "En ekstern reference, erstatning eller sletning nævner en procedure, som sættet ikke har; også en procedure, der "
        "tidligere blev slettet sammen med sin kontakt."
    ),
    "GENDERS_MISMATCH": "administrativeGenderCode er ikke det køn, CPR-nummerets sidste ciffer angiver.",
    "INTERNAL_CONDITION_OBSERVATION_NOT_FOUND": "En intern reference nævner en diagnose, som ikke står i dokumentet.",
    "INTERNAL_ENCOUNTER_NOT_FOUND": (
        "En intern reference nævner en kontakt, som ikke står i dokumentet; eller en diagnose eller procedure nævner "
        "ingen kontakt."
    ),
    "INTERNAL_EOC_MARKER_NOT_FOUND": "En intern reference nævner en markør, som ikke står i dokumentet.",
    "INTERNAL_EOC_NOT_FOUND": (
        "En intern reference nævner et forløbselement, som ikke står i dokumentet; eller en kontakt nævner intet forløbselement."
    ),
    "INTERNAL_PROCEDURE_NOT_FOUND": "En intern reference nævner en procedure, som ikke står i dokumentet.",
    "INVALID_CPR_NUMBER": "Ti cifre, som ikke er et CPR-nummer, fordi datoen ikke findes. Det sidste ciffer kontrolleres ikke.",
    "INVALID_CVR_NUMBER": "Custodians nummer er ikke et CVR-nummer: det sidste ciffer passer ikke til de øvrige.",
    "INVALID_REPLACEMENT_CPR_NUMBER": (
        "Ti cifre, der er bygget som et administrativt CPR-nummer (dagen plus 60), med en dato, som ikke findes."
    ),
    "INVALID_REPLACEMENT_NUMBER": (
        "Et alternativt id har root fra et system af erstatningspersonnumre og er ikke bygget, som det system kræver."
    ),
    "MALFORMED_DOCUMENT_FOUND": "Et dokument er ikke velformet XML, er ikke i det tegnsæt, det angiver, eller har en DTD.",
    "MULTIPLE_ALTERNATIVE_IDENTIFIERS_NOT_ALLOWED": "patientRole har mere end ét alternativt id.",
    "MYNDIGHED_CODE_NOT_FOUND": "En bopæls kommune eller land er ikke en myndighedskode.",
    "NO_PATIENT_ID_IN_COMMON": (
        "Indberetningens dokumenter handler ikke alle om en patient med et fælles id. Versioner af et sæt må være forskellige."
    ),
    "OBSERVATION_ORGANIZER_ALREADY_EXISTS": (
        "Resultatindberetningen er kendt, gyldig eller slettet, og dokumentet siger ikke, at det erstatter den."
    ),
    "OBSERVATION_ORGANIZER_HAS_NO_REFERENCE": "En resultatindberetning siger ikke, hvad der udløste den.",
    "PARENT_DOCUMENT_ID_MISMATCH": "parentDocument er ikke sættets seneste dokument.",
    "PARENT_DOCUMENT_VERSION_MISMATCH": (
        "parentDocument har en anden version end sættets seneste dokument, eller den nye version er ikke større."
    ),
    "PROCEDURE_ALREADY_EXISTS": "Proceduren er kendt, gyldig eller slettet, og dokumentet siger ikke, at det erstatter den.",
    "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT": (
        "Registret har sættet, og dokumentet har intet relatedDocument; ofte et dokument, der er sendt to gange."
    ),
    "SET_ID_NOT_FOUND": "Dokumentet har intet setId.",
    "SET_NOT_FOUND": "Dokumentet har et relatedDocument, men registret har ikke sættet.",
    "SKS_CODE_NOT_FOUND": (
        "Ingen udgave af SKS har haft koden. Parametrene er den periode, hvor den skulle have været gyldig: elementets egen "
        "eller den nærmeste ejers; en åben ende er tom. En kode, der er kendt, men ikke var gyldig, overlades til "
        "forretningsreglerne."
    ),
    "SOR_IDENTIFIER_EXPECTED": (
        "En participant angiver sin enhed med et nummer fra et andet system end SOR eller uden nummer og mangler det "
        "skabelon-id, som får profilen (niveau 2) til at opdage det."
    ),
    "SOR_IDENTIFIER_INVALID": "Et SOR-id er ikke et tal.",
    "SOR_ORG_UNIT_NOT_FOUND": "Enheden findes ikke i SOR.",
    "WEBSERVICE_CHANGE_NOT_ALLOWED": (
        "Nogen har rettet forløbselementet i registrets egen brugerflade, og dokumentet ville ændre det."
    ),
}
