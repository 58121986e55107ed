"""A second evaluator for the notation of published conditions, written from its description, not from our translation.

``violations`` evaluates a condition on an episode of care by trying every combination of objects. It shares neither parser nor
fields nor facts with the package. Objects are made from the register's tree, and have the fields that the description names.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from typing import Any

from mockregister.codes import cpr
from mockregister.codes.tables import CodeTables
from mockregister.model import CPR, EpisodeTree, Identifier, OrganizerNode, Period, ProcedureNode

# reading

TOKEN = re.compile(r"\s*(?:(-?\d+(?:\.\d+)?)|('[^']*')|([^\W\d]\w*)|(==|!=|<=|>=|&&|\|\||[<>(),.:]))")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
CONSTANTS = {"true": True, "false": False, "null": None}


class Tokens:
    def __init__(self, text: str) -> None:
        self.words: list[str] = []
        position = 0
        while text[position:].strip():
            found = TOKEN.match(text, position)
            if found is None:
                raise SyntaxError(text[position:])
            self.words.append(found[0].strip())
            position = found.end()
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        return self.words[self.at + ahead] if self.at + ahead < len(self.words) else ""

    def next(self, *wanted: str) -> str:
        word = self.peek()
        if wanted and word not in wanted:
            raise SyntaxError(f"{wanted} wanted, {word!r} found")
        self.at += 1
        return word

    def took(self, word: str) -> bool:
        if self.peek() == word:
            self.at += 1
            return True
        return False


def read(text: str) -> list[Any]:
    tokens = Tokens(text)
    tokens.next("when")
    elements = []
    while not tokens.took("then"):
        elements.append(element(tokens))
    return elements


def element(tokens: Tokens) -> Any:
    if tokens.took("not"):
        return "not", element(tokens)
    if tokens.took("("):
        ways = [element(tokens)]
        while tokens.took("or"):
            ways.append(element(tokens))
        tokens.next(")")
        return "or", ways
    return pattern(tokens)


def pattern(tokens: Tokens) -> Any:
    name = tokens.next() if tokens.peek(1) == ":" else ""
    if name:
        tokens.next(":")
    kind = tokens.next()
    tokens.next("(")
    constraints = []
    while not tokens.took(")"):
        constraints.append(constraint(tokens))
        tokens.took(",")
    source = None
    if tokens.took("from"):
        if tokens.took("collect"):
            tokens.next("(")
            source = "collect", element(tokens)
            tokens.next(")")
        else:
            source = path(tokens, source=True)
    return "pattern", name, kind, constraints, source


def constraint(tokens: Tokens) -> Any:
    ways = [both(tokens)]
    while tokens.took("||"):
        ways.append(both(tokens))
    return "any", ways


def both(tokens: Tokens) -> Any:
    parts = [relation(tokens)]
    while tokens.took("&&"):
        parts.append(relation(tokens))
    return "all", parts


def relation(tokens: Tokens) -> Any:
    name = tokens.next() if tokens.peek(1) == ":" else ""
    if name:
        tokens.next(":")
    left = operand(tokens)
    sign = tokens.next() if tokens.peek() in (*COMPARISONS, "not", "contains", "in") else ""
    if sign == "not":
        sign += " " + tokens.next("contains", "in")
    if sign.endswith("in"):
        tokens.next("(")
        right: Any = [literal(tokens)]
        while tokens.took(","):
            right.append(literal(tokens))
        tokens.next(")")
    else:
        right = operand(tokens) if sign else None
    return "relation", name, left, sign, right


def literal(tokens: Tokens) -> Any:
    word = tokens.next()
    if word.startswith("'"):
        return word[1:-1]
    return CONSTANTS[word] if word in CONSTANTS else Decimal(word)


def operand(tokens: Tokens) -> Any:
    if tokens.took("("):
        inner = constraint(tokens)
        tokens.next(")")
        return "bracket", inner
    word = tokens.peek()
    if word.startswith("'") or word in CONSTANTS or re.match(r"-?\d", word):
        return "literal", literal(tokens)
    return path(tokens)


def path(tokens: Tokens, source: bool = False) -> Any:
    steps = [step(tokens, source)]
    while tokens.took("."):
        steps.append(step(tokens, source))
    return "path", steps


def step(tokens: Tokens, source: bool) -> Any:
    name = tokens.next()
    if tokens.peek() != "(" or (source and tokens.peek(1) != ")"):
        return name, None
    tokens.next("(")
    arguments = []
    while not tokens.took(")"):
        arguments.append(operand(tokens))
        tokens.took(",")
    return name, arguments


# objects


@dataclass(eq=False)
class Thing:
    """An object of a type, with its source in the model, its owner, and its fields."""

    kind: str
    source: object = None
    owner: Thing | None = None
    id: Identifier | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    def place(self) -> Thing:
        return self if self.id is not None or self.owner is None else self.owner.place()


@dataclass(frozen=True)
class Sks:
    """A code, identified by its text, with the dates of its row."""

    text: str
    period: Period = field(compare=False)
    tables: CodeTables = field(compare=False, repr=False)

    @property
    def row(self) -> Any:
        return self.tables.sks.row_near(self.text, *self.period)

    def lists(self, fits: Callable[[Any], bool]) -> list[str]:
        return [name for row in self.tables.sks.rows(self.text) if fits(row) for name in row.lists]


@dataclass(frozen=True)
class CodeWithMore:
    """A code and its additional codes (Kode)."""

    text: str
    code: Sks = field(compare=False)
    more: tuple[Sks, ...] = field(compare=False)


class World:
    """All objects that belong to an episode of care."""

    def __init__(self, tree: EpisodeTree, tables: CodeTables, now: datetime) -> None:
        self.tables, self.now, self.things = tables, now, []
        self.patient = self.thing("Patient", tree.patient, None, self.first_id(tree.patient), **self.of_patient(tree.patient))
        for home in tree.patient.residences:
            self.thing(
                "UofficielBopael", home, self.patient, landeKode=self.authority(home.country),
                kommuneKode=self.authority(home.municipality), startDato=home.start, slutDato=home.end,
            )  # fmt: skip
        self.episode = self.an_episode(tree, self.patient)
        self.below(tree, self.episode)
        linked = tree.linked
        if tree.entry.link is not None:
            target = None
            if linked is not None:
                kept, self.things = self.things, []  # entries of a linked episode are not objects of the session
                other = Thing("Patient", linked.patient, fields=self.of_patient(linked.patient))
                target = self.an_episode(linked, other)
                self.below(linked, target)
                self.things = kept
            code = self.code(tree.entry.link.code, Period(tree.entry.start, tree.entry.end))
            self.episode.fields["reference"] = Thing("Reference", fields={"kode": code, "forloebElement": target})

    def thing(self, kind: str, source: object, owner: Thing | None, id: Identifier | None = None, **fields: Any) -> Thing:
        made = Thing(kind, source, owner, id, fields)
        self.things.append(made)
        return made

    def first_id(self, patient: Any) -> Identifier | None:
        return next(iter([*([Identifier(CPR, patient.cpr)] if patient.cpr else []), *patient.alternative_ids]), None)

    def of_patient(self, patient: Any) -> dict[str, Any]:
        born = cpr.birth_date(patient.cpr) or (patient.birth_time.date() if patient.birth_time else None)
        ids = {(CPR, patient.cpr)} if patient.cpr else set()
        return {"foedselsdato": born, "ids": ids | {number.key for number in patient.alternative_ids}}

    def authority(self, text: str) -> Thing | None:
        return Thing("Myndighedskode", fields={"kode": text}) if text else None

    def unit(self, sor_id: str) -> Any:
        return self.tables.sor.unit(sor_id)

    def code(self, code: Any, period: Period) -> Sks | None:
        return None if code is None else Sks(code.code, period, self.tables)

    def codes(self, codes: Any, period: Period) -> list[Any]:
        return [self.code(code, period) for code in codes]

    def whole(self, code: Any, more: Any, period: Period) -> CodeWithMore:
        return CodeWithMore(code.code, Sks(code.code, period, self.tables), tuple(self.codes(more, period)))

    def an_episode(self, tree: EpisodeTree, patient: Thing) -> Thing:
        entry = tree.entry
        period = Period(entry.start, entry.end)
        episode = self.thing(
            "ForloebElement", entry, patient, entry.id, dannelsesTidspunkt=tree.reported, startTidspunkt=entry.start,
            slutTidspunkt=entry.end, afslutningsmaade=self.code(entry.completion, period),
            forloebLabel=self.code(entry.label, period), ansvarligEnhed=self.unit(entry.responsible_unit), reference=None,
            patient=patient, procedurer=[],
        )  # fmt: skip
        episode.fields["henvisning"] = self.referral(entry.referral, episode, period)
        episode.fields["forloebMarkoere"] = [
            self.thing(
                "ForloebMarkoer", marker, episode, marker.id, tidspunkt=marker.time,
                kode=self.code(marker.code, Period(marker.time, marker.time).or_else(period)),
            )
            for marker in entry.markers
        ]  # fmt: skip
        return episode

    def below(self, tree: EpisodeTree, episode: Thing) -> None:
        period = Period(tree.entry.start, tree.entry.end)
        for node in tree.encounters:
            self.encounter(node, episode)
        episode.fields["procedurer"] = [self.procedure(node, episode) for node in tree.procedures]
        for report in tree.organizers:
            if report.marker is None:
                self.report(report, episode, period)
            else:
                (marker,) = [mark for mark in episode.fields["forloebMarkoere"] if mark.source is report.marker]
                self.report(report, marker, Period(report.marker.time, report.marker.time))

    def referral(self, entry: Any, owner: Thing, period: Period) -> Thing | None:
        if entry is None:
            return None
        at = Period(entry.time, entry.time).or_else(period)
        reason = entry.reason and self.whole(entry.reason.code, entry.reason.supplementary, at)
        return self.thing(
            "Henvisning", entry, owner, None, tidspunkt=entry.time, maade=self.code(entry.origin, at),
            fritvalg=self.code(entry.free_choice, at), aarsag=reason,
        )  # fmt: skip

    def encounter(self, node: Any, episode: Thing) -> None:
        entry, period = node.entry, Period(node.entry.start, node.entry.end)
        made = self.thing(
            "Kontakt", entry, episode, entry.id, type=self.code(entry.type, period), prioritet=self.code(entry.priority, period),
            kontaktAarsag=self.code(entry.reason, period), startTidspunkt=entry.start, slutTidspunkt=entry.end,
            startBehandling=entry.treatment_start, ansvarligEnhed=self.unit(entry.responsible_unit), forloebElement=episode,
        )  # fmt: skip
        made.fields |= {
            "henvisning": self.referral(entry.referral, made, period),
            "opholdAddresser": [
                self.thing(
                    "OpholdAdresse", stay, made, None, startTidspunkt=stay.start, slutTidspunkt=stay.end,
                    enhed=self.unit(stay.unit), fravaer=self.code(stay.absence, Period(stay.start, stay.end).or_else(period)),
                )
                for stay in entry.stays
            ],
            "betalingOplysninger": [self.payment(payment, made, period) for payment in entry.payments],
        }  # fmt: skip
        conditions = [self.condition(below, made, period) for below in node.conditions]
        made.fields["aktionDiagnose"] = next((condition for condition in conditions if condition.source.main), None)
        made.fields["bidiagnoser"] = [condition for condition in conditions if not condition.source.main]
        made.fields["procedurer"] = [self.procedure(below, made) for below in node.procedures]
        reports = [self.report(below, made, period) for below in node.organizers]
        made.fields |= {"resultatIndberetning": next(iter(reports), None), "all reports": reports}

    def payment(self, entry: Any, owner: Thing, period: Period) -> Thing | None:
        if entry is None:
            return None
        own = Period(entry.start, entry.end).or_else(period)
        return self.thing(
            "BetalingOplysning", entry, owner, None, startTidspunkt=entry.start, slutTidspunkt=entry.end,
            betaler=self.code(entry.payer, own), betalingAftale=self.code(entry.agreement, own),
            specialiseringNiveau=self.code(entry.specialisation, own),
        )  # fmt: skip

    def condition(self, node: Any, encounter: Thing, period: Period) -> Thing:
        entry = node.entry
        made = self.thing(
            "Diagnose", entry, encounter, entry.id, art=self.code(entry.kind, period),
            kode=self.whole(entry.code, entry.supplementary, period), sideAngivelse=self.code(entry.side, period),
            lokalRecidiver=self.codes(entry.recurrences, period), metastaser=self.codes(entry.metastases, period),
        )  # fmt: skip
        made.fields["resultatIndberetninger"] = [self.report(below, made, period) for below in node.organizers]
        return made

    def procedure(self, node: ProcedureNode, owner: Thing) -> Thing:
        entry, period = node.entry, Period(node.entry.start, node.entry.end)
        reason = entry.indication and self.whole(entry.indication.code, entry.indication.supplementary, period)
        made = self.thing(
            "Procedure", entry, owner, entry.id, kode=self.whole(entry.code, entry.supplementary, period),
            startTidspunkt=entry.start, slutTidspunkt=entry.end, producent=self.unit(entry.producer),
            sideAngivelse=self.code(entry.side, period), handlingSpec=self.code(entry.action, period),
            anvendtKontrast=self.code(entry.contrast, period), personaleKategori=self.code(entry.staff, period),
            indikation=reason,
        )  # fmt: skip
        made.fields["betalingOplysning"] = self.payment(entry.payment, made, period)
        made.fields["resultatIndberetninger"] = [self.report(below, made, period) for below in node.organizers]
        return made

    def report(self, node: OrganizerNode, cause: Thing, period: Period) -> Thing:
        entry = node.entry
        made = self.thing(
            "ResultatIndberetning", entry, cause, entry.id, navn=self.code(entry.name, period),
            status=self.code(entry.status, period), ansvarligEnhed=self.unit(entry.responsible_unit), indberetningAarsag=cause,
            aarsagStartTidspunkt=period.start, aarsagSlutTidspunkt=period.end,
            **{name: cause if cause.kind == kind else None for name, kind in CAUSES.items()},
        )  # fmt: skip
        made.fields["resultater"] = []
        for result in entry.results:
            at = Period(result.time, result.time).or_else(period)
            made.fields["resultater"].append(
                self.thing(
                    "Resultat", result, made, None, type=self.code(result.type, at), vaerdi=result.value,
                    tidspunkt=result.time, code=Sks(result.value, at, self.tables),
                )
            )  # fmt: skip
        return made


CAUSES = {"diagnose": "Diagnose", "kontakt": "Kontakt", "procedure": "Procedure", "forloebMarkoer": "ForloebMarkoer"}
CAUSES["forloebElement"] = "ForloebElement"

# evaluating


class MissingInside(Exception):
    """A value is missing inside a path."""


def violations(text: str, tree: EpisodeTree, tables: CodeTables, now: datetime) -> list[Thing]:
    """Return the objects that violate a condition; the nearest owner with an id, where a finding is placed, is not looked up."""
    world = World(tree, tables, now)
    elements = read(text)
    found: dict[int, Thing] = {}
    for names in combinations(elements, {}, world):
        standing = names.get("first named", names.get("first", world.episode))
        found[id(standing)] = standing
    return list(found.values())


def combinations(elements: list[Any], names: dict[str, Any], world: World) -> Iterator[dict[str, Any]]:
    if not elements:
        yield names
        return
    for found in ways(elements[0], names, world):
        yield from combinations(elements[1:], found, world)


def ways(read_element: Any, names: dict[str, Any], world: World) -> Iterator[dict[str, Any]]:
    if read_element[0] == "not":
        if next(ways(read_element[1], names, world), None) is None:
            yield names
    elif read_element[0] == "or":
        for way in read_element[1]:
            yield from ways(way, names, world)
    else:
        _, name, kind, constraints, source = read_element
        for thing in objects(kind, source, names, world):
            inner = {**names, "this": thing}
            if name:
                inner[name] = thing
            if all([true(said, inner, world) for said in constraints]):  # noqa: C419 - each binds its names
                standing = where(thing, source, names, world)
                inner.setdefault("first", standing)
                if name:
                    inner.setdefault("first named", standing)
                del inner["this"]
                yield inner


def where(thing: Any, source: Any, names: dict[str, Any], world: World) -> Thing:
    """Return an object of the session, or else the object from which this value was taken."""
    if isinstance(thing, Thing) and thing in world.things:
        return thing
    while source and source[0] == "collect":
        inner = source[1]
        inner = inner[1][0] if inner[0] == "or" else inner
        source = inner[4]
    root = names.get(source[1][0][0]) if source else None
    return root if isinstance(root, Thing) and root in world.things else names.get("first", world.episode)


def objects(kind: str, source: Any, names: dict[str, Any], world: World) -> list[Any]:
    if source is None:
        return [thing for thing in world.things if thing.kind == kind]
    if source[0] == "collect":
        inner = source[1][1] if source[1][0] == "or" else [source[1]]
        members: dict[int, Any] = {}
        for read_element in inner:
            _, name, inner_kind, constraints, inner_source = read_element
            for thing in objects(inner_kind, inner_source, names, world):
                seen = {**names, "this": thing, **({name: thing} if name else {})}
                if all([true(said, seen, world) for said in constraints]):  # noqa: C419 - each binds its names
                    members[id(thing)] = thing
        return [list(members.values())]
    try:
        found = follow(source, names, world)
    except MissingInside:
        return []
    found = found if isinstance(found, list) else [] if found is None else [found]
    return [value for value in found if not isinstance(value, Thing) or value.kind == kind]


def true(said: Any, names: dict[str, Any], world: World) -> bool:
    if said[0] == "any":
        return any([true(part, names, world) for part in said[1]])  # noqa: C419 - each binds its names
    if said[0] == "all":
        return all([true(part, names, world) for part in said[1]])  # noqa: C419 - each binds its names
    _, name, left, sign, right = said
    try:
        value = evaluated(left, names, world)
    except MissingInside:
        if name:
            names[name] = None
        return bool(name) and not sign
    if name:
        names[name] = value
    if not sign:
        return bool(name) or value is True
    try:
        other = right if isinstance(right, list) else evaluated(right, names, world)
    except MissingInside:
        return False
    return compared(value, sign, other)


def compared(left: Any, sign: str, right: Any) -> bool:
    match sign:
        case "==" | "!=":
            return same(left, right) is (sign == "==")
        case "in":
            return left is not None and left in right
        case "not in":
            return left is None or left not in right
        case "contains" | "not contains" if left is None:
            return sign == "not contains"
        case "contains" | "not contains":
            return any(right is not None and same(member, right) for member in left) is (sign == "contains")
    order = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}[sign]
    return left is not None and right is not None and order(left, right)


def same(left: Any, right: Any) -> bool:
    if isinstance(left, list) is not isinstance(right, list):
        return False
    return left is right or (not isinstance(left, Thing) and left == right)


def evaluated(said: Any, names: dict[str, Any], world: World) -> Any:
    if said[0] == "literal":
        return said[1]
    if said[0] == "path":
        return follow(said, names, world)
    (both_parts,) = said[1][1] if len(said[1][1]) == 1 else [None]
    if both_parts and len(both_parts[1]) == 1 and not both_parts[1][0][3]:
        _, name, left, _, _ = both_parts[1][0]
        try:
            value = evaluated(left, names, world)
        except MissingInside:
            if name:
                names[name] = None
            raise
        if name:
            names[name] = value
        return value
    return true(said[1], names, world)


def follow(said: Any, names: dict[str, Any], world: World) -> Any:
    first, *rest = said[1]
    name, arguments = first
    if name == "OffsetDateTime":
        value, rest = world.now, rest[1:]
    elif arguments is None and name in names:
        value = names[name]
    else:
        value = stepped(names["this"], first, names, world)
    for read_element in rest:
        if value is None:
            raise MissingInside
        value = stepped(value, read_element, names, world)
    return value


def stepped(value: Any, step: Any, names: dict[str, Any], world: World) -> Any:
    name, arguments = step
    if arguments is None:
        return of_field(value, name)
    found = []
    for argument in arguments:
        try:
            found.append(evaluated(argument, names, world))
        except MissingInside:
            found.append(None)
    return FUNCTIONS[name](value, *found)


def of_field(value: Any, name: str) -> Any:
    if name == "empty":
        return not value
    if isinstance(value, Thing):
        return value.fields[name]
    if isinstance(value, CodeWithMore):
        return value.code if name == "primaerKode" else list(value.more)
    if isinstance(value, Sks):
        if name == "kode":
            return value.text
        row = value.row
        return row and (row.valid_from if name == "gyldigFraDato" else row.valid_to)
    return {"startTime": value.valid_from, "endTime": value.valid_to}[name]


def beginning(value: Any) -> Any:
    return value.fields["startTidspunkt"] if isinstance(value, Thing) else value.valid_from


def ending(value: Any) -> Any:
    return value.fields["slutTidspunkt"] if isinstance(value, Thing) else value.valid_to


def later(moment: datetime, span: timedelta) -> datetime:
    return moment.astimezone(timezone(moment.utcoffset())) + span


def at_moment(code: Sks, moment: datetime | None) -> list[str]:
    if moment is None:
        return []
    return code.lists(
        lambda row: (row.valid_from is None or row.valid_from <= moment) and (row.valid_to is None or moment <= row.valid_to)
    )


def within(code: Sks, first: datetime | None, last: datetime | None) -> list[str]:
    if first is None:
        return []
    return code.lists(
        lambda row: (
            (row.valid_to is None or row.valid_to >= first) and (last is None or row.valid_from is None or row.valid_from <= last)
        )
    )


def without_gap(timed: list[Thing]) -> bool:
    ordered = sorted(timed, key=lambda thing: (thing.fields["startTidspunkt"] is not None, thing.fields["startTidspunkt"] or 0))
    return all(
        earlier.fields["slutTidspunkt"] is not None and earlier.fields["slutTidspunkt"] == later.fields["startTidspunkt"]
        for earlier, later in pairwise(ordered)
    )


def has_report(value: Thing, name: str) -> bool:
    reports = value.fields["all reports" if value.kind == "Kontakt" else "resultatIndberetninger"]
    return any(report.fields["navn"].text == name for report in reports)


def number(text: str, form: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(form, text, re.ASCII) else None


def is_moment(result: Thing) -> bool:
    text = result.fields["vaerdi"]
    if not re.fullmatch(r"\d{14}[+-]\d{4}", text, re.ASCII):
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        time(int(text[8:10]), int(text[10:12]), int(text[12:14]))
        timezone(timedelta(hours=int(text[15:17]), minutes=int(text[17:19])))
    except ValueError:
        return False
    return True


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "harStartTidspunkt": lambda value: beginning(value) is not None,
    "harSlutTidspunkt": lambda value: ending(value) is not None,
    "harStartBehandlingTidspunkt": lambda value: value.fields["startBehandling"] is not None,
    "harGyldigTilDato": lambda value: of_field(value, "gyldigTilDato") is not None,
    "harPsykiatriskHovedSpeciale": lambda value: not {"394587001", "394588006"}.isdisjoint(value.specialities),
    "harResultatIndberetning": has_report,
    "erSammePatient": lambda value, other: other is not None and bool(value.fields["ids"] & other.fields["ids"]),
    "opholdsadresserFoelgerHinandenUdenOverlapEllerSlip": lambda value: without_gap(value.fields["opholdAddresser"]),
    "betalingsoplysningerFoelgerHinandenUdenOverlapEllerSlip": lambda value: without_gap(value.fields["betalingOplysninger"]),
    "kodelisterPaaDato": at_moment,
    "kodelisterIndenforPeriode": within,
    "vaerdiSomSksKode": lambda value: value.fields["code"],
    "vaerdiSomHeltal": lambda value: number(value.fields["vaerdi"], r"[+-]?\d+"),
    "vaerdiSomDecimaltal": lambda value: number(value.fields["vaerdi"], r"[+-]?\d+(\.\d+)?"),
    "erVaerdiValidDatoTid": is_moment,
    "toLocalDate": datetime.date,
    "plusDays": lambda value, count: later(value, timedelta(days=float(count))),
    "minusDays": lambda value, count: later(value, timedelta(days=-float(count))),
    "plusMinutes": lambda value, count: later(value, timedelta(minutes=float(count))),
    "size": len,
}
