"""Turn the files that the national registers publish into rows of our own CSV files (interface section 10).

SKScomplete.txt (fixed width, Windows-1252) and SKS as a FHIR CodeSystem or ValueSet have no list membership, so codes get the
lists that this package knows. SOR comes as XML (owner, institution, unit, nested) or as CSV with one row per unit. Authority
codes come as any table of four-digit codes with names.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from mockregister import safexml
from mockregister.codes.authority import KINDS, normal
from mockregister.codes.csv_files import refusal
from mockregister.codes.lists import CodeLists
from mockregister.codes.sks import SksTable
from mockregister.errors import SettingError, UnreadableDocument, flaw_of_json, reason, shown

SKS_HEADER = ("code", "term", "valid_from", "valid_to", "lists")
SOR_HEADER = ("sor_id", "name", "unit_type", "owner_cvr", "valid_from", "valid_to", "specialities", "parent")
AUTHORITY_HEADER = ("code", "kind", "name")

_RECORD = re.compile(r"(?P<register>[a-z]{3})(?P<code>\S+ *)(?P<dates>\d{24})", re.ASCII)
_CODE_END, _TERM_START, _TERM_END = 23, 47, 167
_OPEN_YEAR = 2200
_AUTHORITY = re.compile(r"\d{3,4}", re.ASCII)
_DATES = (re.compile(r"(\d{4})-?(\d{2})-?(\d{2})"), re.compile(r"(?P<d>\d{2})[-./](?P<m>\d{2})[-./](?P<y>\d{4})"))
_UNIT_TYPES = {"InstitutionOwnerEntity": "IO", "HealthInstitutionEntity": "SI", "OrganizationalUnitEntity": "OE"}


class SksRecord(NamedTuple):
    """One line of SKScomplete.txt, dates in ISO 8601; an open end is empty."""

    register: str
    code: str
    valid_from: str
    valid_to: str
    term: str


class SorRecord(NamedTuple):
    """One unit in the columns of ``--sor``, dates in ISO 8601, and the SOR id of the unit above it."""

    sor_id: str
    name: str
    unit_type: str
    owner_cvr: str
    valid_from: str
    valid_to: str
    specialities: str
    parent: str


Record = TypeVar("Record", SksRecord, SorRecord)


def sks_record(line: str) -> SksRecord:
    """Return one line of SKScomplete.txt as a record. Raise ValueError, saying what is wrong, for a line of another form."""
    found = _RECORD.match(line)
    if found is None or found.end("code") != _CODE_END:
        raise ValueError("the line does not begin as in SKScomplete.txt, with a register, a code of 20 places and three dates")
    dates = found["dates"]
    valid_from, valid_to = iso(dates[:8]), iso(dates[16:])
    return SksRecord(found["register"], found["code"].rstrip(), valid_from, valid_to, line[_TERM_START:_TERM_END].strip())


def sks_rows(path: Path, known: SksTable, lists: CodeLists) -> list[tuple[str, ...]]:
    """Return SKScomplete.txt as rows of a code file; ``known`` and the list patterns give each code its lists.

    A code that several parts of SKS have from the same day is valid as long as in any of them. Raise SettingError.
    """
    made: list[tuple[str, ...]] = []
    for row in _joined(_sks_records(path), lambda record: (record.code, record.valid_from)):
        listed = {name for known_row in known.rows(row.code) for name in known_row.lists}
        made.append((row.code, row.term, row.valid_from, row.valid_to, ";".join(sorted(lists.membership(row.code, listed)))))
    return made


def _sks_records(path: Path) -> Iterator[SksRecord]:
    if _bytes(path).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield from fhir_records(path)
        return
    for number, line in enumerate(_text(path, "cp1252").split("\n"), start=1):
        if line.strip():
            try:
                yield sks_record(line.rstrip("\r"))
            except ValueError as error:
                raise refusal(path, number, str(error)) from error


def fhir_records(path: Path) -> Iterator[SksRecord]:
    """Yield the codes of a FHIR CodeSystem or ValueSet, with the properties validFrom and validTo. Raise SettingError."""
    try:
        resource = json.loads(_text(path, "utf-8-sig"))
        read_concepts = {"CodeSystem": _concepts, "ValueSet": _members}.get(resource["resourceType"])
        if read_concepts is None:
            raise ValueError(f"its resourceType is '{shown(str(resource['resourceType']))}'")
        yield from (_fhir_record(concept) for concept in read_concepts(resource))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingError(f"{path} is not a FHIR CodeSystem or ValueSet of SKS codes: {flaw_of_json(error)}.") from error


def _concepts(owner: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the concepts of a code system, including those nested in others."""
    for concept in owner.get("concept", ()):
        yield concept
        yield from _concepts(concept)


