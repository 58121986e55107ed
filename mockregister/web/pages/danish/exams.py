"""The exam in Danish."""

from __future__ import annotations

DANISH: dict[str, str] = {
    "Exam": "Prøve",
    "A system reports the stories of a sitting to a register of its own, and the verdict shows what reached that register.": (
        "Et system indberetter historierne til sit eget register, og bedømmelsen viser, hvad der nåede frem."
    ),
    "Sittings": "Prøver",
    "Begun": "Begyndt",
    "Stories": "Historier",
    "Met": "Opfyldt",
    "Missed": "Ikke opfyldt",
    "Not yet tried": "Ikke prøvet endnu",
    "There is no sitting yet.": "Der er ingen prøve endnu.",
    "Start a sitting": "Begynd en prøve",
    "Name of the register": "Registrets navn",
    "Stories (all if none is chosen)": "Historier (alle, hvis ingen er valgt)",
    "Own stories, if any (YAML files)": "Egne historier, hvis der er nogen (YAML-filer)",
    "Own units, if any (CSV)": "Egne enheder, hvis der er nogen (CSV)",
    "Start": "Begynd",
    "Sheet": "Opgaveark",
    "Report": "Rapport",
    "End the sitting": "Afslut prøven",
    "Report to": "Indberet til",
    "Day 0 is": "Dag 0 er",
    "Expected": "Forventet",
    "Found": "Fundet",
    "The sitting has begun; hand out the sheet.": "Prøven er begyndt; del opgavearket ud.",
    "The sitting has begun. The register already has reports about its people, and the verdict counts them; "
    "reset the register to begin without them.": "Prøven er begyndt. Registret har allerede indberetninger om dens "
    "personer, og de tæller med i bedømmelsen; nulstil registret for at begynde uden dem.",
    "The sitting is over; its register stays.": "Prøven er slut; registret bevares.",
}
