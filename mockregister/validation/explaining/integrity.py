"""Explain why level 3 found something: what the document says, and what the register has instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from itertools import islice

from mockregister.codes import cpr
from mockregister.codes.sks import SksRow
from mockregister.codes.tables import CodeTables
from mockregister.document.markup import ID, attribute, first
from mockregister.document.pointing import selected
from mockregister.document.reader import Reading
from mockregister.document.whereabouts import Whereabouts, line_of, local_name, own_value
from mockregister.finding import Finding
from mockregister.model import EntryKind, Period, Relation
from mockregister.register.proposal import statements
from mockregister.register.rows import DocumentRow, Table
from mockregister.register.view import View
from mockregister.validation.explaining import wording
from mockregister.validation.explaining.code_advice import ADVICE, FOUND, KINDS, PLURALS, STATUSES
from mockregister.validation.explaining.explanation import LANGUAGES, DecidingPart, Explanation, Mention
from mockregister.validation.explaining.integrity_danish import DANISH, in_danish
from mockregister.validation.level3_integrity import TEXTS

MOST_SHOWN = 5
NEAREST = 3
LOOKALIKES = str.maketrans("OIL", "011")  # letters that are mistaken for digits
SHORTEST_PREFIX = 2
_UUID_LENGTH = 36

_KIND_OF = {
    "EOC": EntryKind.EPISODE_OF_CARE,
    "EOC_MARKER": EntryKind.MARKER,
    "EPISODE_OF_CARE_MARKER": EntryKind.MARKER,
    "ENCOUNTER": EntryKind.ENCOUNTER,
    "CONDITION_OBSERVATION": EntryKind.CONDITION,
    "PROCEDURE": EntryKind.PROCEDURE,
    "OBSERVATION_ORGANIZER": EntryKind.OBSERVATION_ORGANIZER,
}


class IntegrityExplainer:
    """Explains integrity codes by what the register holds now, and by the documents of the submission."""

    def __init__(
        self, view: View, tables: CodeTables, readings: Sequence[Reading], places: Whereabouts, language: str = "en"
    ) -> None:
        self._view, self._tables, self._readings, self._places = view, tables, readings, places
        self._language, self._number = language, LANGUAGES.index(language)

    def explain(self, finding: Finding) -> Explanation:
        """Return why an integrity code came, and what the register has instead."""
        document = finding.document.lower()
        reading = next((reading for reading in self._readings if reading.document.id.key == document), None)
        mentions = tuple(self._mentions(finding, reading))
        because = DecidingPart(self._text(finding, mentions), mentions)
        has = tuple(self._register_has(finding, reading)) if reading is not None else ()
        why = replace(explain_text(finding, self._language), because=(because,), register=has)
        advice = "".join(self._advice(finding, reading)) if reading is not None else ""
        return replace(why, advice=advice or why.advice)

    def _text(self, finding: Finding, mentions: Sequence[Mention]) -> str:
        """Return the finding's text; for an invalid number with the number and its line, which the text does not have."""
        text = in_danish(finding) if self._language == "da" else finding.text
        if not mentions or not finding.code.startswith("INVALID_") or not mentions[0].value:
            return text
        return f"{text}; {self._say('found', wording.in_words(mentions[0], self._language))}"

    def _advice(self, finding: Finding, reading: Reading) -> Iterator[str]:
        """Yield what to do where the register knows the right value."""
        if finding.code == "SKS_CODE_NOT_FOUND":
            right = "".join(finding.params[0].split()).upper()
            near = nearest(self._tables, finding.params[0])
            if self._tables.sks.known(right):
                yield self._say("capitals", right)
            elif near:
                yield self._say("such as", ", ".join(f"{row.code} ({row.term})" if row.term else row.code for row in near))
        elif finding.code.startswith("EXTERNAL_") and (line := _line_of_replacement(reading)):
            yield self._say("state again", line)
        elif finding.code.startswith("INTERNAL_"):
            known = list(self._of_kind(_kind(finding.code, "INTERNAL_"), reading))
            if len(known) == 1:
                yield self._say("only one", known[0])
        elif finding.code.startswith("PARENT_DOCUMENT_"):
            row = self._view.set(reading.document.set_id.lower())
            if row is not None:
                yield self._say("follow", row.document.rpartition("^")[2], row.version, row.version + 1)

    def _mentions(self, finding: Finding, reading: Reading | None) -> Iterator[Mention]:
        """Yield the value at the finding's place, and every other place of the document with the same value."""
        element = selected(reading.places.root, finding.where) if reading is not None and finding.where else None
        value = finding.params[0] if finding.params else own_value(element) if element is not None and not len(element) else ""
        if finding.line:
            yield Mention("", value, finding.line, whole=value)
        name = "" if element is None or len(value) == _UUID_LENGTH else local_name(element)
        name = "setId" if finding.code.startswith("SET_") else name  # every id of the document has the same root
        for line in self._places.lines_with(reading, value, name) if value and reading is not None else ():
            if line != finding.line:
                yield Mention("", value, line, whole=value)
        if reading is not None and finding.code in ("GENDERS_MISMATCH", "BIRTH_DATES_MISMATCH"):
            patient = reading.document.patient
            yield Mention("CPR", patient.cpr, reading.places.line(patient, "cpr"))
        if reading is not None and finding.code == "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION":
            named = (each.encounter for each in reading.document.conditions if each.id.extension.lower() == value.lower())
            key = next((encounter.id.extension for encounter in named if encounter is not None), "")
            for line in self._places.lines_with(reading, key) if key else ():
                yield Mention("", key.lower(), line, whole=key.lower())
        if finding.code in ("AUTHOR_INSTITUTION_NOT_FOUND", "CUSTODIAN_NOT_FOUND") and self._readings:
            yield from self._who_reports(self._readings[0])

    def _who_reports(self, reading: Reading) -> Iterator[Mention]:
        """Yield the author's unit and the custodian of a document."""
        for around in reading.places.root.iterchildren("{*}author", "{*}custodian"):
            for organization in around.iter("{*}representedOrganization", "{*}representedCustodianOrganization"):
                element = first(organization, ID)
                if element is not None:
                    yield Mention(local_name(around), attribute(element, "extension"), line_of(element))

    # -- what the register has instead

    def _register_has(self, finding: Finding, reading: Reading) -> Iterator[str]:
        code = finding.code
        if code in _ABOUT_THE_SET:
            yield from self._latest(reading.document.set_id.lower())
        elif code.endswith(("_ALREADY_EXISTS", "_ALREADY_USED", "_FROM_DELETED_EOC")) or code == "EXTERNAL_EOC_NOT_PART_OF_SET":
            yield from self._owner(finding.params[0])
        elif code.startswith("EXTERNAL_") and code.endswith("_NOT_FOUND"):
            line = _line_of_replacement(reading)
            if line:
                yield self._say("replaces", line)
                return
            yield from self._owner(finding.params[0])
            yield from self._others(_kind(code, "EXTERNAL_"), reading.document.set_id.lower())
        elif code.startswith("INTERNAL_"):
            kind = _kind(code, "INTERNAL_")
            yield self._known(list(self._of_kind(kind, reading)), kind, "stated", "not stated")
        elif code in _OTHERS:
            yield from _OTHERS[code](self, finding, reading)

    def _say(self, sentence: str, *values: object) -> str:
        return FOUND[sentence][self._number].format(*values)

    def _latest(self, key: str) -> Iterator[str]:
        row = self._view.set(key)
        if row is None:
            yield self._say("no set", key)
            return
        document = self._view.rows.get(Table.DOCUMENTS, DocumentRow, row.document)
        received = wording.shown(document.received, self._language) if document is not None else ""
        yield self._say("latest", key, row.version, row.document.rpartition("^")[2], received)

    def _owner(self, key: str) -> Iterator[str]:
        row = self._view.entry(key.lower())
        if row is not None:
            words = KINDS[row.kind][self._number], STATUSES[row.status][self._number]
            yield self._say("owner", key, words[0], words[1], row.set, row.document.rpartition("^")[2])
        elif any(
            self._view.rows.get(Table.DOCUMENTS, DocumentRow, f"{reading.document.set_id}^{key}".lower())
            for reading in self._readings
        ):
            yield self._say("document", key)

    def _others(self, kind: EntryKind | None, set_key: str) -> Iterator[str]:
        rows = ((key, self._view.entry(key)) for key in self._view.live(set_key))
        keys = [key for key, row in rows if row is not None and row.kind is kind]
        if self._view.set(set_key) is None:
            yield self._say("no set", set_key)
        else:
            yield self._known(keys, kind, "others", "no others", set_key)

    def _known(self, keys: Sequence[str], kind: EntryKind | None, some: str, none: str, *values: object) -> str:
        """Return a sentence with the entries of a kind, or that there are none."""
        name = PLURALS[kind][self._number]
        return self._say(some, name, ", ".join(keys[:MOST_SHOWN]), *values) if keys else self._say(none, name, *values)

    def _of_kind(self, kind: EntryKind | None, reading: Reading) -> Iterator[str]:
        """Yield the entries of a kind that a document states, each with its line."""
        for statement in statements(reading.document):
            if statement.kind is kind:
                yield f"{statement.key} ({('line', 'linje')[self._number]} {reading.places.line(statement.entry)})"

    def _period(self, start: datetime | None, end: datetime | None) -> str:
        known = wording.shown(Period(start, end), self._language)
        return known if start or end else ("at all times", "til enhver tid")[self._number]

    def _codes(self, finding: Finding, reading: Reading) -> Iterator[str]:
        for row in nearest(self._tables, finding.params[0]):
            known = self._period(row.valid_from, row.valid_to)
            yield self._say("code", f"{row.code} {row.term}".strip(), known)

    def _units(self, finding: Finding, reading: Reading) -> Iterator[str]:
        given = finding.params[0]
        for length in range(len(given) - 1, SHORTEST_PREFIX, -1):
            units = list(islice(self._tables.sor.search(given[:length]), NEAREST))
            if units:
                for unit in units:
                    known = self._period(unit.valid_from, unit.valid_to)
                    yield self._say("unit", f"{unit.sor_id} {unit.name}".strip(), known)
                return

    def _authorities(self, finding: Finding, reading: Reading) -> Iterator[str]:
        given = finding.params[0].casefold()
        named = [
            authority
            for authority in self._tables.authorities
            if (len(given) > SHORTEST_PREFIX and given in authority.name.casefold()) or authority.code.startswith(given[:2])
        ]
        named = named or [authority for authority in self._tables.authorities if authority.name == "Danmark"]
        yield from (self._say("authority", authority.code, authority.name) for authority in named[:NEAREST])

    def _sex(self, finding: Finding, reading: Reading) -> Iterator[str]:
        patient = reading.document.patient
        yield self._say("sex", cpr.sex(patient.cpr), patient.gender)

    def _birth(self, finding: Finding, reading: Reading) -> Iterator[str]:
        patient = reading.document.patient
        yield self._say("born", cpr.birth_date(patient.cpr), wording.shown(patient.birth_time, self._language))

    def _main(self, finding: Finding, reading: Reading) -> Iterator[str]:
        condition = next((each for each in reading.document.conditions if each.main and each.encounter is not None), None)
        if condition is None or condition.encounter is None:
            return
        encounter = condition.encounter.id.extension.lower()
        mains = [
            each
            for each in reading.document.conditions
            if each.main and each.encounter and each.encounter.id.extension.lower() == encounter
        ]
        for main in mains:
            yield self._say("main", main.id.extension.lower(), main.code.code, reading.places.line(main))
        for key, row in self._view.owned(encounter).items():
            if getattr(row.entry, "main", False):
                yield self._say("main kept", key, row.entry.code.code if hasattr(row.entry, "code") else "")


