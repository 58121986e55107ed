"""What the attributes of facts are called in sentences, in English and in Danish."""

from __future__ import annotations

NAMES: dict[str, tuple[str, str]] = {
    "absence": ("absence", "fraværet"),
    "action": ("action specification", "handlingsspecifikationen"),
    "agreement": ("agreement", "betalingsaftalen"),
    "born": ("date of birth", "fødselsdatoen"),
    "cause": ("cause", "årsagen"),
    "cause_end": ("end of the cause", "årsagens sluttidspunkt"),
    "cause_period": ("period of the cause", "årsagens periode"),
    "cause_start": ("start of the cause", "årsagens starttidspunkt"),
    "closed": ("closing date", "lukkedatoen"),
    "code": ("code", "koden"),
    "completion": ("way of ending", "afslutningsmåden"),
    "condition": ("condition", "diagnosen"),
    "contrast": ("contrast agent", "den anvendte kontrast"),
    "country": ("country code", "landekoden"),
    "encounter": ("encounter", "kontakten"),
    "end": ("end", "sluttidspunktet"),
    "episode": ("episode of care", "forløbselementet"),
    "free_choice": ("free choice of hospital", "fritvalgskoden"),
    "identifiers": ("ids", "id'erne"),
    "indication": ("indication", "indikationen"),
    "key": ("name", "navnet"),
    "kind": ("kind", "diagnosearten"),
    "label": ("label", "forløbslabelen"),
    "latest_time": ("latest time reported", "det seneste indberettede tidspunkt"),
    "link": ("reference", "referencen"),
    "main_condition": ("main condition", "aktionsdiagnosen"),
    "marker": ("marker", "forløbsmarkøren"),
    "markers": ("markers", "forløbsmarkørerne"),
    "metastases": ("metastasis code", "metastasekoden"),
    "minor_codes": ("codes of the minor conditions", "bidiagnosernes koder"),
    "minor_conditions": ("minor conditions", "bidiagnoserne"),
    "municipality": ("municipality code", "kommunekoden"),
    "name": ("name", "navnet"),
    "now": ("now", "nu"),
    "number": ("value", "værdien"),
    "opened": ("opening date", "åbningsdatoen"),
    "origin": ("origin", "henvisningsmåden"),
    "other_minor_codes": ("codes of the other minor conditions", "de andre bidiagnosers koder"),
    "patient": ("patient", "patienten"),
    "payer": ("payer", "betaleren"),
    "payment": ("payment", "betalingsoplysningen"),
    "payments": ("payments", "betalingsoplysningerne"),
    "period": ("period", "perioden"),
    "priority": ("priority", "prioriteten"),
    "procedure": ("procedure", "proceduren"),
    "procedures": ("procedures", "procedurerne"),
    "producer": ("producing unit", "den producerende enhed"),
    "reason": ("reason", "årsagen"),
    "recurrences": ("code of the local recurrence", "lokalrecidivkoden"),
    "referral": ("referral", "henvisningen"),
    "report": ("result report", "resultatindberetningen"),
    "reported": ("document time", "dokumentets dannelsestidspunkt"),
    "reports": ("result reports", "resultatindberetningerne"),
    "residence": ("residence", "bopælen"),
    "result": ("result", "resultatet"),
    "results": ("results", "resultaterne"),
    "side": ("side", "sideangivelsen"),
    "specialisation": ("level of specialisation", "specialiseringsniveauet"),
    "staff": ("category of staff", "personalekategorien"),
    "start": ("start", "starttidspunktet"),
    "status": ("status", "status"),
    "stay": ("stay", "opholdsadressen"),
    "stays": ("stays", "opholdsadresserne"),
    "Stay.unit": ("unit", "enheden"),
    "supplementary": ("supplementary code", "tillægskoden"),
    "text": ("value", "værdien"),
    "time": ("time", "tidspunktet"),
    "treatment_start": ("start of treatment", "behandlingsstarten"),
    "type": ("type", "typen"),
    "unit": ("responsible unit", "den ansvarlige enhed"),
    "valid_from": ("beginning of validity", "den første gyldighedsdag"),
    "valid_to": ("end of validity", "den sidste gyldighedsdag"),
    "value": ("value", "værdien"),
    "whole_number": ("value", "værdien"),
}

