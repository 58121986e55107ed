"""The accumulated error list (akkumuleret fejlliste): the findings on stored data, in one file per episode of care.

See interface specification, section 9. The files are JSON in the published schema with UUIDs in lower case (fact 191), packed
in zip files in one folder per reporting authority. An empty file whose name ends in ``.succes`` (that spelling) says that a
folder is complete. Writing the list validates nothing again (fact 111), but a warning whose deadline has passed is an error in
it (fact 112).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from mockregister.clock import COPENHAGEN
from mockregister.finding import Finding, Severity
from mockregister.model import (
    CPR,
    EncounterNode,
    EntryKind,
    EpisodeTree,
    Identifier,
    OrganizerNode,
    ProcedureNode,
)
from mockregister.register.rows import EpisodeRow, SetRow, Table, key_of
from mockregister.register.store import Rows
from mockregister.register.trees import tree_of
from mockregister.register.view import View

FILES_PER_ZIP = 10_000
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EpisodeErrors:
    """The errors of one episode of care: its key, the authority that reports it (a CVR number), and the file about it."""

    episode: str
    authority: str
    content: Json


def error_list(rows: Rows, now: datetime, authority: str = "") -> Iterator[EpisodeErrors]:
    """Yield the file about each episode of care with findings, of one authority (a CVR number) or of all."""
    view = View(rows)
    for episode, row in rows.rows(Table.EPISODES):
        if isinstance(row, EpisodeRow) and row.findings:
            found = _of_episode(view, episode, row, now)
            if found is not None and authority in ("", found.authority):
                yield found


def episode_errors(rows: Rows, now: datetime, episode: str) -> EpisodeErrors | None:
    """Return the file about one episode of care; None if there are no findings."""
    view = View(rows)
    row = view.checked(episode)
    return _of_episode(view, episode, row, now) if row is not None and row.findings else None


def by_authority(rows: Rows, now: datetime) -> dict[str, list[EpisodeErrors]]:
    """Return the files about all episodes of care with findings, by the reporting authority (a CVR number)."""
    errors = defaultdict[str, list[EpisodeErrors]](list)
    for row in error_list(rows, now):
        errors[row.authority].append(row)
    return errors


def authorities(rows: Rows) -> set[str]:
    """Return the CVR numbers of all authorities that ever reported, including those whose data is gone."""
    return {row.custodian for _, row in rows.rows(Table.SETS) if isinstance(row, SetRow)}


def aged(finding: Finding, now: datetime) -> Finding:
    """Return the finding as it counts at ``now``: a warning becomes an error when its deadline has passed."""
    if finding.error_by is None or now < finding.error_by:
        return finding
    return replace(finding, severity=Severity.ERROR, code=finding.code.removesuffix("-w"), error_by=None)


def folders(rows: Rows, now: datetime, stamped: datetime, also: Iterable[str] = ()) -> Iterator[tuple[str, str, bytes]]:
    """Yield authority, name and content of each file of the whole list; the names say that it was made at ``stamped``.

    Each authority that ever reported, and those in ``also``, gets a success marker even if it has no findings.
    """
    errors = by_authority(rows, now)
    for authority in sorted({*errors, *authorities(rows), *also}):
        for name, content in files(errors.get(authority, []), stamped):
            yield authority, name, content


def in_one(rows: Rows, now: datetime) -> bytes:
    """Return the whole list as one zip file with the folders of all authorities. Nothing is written to disk."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for authority, name, packed in folders(rows, now, now):
            archive.writestr(f"{authority}/{name}", packed)
    return content.getvalue()


def clear(directory: Path) -> None:
    """Delete the files of an earlier list below ``directory``, the success markers first. Raise OSError."""
    for path in sorted(directory.glob("*/lpr3_acl_*"), key=lambda path: path.suffix != ".succes"):
        path.unlink()


