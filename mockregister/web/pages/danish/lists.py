"""The lists and their filters in Danish."""

from __future__ import annotations

DANISH: dict[str, str] = {
    "Filter and sort": "Filtrér og sortér",
    "Unit (SOR id)": "Enhed (SOR-id)",
    "Diagnosis": "Diagnose",
    "Contact from": "Kontakt fra",
    "Contact until": "Kontakt til",
    "By number": "Efter nummer",
    "By name": "Efter navn",
    "Latest document first": "Seneste dokument først",
    "With errors": "Med fejl",
    "With warnings only": "Kun med advarsler",
    "Oldest report": "Ældste indberetning",
    "Age in days": "Alder i dage",
    "Reported": "Indberettet",
    "a guess": "et gæt",
    "Codes marked as a guess are assumed to be members because of their form; the list is only partly known:": (
        "Koder, der er mærket som gæt, regnes for medlemmer alene på grund af deres form, fordi listen kun er delvis kendt:"
    ),
    "Member of": "Medlem af",
    "Assumed to be a member because of its form": "Regnes for medlem alene på grund af sin form",
    "These lists are known in part; whether the code is in them is a guess.": (
        "Disse lister er kun delvis kendt; det er et gæt, om koden er på dem."
    ),
    "Where it is used": "Hvor den bruges",
    "All patients with it": "Alle patienter med den",
    "No stored element uses it.": "Intet, der er gemt, bruger den.",
    "Rules that name it": "Regler, der nævner den",
    "No rule names it or a list that it is in.": "Ingen regel nævner den eller en liste, den er på.",
    "Markers": "Markører",
    "Procedures": "Procedurer",
    "no published name": "intet offentliggjort navn",
    "Patients with contacts there": "Patienter med kontakter på enheden",
    "Result reports": "Resultatindberetninger",
}
