"""The Danish words of rules' conditions: nouns and phrases.

The nouns are those of the register's reporting guide. Each has the form after a genitive (``kontaktens starttidspunkt``) and the
definite form.
"""

from __future__ import annotations

from mockregister.validation.rules.facts import (
    AnyCondition,
    Encounter,
    Episode,
    Fact,
    MainCondition,
    Marker,
    MinorCondition,
    Patient,
    Payment,
    Procedure,
    Referral,
    Report,
    Residence,
    Result,
    Stay,
)
from mockregister.validation.rules.language import Language, Noun, Phrase


def _alone(bare: str, definite: str) -> Noun:
    """Return a noun that needs no owner: there is one of it where a rule looks."""
    return Noun(bare, definite, alone=True)


def _many(bare: str, definite: str, member: str, *, neuter: bool = False) -> Noun:
    return Noun(bare, definite, member, neuter=neuter)


KINDS: dict[type, Noun] = {
    Fact: Noun("element", "elementet", neuter=True),
    Patient: Noun("patient", "patienten"),
    Residence: Noun("uofficiel bopæl", "den uofficielle bopæl"),
    Episode: Noun("forløbselement", "forløbselementet", neuter=True),
    Marker: Noun("forløbsmarkør", "forløbsmarkøren"),
    Referral: Noun("henvisning", "henvisningen"),
    Encounter: Noun("kontakt", "kontakten"),
    Stay: Noun("opholdsadresse", "opholdsadressen"),
    Payment: Noun("betalingsoplysning", "betalingsoplysningen"),
    AnyCondition: Noun("diagnose", "diagnosen"),
    MainCondition: Noun("aktionsdiagnose", "aktionsdiagnosen"),
    MinorCondition: Noun("bidiagnose", "bidiagnosen"),
    Procedure: Noun("procedure", "proceduren"),
    Report: Noun("resultatindberetning", "resultatindberetningen"),
    Result: Noun("resultat", "resultatet", neuter=True),
}

NOUNS: dict[str, Noun] = {
    "absence": Noun("fravær", "fraværet"),
    "action": Noun("handlingsspecifikation", "handlingsspecifikationen"),
    "agreement": Noun("betalingsaftale", "betalingsaftalen"),
    "born": Noun("fødselsdato", "fødselsdatoen"),
    "cause": _alone("årsag", "årsagen"),
    "cause_end": _alone("årsags sluttidspunkt", "årsagens sluttidspunkt"),
    "cause_period": _alone("årsags periode", "årsagens periode"),
    "cause_start": _alone("årsags starttidspunkt", "årsagens starttidspunkt"),
    "closed": Noun("lukkedato", "lukkedatoen"),
    "code": Noun("kode", "koden"),
    "AnyCondition.code": _alone("diagnosekode", "diagnosekoden"),
    "Link.code": _alone("referencekode", "referencekoden"),
    "MainCondition.code": Noun("kode", "koden"),
    "Marker.code": _alone("markørkode", "markørkoden"),
    "MinorCondition.code": Noun("kode", "koden"),
    "Procedure.code": _alone("procedurekode", "procedurekoden"),
    "completion": Noun("afslutningsmåde", "afslutningsmåden"),
    "condition": _alone("diagnose", "diagnosen"),
    "contrast": Noun("anvendte kontrast", "den anvendte kontrast"),
    "country": Noun("landekode", "landekoden"),
    "encounter": _alone("kontakt", "kontakten"),
    "end": Noun("sluttidspunkt", "sluttidspunktet"),
    "episode": _alone("forløbselement", "forløbselementet"),
    "Link.episode": _alone("refererede forløbselement", "det refererede forløbselement"),
    "free_choice": Noun("fritvalgskode", "fritvalgskoden"),
    "identifiers": _many("id'er", "id'erne", "id'et", neuter=True),
    "indication": _alone("indikation", "indikationen"),
    "key": Noun("navn", "navnet"),
    "kind": Noun("diagnoseart", "diagnosearten"),
    "label": _alone("forløbslabel", "forløbslabelen"),
    "latest_time": _alone("seneste tidspunkt", "det seneste indberettede tidspunkt"),
    "link": _alone("reference", "referencen"),
    "main_condition": _alone("aktionsdiagnose", "aktionsdiagnosen"),
    "marker": _alone("forløbsmarkør", "forløbsmarkøren"),
    "markers": _many("forløbsmarkører", "forløbsmarkørerne", "forløbsmarkøren"),
    "metastases": _many("metastasekoder", "metastasekoderne", "metastasekoden"),
    "minor_codes": _many("bidiagnosekoder", "bidiagnosekoderne", "bidiagnosekoden"),
    "minor_conditions": _many("bidiagnoser", "bidiagnoserne", "bidiagnosen"),
    "municipality": Noun("kommunekode", "kommunekoden"),
    "name": Noun("navn", "navnet"),
    "now": _alone("nu", "nu"),
    "number": Noun("værdi", "værdien"),
    "opened": Noun("åbningsdato", "åbningsdatoen"),
    "origin": _alone("henvisningsmåde", "henvisningsmåden"),
    "other_minor_codes": Noun("øvrige bidiagnosekoder", "de øvrige bidiagnosekoder", "bidiagnosekoden", alone=True),
    "patient": _alone("patient", "patienten"),
    "payer": Noun("betaler", "betaleren"),
    "payment": Noun("betalingsoplysning", "betalingsoplysningen"),
    "payments": _many("betalingsoplysninger", "betalingsoplysningerne", "betalingsoplysningen"),
    "period": Noun("periode", "perioden"),
    "priority": Noun("prioritet", "prioriteten"),
    "procedure": _alone("procedure", "proceduren"),
    "procedures": _many("procedurer", "procedurerne", "proceduren"),
    "producer": Noun("producerende enhed", "den producerende enhed"),
    "reason": _alone("kontaktårsag", "kontaktårsagen"),
    "Referral.reason": _alone("henvisningsårsag", "henvisningsårsagen"),
    "recurrences": _many("lokalrecidivkoder", "lokalrecidivkoderne", "lokalrecidivkoden"),
    "referral": Noun("henvisning", "henvisningen"),
    "report": _alone("resultatindberetning", "resultatindberetningen"),
    "reported": _alone("dannelsestidspunkt", "dokumentets dannelsestidspunkt"),
    "reports": _many("resultatindberetninger", "resultatindberetningerne", "resultatindberetningen"),
    "results": _many("resultater", "resultaterne", "resultatet", neuter=True),
    "side": Noun("sideangivelse", "sideangivelsen"),
    "specialisation": Noun("specialiseringsniveau", "specialiseringsniveauet"),
    "staff": Noun("personalekategori", "personalekategorien"),
    "start": Noun("starttidspunkt", "starttidspunktet"),
    "status": Noun("status", "status"),
    "stays": _many("opholdsadresser", "opholdsadresserne", "opholdsadressen"),
    "supplementary": _many("tillægskoder", "tillægskoderne", "tillægskoden"),
    "Result.text": Noun("værdi", "værdien"),
    "time": Noun("tidspunkt", "tidspunktet"),
    "treatment_start": Noun("behandlingsstart", "behandlingsstarten"),
    "type": Noun("type", "typen"),
    "Encounter.type": _alone("kontakttype", "kontakttypen"),
    "unit": Noun("ansvarlige enhed", "den ansvarlige enhed"),
    "Stay.unit": Noun("enhed", "enheden"),
    "valid_from": Noun("første gyldighedsdag", "den første gyldighedsdag"),
    "valid_to": Noun("sidste gyldighedsdag", "den sidste gyldighedsdag"),
    "value": Noun("værdi", "værdien"),
    "whole_number": Noun("værdi", "værdien"),
}

