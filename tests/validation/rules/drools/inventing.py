"""Invented conditions and episodes of care, which combine the types, fields and functions of the notation."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from mockregister.synthetic.cases import LATER, Case
from mockregister.synthetic.courses import FIELDS, course, courses

MOMENT, DAY, TEXT, NUMBER, TRUTH, LISTS = "moment", "day", "text", "number", "truth", "lists"
FIELDS_OF: dict[str, dict[str, str]] = {
    "Patient": {"foedselsdato": DAY},
    "UofficielBopael": {"landeKode": "Myndighedskode", "kommuneKode": "Myndighedskode", "startDato": MOMENT, "slutDato": MOMENT},
    "Myndighedskode": {"kode": TEXT},
    "ForloebElement": {
        "dannelsesTidspunkt": MOMENT, "startTidspunkt": MOMENT, "slutTidspunkt": MOMENT, "afslutningsmaade": "SksKode",
        "forloebLabel": "SksKode", "ansvarligEnhed": "Enhed", "henvisning": "Henvisning", "reference": "Reference",
        "forloebMarkoere": "[ForloebMarkoer]", "procedurer": "[Procedure]", "patient": "Patient",
    },
    "Reference": {"kode": "SksKode", "forloebElement": "ForloebElement"},
    "ForloebMarkoer": {"kode": "SksKode", "tidspunkt": MOMENT},
    "Henvisning": {"tidspunkt": MOMENT, "maade": "SksKode", "fritvalg": "SksKode", "aarsag": "Kode"},
    "Kontakt": {
        "type": "SksKode", "prioritet": "SksKode", "kontaktAarsag": "SksKode", "startTidspunkt": MOMENT, "slutTidspunkt": MOMENT,
        "startBehandling": MOMENT, "ansvarligEnhed": "Enhed", "forloebElement": "ForloebElement", "henvisning": "Henvisning",
        "opholdAddresser": "[OpholdAdresse]", "betalingOplysninger": "[BetalingOplysning]", "aktionDiagnose": "Diagnose",
        "bidiagnoser": "[Diagnose]", "procedurer": "[Procedure]", "resultatIndberetning": "ResultatIndberetning",
    },
    "OpholdAdresse": {"startTidspunkt": MOMENT, "slutTidspunkt": MOMENT, "enhed": "Enhed", "fravaer": "SksKode"},
    "BetalingOplysning": {
        "startTidspunkt": MOMENT, "slutTidspunkt": MOMENT, "betaler": "SksKode", "betalingAftale": "SksKode",
        "specialiseringNiveau": "SksKode",
    },
    "Procedure": {
        "kode": "Kode", "startTidspunkt": MOMENT, "slutTidspunkt": MOMENT, "producent": "Enhed", "sideAngivelse": "SksKode",
        "handlingSpec": "SksKode", "anvendtKontrast": "SksKode", "personaleKategori": "SksKode", "indikation": "Kode",
        "betalingOplysning": "BetalingOplysning", "resultatIndberetninger": "[ResultatIndberetning]",
    },
    "Diagnose": {
        "art": "SksKode", "kode": "Kode", "sideAngivelse": "SksKode", "lokalRecidiver": "[SksKode]", "metastaser": "[SksKode]",
        "resultatIndberetninger": "[ResultatIndberetning]",
    },
    "Kode": {"primaerKode": "SksKode", "tillaegsKoder": "[SksKode]"},
    "SksKode": {"kode": TEXT, "gyldigFraDato": MOMENT, "gyldigTilDato": MOMENT},
    "Enhed": {"startTime": MOMENT, "endTime": MOMENT},
    "ResultatIndberetning": {
        "navn": "SksKode", "status": "SksKode", "ansvarligEnhed": "Enhed", "indberetningAarsag": "any",
        "aarsagStartTidspunkt": MOMENT, "aarsagSlutTidspunkt": MOMENT, "resultater": "[Resultat]", "diagnose": "Diagnose",
        "kontakt": "Kontakt", "procedure": "Procedure", "forloebMarkoer": "ForloebMarkoer",
    },
    "Resultat": {"type": "SksKode", "vaerdi": TEXT, "tidspunkt": MOMENT},
}  # fmt: skip
TIMED = ("ForloebElement", "Kontakt", "OpholdAdresse", "BetalingOplysning", "Procedure", "Enhed")
CALLS: dict[str, dict[str, str]] = {
    **{kind: {"harStartTidspunkt()": TRUTH, "harSlutTidspunkt()": TRUTH} for kind in TIMED},
    "SksKode": {"harGyldigTilDato()": TRUTH},
    "Resultat": {
        "vaerdiSomSksKode()": "SksKode", "vaerdiSomHeltal()": NUMBER, "vaerdiSomDecimaltal()": NUMBER,
        "erVaerdiValidDatoTid()": TRUTH,
    },
}  # fmt: skip
CALLS["Enhed"]["harPsykiatriskHovedSpeciale()"] = TRUTH
CALLS["Kontakt"] |= {
    "harStartBehandlingTidspunkt()": TRUTH,
    "harResultatIndberetning('RAA05')": TRUTH,
    "opholdsadresserFoelgerHinandenUdenOverlapEllerSlip()": TRUTH,
    "betalingsoplysningerFoelgerHinandenUdenOverlapEllerSlip()": TRUTH,
}
CALLS["Procedure"]["harResultatIndberetning('RAA07')"] = TRUTH
SESSION = [kind for kind in FIELDS_OF if kind not in ("Myndighedskode", "Reference", "Kode", "SksKode", "Enhed")]
CODE_LISTS = (
    *("admin.konttype", "admin.konttype.fysfr", "admin.prioritet", "admin.prioritet.akut", "diag", "diag.car", "proc.opr"),
    *("resindb.status.suba", "forloeb.label", "admin.fritvalg", "admin.diagart.aktdia", "no.such.list", "diag.foedmor"),
)
TEXTS = ("RAA01", "RAA02", "RAA05", "RDA20", "RDA22", "RDA01", "5100", "0851", "2", "1", "ZZ")
Names = dict[str, str]


class Inventor:
    """Writes conditions that the notation allows, with names bound before they are used."""

    def __init__(self, random: Random) -> None:
        self.random, self.count = random, 0

    def condition(self) -> str:
        names: Names = {}
        elements = [self.element(names, depth=0) for _ in range(self.random.choice((1, 1, 2, 2, 3)))]
        return f"when {' '.join(elements)} then"

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def fresh(self) -> str:
        self.count += 1
        return f"N{self.count}"

    def element(self, names: Names, depth: int) -> str:
        if depth < 2 and self.chance(0.2):
            return f"not ( {self.element(dict(names), depth + 1)} )"
        if depth < 2 and self.chance(0.12):
            return f"( {self.element(dict(names), depth + 1)} or {self.element(dict(names), depth + 1)} )"
        if self.chance(0.1):
            return self.collected(names)
        return self.pattern(names)

    def pattern(self, names: Names, named: float = 0.5) -> str:
        source, kind = self.source(names) if names and self.chance(0.35) else ("", self.random.choice(SESSION))
        return self.body(kind, names, named) + source

    def source(self, names: Names) -> tuple[str, str]:
        lists = [(name, kind) for name, kind in names.items() if kind.startswith("[")]
        ways = [(path, kind) for path, kind in self.paths(names, "") if kind.startswith("[") or kind in FIELDS_OF]
        known = [(way, kind.strip("[]")) for way, kind in (*lists, *ways) if kind.strip("[]") in FIELDS_OF]
        if not known:
            return "", self.random.choice(SESSION)
        path, kind = self.random.choice(known)
        return f" from {path}", kind

    def body(self, kind: str, names: Names, named: float) -> str:
        said = [self.constraint(kind, names) for _ in range(self.random.choice((0, 1, 1, 2, 2, 3)))]
        name = self.fresh() if self.chance(named) else ""
        text = f"{kind}( {' , '.join(said)} )"
        if name:
            names[name] = kind
        return f"{name} : {text}" if name else text

    def collected(self, names: Names) -> str:
        inner = dict(names)
        parts = [self.pattern(dict(inner), named=0.1) for _ in range(self.random.choice((1, 1, 1, 2)))]
        size = f"size() {self.random.choice(('==', '!=', '<', '>', '>=', '<='))} {self.random.choice((0, 1, 2))}"
        return f"Set( {size} ) from collect ( {parts[0] if len(parts) == 1 else '( ' + ' or '.join(parts) + ' )'} )"

    # constraints

    def constraint(self, kind: str, names: Names) -> str:
        parts = [self.relation(kind, names)]
        while self.chance(0.25):
            inner = dict(names)
            parts += [self.random.choice((" && ", " || ")), self.relation(kind, inner)]
        return "".join(parts)

    def relation(self, kind: str, names: Names) -> str:
        ways = list(self.paths(names, kind))
        path, found = self.random.choice(ways) if ways else ("this", kind)
        if self.chance(0.15):
            name = self.fresh()
            names[name] = found
            return f"{name} : {path}"
        said = self.compared(path, found, kind, names)
        return f"( {said} ) {self.random.choice(('== true', '== false', '!= true'))}" if self.chance(0.06) else said

    def compared(self, path: str, found: str, kind: str, names: Names) -> str:
        sign = self.random.choice(("==", "!="))
        if found.startswith("["):
            return self.of_list(path, found, kind, names)
        if found == TRUTH:
            return path if self.chance(0.4) else f"{path} {sign} {self.random.choice(('true', 'false'))}"
        if self.chance(0.25):
            return f"{path} {sign} null"
        if found == "SksKode" and self.chance(0.7):
            sign = self.random.choice(("contains", "not contains"))
            return f"{self.lists(path, kind, names)} {sign} '{self.random.choice(CODE_LISTS)}'"
        if found in (MOMENT, DAY, TEXT, NUMBER):
            return self.ordered(path, found, kind, names)
        others = [other for other, known in self.paths(names, kind) if known == found or "any" in (known, found)]
        others = [other for other in others if other != path and self.is_object(other, names, kind)]
        return f"{path} {sign} {self.random.choice(others)}" if others else f"{path} {sign} null"

    def is_object(self, path: str, names: Names, kind: str) -> bool:
        return dict(self.paths(names, kind))[path] in (*SESSION, "any", "SksKode")

    def of_list(self, path: str, found: str, kind: str, names: Names) -> str:
        members = [other for other, known in self.paths(names, kind) if known == found.strip("[]")]
        if members and self.chance(0.6):
            return f"{path} {self.random.choice(('', 'not '))}contains {self.random.choice(members)}"
        return f"{path}.empty" if self.chance(0.5) else f"{path}.empty {self.random.choice(('==', '!='))} true"

    def lists(self, path: str, kind: str, names: Names) -> str:
        moments = [other for other, known in self.paths(names, kind) if known == MOMENT] or ["OffsetDateTime.now()"]
        if self.chance(0.5):
            return f"{path}.kodelisterPaaDato({self.random.choice(moments)})"
        return f"{path}.kodelisterIndenforPeriode({self.random.choice(moments)}, {self.random.choice(moments)})"

    def ordered(self, path: str, found: str, kind: str, names: Names) -> str:
        sign = self.random.choice(("<", "<=", ">", ">=", "==", "!="))
        if found == TEXT:
            some = ", ".join(f"'{self.random.choice(TEXTS)}'" for _ in range(self.random.choice((1, 2, 3))))
            among = f"{path} {self.random.choice(('in', 'not in'))} ( {some} )"
            return among if self.chance(0.5) else f"{path} {sign} '{self.random.choice(TEXTS)}'"
        if found == NUMBER:
            return f"{path} {sign} {self.random.choice((0, 1, 2, -1, 2.5, 100))}"
        others = ["( OffsetDateTime.now() )", *(self.shifted(path) for path, known in self.paths(names, kind) if known == MOMENT)]
        if found == DAY:
            days = [f"{other}.toLocalDate()" for other in others if not other.startswith("(")]
            return f"{path} {sign} {self.random.choice([*days, 'OffsetDateTime.now().toLocalDate()'])}"
        return f"{self.shifted(path)} {sign} {self.random.choice(others)}"

    def shifted(self, path: str) -> str:
        if not self.chance(0.2):
            return path
        return f"{path}.{self.random.choice(('plusDays(7)', 'minusDays(1)', 'plusMinutes(90)', 'plusDays(0)'))}"

    def paths(self, names: Names, kind: str) -> Iterator[tuple[str, str]]:
        """Return some paths of one to three steps from the available names."""
        starts = [(name, known) for name, known in names.items()]
        for name, known in starts:
            yield name, known
            yield from self.below(f"{name}.", known, 2)
        if kind:
            yield "this", kind
            yield from self.below("", kind, 3)

    def below(self, before: str, kind: str, depth: int) -> Iterator[tuple[str, str]]:
        for name, found in {**FIELDS_OF.get(kind, {}), **CALLS.get(kind, {})}.items():
            yield f"{before}{name}", found
            if depth > 1 and found in FIELDS_OF:
                yield from self.below(f"{before}{name}.", found, depth - 1)


MOMENTS = ("day -40 09:00", "day 0 07:30", "day 0 09:30", "day 0 13:00", "day 40 12:00", "day 0 10:00", "day 0 09:00")


def a_case(random: Random) -> Case:
    """Return a shipped course with parts added or left out, fields left out, and other times."""
    name = random.choice(courses())
    parts = course(name)
    changes: dict[str, Any] = {}
    for kind in random.sample(sorted(FIELDS), 4):
        if kind not in parts and kind not in ("foreigner", "document"):
            changes[kind] = {}
        elif kind in parts and kind not in ("patient", "document", "episode", "foreigner", "linked episode", "link", "main"):
            changes[f"{kind} 2"] = dict(parts[kind])
    for part, fields in parts.items():
        for name_of_field in fields:
            required = f"{name_of_field}!" in FIELDS[part.rstrip(" 23456789")]
            if not required and name_of_field not in ("metastases", "recurrences", "supplementary") and random.random() < 0.15:
                moment = name_of_field in ("start", "end", "time", "treatment_start") and random.random() < 0.6
                changes[f"{part}.{name_of_field}"] = random.choice(MOMENTS) if moment else None
    return Case("00.01", False, name, LATER, changes)
