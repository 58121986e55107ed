"""The vocabulary of the published conditions: types, their fields and functions, and the facts they correspond to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from mockregister.model import Period
from mockregister.validation.rules import facts
from mockregister.validation.rules.checks import follow_each_other
from mockregister.validation.rules.drools.syntax import LiteralValue
from mockregister.validation.rules.expression import Condition, Derivation, Path, later_by
from mockregister.validation.rules.facts import Fact
from mockregister.validation.rules.joins import under

MOMENT, DAY, TEXT, NUMBER, TRUTH = "a moment", "a date", "a text", "a number", "true or false"
LISTS, NULL, ANY = "names of code lists", "null", "an object of any type"
ORDERED = frozenset({MOMENT, DAY, TEXT, NUMBER, NULL})


@dataclass(frozen=True)
class Value:
    """The meaning of an operand: its kind, and the path to it from the object that a condition is tested on.

    ``kind`` is a kind of plain value or the name of an object type; ``many`` says that it is a list. ``back`` are the
    attributes that lead back, from the value or from a member of the list, to where the path begins. ``sure`` values are never
    missing. ``yes`` and ``no`` are the conditions that a truth value is present and true, or present and false. A value that
    is the code lists of a code has the path to the ``code`` and to the moment or period ``when`` they are looked up. ``constant``
    is the value of a literal. ``named`` values come from a bound name.
    """

    path: Path
    kind: str
    many: bool = False
    back: tuple[str, ...] | None = None
    sure: bool = False
    yes: Condition | None = None
    no: Condition | None = None
    code: Path | None = None
    when: Path | None = None
    constant: LiteralValue = None
    named: bool = False

    def bound(self) -> Value:
        """Return the value as bound to a name: an object that is missing in its path then no longer makes comparisons false."""
        return replace(self, path=self.path.as_bound(), named=True)

    def seen_from(self, *names: str) -> Value:
        """Return the same value for a condition on another object, from which these attributes lead to the present one."""
        root = Path(names)
        paths = {"path": self.path, "code": self.code, "when": self.when}
        changed: dict[str, Any] = {name: path.under(*names) for name, path in paths.items() if path is not None}
        changed |= {name: under(root, said) for name, said in (("yes", self.yes), ("no", self.no)) if said is not None}
        return replace(self, back=None, **changed)

    @property
    def is_object(self) -> bool:
        """Return True if it is an object or a list of objects."""
        return self.kind in TYPES or self.kind == ANY

    def __str__(self) -> str:
        return f"a list of {self.kind}" if self.many else self.kind


@dataclass(frozen=True)
class Field:
    """A field: the attribute of our fact (empty: the value itself), its kind, whether it is a list, and the attribute back.

    ``always`` says that it is never missing; lists never are.
    """

    attribute: str
    kind: str
    many: bool = False
    back: str = ""
    always: bool = False


@dataclass(frozen=True)
class Function:
    """A function: the kinds of its arguments, and how the value is made from the object and the arguments."""

    arguments: tuple[str, ...]
    make: Callable[[Value, tuple[Value, ...]], Value]


@dataclass(frozen=True)
class ObjectType:
    """A type of objects: our class of facts (None if such objects are only values of fields), the fields and the functions."""

    fact: type[Fact] | None
    fields: Mapping[str, Field]
    functions: Mapping[str, Function] = field(default_factory=dict)


def truth(path: Path, yes: Condition | None = None, no: Condition | None = None) -> Value:
    """Return a truth value, from the path to it or from two conditions."""
    get = path.get
    if yes is None:
        yes = Condition(lambda thing: get(thing) is True, path.reads, paths=(path,), word="true")
    if no is None:
        no = Condition(lambda thing: get(thing) is False, f"not {path.reads}", paths=(path,), word="false")
    return Value(path, TRUTH, yes=yes, no=no)


def emptiness(value: Value) -> Value:
    """Return whether a list is empty."""
    return truth(value.path.then(lambda found: not found, f"{value.path.reads} is empty"), value.path.empty, value.path.filled)


def size(value: Value) -> Value:
    """Return how many members a list or a set has."""
    return Value(value.path.then(len, f"the number of {value.path.reads}", "number"), NUMBER)


def _is_there(attribute: str) -> Function:
    def make(owner: Value, _: tuple[Value, ...]) -> Value:
        path: Path = getattr(owner.path, attribute)
        there = owner.path.then(lambda found: getattr(found, attribute) is not None, f"{path.reads} is given")
        return truth(there, path.given, path.missing)

    return Function((), make)


def _is(attribute: str) -> Function:
    return Function((), lambda owner, _: truth(getattr(owner.path, attribute)))


def _worked_out(kind: str, attribute: str) -> Function:
    return Function((), lambda owner, _: Value(getattr(owner.path, attribute), kind))


def _follow_each_other(attribute: str) -> Function:
    def make(owner: Value, _: tuple[Value, ...]) -> Value:
        reads = f"{attribute} follow each other without gap or overlap"
        return truth(owner.path.then(lambda found: follow_each_other(getattr(found, attribute)), reads, "follow", attribute))

    return Function((), make)


def _has_report(owner: Value, arguments: tuple[Value, ...]) -> Value:
    name = arguments[0].path.get

    def get(thing: Any) -> bool | None:
        found = owner.path.get(thing)
        return None if found is None else any(report.key == name(thing) for report in found.reports)

    reads = f"{owner.path.reads} has a report {arguments[0].path.reads}".strip()
    by = Derivation("has report", (owner.path, arguments[0].path))
    return truth(Path.worked_out(get, owner.path.get, reads, owner.path.names, by))


def _is_same(owner: Value, arguments: tuple[Value, ...]) -> Value:
    other = arguments[0].path

    def get(thing: Any) -> bool | None:
        patient: facts.Patient | None = owner.path.get(thing)
        return None if patient is None else patient.is_same(other.get(thing))

    reads, by = f"{owner.path.reads} is the same as {other.reads or 'it'}", Derivation("same", (owner.path, other))
    return truth(Path.worked_out(get, owner.path.get, reads, by=by))


def _later(unit: str, sign: int) -> Function:
    def make(owner: Value, arguments: tuple[Value, ...]) -> Value:
        if isinstance(arguments[0].constant, int):
            return Value(owner.path.plus(**{unit: sign * arguments[0].constant}), MOMENT)
        count = arguments[0].path.get
        reads = f"{owner.path.reads} {'+' if sign > 0 else '-'}{arguments[0].path.reads} {unit}"

        def get(thing: Any) -> Any:
            moment, number = owner.path.get(thing), count(thing)
            return None if moment is None or number is None else later_by(moment, timedelta(**{unit: sign * float(number)}))

        by = Derivation("shifted", (owner.path, arguments[0].path, sign, unit))
        return Value(Path.worked_out(get, owner.path.get, reads, owner.path.names, by), MOMENT)

    return Function((NUMBER,), make)


def _lists_during(owner: Value, arguments: tuple[Value, ...]) -> Value:
    start, end = (argument.path for argument in arguments)
    return _lists(owner.path, start if start.reads == end.reads else _period(start, end))


def _period(start: Path, end: Path) -> Path:
    """Return the path to the period between two moments; if possible the period that a fact already has."""
    beside = (start.names[-1:], end.names[-1:])
    plain = not start.derived and not end.derived and start.names[:-1] == end.names[:-1]
    if plain and beside in ((("start",), ("end",)), (("cause_start",), ("cause_end",))):
        return Path((*start.names[:-1], "period" if beside[0] == ("start",) else "cause_period"))
    get_start, get_end = start.get, end.get
    reads = f"the period from {start.reads} to {end.reads}"
    by = Derivation("period", (start, end))
    return Path.worked_out(lambda thing: Period(get_start(thing), get_end(thing)), start.owner, reads, by=by)


def _lists(code: Path, when: Path) -> Value:
    get_code, get_when = code.get, when.get

    def get(thing: Any) -> Any:
        found = get_code(thing)
        return None if found is None else found.lists(get_when(thing))

    path = Path.worked_out(get, get_code, f"the lists of {code.reads or 'it'}", by=Derivation("lists", (code,)))
    return Value(path, LISTS, many=True, code=code, when=when)


def _moments(**attributes: str) -> dict[str, Field]:
    return {name: Field(attribute, MOMENT) for name, attribute in attributes.items()}


def _codes(**attributes: str) -> dict[str, Field]:
    return {name: Field(attribute, "SksKode") for name, attribute in attributes.items()}


PERIOD = _moments(startTidspunkt="start", slutTidspunkt="end")
HAS_PERIOD = {"harStartTidspunkt": _is_there("start"), "harSlutTidspunkt": _is_there("end")}
HAS_REPORT = {"harResultatIndberetning": Function((TEXT,), _has_report)}
ON_MOMENTS: dict[str, Function] = {
    "toLocalDate": Function((), lambda owner, _: Value(owner.path.day(), DAY)),
    "plusDays": _later("days", 1),
    "minusDays": _later("days", -1),
    "plusMinutes": _later("minutes", 1),
}
TYPES: dict[str, ObjectType] = {
    "Patient": ObjectType(
        facts.Patient, {"foedselsdato": Field("born", DAY)}, {"erSammePatient": Function(("Patient",), _is_same)}
    ),
    "UofficielBopael": ObjectType(
        facts.Residence,
        {
            "landeKode": Field("country", "Myndighedskode"),
            "kommuneKode": Field("municipality", "Myndighedskode"),
            **_moments(startDato="start", slutDato="end"),
        },
        HAS_PERIOD,
    ),
    "Myndighedskode": ObjectType(None, {"kode": Field("", TEXT)}),
    "ForloebElement": ObjectType(
        facts.Episode,
        {
            **PERIOD,
            **_moments(dannelsesTidspunkt="reported"),
            **_codes(afslutningsmaade="completion", forloebLabel="label"),
            "ansvarligEnhed": Field("unit", "Enhed"),
            "henvisning": Field("referral", "Henvisning", back="episode"),
            "reference": Field("link", "Reference"),
            "forloebMarkoere": Field("markers", "ForloebMarkoer", many=True, back="episode"),
            "procedurer": Field("procedures", "Procedure", many=True, back="episode"),
            "patient": Field("patient", "Patient", always=True),
        },
        HAS_PERIOD,
    ),
    "Reference": ObjectType(
        None, {"kode": Field("code", "SksKode", always=True), "forloebElement": Field("episode", "ForloebElement")}
    ),
    "ForloebMarkoer": ObjectType(facts.Marker, {"kode": Field("code", "SksKode", always=True), **_moments(tidspunkt="time")}),
    "Henvisning": ObjectType(
        facts.Referral,
        {
            **_moments(tidspunkt="time"),
            **_codes(maade="origin", fritvalg="free_choice"),
            "aarsag": Field("reason", "Kode"),
        },
    ),
    "Kontakt": ObjectType(
        facts.Encounter,
        {
            **PERIOD,
            **_moments(startBehandling="treatment_start"),
            **_codes(type="type", prioritet="priority", kontaktAarsag="reason"),
            "ansvarligEnhed": Field("unit", "Enhed"),
            "forloebElement": Field("episode", "ForloebElement", always=True),
            "henvisning": Field("referral", "Henvisning", back="encounter"),
            "opholdAddresser": Field("stays", "OpholdAdresse", many=True, back="encounter"),
            "betalingOplysninger": Field("payments", "BetalingOplysning", many=True, back="encounter"),
            "aktionDiagnose": Field("main_condition", "Diagnose", back="encounter"),
            "bidiagnoser": Field("minor_conditions", "Diagnose", many=True, back="encounter"),
            "procedurer": Field("procedures", "Procedure", many=True, back="encounter"),
            "resultatIndberetning": Field("report", "ResultatIndberetning", back="encounter"),
        },
        {
            **HAS_PERIOD,
            **HAS_REPORT,
            "harStartBehandlingTidspunkt": _is_there("treatment_start"),
            "opholdsadresserFoelgerHinandenUdenOverlapEllerSlip": _follow_each_other("stays"),
            "betalingsoplysningerFoelgerHinandenUdenOverlapEllerSlip": _follow_each_other("payments"),
        },
    ),
    "OpholdAdresse": ObjectType(facts.Stay, {**PERIOD, "enhed": Field("unit", "Enhed"), **_codes(fravaer="absence")}, HAS_PERIOD),
    "BetalingOplysning": ObjectType(
        facts.Payment,
        {**PERIOD, **_codes(betaler="payer", betalingAftale="agreement", specialiseringNiveau="specialisation")},
        HAS_PERIOD,
    ),
    "Procedure": ObjectType(
        facts.Procedure,
        {
            **PERIOD,
            "kode": Field("code", "Kode", always=True),
            "producent": Field("producer", "Enhed"),
            **_codes(sideAngivelse="side", handlingSpec="action", anvendtKontrast="contrast", personaleKategori="staff"),
            "indikation": Field("indication", "Kode"),
            "betalingOplysning": Field("payment", "BetalingOplysning", back="owner"),
            "resultatIndberetninger": Field("reports", "ResultatIndberetning", many=True, back="procedure"),
        },
        {**HAS_PERIOD, **HAS_REPORT},
    ),
    "Diagnose": ObjectType(
        facts.AnyCondition,
        {
            **_codes(art="kind", sideAngivelse="side"),
            "kode": Field("code", "Kode", always=True),
            "lokalRecidiver": Field("recurrences", "SksKode", many=True),
            "metastaser": Field("metastases", "SksKode", many=True),
            "resultatIndberetninger": Field("reports", "ResultatIndberetning", many=True, back="condition"),
        },
    ),
    "Kode": ObjectType(
        None, {"primaerKode": Field("", "SksKode"), "tillaegsKoder": Field("supplementary", "SksKode", many=True)}
    ),
    "SksKode": ObjectType(
        None,
        {"kode": Field("text", TEXT), **_moments(gyldigFraDato="valid_from", gyldigTilDato="valid_to")},
        {
            "harGyldigTilDato": _is_there("valid_to"),
            "kodelisterPaaDato": Function((MOMENT,), lambda owner, arguments: _lists(owner.path, arguments[0].path)),
            "kodelisterIndenforPeriode": Function((MOMENT, MOMENT), _lists_during),
        },
    ),
    "Enhed": ObjectType(
        None,
        _moments(startTime="opened", endTime="closed"),
        {
            "harStartTidspunkt": _is_there("opened"),
            "harSlutTidspunkt": _is_there("closed"),
            "harPsykiatriskHovedSpeciale": _is("psychiatric"),
        },
    ),
    "ResultatIndberetning": ObjectType(
        facts.Report,
        {
            "navn": Field("name", "SksKode", always=True),
            **_codes(status="status"),
            **_moments(aarsagStartTidspunkt="cause_start", aarsagSlutTidspunkt="cause_end"),
            "ansvarligEnhed": Field("unit", "Enhed"),
            "indberetningAarsag": Field("cause", ANY),
            "diagnose": Field("condition", "Diagnose"),
            "kontakt": Field("encounter", "Kontakt"),
            "procedure": Field("procedure", "Procedure"),
            "forloebMarkoer": Field("marker", "ForloebMarkoer"),
            "forloebElement": Field("episode", "ForloebElement"),
            "resultater": Field("results", "Resultat", many=True, back="report"),
        },
    ),
    "Resultat": ObjectType(
        facts.Result,
        {"type": Field("type", "SksKode", always=True), "vaerdi": Field("text", TEXT), **_moments(tidspunkt="time")},
        {
            "vaerdiSomSksKode": _worked_out("SksKode", "value"),
            "vaerdiSomHeltal": _worked_out(NUMBER, "whole_number"),
            "vaerdiSomDecimaltal": _worked_out(NUMBER, "number"),
            "erVaerdiValidDatoTid": _is("is_date_time"),
        },
    ),
}
