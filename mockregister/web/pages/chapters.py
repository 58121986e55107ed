"""The chapters of the classification of diagnoses: which codes each has, and its name."""

from __future__ import annotations

from typing import NamedTuple


class DiagnosisChapter(NamedTuple):
    """A chapter: its codes as SKS writes them, from ``first`` to ``last``, and its name in Danish and in English."""

    first: str
    last: str
    danish: str
    english: str

    @property
    def codes(self) -> str:
        """Return its codes as a filter of the list of patients."""
        return f"{self.first}-{self.last}"

    def has(self, group: str) -> bool:
        """Return whether codes that begin with these three letters are in it."""
        return self.first[:3] <= group <= self.last[:3]


CHAPTERS = (
    DiagnosisChapter("DA00", "DB99", "Infektioner og parasitter", "Infections and parasites"),
    DiagnosisChapter("DC00", "DD48", "Svulster", "Neoplasms"),
    DiagnosisChapter("DD50", "DD89", "Blod og immunsystem", "Blood and immune system"),
    DiagnosisChapter("DE00", "DE99", "Hormoner, ernæring og stofskifte", "Hormones, nutrition and metabolism"),
    DiagnosisChapter("DF00", "DF99", "Psykiske lidelser", "Mental disorders"),
    DiagnosisChapter("DG00", "DG99", "Nervesystem", "Nervous system"),
    DiagnosisChapter("DH00", "DH59", "Øjne", "Eyes"),
    DiagnosisChapter("DH60", "DH99", "Ører", "Ears"),
    DiagnosisChapter("DI00", "DI99", "Kredsløb", "Circulatory system"),
    DiagnosisChapter("DJ00", "DJ99", "Åndedræt", "Respiratory system"),
    DiagnosisChapter("DK00", "DK99", "Fordøjelse", "Digestive system"),
    DiagnosisChapter("DL00", "DL99", "Hud", "Skin"),
    DiagnosisChapter("DM00", "DM99", "Knogler, muskler og bindevæv", "Bones, muscles and connective tissue"),
    DiagnosisChapter("DN00", "DN99", "Urinveje og kønsorganer", "Urinary and genital organs"),
    DiagnosisChapter("DO00", "DO99", "Graviditet, fødsel og barsel", "Pregnancy, birth and childbed"),
    DiagnosisChapter("DP00", "DP99", "Omkring fødslen", "Perinatal conditions"),
    DiagnosisChapter("DQ00", "DQ99", "Medfødte misdannelser", "Congenital malformations"),
    DiagnosisChapter("DR00", "DR99", "Symptomer og abnorme fund", "Symptoms and abnormal findings"),
    DiagnosisChapter("DS00", "DT99", "Skader og forgiftninger", "Injuries and poisonings"),
    DiagnosisChapter("DU00", "DU99", "Koder til særlige formål", "Codes for special purposes"),
    DiagnosisChapter("DV00", "DY99", "Ydre årsager", "External causes"),
    DiagnosisChapter("DZ00", "DZ99", "Kontakter af andre grunde", "Contacts for other reasons"),
)