TRUTHS: dict[str, Phrase] = {
    "is_date_time": Phrase(
        "{0}s værdi er et gyldigt tidspunkt (ÅÅÅÅMMDDttmmss±ZZzz)",
        "{0}s værdi er ikke et gyldigt tidspunkt (ÅÅÅÅMMDDttmmss±ZZzz)",
    ),
    "psychiatric": Phrase("{0} har psykiatrisk hovedspeciale", "{0} har ikke psykiatrisk hovedspeciale"),
    "somatic": Phrase("{0} har ikke psykiatrisk hovedspeciale", "{0} har psykiatrisk hovedspeciale"),
    "same_patient": Phrase("{0} fører til samme patient", "{0} fører til en anden patient"),
    "other_patient": Phrase("{0} fører til en anden patient", "{0} fører til samme patient"),
}

# What it means that an attribute is given, and that it is missing, if that says more than whether there is a value.
GIVEN: dict[str, Phrase] = {
    "Procedure.episode": Phrase("{0} hører direkte til et forløbselement", "{0} hører ikke direkte til et forløbselement"),
    "Procedure.encounter": Phrase("{0} hører til en kontakt", "{0} hører ikke til en kontakt"),
    "Report.condition": Phrase("{0} er udløst af en diagnose", "{0} er ikke udløst af en diagnose"),
    "Report.encounter": Phrase("{0} er udløst af en kontakt", "{0} er ikke udløst af en kontakt"),
    "Report.episode": Phrase("{0} er udløst af et forløbselement", "{0} er ikke udløst af et forløbselement"),
    "Report.marker": Phrase("{0} er udløst af en forløbsmarkør", "{0} er ikke udløst af en forløbsmarkør"),
    "Report.procedure": Phrase("{0} er udløst af en procedure", "{0} er ikke udløst af en procedure"),
    "Result.number": Phrase("{0}s værdi er et tal", "{0}s værdi er ikke et tal"),
    "Result.whole_number": Phrase("{0}s værdi er et helt tal", "{0}s værdi er ikke et helt tal"),
}

