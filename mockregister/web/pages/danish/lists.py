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
}