KINDS: dict[str, tuple[str, str]] = {
    "Patient": NAMES["patient"],
    "Residence": NAMES["residence"],
    "Episode": NAMES["episode"],
    "Marker": NAMES["marker"],
    "Referral": NAMES["referral"],
    "Encounter": NAMES["encounter"],
    "Stay": NAMES["stay"],
    "Payment": NAMES["payment"],
    "AnyCondition": NAMES["condition"],
    "MainCondition": NAMES["main_condition"],
    "MinorCondition": ("minor condition", "bidiagnosen"),
    "Procedure": NAMES["procedure"],
    "Report": NAMES["report"],
    "Result": NAMES["result"],
}

# Attributes that are true or false (numbers: given or missing), with the words that say so about the thing that has it: in
# English if it is true and if it is not, and the same in Danish.
TRUTHS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "is_date_time": (
        ("is a time YYYYMMDDhhmmss±ZZzz that exists", "is not a time YYYYMMDDhhmmss±ZZzz that exists"),
        ("er et tidspunkt ÅÅÅÅMMDDttmmss±ZZzz, der findes", "er ikke et tidspunkt ÅÅÅÅMMDDttmmss±ZZzz, der findes"),
    ),
    "number": (("is a number", "is not a number"), ("er et tal", "er ikke et tal")),
    "other_patient": (
        ("leads to another patient", "leads to the same patient"),
        ("fører til en anden patient", "fører til samme patient"),
    ),
    "psychiatric": (
        ("has a psychiatric main speciality", "has no psychiatric main speciality"),
        ("har psykiatrisk hovedspeciale", "har ikke psykiatrisk hovedspeciale"),
    ),
    "same_patient": (
        ("leads to the same patient", "leads to another patient"),
        ("fører til samme patient", "fører til en anden patient"),
    ),
    "somatic": (
        ("has no psychiatric main speciality", "has a psychiatric main speciality"),
        ("har ikke psykiatrisk hovedspeciale", "har psykiatrisk hovedspeciale"),
    ),
    "whole_number": (("is a whole number", "is not a whole number"), ("er et helt tal", "er ikke et helt tal")),
}

# How the value of a result has to be written.
FORMS: dict[str, tuple[str, str]] = {
    "is_date_time": ("a time, such as 20190502120000+0200", "et tidspunkt, f.eks. 20190502120000+0200"),
    "number": ("a number, such as 8.5, with a point before decimals", "et tal, f.eks. 8.5, med punktum før decimaler"),
    "whole_number": ("a whole number, such as 12, in digits", "et helt tal, f.eks. 12, skrevet med cifre"),
}

# Attributes that a sentence names without the thing that has them.
ALONE = frozenset({"reported", "latest_time", "now", "other_minor_codes"})

# Attributes of several kinds of things. A sentence says which has it: the referral of an episode of care, or of an encounter.
OWNED = frozenset({"referral", "payment"})

# Attributes that are lists, whose names are in the plural.
PLURAL = frozenset(
    {
        "identifiers",
        "markers",
        "minor_codes",
        "minor_conditions",
        "other_minor_codes",
        "payments",
        "procedures",
        "reports",
        "results",
        "stays",
    }
)

# Fields with several codes, and what one of these codes is called in Danish after its owner.
ONE_CODE = {"metastases": "metastasekode", "recurrences": "lokalrecidivkode", "supplementary": "tillægskode"}

# Steps from one fact to another that sentences leave out.
SILENT = frozenset({"this", "outer", "session"})
