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
    "No exchange in the journal matches.": "Ingen udveksling i journalen passer til søgningen.",
    "Nothing has been sent yet.": "Der er ikke sendt noget endnu.",
    "Newer": "Nyere",
    "Older": "Ældre",
    "Neighbours in the journal": "Naboer i journalen",
    "Download or send again": "Hent eller send igen",
    "Send again": "Send igen",
    "Copy as curl": "Kopiér som curl",
    "Copied": "Kopieret",
    "The command": "Kommandoen",
    "The command reads the body from the file that it names: download that file above, and fill in redacted headers.": (
        "Kommandoen læser indholdet fra den fil, den nævner: hent filen ovenfor, og udfyld selv de headere, der er skjult."
    ),
    "The journal does not have this exchange; newer ones may have replaced it.": (
        "Journalen har ikke denne udveksling; nyere udvekslinger kan have fortrængt den."
    ),
    "Sent as": "Sendt som",
    "This page": "Denne side",
    "The exchange does not have this document.": "Udvekslingen har ikke dette dokument.",
    "The exchange has no documents that could be sent again.": "Der er ingen dokumenter i udvekslingen, som kan sendes igen.",
}
