"""The profile in Danish: what templates mean, and what checks ask for.

The nouns are those of the register's reporting guide. Names from CDA (elements, attributes, data types, codes) stay as they are.
"""

from __future__ import annotations

import re

from mockregister.validation.phrasebook import Phrasebook
from mockregister.validation.profile.notation import Template

MEANINGS = {
    "DKEpisodeOfCareSummariesDocument": (
        "En indberetning: om hvem, af hvem, på hvis vegne, i hvilket sæt og hvilken version, og hvad."
    ),
    "DKRecordTarget": "Hvem indberetningen er om (patienten): identificeret ved CPR, på anden måde, eller begge dele.",
    "DKCivilRegistrationSystemIdentifiedPatientRole": "En patient med CPR-nummer, og de adresser, som CPR ikke kender.",
    "DKAlternativelyIdentifiedPatientRole": "En patient uden CPR-nummer, kendt under afsenderens id (alternativ identifikation).",
    "DKAlternativelyIdentifiedPatientRoleBody": (
        "Hvad der skal oplyses om en patient, som CPR ikke kender: id'er, adresser, navn, køn, fødsel."
    ),
    "DKCivilRegistrationSystemAndAlternativelyIdentifiedPatientRole": (
        "En patient med CPR-nummer, som tidligere er indberettet under et andet id; forbinder de to."
    ),
    "DKAlternativePatientIdentifier": "Et id, som afsenderen har givet en patient.",
    "DKAddressBody": "En adresse (uofficiel bopæl): højst fire linjer, postnummer, by, kommune og land.",
    "DKAuthor": "Hvem der har skrevet indberetningen: den SOR-enhed, der repræsenteres.",
    "DKCustodian": "Den myndighed, på hvis vegne der indberettes, som CVR-nummer.",
    "DKRelatedDocument": "Det dokument i sættet, som dette tilføjer til eller erstatter.",
    "DKMedcomPersonalIdentification": "Et CPR-nummer.",
    "DKMedcomPersonalName": "En persons navn: ét efternavn og mindst ét fornavn.",
    "DKMedcomConfidentialityCode": "Et dokuments fortrolighed, som altid er normal.",
    "DKMedcomTimestampBody": "Et tidspunkt med sekunder og afstanden til UTC.",
    "DKDateOrTimestamp": "Et tidspunkt som DKMedcomTimestampBody, eller en dag, med afstanden til UTC.",
    "DKEpisodesOfCareSection": "Afsnittet med forløbselementer.",
    "DKEncountersSection": "Afsnittet med kontakter.",
    "DKProceduresSection": "Afsnittet med procedurer, i hver af deres tre former.",
    "DKConditionObservationSection": "Afsnittet med diagnoser.",
    "DKObservationOrganizersSection": "Afsnittet med resultatindberetninger.",
    "DKNullifySection": "Afsnittet med sletninger; det må være tomt.",
    "DKEpisodeOfCareAct": "Et forløbselement: ét sygdomsforløb, fra henvisning til afslutning.",
    "DKClinicalThemeAct": "Hvad et forløbselement er om (forløbslabel).",
    "DKEpisodeOfCareMarkerAct": "En forløbsmarkør undervejs i et forløbselement; dens id kan udelades.",
    "DKEpisodeOfCareLinkAct": "En reference til et andet forløbselement.",
    "DKEpisodeOfCareCompletionObservation": "Hvordan et forløbselement blev afsluttet (afslutningsmåde).",
    "DKResponsibleUnitParticipantBody": "Den ansvarlige enhed, som SOR-id.",
    "DKReferralAct": "En henvisning: hvornår den kom, hvem der sendte den, hvordan og hvorfor.",
    "DKReferrerParticipantBody": "Den henvisende instans, som SOR-id.",
    "DKRightToChooseHospitalAct": "Om patienten har valgt sygehuset (frit valg).",
    "DKReferralOriginAct": "Hvor henvisningen kom fra (henvisningsmåde).",
    "DKReferralReasonAct": "Hvorfor patienten blev henvist (henvisningsårsag), med tillægskoder.",
    "DKSupplementaryCodeAct": "En kode, der supplerer en anden (tillægskode).",
    "DKEncounter": "En kontakt: dens periode, enhed, opholdsadresser, betaling, og det forløbselement, den hører til.",
    "DKEncounterServiceDeliveryLocationParticipantBody": (
        "Patientens opholdsadresse under en kontakt: fraværende (.22.3) eller på en enhed (.22.4)."
    ),
    "DKEncounterReasonAct": "Hvorfor kontakten fandt sted (kontaktårsag).",
    "DKTreatmentStartRegistrationAct": "Hvornår behandlingen begyndte (behandling starttidspunkt).",
    "DKPaymentContractAct": "Hvem der betaler, og i hvilken periode (betalingsoplysning).",
    "DKPaymentContractPayorParticipantBody": "Betaleren, som SKS-kode.",
    "DKSpecializationLevelAct": "Det specialiseringsniveau, der betales for.",
    "DKMainConditionObservation": "En kontakts aktionsdiagnose.",
    "DKMinorConditionObservation": "En bidiagnose til en kontakt.",
    "DKConditionObservationBody": (
        "Hvad begge slags diagnoser har: koder, sideangivelse, diagnoseart, metastaser, lokalrecidiver og kontakten."
    ),
    "DKMetastasisObservation": "En metastase fra en kræftsygdom.",
    "DKCancerRecurrenceObservation": "Et lokalrecidiv af en kræftsygdom.",
    "DKConditionKindObservation": "Diagnosens art (diagnoseart).",
    "DKProcedureAct": "En procedure, skrevet som act.",
    "DKProcedureObservation": "En procedure, skrevet som observation.",
    "DKProcedureProcedure": "En procedure, skrevet som procedure, som er den foretrukne form.",
    "DKProcedureBody": "Hvad procedurer har: periode, lokalisation, producent, tillægskoder, betaling, indikation og ejer.",
    "DKProcedureActBody": "Hvad procedurer skrevet som act har: som DKProcedureBody, med ejere angivet ved templateId.",
    "DKProcedureProducerParticipationBody": "Hvem der har udført en procedure (producent): enheden og personalekategorien.",
    "DKContrastAgentSubstanceAdministration": "Et kontraststof, der er givet.",
    "DKContrastAgentManufacturedProduct": "Det produkt, der indeholder et kontraststof.",
    "DKContrastAgentMaterial": "Et kontraststof, som SKS-kode.",
    "DKProcedureReasonObservation": "Hvorfor en procedure er udført (indikation), med tillægskoder.",
    "DKProcedureStatusAct": "Hvor langt en procedure er (procedurestatus).",
    "DKObservationOrganizerEntryReferenceAct": (
        "Elementet med en resultatindberetning: dens id, indberetningen, og det ene element, der udløste den."
    ),
    "DKObservationOrganizer": "En resultatindberetning: dens type, status, enhed og resultater.",
    "DKObservation": "Ét resultat, som tekst.",
    "DKInternalEpisodeOfCareReference": "Peger på et forløbselement i samme dokument.",
    "DKInternalEpisodeOfCareMarkerReference": "Peger på en forløbsmarkør i samme dokument.",
    "DKInternalEncounterReference": "Peger på en kontakt i samme dokument.",
    "DKInternalProcedureActReference": "Peger på en procedure i samme dokument, der er skrevet som act.",
    "DKInternalProcedureObservationReference": "Peger på en procedure i samme dokument, der er skrevet som observation.",
    "DKInternalConditionObservationReference": "Peger på en diagnose i samme dokument.",
    "DKInternalProcedureProcedureReference": "Peger på en procedure i samme dokument, der er skrevet som procedure.",
    "DKExternalEpisodeOfCareReferenceBody": "En reference til et forløbselement i samme sæt.",
    "DKSetExternalEpisodeOfCareReferenceBody": "En reference til et forløbselement i et hvilket som helst sæt.",
    "DKSetExternalEpisodeOfCareAct": (
        "Peger på et forløbselement i et hvilket som helst sæt, nu eller senere, alene ved dets id."
    ),
    "DKExternalEpisodeOfCareAct": "Peger på et forløbselement i samme sæt.",
    "DKExternalEncounterAct": "Peger på en kontakt i samme sæt.",
    "DKExternalEpisodeOfCareMarkerAct": "Peger på en forløbsmarkør i samme sæt; dens root sammenlignes ikke med sættets.",
    "DKExternalProcedureAct": "Peger på en procedure i samme sæt, der er skrevet som act.",
    "DKExternalProcedureProcedure": "Peger på en procedure i samme sæt, der er skrevet som procedure.",
    "DKExternalProcedureObservation": "Peger på en procedure i samme sæt, der er skrevet som observation.",
    "DKExternalConditionObservation": "Peger på en diagnose i samme sæt.",
    "DKExternalObservationOrganizerEntryAct": "Peger på en resultatindberetning i samme sæt.",
    "DKExternalEpisodeOfCareReplacementReferenceBody": "Siger, at et forløbselement erstatter det, der har dets id.",
    "DKExternalEncounterReplacementReferenceBody": "Siger, at en kontakt erstatter den, der har dens id.",
    "DKExternalProcedureActReplacementReferenceBody": "Siger, at en procedure skrevet som act erstatter den, der har dens id.",
    "DKExternalProcedureObservationReplacementReferenceBody": (
        "Siger, at en procedure skrevet som observation erstatter den, der har dens id."
    ),
    "DKExternalProcedureProcedureReplacementReferenceBody": (
        "Siger, at en procedure skrevet som procedure erstatter den, der har dens id."
    ),
    "DKNullifyAct": "Sletter et element og de elementer, der hører til det (sletning).",
    "DKExternalReplacementReferenceBody": "Det element, der slettes; det kan være af enhver slags.",
}