def files(errors: list[EpisodeErrors], now: datetime) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files in an authority's folder; the empty success marker comes last.

    The names say that the list was made at ``now``.
    """
    stamp = f"{now.astimezone(COPENHAGEN):%Y%m%d-%H%M}"
    for start in range(0, len(errors), FILES_PER_ZIP):
        content = BytesIO()
        with ZipFile(content, "w", ZIP_DEFLATED) as archive:
            for error in errors[start : start + FILES_PER_ZIP]:
                archive.writestr(f"{error.episode}.json", json.dumps(error.content, ensure_ascii=False, indent=2))
        yield f"lpr3_acl_{stamp}_{start // FILES_PER_ZIP + 1}.zip", content.getvalue()
    yield f"lpr3_acl_uploadafsluttet_{stamp}.succes", b""


def _of_episode(view: View, episode: str, row: EpisodeRow, now: datetime) -> EpisodeErrors | None:
    tree, kept = tree_of(view, episode), view.entry(episode)
    owner = view.set(kept.set) if kept is not None else None
    if tree is None or owner is None:
        return None
    return EpisodeErrors(episode, owner.custodian, _Page(row.findings, now).episode(tree))


class _Page:
    """Makes the file about one episode of care from the findings against it."""

    def __init__(self, findings: Iterable[Finding], now: datetime) -> None:
        self._found: dict[tuple[str, str], list[Finding]] = {}
        for finding in findings:
            if finding.subject is not None:
                key = (finding.subject.kind, finding.subject.id[1].lower())
                self._found.setdefault(key, []).append(aged(finding, now))

    def episode(self, tree: EpisodeTree) -> Json:
        """Return the file: the episode, and those elements below it that have findings."""
        markers = [marker.id for marker in tree.entry.markers if marker.id is not None]
        own = [node for node in tree.organizers if node.marker is None]
        return {
            "identifier": _identifier(tree.entry.id),
            **self._against(EntryKind.EPISODE_OF_CARE.value, tree.entry.id),
            **self._patient(tree),
            **_list("markers", (self._marker(tree, marker) for marker in markers)),
            **_list("encounters", map(self._encounter, tree.encounters)),
            **_list("procedures", map(self._procedure, tree.procedures)),
            **self._organizers(own),
        }

    def _patient(self, tree: EpisodeTree) -> Json:
        against = self._against("patient", tree.entry.id)
        cpr = [Identifier(CPR, tree.patient.cpr)] if tree.patient.cpr else []
        ids = [{"root": id.root, "extension": id.extension} for id in (*cpr, *tree.patient.alternative_ids)]
        return {"patient": {"identifiers": ids, **against}} if against else {}

    def _marker(self, tree: EpisodeTree, marker: Identifier) -> Json:
        reports = [node for node in tree.organizers if node.marker is not None and node.marker.id == marker]
        return self._element(EntryKind.MARKER, marker, self._organizers(reports))

    def _encounter(self, node: EncounterNode) -> Json:
        below = {
            **_list(
                "conditions",
                (self._element(EntryKind.CONDITION, on.entry.id, self._organizers(on.organizers)) for on in node.conditions),
            ),
            **_list("procedures", map(self._procedure, node.procedures)),
            **self._organizers(node.organizers),
        }
        return self._element(EntryKind.ENCOUNTER, node.entry.id, below)

    def _procedure(self, node: ProcedureNode) -> Json:
        return self._element(EntryKind.PROCEDURE, node.entry.id, self._organizers(node.organizers))

    def _organizers(self, nodes: Iterable[OrganizerNode]) -> Json:
        kind = EntryKind.OBSERVATION_ORGANIZER
        return _list("observationOrganizers", (self._element(kind, node.entry.id, {}) for node in nodes))

    def _element(self, kind: EntryKind, identifier: Identifier, below: Json) -> Json:
        """Return an element with the findings against it and below it; empty if there are none."""
        said = {**self._against(kind.value, identifier), **below}
        return {"identifier": _identifier(identifier), **said} if said else {}

    def _against(self, kind: str, identifier: Identifier) -> Json:
        found = self._found.get((kind, key_of(identifier)), [])
        errors, warnings = (
            [_issue(finding) for finding in found if finding.is_error],
            [_issue(finding) for finding in found if not finding.is_error],
        )
        return {**_list("errors", errors), **_list("warnings", warnings)}


def _list(name: str, elements: Iterable[Json]) -> Json:
    """Return ``{name: [elements]}`` without empty elements; empty if none is left."""
    said = [element for element in elements if element]
    return {name: said} if said else {}


def _issue(finding: Finding) -> Json:
    issue = {
        "ruleId": finding.code,
        "ruleVersion": finding.rule_set,
        "code": str(finding.rule_number),
        "message": finding.text,
    }
    return {**issue, "errorBy": finding.error_by.isoformat()} if finding.error_by else issue


def _identifier(identifier: Identifier) -> Json:
    return {"root": identifier.root.lower(), "extension": identifier.extension.lower()}