def _members(value_set: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the codes of a value set: those of its expansion, else those in its compose."""
    if "expansion" in value_set:
        yield from _expanded(value_set["expansion"])
    else:
        for include in value_set["compose"]["include"]:
            yield from include.get("concept", ())


def _expanded(owner: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for member in owner.get("contains", ()):
        if member.get("code"):
            yield member
        yield from _expanded(member)


def _fhir_record(concept: Mapping[str, Any]) -> SksRecord:
    dates = {
        prop.get("code"): str(prop.get("valueDateTime") or prop.get("valueString") or "") for prop in concept.get("property", ())
    }
    valid_from, valid_to = (iso(dates.get(name, "")) for name in ("validFrom", "validTo"))
    return SksRecord("", str(concept["code"]), valid_from, valid_to, str(concept.get("display", "")))


def sks_csv_rows(table: SksTable) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table as rows of a code file."""
    for row in table.search():
        dates = ("" if moment is None else moment.date().isoformat() for moment in (row.valid_from, row.valid_to))
        yield row.code, row.term, *dates, ";".join(sorted(row.lists))


def iso(text: str) -> str:
    """Return the date in ``20180630``, ``2018-06-30 00:00:00`` or ``30-06-2018`` as ISO 8601.

    An empty text stays empty. A date from the year 2200 on means an open end and becomes empty. Raise ValueError for anything
    else.
    """
    text = text.strip()
    if not text:
        return ""
    found = _DATES[0].match(text) or _DATES[1].match(text)
    if found is None:
        raise ValueError(f"'{shown(text)}' is not a date; write it as 20180630, 2018-06-30 or 30-06-2018")
    year, month, day = found.groups() if found.re is _DATES[0] else (found["y"], found["m"], found["d"])
    return "" if int(year) >= _OPEN_YEAR else f"{year}-{month}-{day}"


def sor_rows(path: Path) -> list[SorRecord]:
    """Return the units of a SOR file, XML or CSV, sorted by SOR id. Raise SettingError.

    Several rows of one unit become the latest of them, valid over the time of all.
    """
    content = _bytes(path)
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return _joined(_sor_xml(path, content) if is_xml else _sor_csv(path), lambda record: record.sor_id)


def _joined(records: Iterable[Record], key: Callable[[Record], Any]) -> list[Record]:
    """Return one record for each key, in the order of the keys."""
    joined: dict[Any, Record] = {}
    for record in records:
        known = joined.get(key(record))
        joined[key(record)] = _spanning(known, record) if known else record
    return [joined[each] for each in sorted(joined)]


def _spanning(known: Record, record: Record) -> Record:
    """Return the later of two records, with the validity of both together."""
    first, last = sorted((known, record), key=lambda record: record.valid_from)
    ends = {first.valid_to, last.valid_to}
    return last._replace(valid_from=first.valid_from, valid_to="" if "" in ends else max(ends))


def _sor_csv(path: Path) -> Iterator[SorRecord]:
    text = _text(path, "utf-8-sig", "cp1252")
    delimiter = max(";,\t", key=text.partition("\n")[0].count)
    lines = csv.DictReader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in lines:
            row = {name.strip().lower(): _plain(cell) for name, cell in cells.items() if isinstance(name, str)}
            yield _sor_record(row)
    except (csv.Error, ValueError) as error:
        raise refusal(path, lines.line_num, str(error)) from error


def _plain(cell: object) -> str:
    """Return a cell without the ``="…"`` that keeps spreadsheets from rounding SOR ids."""
    text = cell.strip() if isinstance(cell, str) else ""
    return text[2:-1] if text.startswith('="') else text


def _sor_record(row: Mapping[str, str]) -> SorRecord:
    sor_id = _first(row, "sorid", "soridentifier", "sor_id")
    if not sor_id.isdecimal():
        raise ValueError(f"'{sor_id}' is not a SOR id; the file needs a column SorId")
    specialities = [row.get(f"prioritizedentityspeciality{place}id", "") for place in range(1, 9)]
    above = ("parentsorid", "parent", "healthinstitutionsorid", "institutionownersorid")
    return SorRecord(
        sor_id,
        _first(row, "entityname", "enhedsnavn", "name"),
        _first(row, "sortype", "unit_type"),
        _first(row, *sorted(name for name in row if "cvr" in name)),
        iso(_first(row, "firstfromdate", "fromdate", "fradato", "valid_from")),
        iso(_first(row, "todate", "ophoertdato", "valid_to")),
        ";".join(filter(None, specialities)) or row.get("specialities", ""),
        next((row[name] for name in above if row.get(name, sor_id) not in ("", sor_id)), ""),
    )


def _first(row: Mapping[str, str], *names: str) -> str:
    """Return the first cell that is not empty; editions of the file name the column differently."""
    return next((row[name] for name in names if row.get(name)), "")


def _sor_xml(path: Path, content: bytes) -> Iterator[SorRecord]:
    try:
        root = safexml.parse(content)
    except UnreadableDocument as error:
        raise refusal(path, error.line, str(error).rstrip(".")) from error
    for owner in root.iter("{*}InstitutionOwnerEntity"):
        yield from _sor_entity(owner, "", "")


def _sor_entity(entity: Any, parent: str, owner_cvr: str) -> Iterator[SorRecord]:
    """Yield a unit and the units nested in it; they share the owner's CVR number."""
    own: dict[str, list[str]] = {}
    for name, text in _own_texts(entity):
        own.setdefault(name, []).append(text)
    single = {name: texts[0] for name, texts in own.items()}
    sor_id = single.get("SorIdentifier", "")
    owner_cvr = next((text for name, text in single.items() if "cvr" in name.lower()), owner_cvr)
    specialities = (text for name, texts in own.items() if "special" in name.lower() for text in texts)
    if sor_id:
        yield SorRecord(
            sor_id,
            single.get("EntityName", ""),
            _UNIT_TYPES.get(_local(entity), ""),
            owner_cvr,
            iso(single.get("FromDate", "")),
            iso(single.get("ToDate", "")),
            ";".join(filter(str.isdecimal, specialities)),
            parent,
        )
    for nested in entity:
        if _local(nested) in _UNIT_TYPES:
            yield from _sor_entity(nested, sor_id or parent, owner_cvr)


def _own_texts(element: Any) -> Iterator[tuple[str, str]]:
    """Return names and texts inside an entity, without those of the entities nested in it."""
    for child in element:
        if _local(child) and _local(child) not in _UNIT_TYPES:
            text = (child.text or "").strip()
            if text:
                yield _local(child), text
            yield from _own_texts(child)


def _local(element: Any) -> str:
    """Return an element's name without namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def authority_rows(path: Path) -> list[tuple[str, str, str]]:
    """Return (code, kind, name) for each authority code in a table, sorted. Raise SettingError.

    Codes from 5000 on are countries; a code of three digits gets a leading zero.
    """
    text = _text(path, "utf-8-sig", "cp1252")
    delimiter = max(";,\t", key=text.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    cells = (list(map(str.strip, row)) for row in rows)
    codes = {
        normal(code): next((cell for cell in others if cell and cell not in KINDS), "")
        for code, *others in filter(None, cells)
        if _AUTHORITY.fullmatch(code)
    }
    return [(code, "country" if code >= "5000" else "municipality", codes[code]) for code in sorted(codes)]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingError(f"{path} cannot be read: {reason(error)}.") from error


def _text(path: Path, *encodings: str) -> str:
    """Return the file's text in the first encoding that fits. Raise SettingError if none does."""
    content = _bytes(path)
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SettingError(f"{path} cannot be read: it is not in {' or '.join(encodings)}; save it in that encoding.")
