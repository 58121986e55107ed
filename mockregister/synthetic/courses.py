"""Courses of treatment in a short notation, and the documents made from them.

A course is a mapping of parts (``episode``, ``encounter``, ``main`` for the main condition, ``minor``, ``stay``, ``report`` …; a
second one of a kind is ``stay 2``) to their fields. A field that is left out has the default in courses.yml; a field that is
None is left out of the document. A change names a part, or a field of it: ``encounter.end: day 0 12:00``.

- A time is ``day N HH:MM``, day 0 being the day of the encounter, in Denmark or in the zone that ``+0300`` adds; ``day N`` is a
  date, ``now`` the register's moment.
- A code is ``in LIST`` or ``in LIST & LIST``, to which ``until day N`` or ``from day N`` adds the last or first
  day on which it is valid. ``complete`` and ``incomplete`` are a code of such a status; anything else is the code itself.
- A unit is ``somatic`` or ``psychiatric``, to which ``until day N`` or ``from day N`` adds when it closes or opens.
- The results of a report are given by type: a value, or a list of values; ``{value: …, time: …}`` gives a result its own time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import yaml

from mockregister.clock import COPENHAGEN
from mockregister.model import (
    Author,
    ClinicalDocument,
    Code,
    Condition,
    Encounter,
    EntryKind,
    EpisodeLink,
    EpisodeOfCare,
    Identifier,
    Indication,
    Marker,
    ObservationOrganizer,
    Patient,
    Payment,
    PersonName,
    Procedure,
    ProcedureForm,
    Reference,
    Referral,
    ReferralReason,
    Residence,
    Result,
    Scope,
    Stay,
)
from mockregister.synthetic.code_books import CodeBook, Wish
from mockregister.synthetic.cpr import can_be_safe, nobodys_number

Parts = dict[str, dict[str, Any]]

MOMENT = re.compile(r"day (-?\d+)(?: (\d\d:\d\d))?(?: ([+-]\d{4}))?")
VALIDITY = re.compile(r"(.*?) (until|from) day (-?\d+)")
RESULT_TYPE = re.compile(r"RD[AB]\d\d|in .*")
WORDS = {"complete": "in resindb.status.suba", "incomplete": "in resindb.status.subb"}
KINDS = {
    "episode": EntryKind.EPISODE_OF_CARE,
    "marker": EntryKind.MARKER,
    "encounter": EntryKind.ENCOUNTER,
    "main": EntryKind.CONDITION,
    "minor": EntryKind.CONDITION,
    "procedure": EntryKind.PROCEDURE,
    "direct procedure": EntryKind.PROCEDURE,
    "report": EntryKind.OBSERVATION_ORGANIZER,
}
FIELDS = {  # the fields of each part; those with an exclamation mark are required
    "document": "reported",
    "patient": "born!",
    "foreigner": "number! born!",
    "residence": "start end country municipality",
    "episode": "start end unit! label completion",
    "linked episode": "start patient!",
    "link": "code!",
    "referral": "time free_choice origin reason supplementary",
    "encounter referral": "time free_choice origin reason supplementary",
    "marker": "time code!",
    "encounter": "start end treatment_start unit! type priority reason",
    "stay": "start end unit absence",
    "payment": "start end agreement payer specialisation",
    "procedure payment": "start end agreement payer specialisation",
    "direct payment": "start end agreement payer specialisation",
    "main": "code! kind side supplementary metastases recurrences",
    "minor": "code! kind side supplementary metastases recurrences",
    "procedure": "start end producer! code! staff supplementary side contrast indication indication_supplementary action",
    "direct procedure": "start end producer! code! staff supplementary side contrast indication indication_supplementary action",
    "report": "cause! name! status unit!",
}
FOREIGN_IDS = "1.2.208.176.1.6.1.3"


@cache
def _shipped() -> dict[str, dict[str, Parts]]:
    text = resources.files("mockregister.synthetic").joinpath("courses.yml").read_text("utf-8")
    shipped: dict[str, dict[str, Parts]] = yaml.safe_load(text)
    return shipped


def course(name: str, changes: Mapping[str, Any] | None = None) -> Parts:
    """Return the shipped course of that name with the changes made to it.

    Raise KeyError for a name that no course has, and ValueError for a part or field that no course has or cannot do without.
    """
    parts = deepcopy(_shipped()["courses"][name])
    for place, value in (changes or {}).items():
        _change(parts, place, value)
    return {part: _whole(part, given) for part, given in parts.items()}


def _change(parts: Parts, place: str, value: Any) -> None:
    """Make one change. Raise ValueError for an unknown part or an invalid value."""
    part, _, field = place.partition(".")
    if _kind(part) not in FIELDS:
        raise ValueError(f"'{part}' is not a part of a course; the parts are {', '.join(FIELDS)}.")
    if field:
        parts.setdefault(part, {})[field] = value
    elif isinstance(value, Mapping):
        parts[part] = {**parts.get(part, {}), **value}
    elif value is not None:
        raise ValueError(f"'{part}' is given '{value}'; write the fields of the part, such as {{start: day 0 09:00}}.")
    elif part == "episode":
        raise ValueError("'episode' cannot be left out: every document of a course states it.")
    else:
        parts.pop(part, None)


def _whole(part: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part with its defaults. Raise ValueError for a field that it does not have, or lacks."""
    whole, fields = {**_default(part), **given}, FIELDS[_kind(part)].split()
    for name, value in whole.items():
        if name not in fields and f"{name}!" not in fields and not (part.startswith("report") and RESULT_TYPE.fullmatch(name)):
            raise ValueError(f"'{part}.{name}' is not a field of a course; {part} has {', '.join(fields).replace('!', '')}.")
        if value is None and f"{name}!" in fields:
            raise ValueError(f"'{part}.{name}' cannot be left out; give it a value, or leave out the part with '{part}: ~'.")
    return whole