_ABOUT_THE_SET = frozenset(
    {
        "PARENT_DOCUMENT_ID_MISMATCH",
        "PARENT_DOCUMENT_VERSION_MISMATCH",
        "SET_NOT_FOUND",
        "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT",
    }
)
_OTHERS: dict[str, Callable[[IntegrityExplainer, Finding, Reading], Iterator[str]]] = {
    "SKS_CODE_NOT_FOUND": IntegrityExplainer._codes,
    "SOR_ORG_UNIT_NOT_FOUND": IntegrityExplainer._units,
    "SOR_IDENTIFIER_INVALID": IntegrityExplainer._units,
    "MYNDIGHED_CODE_NOT_FOUND": IntegrityExplainer._authorities,
    "GENDERS_MISMATCH": IntegrityExplainer._sex,
    "BIRTH_DATES_MISMATCH": IntegrityExplainer._birth,
    "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION": IntegrityExplainer._main,
    "CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION": IntegrityExplainer._main,
}


def _line_of_replacement(reading: Reading) -> int:
    """Return the line on which a document says that it replaces the set; 0 if it does not."""
    parent = reading.document.parent
    related = reading.places.root.find("{*}relatedDocument")
    return line_of(related) if parent is not None and parent.relation is Relation.REPLACE and related is not None else 0


