"""Submissions with their findings, document sets and patients in Danish."""

from __future__ import annotations

DANISH: dict[str, str] = {
    "What is required": "Krav",
    "line": "linje",
    "Summary": "Oversigt",
    "of them open": "heraf åbne",
    "the last one": "senest",
    "Main conditions": "Aktionsdiagnoser",
    "Reported by": "Indberettet af",
    "The register does not have this document set.": "Registret har ikke dette dokumentsæt.",
    "What changed": "Hvad der er ændret",
    "From version": "Fra version",
    "To version": "Til version",
    "Compare": "Sammenlign",
    "Both versions have the same content.": "De to versioner har samme indhold.",
}