# What a check asks for: the English sentence, and the Danish one.
_ASKED = Phrasebook(
    (
        ("{} SHALL be given unless {} is", "{} skal være angivet, medmindre {} er det"),
        ("{} SHALL be given", "{} skal være angivet"),
        ("{} SHALL be {} if it is given", "{} skal være {}, hvis den er angivet"),
        (
            "{} SHALL be a time, YYYYMMDDhhmmss±ZZzz, or a day, YYYYMMDD±ZZzz",
            "{} skal være et tidspunkt, ÅÅÅÅMMDDttmmss±ZZzz, eller en dag, ÅÅÅÅMMDD±ZZzz",
        ),
        ("{} SHALL be a time, YYYYMMDDhhmmss±ZZzz", "{} skal være et tidspunkt, ÅÅÅÅMMDDttmmss±ZZzz"),
        ("{} SHALL be a time that exists", "{} skal være et tidspunkt, der findes"),
        ("{} SHALL be a CPR number, ten digits", "{} skal være et CPR-nummer, ti cifre"),
        ("{} SHALL be a CVR number, eight digits", "{} skal være et CVR-nummer, otte cifre"),
        ("{} SHALL be an OID or a UUID, correctly written", "{} skal være en OID eller en UUID, skrevet korrekt"),
        ("{} SHALL be of the type {}", "{} skal være af typen {}"),
        ("{} SHALL be one of {} (value set {})", "{} skal være en af {} (værdisættet {})"),
        ("the unit of its useablePeriod's width SHALL be one of {}", "enheden for width i dens useablePeriod skal være en af {}"),
        ("{} SHALL be one of {}", "{} skal være en af {}"),
        ("{} SHALL be that of the entry it replaces", "{} skal være det samme som i det element, der erstattes"),
        ("{} SHALL be lower than the versionNumber of this document", "{} skal være mindre end dette dokuments versionNumber"),
        (
            "{} SHALL be written as RFC 3066 says, such as da or da-DK",
            "{} skal være skrevet, som RFC 3066 siger, f.eks. da eller da-DK",
        ),
        (
            "@language of an originalText SHALL be written as RFC 3066 says, such as da or da-DK",
            "@language i originalText skal være skrevet, som RFC 3066 siger, f.eks. da eller da-DK",
        ),
        ("{} SHALL be before {}, both written to the second", "{} skal ligge før {}, begge angivet med sekunder"),
        ("low of its useablePeriod SHALL be before high", "low i dens useablePeriod skal ligge før high"),
        ("low and high of its useablePeriod SHALL be equally precise", "low og high i dens useablePeriod skal være lige præcise"),
        ("{} SHALL equal {}", "{} skal være lig med {}"),
        ("{} SHALL differ from {}", "{} skal være forskellig fra {}"),
        ("it SHALL differ from the others of its name", "det skal være forskelligt fra de andre med samme navn"),
        ("it SHALL differ from the others", "det skal være forskelligt fra de andre"),
        ("its translations SHALL differ", "dets translation-elementer skal være forskellige"),
        ("its text SHALL differ from the others'", "dets tekst skal være forskellig fra de andres"),
        ("{} of a translation SHALL have a {}", "{} i translation skal have {}"),
        ("a translation's {} SHALL have a {}", "{} i translation skal have {}"),
        ("a translation's {} needs {}", "{} i translation skal have {}"),
        ("a translation SHALL NOT be null", "translation må ikke være null"),
        ("{} SHALL have an algorithm", "{} skal have en algoritme"),
        ("{} SHALL have no {}", "{} må ikke have {}"),
        ("{} SHALL have a {}", "{} skal have {}"),
        ("a TS SHALL have no elements", "en TS må ikke have elementer"),
        ("it SHALL have no {}", "det må ikke have {}"),
        ("it SHALL hold either elements or text", "det skal indeholde enten elementer eller tekst"),
        ("it SHALL hold something, or be null", "det skal indeholde noget eller være null"),
        ("it SHALL hold a name, or be null", "det skal indeholde et navn eller være null"),
        ("it SHALL NOT be null and hold a name", "det må ikke være null og indeholde et navn"),
        (
            "it SHALL NOT be null while another of its name is not",
            "det må ikke være null, når et andet med samme navn ikke er det",
        ),
        ("a thumbnail SHALL NOT be null and have a reference", "thumbnail må ikke være null og have en reference"),
        ("a part of it SHALL NOT have a {} twice", "en del af det må ikke have {} to gange"),
        ("a value or bound SHALL NOT stand beside {}", "en værdi eller grænse må ikke stå sammen med {}"),
        ("{} SHALL NOT stand beside {}", "{} må ikke stå sammen med {}"),
        ("{} SHALL NOT be used", "{} må ikke bruges"),
        ("{} SHALL NOT be a RUID; those are reserved for HL7 itself", "{} må ikke være en RUID; dem har HL7 forbeholdt sig selv"),
        ("{} SHALL NOT be endlessly late", "{} må ikke ligge uendeligt sent"),
        ("{} SHALL NOT be endlessly early", "{} må ikke ligge uendeligt tidligt"),
        ("{} SHALL stand on binary content only", "{} må kun stå på binært indhold"),
        ("{} SHALL stand alone", "{} skal stå alene"),
        ("there SHALL be either {} or {}", "der skal være enten {} eller {}"),
        ("there SHALL be @code, an originalText or @nullFlavor", "der skal være @code, originalText eller @nullFlavor"),
        (
            "beside {} there SHALL be no other attribute, element or text",
            "ved siden af {} må der ikke være andre attributter, elementer eller tekst",
        ),
        (
            "no part of a person's name SHALL be qualified LS, the legal status of organizations",
            "ingen del af en persons navn må være mærket LS, som er organisationers juridiske form",
        ),
        ("{} SHALL be {}", "{} skal være {}"),
        ("elements", "elementer"),
        ("bounds", "grænser"),
    )
)
_TIMES = {
    "exactly once": "netop én gang",
    "at least once": "mindst én gang",
    "at most once": "højst én gang",
    "at least": "mindst",
    "at most": "højst",
    "times": "gange",
    "and": "og",
}


def meaning_of(template: Template, language: str) -> str:
    """Return what a template means, in ``da`` or ``en``; a template without a Danish meaning (a user's own) as it says itself."""
    return MEANINGS.get(template.name, template.meaning) if language == "da" else template.meaning


def asked_in_danish(asked: str) -> str:
    """Return in Danish what a check asks for, given in English without a full stop; an unknown sentence is returned as it is."""
    return _ASKED.danish(asked)


def times_in_danish(count: str) -> str:
    """Return how often something must occur: ``exactly once`` is ``netop én gang``."""
    return _TIMES_PATTERN.sub(lambda found: _TIMES[found[0]], count)


_TIMES_PATTERN = re.compile("|".join(rf"\b{words}\b" for words in _TIMES))
