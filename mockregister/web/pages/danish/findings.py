"""Submissions with their findings, document sets and patients in Danish."""

from __future__ import annotations

DANISH: dict[str, str] = {
    "What is required": "Hvad der kræves",
    "line": "linje",
    "Summary": "Oversigt",
    "of them open": "heraf åbne",
    "the last one": "senest",
    "Main conditions": "Aktionsdiagnoser",
    "Reported by": "Indberettet af",
    "The register does not have this document set.": "Registret har ikke sådan et dokumentsæt.",
    "What changed": "Hvad der er ændret",
    "From version": "Fra version",
    "To version": "Til version",
    "Compare": "Sammenlign",
    "They say the same.": "De siger det samme.",
}