PHRASES: dict[str, Phrase] = {
    "given": Phrase("{0} er angivet", "{0} mangler"),
    "there": Phrase("{0} findes", "{0} mangler"),
    "there is": Phrase("der er mindst {one}", "der er {none}"),
    "filled": Phrase("{owner} har {bare}", "{owner} har ingen {bare}"),
    "=": Phrase("{0} er lig med {1}", "{0} er ikke lig med {1}"),
    "is": Phrase("{0} er {1}", "{0} er ikke {1}"),
    "same thing": Phrase("{0} er den samme som {1}", "{0} er ikke den samme som {1}"),
    "one thing of": Phrase("{0} er en af {1}", "{0} er ingen af {1}"),
    "among": Phrase("{0} er en af {values}", "{0} er ingen af {values}"),
    "has": Phrase("{0} omfatter {1}", "{0} omfatter ikke {1}"),
    "is in": Phrase("{0} hører til {lists} {when}", "{0} hører ikke til {lists} {when}"),
    "nowhere has a code in": Phrase("ingen af {0} hører til {lists} {when}", "mindst én af {0} hører til {lists} {when}"),
    "valid": Phrase("{0} gælder {when}", "{0} gælder ikke {when}"),
    "valid sometime": Phrase("{0} gælder på et tidspunkt {when}", "{0} gælder ikke på noget tidspunkt {when}"),
    "together": Phrase("{0} gælder samtidig med {1}", "{0} gælder aldrig samtidig med {1}"),
    "follow": Phrase("{0} følger hinanden uden huller og overlap", "{0} følger ikke hinanden uden huller og overlap"),
    "other types": Phrase(
        "der er et resultat af en anden type end {values}", "der er intet resultat af en anden type end {values}"
    ),
    "beyond types": Phrase(
        "der er et resultat af en anden type end dem {values}", "der er intet resultat af en anden type end dem {values}"
    ),
    "repeated": Phrase("{0} findes mere end én gang", "{0} findes højst én gang"),
    "once": Phrase("{0} findes præcis én gang", "{0} findes ikke præcis én gang"),
    "has report": Phrase("{0} har en resultatindberetning {1}", "{0} har ingen resultatindberetning {1}"),
    "kind": Phrase("{0} er en {1}", "{0} er ikke en {1}"),
    "some": Phrase("for mindst {one} gælder: {inner}", "for {none} gælder: {inner}"),
    "holds": Phrase("{inner}", "følgende gælder ikke: ({inner})"),
    "always": Phrase("altid", "aldrig"),
    "<": Phrase("{0} er mindre end {1}", "{0} er mindst {1}"),
    "≤": Phrase("{0} er højst {1}", "{0} er større end {1}"),
    "moment <": Phrase("{0} er før {1}", "{0} er ikke før {1}"),
    "moment ≤": Phrase("{0} er før eller samtidig med {1}", "{0} er efter {1}"),
    "moment >": Phrase("{0} er efter {1}", "{0} er ikke efter {1}"),
    "moment ≥": Phrase("{0} er efter eller samtidig med {1}", "{0} er før {1}"),
}

WORDS: dict[str, str] = {
    "and": "og",
    "or": "eller",
    "list": "kodelisten",
    "lists": "en af kodelisterne",
    "no list": "nogen af kodelisterne",
    "at": "på {0}",
    "during": "i {0}",
    "between": "fra {0} til {1}",
    "period": "perioden fra {0} til {1}",
    "day": "datoen for {0}",
    "day from": "datoen {0}",
    "later": "{1} efter {0}",
    "earlier": "{1} før {0}",
    "number": "antallet af {0}",
    "lists of": "kodelisterne for {0}",
    "those": "dem af {0}, hvor {1},",
    "alone": "{0}, hvis {1},",
    "one of": "én af {0}",
    "one of neuter": "ét af {0}",
    "one": "én {0}",
    "one neuter": "ét {0}",
    "none of": "ingen af {0}",
    "none": "ingen {0}",
    "none neuter": "intet {0}",
    "other": "den anden {0}",
    "other neuter": "det andet {0}",
    "caused by": "{0} udløst af {1}",
    "archiveddate": "registrets tidspunkt er før {0}",
    "reportreceivedfromdate": "indberetningen er modtaget tidligst {0}",
    "reportreceivedtodate": "indberetningen er modtaget senest {0}",
    "episodeofcarestartfromdate": "forløbselementet starter tidligst {0}",
    "episodeofcarestarttodate": "forløbselementet starter senest {0}",
    "encounterstartfromdate": "kontakten starter tidligst {0}",
    "encounterstarttodate": "kontakten starter senest {0}",
    "encounterendfromdate": "kontakten slutter tidligst {0}",
    "encounterendtodate": "kontakten slutter senest {0}",
}

UNITS = {"days": ("dag", "dage"), "hours": ("time", "timer"), "minutes": ("minut", "minutter"), "seconds": ("sekund", "sekunder")}

DANISH = Language("s", KINDS, NOUNS, TRUTHS, GIVEN, PHRASES, WORDS, UNITS)