def _kind(code: str, scope: str) -> EntryKind | None:
    """Return the kind of entry that a code is about; None for a name that only an earlier edition has."""
    return _KIND_OF.get(code.removeprefix(scope).removesuffix("_NOT_FOUND"))


def explain_text(finding: Finding, language: str) -> Explanation:
    """Return the explanation of an integrity code that needs neither the document nor the register."""
    text = in_danish(finding) if language == "da" else finding.text
    because = DecidingPart(text, (Mention("", "", finding.line),))
    declared = (TEXTS if language == "en" else DANISH).get(finding.code, "").format("<1>", "<2>", "<3>")
    return Explanation((because,), declared, (), ADVICE.get(finding.code, ("", ""))[LANGUAGES.index(language)])


def nearest(tables: CodeTables, code: str) -> list[SksRow]:
    """Return rows of the SKS codes that look most like ``code``: those that begin as it does, the most alike first."""
    for length in range(len(code), SHORTEST_PREFIX, -1):
        rows = {row.code: row for row in islice(tables.sks.search(code[:length].upper()), 200)}
        if rows:
            alike = [known for known in rows if known.translate(LOOKALIKES) == code.upper().translate(LOOKALIKES)]
            chosen = [*alike, *(get_close_matches(code.upper(), rows, NEAREST, 0) or rows)]
            return [rows[identifier] for identifier in dict.fromkeys(chosen)][:NEAREST]
    return []