def _kind(part: str) -> str:
    """Return the kind of a part: stay for ``stay 2``."""
    return part.rstrip(" 23456789")


def courses() -> list[str]:
    """Return the names of the shipped courses."""
    return list(_shipped()["courses"])


def _default(part: str) -> dict[str, Any]:
    defaults: dict[str, Any] = _shipped()["defaults"].get(_kind(part), {})
    return defaults


def documents(parts: Parts, day: date, now: datetime, book: CodeBook, name: str = "course") -> list[ClinicalDocument]:
    """Return the documents to submit, in order: that of the linked episode if there is one, then that of the course.

    ``day`` is day 0, ``book`` finds codes and units, ``name`` makes the ids: the same name gives the same ids.
    """
    writing = _Writing(parts, day, now, book, name)
    return [*writing.linked_document(), writing.document()]


@dataclass
class _Writing:
    """Makes the documents of one course."""

    parts: Parts
    day: date
    now: datetime
    book: CodeBook
    name: str

    def document(self) -> ClinicalDocument:
        """Return the document of the course."""
        return self._document(
            "document",
            self._patient("foreigner" if "foreigner" in self.parts else "patient"),
            (self._episode(),),
            encounters=tuple(self._encounter(part) for part in self._like("encounter")),
            conditions=tuple(self._condition(part) for part in (*self._like("main"), *self._like("minor"))),
            procedures=tuple(self._procedure(part) for part in (*self._like("procedure"), *self._like("direct procedure"))),
            organizers=tuple(self._report(part) for part in self._like("report")),
        )

    def linked_document(self) -> Iterator[ClinicalDocument]:
        """Yield the document of the episode of care that the course's own links to."""
        other = self.parts.get("linked episode")
        if other:
            same = other["patient"] == "same"
            patient = self._patient("patient") if same else Patient(self._cpr({"born": other["patient"]}, "M"))
            episode = EpisodeOfCare(
                self._id("linked episode", "linked set"),
                self._time(other.get("start")),
                None,
                self._unit("somatic"),
                self._referral("referral"),
                self._code("in forloeb.label"),
            )
            yield self._document("linked document", patient, (episode,), "linked set")

    def _document(
        self, name: str, patient: Patient, episodes: tuple[EpisodeOfCare, ...], set_name: str = "set", **entries: Any
    ) -> ClinicalDocument:
        reported = self._time(self.parts.get("document", _default("document")).get("reported"))
        owner, cvr = self.book.owner()
        return ClinicalDocument(
            self._id(name, set_name),
            self._uuid(set_name),
            1,
            reported,
            patient,
            Author(owner, reported),
            cvr,
            episodes=episodes,
            **entries,
        )

    def _patient(self, part: str) -> Patient:
        given = self.parts.get(part) or _default(part)
        if part == "patient":
            return Patient(self._cpr(given, "F"))
        return Patient(
            alternative_ids=(Identifier(FOREIGN_IDS, f"{self.day:%d%m%y}{given['number']}"),),
            name=PersonName("Prøvesen", ("Petra",)),
            gender="F",
            birth_time=self._time(f"{given['born']} 00:00"),
            residences=tuple(self._residence(self.parts[name]) for name in self._like("residence")),
        )

    def _cpr(self, given: Mapping[str, Any], sex: str) -> str:
        birth = self._date(given["born"])
        return nobodys_number(birth if can_be_safe(birth) else birth + timedelta(days=1), sex, Random(self.name))

    def _residence(self, given: Mapping[str, Any]) -> Residence:
        return Residence(
            ("Prøvevej 1",),
            "9000",
            "Aalborg",
            given["municipality"] or "",
            given["country"] or "",
            start=self._time(given.get("start")),
            end=self._time(given.get("end")),
        )

    def _episode(self) -> EpisodeOfCare:
        given = self.parts["episode"]
        return EpisodeOfCare(
            self._id("episode"),
            self._time(given.get("start")),
            self._time(given.get("end")),
            self._unit(given["unit"]),
            self._referral("referral"),
            self._code(given.get("label")),
            tuple(
                Marker(self._some_code(self.parts[part]["code"]), self._time(self.parts[part].get("time")), self._id(part))
                for part in self._like("marker")
            ),
            self._link(),
            self._code(given.get("completion")),
        )

    def _link(self) -> EpisodeLink | None:
        given = self.parts.get("link")
        if given is None:
            return None
        target = Identifier(self._uuid("linked episode"))
        return EpisodeLink(self._some_code(given["code"]), Reference(Scope.SET_EXTERNAL, EntryKind.EPISODE_OF_CARE, target))

    def _referral(self, part: str) -> Referral | None:
        given = self.parts.get(part)
        if given is None:
            return None
        reason = self._code(given.get("reason"))
        return Referral(
            self._time(given.get("time")),
            self._code(given.get("free_choice")),
            self._code(given.get("origin")),
            ReferralReason(reason, self._codes(given.get("supplementary"))) if reason else None,
        )

    def _encounter(self, part: str) -> Encounter:
        given = self.parts[part]
        return Encounter(
            self._id(part),
            self._internal("episode"),
            self._code(given.get("type")),
            self._time(given.get("start")),
            self._time(given.get("end")),
            self._code(given.get("priority")),
            self._unit(given["unit"]),
            tuple(self._stay(self.parts[name]) for name in self._like("stay")),
            tuple(self._payment(self.parts[name]) for name in self._like("payment")),
            self._code(given.get("reason")),
            self._referral("encounter referral"),
            self._time(given.get("treatment_start")),
        )

    def _stay(self, given: Mapping[str, Any]) -> Stay:
        unit = self._unit(given["unit"]) if given.get("unit") else ""
        return Stay(self._time(given.get("start")), self._time(given.get("end")), unit, self._code(given.get("absence")))

    def _payment(self, given: Mapping[str, Any]) -> Payment:
        return Payment(
            self._code(given.get("agreement")),
            self._time(given.get("start")),
            self._time(given.get("end")),
            self._code(given.get("payer")),
            self._code(given.get("specialisation")),
        )

    def _condition(self, part: str) -> Condition:
        given = self.parts[part]
        return Condition(
            self._id(part),
            part.startswith("main"),
            self._internal("encounter"),
            self._some_code(given["code"]),
            self._code(given.get("kind")),
            self._code(given.get("side")),
            self._codes(given.get("supplementary")),
            self._codes(given.get("metastases")),
            self._codes(given.get("recurrences")),
        )

    def _procedure(self, part: str) -> Procedure:
        given, direct = self.parts[part], part.startswith("direct")
        payment = self.parts.get("direct payment" if direct else "procedure payment")
        indication = self._code(given.get("indication"))
        return Procedure(
            self._id(part),
            ProcedureForm.PROCEDURE,
            self._internal("episode" if direct else "encounter"),
            self._some_code(given["code"]),
            self._time(given.get("start")),
            self._time(given.get("end")),
            self._unit(given["producer"]),
            self._code(given.get("staff")),
            self._codes(given.get("supplementary")),
            self._code(given.get("side")),
            self._code(given.get("contrast")),
            self._payment(payment) if payment else None,
            Indication(indication, self._codes(given.get("indication_supplementary"))) if indication else None,
            self._code(given.get("action")),
        )

    def _report(self, part: str) -> ObservationOrganizer:
        given = self.parts[part]
        return ObservationOrganizer(
            self._id(part),
            self._internal(given["cause"]),
            self._some_code(given["name"], "resindb.navn"),
            self._code(given.get("status")),
            self._unit(given["unit"]),
            tuple(self._results(given)),
        )

    def _results(self, given: Mapping[str, Any]) -> Iterator[Result]:
        for kind, values in given.items():
            if RESULT_TYPE.fullmatch(kind) and values is not None:
                for value in values if isinstance(values, list) else [values]:
                    yield self._result(self._some_code(kind, "res.type"), value)

    def _result(self, kind: Code, value: Any) -> Result:
        if isinstance(value, Mapping):
            return Result(kind, self._value(str(value["value"])), self._time(value["time"]))
        return Result(kind, self._value(value))

    def _value(self, text: str) -> str:
        """Return a result's value: a code, a moment as the register writes it, or the text as it is."""
        if text.startswith("in "):
            return self._some_code(text).code
        moment = self._time(text) if MOMENT.fullmatch(text) else None
        return text if moment is None else f"{moment:%Y%m%d%H%M%S%z}"

    def _like(self, part: str) -> list[str]:
        """Return the parts of a kind, the first one first: ``stay``, ``stay 2``."""
        return sorted(name for name in self.parts if re.fullmatch(rf"{part}(?: \d)?", name))

    def _uuid(self, name: str) -> str:
        return str(uuid5(NAMESPACE_OID, f"mockregister {self.name} {name}")).upper()

    def _id(self, name: str, set_name: str = "set") -> Identifier:
        return Identifier(self._uuid(set_name), self._uuid(name))

    def _internal(self, part: str) -> Reference:
        kind = KINDS[_kind(part)]
        form = ProcedureForm.PROCEDURE if kind is EntryKind.PROCEDURE else None
        return Reference(Scope.INTERNAL, kind, self._id(part), form)

    def _time(self, text: str | None) -> datetime | None:
        if text is None or text == "now":
            return None if text is None else self.now
        _, clock, zone = moment_of(text)
        there = datetime.strptime(zone, "%z").tzinfo if zone else COPENHAGEN
        return datetime.combine(self._date(text), time.fromisoformat(clock), there)

    def _date(self, text: str) -> date:
        return self.day + timedelta(days=int(moment_of(text)[0]))

    def _wish(self, text: str) -> tuple[str, date | None, date | None]:
        """Return the list or unit in a text, with its first and last day."""
        found = VALIDITY.fullmatch(text)
        if found is None:
            return text, None, None
        limit = self.day + timedelta(days=int(found[3]))
        return (found[1], limit, None) if found[2] == "from" else (found[1], None, limit)

    def _unit(self, text: str) -> str:
        word, opens, closes = self._wish(text)
        if word not in ("somatic", "psychiatric"):
            raise ValueError(f"'{text}' is not a unit of a course; write 'somatic' or 'psychiatric'.")
        return self.book.unit(word == "psychiatric", opens, closes)

    def _code(self, text: str | None) -> Code | None:
        return None if text is None else self._some_code(text)

    def _codes(self, texts: Iterable[str] | None) -> tuple[Code, ...]:
        return tuple(self._some_code(text) for text in texts or ())

    def _some_code(self, text: str, home: str = "") -> Code:
        """Return the code that a text asks for; a code that is written out belongs to the list ``home``."""
        word, since, until = self._wish(WORDS.get(text, text))
        if not word.startswith("in "):
            return self.book.written(word, home)
        return self.book.code(Wish(frozenset(word.removeprefix("in ").split(" & ")), since, until))


def moment_of(text: str) -> tuple[str, str, str]:
    """Return the day, the clock and the zone in a time of a course. Raise ValueError for anything else."""
    found = MOMENT.fullmatch(str(text))
    if found is None:
        raise ValueError(f"'{text}' is not a time of a course; write 'day 0 09:00' or 'now'.")
    return found[1], found[2] or "00:00", found[3] or ""
