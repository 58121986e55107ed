"""Training in Danish."""

from __future__ import annotations

DANISH: dict[str, str] = {
    "Training": "Øvelse",
    "A register of your own": "Dit eget register",
    "Say who you are, and you get a register that nobody else changes.": (
        "Skriv, hvem du er, så får du et register, som ingen andre ændrer."
    ),
    "Come back with the same name, or by its link.": "Kom tilbage med samme navn eller via linket.",
    "Come back by its link.": "Kom tilbage via linket.",
    "Your link and key": "Dit link og din nøgle",
    "Your name": "Dit navn",
    "Go there": "Gå dertil",
    "All registers, for the instructor": "Alle registre, til underviseren",
    "Sit the exam": "Tag prøven",
    "missed": "ikke opfyldt",
    "Sent": "Sendt",
    "Last sent": "Sidst sendt",
    "Start anew": "Start forfra",
    "Nobody has joined yet.": "Ingen er med endnu.",
    "Closed until someone uses them:": "Lukket, indtil nogen bruger dem:",
    "Everything here is made up, and yours to try out.": "Alt her er opdigtet, og du kan frit prøve det af.",
    "Your register:": "Dit register:",
    "Another register": "Et andet register",
    "Get a register of your own": "Få dit eget register",
    "Link to come back": "Link til at komme tilbage",
    "Header for your programs": "Header til dine programmer",
    "Link to hand out": "Link til deltageren",
    "Sign in as the instructor": "Log ind som underviser",
    "This link opens no register; ask the instructor for yours.": (
        "Linket åbner ikke noget register; bed underviseren om dit link."
    ),
    "Say who you are, in letters.": "Skriv, hvem du er, med bogstaver.",
    "This server is not for training; start it with --training.": "Denne server er ikke til øvelse; start den med --training.",
}
