"""The journal in Danish."""

from __future__ import annotations

DANISH: dict[str, str] = {
    "Journal": "Journal",
    "Everything that was sent since the start, as far as the journal remembers:": (
        "Alt, der er sendt siden start, så langt journalen rækker:"
    ),
    "exchanges at most": "udvekslinger højst",
    "exchanges": "udvekslinger",
    "Exchange": "Udveksling",
    "Rule, code or level": "Regel, kode eller niveau",
    "SOR id of the author": "Indberetterens SOR-id",
    "Order": "Rækkefølge",
    "Newest first": "Nyeste først",
    "Oldest first": "Ældste først",
    "Slowest first": "Langsomste først",
    "stored": "gemt",
    "refused": "afvist",
    "clean": "intet fundet",
    "fault": "SOAP-fejl",
    "Clear": "Ryd",
    "Nothing in the journal fits.": "Ingen udveksling i journalen passer til søgningen.",
    "Nothing has been sent yet.": "Der er ikke sendt noget endnu.",
    "Newer": "Nyere",
    "Older": "Ældre",
    "Neighbours in the journal": "Naboer i journalen",
    "Take it along": "Hent udvekslingen",
    "Send again": "Send igen",
    "Copy as curl": "Kopiér som curl",
    "Copied": "Kopieret",
    "The command": "Kommandoen",
    "It reads the body from the file below; fill in headers that are redacted.": (
        "Kommandoen læser indholdet fra filen nedenfor; udfyld selv de headere, der er skjult."
    ),
    "The journal does not have this exchange; newer ones may have replaced it.": (
        "Journalen har ikke denne udveksling; nyere udvekslinger kan have fortrængt den."
    ),
    "Sent as": "Sendt som",
    "This page": "Denne side",
    "The exchange does not have this document.": "Udvekslingen har ikke dette dokument.",
    "There are no documents in it that could be sent again.": "Der er ingen dokumenter i udvekslingen, som kan sendes igen.",
}
