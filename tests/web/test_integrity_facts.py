"""Chains of documents from observed facts are sent over HTTP. Each is named after its fact.

Details and stored data are tested in ``tests/register``. These tests show what reaches the sender.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from mockregister.client import Client
from mockregister.finding import Level
from mockregister.model import CPR, ClinicalDocument, EntryKind, Identifier, Relation
from mockregister.testing import server
from tests.builders import (
    a_condition,
    a_document,
    a_link,
    a_marker,
    a_minor_condition,
    a_nullification,
    a_parent,
    a_patient,
    a_procedure,
    an_alternatively_identified_patient,
    an_encounter,
    an_episode,
    an_id,
    an_organizer,
    as_xml,
    external,
    internal,
    set_external,
    the_next_document,
    uuid,
)
from tests.register.every_store import STORES

EPISODE, ENCOUNTER = EntryKind.EPISODE_OF_CARE, EntryKind.ENCOUNTER
CONDITION, PROCEDURE, MARKER = EntryKind.CONDITION, EntryKind.PROCEDURE, EntryKind.MARKER
REPLACE = Relation.REPLACE
STORED: list[str] = []
OTHER = uuid("other set")

Step = tuple[ClinicalDocument | Sequence[ClinicalDocument], list[str]]


@pytest.fixture(scope="module", params=STORES)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server with each kind of store. Each test has its own register in it."""
    with server(store=STORES[request.param].setting_for(tmp_path_factory.mktemp("store"))) as base:
        yield base


def of_set(set_id: str, document: ClinicalDocument) -> ClinicalDocument:
    """Return the document in another set. Its entries keep their extensions."""
    moved = {
        field: tuple(replace(entry, id=replace(entry.id, root=set_id)) for entry in getattr(document, field))
        for field in ("episodes", "encounters")
    }
    return replace(document, set_id=set_id, id=Identifier(set_id, uuid("document of other set")), **moved)


EPISODE_ONLY = a_document(episodes=[an_episode()])
VISIT_ON_STORED = an_encounter(episode=external(EPISODE, "episode"))
WITH_VISIT = a_document(episodes=[an_episode()], encounters=[an_encounter()])
FULL = replace(WITH_VISIT, procedures=(a_procedure(),), conditions=(a_condition(), a_minor_condition()))
NEXT = the_next_document

SCENARIOS: dict[str, list[Step]] = {
    "12 a replacing document removes entries that it leaves out": [
        (FULL, STORED),
        (NEXT(REPLACE, episodes=[an_episode()]), STORED),
        (NEXT(version=3, nullified=[a_nullification(PROCEDURE, "procedure")]), ["EXTERNAL_PROCEDURE_NOT_FOUND"]),
    ],
    "41 a CPR number in a role that is for alternative ids": [
        (
            a_document(patient=an_alternatively_identified_patient(alternative_ids=(Identifier(CPR, "2512489996"),))),
            ["ALTERNATIVE_IDENTIFIER_WITH_CPR_SYSTEMID_NOT_ALLOWED"],
        )
    ],
    "44 an episode of care must have a start": [(a_document(episodes=[an_episode(start=None)]), ["SCHEMATRON"])],
    "45 an entry is updated by a replacement reference": [
        (WITH_VISIT, STORED),
        (NEXT(encounters=[replace(VISIT_ON_STORED, replaces=external(ENCOUNTER, "encounter"))]), STORED),
    ],
    "46 external references cannot leave the set": [
        (EPISODE_ONLY, STORED),
        (of_set(OTHER, a_document(encounters=[VISIT_ON_STORED])), ["SCHEMATRON"]),
    ],
    "66, 68 an encounter is removed by a replacing document without it": [
        (EPISODE_ONLY, STORED),
        (NEXT(encounters=[VISIT_ON_STORED]), STORED),
        (NEXT(REPLACE, version=3, episodes=[an_episode()]), STORED),
        (NEXT(version=4, nullified=[a_nullification(ENCOUNTER, "encounter")]), ["EXTERNAL_ENCOUNTER_NOT_FOUND"]),
    ],
    "67 the first version may be any number": [
        (replace(EPISODE_ONLY, version=476929), STORED),
        (NEXT(version=476930, parent=replace(a_parent(), version=476929), encounters=[VISIT_ON_STORED]), STORED),
    ],
    "73, 187 the parent must be the latest document": [
        (EPISODE_ONLY, STORED),
        (NEXT(encounters=[VISIT_ON_STORED]), STORED),
        (
            NEXT(version=3, parent=a_parent(version=1), nullified=[a_nullification(ENCOUNTER, "encounter")]),
            ["PARENT_DOCUMENT_ID_MISMATCH", "PARENT_DOCUMENT_VERSION_MISMATCH"],
        ),
        (NEXT(version=3, nullified=[a_nullification(ENCOUNTER, "encounter")]), STORED),
    ],
    "75 a diagnosis cannot change kind without a replacement": [
        (FULL, STORED),
        (
            NEXT(conditions=[a_minor_condition("condition", encounter=external(ENCOUNTER, "encounter"))]),
            ["CONDITION_OBSERVATION_ALREADY_EXISTS"],
        ),
    ],
    "91 documents of a submission must have the same patient": [
        (
            (EPISODE_ONLY, of_set(OTHER, a_document(patient=a_patient("0101901234"), episodes=[an_episode("second")]))),
            ["NO_PATIENT_ID_IN_COMMON"],
        )
    ],
    "92 versions of a set may identify the patient by other ids": [
        (EPISODE_ONLY, STORED),
        (NEXT(patient=an_alternatively_identified_patient(), encounters=[VISIT_ON_STORED]), STORED),
    ],
    "96 a replaced episode of care has only the markers that were sent last": [
        (a_document(episodes=[an_episode(markers=[a_marker()])]), STORED),
        (NEXT(episodes=[an_episode(markers=[a_marker("second")], replaces=external(EPISODE, "episode"))]), STORED),
        (
            NEXT(version=3, organizers=[an_organizer(cause=external(MARKER, "marker"))]),
            ["EXTERNAL_EPISODE_OF_CARE_MARKER_NOT_FOUND"],
        ),
        (NEXT(version=3, organizers=[an_organizer(cause=external(MARKER, "second"))]), STORED),
    ],
    "105, 106, 141 a set-external reference may name an episode of care that is not stored yet": [
        (a_document(episodes=[an_episode(link=a_link(set_external(uuid("later").lower())))]), STORED),
    ],
    "107, 212 an id can be used only once": [
        (EPISODE_ONLY, STORED),
        (of_set(OTHER, EPISODE_ONLY), ["EOC_ALREADY_EXISTS"]),
    ],
    "124 an addendum nullifies the episode of care": [
        (FULL, STORED),
        (NEXT(nullified=[a_nullification(EPISODE, "episode")]), STORED),
        (NEXT(version=3, nullified=[a_nullification(ENCOUNTER, "encounter")]), ["EXTERNAL_ENCOUNTER_NOT_FOUND"]),
    ],
    "142 the author may change from version to version": [
        (EPISODE_ONLY, STORED),
        (NEXT(author=replace(EPISODE_ONLY.author, unit="6081000016005"), encounters=[VISIT_ON_STORED]), STORED),
    ],
    "154 a replacing document may use the ids of its set again": [
        (EPISODE_ONLY, STORED),
        (NEXT(REPLACE, episodes=[an_episode()], encounters=[an_encounter()]), STORED),
        (NEXT(REPLACE, version=3, episodes=[an_episode()], encounters=[an_encounter()]), STORED),
    ],
    "158 an episode of care may be opened again": [
        (a_document(episodes=[an_episode(end=an_encounter().end)]), STORED),
        (NEXT(episodes=[an_episode(replaces=external(EPISODE, "episode"))]), STORED),
    ],
    "164 an internal reference finds entries of its document only": [
        (EPISODE_ONLY, STORED),
        (NEXT(encounters=[an_encounter()]), ["INTERNAL_EOC_NOT_FOUND"]),
    ],
    "168 ids of nullified entries can never be used again": [
        (FULL, STORED),
        (NEXT(nullified=[a_nullification(PROCEDURE, "procedure")]), STORED),
        (NEXT(version=3, episodes=[an_episode()]), ["EOC_ALREADY_EXISTS"]),
        (
            NEXT(version=3, procedures=[a_procedure(owner=external(ENCOUNTER, "encounter"))]),
            ["PROCEDURE_ALREADY_EXISTS"],
        ),
        (NEXT(version=3, nullified=[a_nullification(EPISODE, "episode")]), STORED),
        (NEXT(version=4, encounters=[replace(VISIT_ON_STORED, id=an_id("new"))]), ["EXTERNAL_EOC_NOT_FOUND"]),
    ],
    "170, 209 a document cannot use an id twice": [
        (replace(WITH_VISIT, conditions=(a_condition(), a_minor_condition("condition"))), ["EXTENSION_ALREADY_USED"]),
    ],
    "171 a known result report without a replacement reference is refused": [
        (replace(WITH_VISIT, organizers=(an_organizer(),)), STORED),
        (
            NEXT(organizers=[an_organizer(cause=external(ENCOUNTER, "encounter"))]),
            ["OBSERVATION_ORGANIZER_ALREADY_EXISTS"],
        ),
    ],
    "172 an entry that was removed with its encounter cannot be nullified": [
        (FULL, STORED),
        (NEXT(nullified=[a_nullification(ENCOUNTER, "encounter")]), STORED),
        (NEXT(version=3, nullified=[a_nullification(PROCEDURE, "procedure")]), ["EXTERNAL_PROCEDURE_NOT_FOUND"]),
        (
            NEXT(version=3, nullified=[a_nullification(CONDITION, "condition")]),
            ["EXTERNAL_CONDITION_OBSERVATION_NOT_FOUND"],
        ),
    ],
    "192 a set cannot be started twice": [
        (EPISODE_ONLY, STORED),
        (EPISODE_ONLY, ["SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"]),
    ],
    "201 a procedure moves from its encounter to the episode in a replacing document": [
        (FULL, STORED),
        (NEXT(REPLACE, episodes=[an_episode()], procedures=[a_procedure(owner=internal(EPISODE, "episode"))]), STORED),
    ],
    "202 a replacing document removes an entry and keeps another that moves away from it": [
        (FULL, STORED),
        (
            NEXT(
                REPLACE,
                episodes=[an_episode("second")],
                encounters=[an_encounter(episode=internal(EPISODE, "second"))],
                nullified=[a_nullification(EPISODE, "episode")],
            ),
            STORED,
        ),
    ],
    "204 an entry that an addendum moves keeps its history": [
        (FULL, STORED),
        (
            NEXT(procedures=[a_procedure(owner=external(EPISODE, "episode"), replaces=external(PROCEDURE, "procedure"))]),
            STORED,
        ),
    ],
    "207 a known encounter without a replacement reference is refused": [
        (WITH_VISIT, STORED),
        (NEXT(encounters=[VISIT_ON_STORED]), ["ENCOUNTER_ALREADY_EXISTS"]),
    ],
    "208 a known condition without a replacement reference is refused": [
        (FULL, STORED),
        (
            NEXT(conditions=[a_minor_condition(encounter=external(ENCOUNTER, "encounter"))]),
            ["CONDITION_OBSERVATION_ALREADY_EXISTS"],
        ),
    ],
    "210 a known episode of care without a replacement reference is refused": [
        (EPISODE_ONLY, STORED),
        (NEXT(episodes=[an_episode()]), ["EOC_ALREADY_EXISTS"]),
    ],
    "213 the document's id must have the root of its set": [
        (replace(EPISODE_ONLY, id=replace(EPISODE_ONLY.id, root=OTHER)), ["SCHEMATRON"]),
    ],
}


@pytest.mark.parametrize("fact", SCENARIOS)
def test_a_chain_is_answered_as_observed(url: str, fact: str) -> None:
    client = Client(url, register=f"fact-{fact.split()[0].strip(',')}", service="save")
    for step, (sent, expected) in enumerate(SCENARIOS[fact], 1):
        documents = [sent] if isinstance(sent, ClinicalDocument) else sent
        answer = client.submit([as_xml(document) for document in documents])
        said = [
            finding.code if finding.level is Level.INTEGRITY_CHECK else finding.level.value
            for finding in answer.findings
            if finding.level is not Level.BUSINESS_RULE
        ]
        assert (answer.status, sorted({*said})) == ("Failure" if expected else "Success", expected), f"step {step}: {said}"


def test_integrity_stops_all_three_services(url: str) -> None:
    client = Client(url, register="all-services")
    client.submit([as_xml(EPISODE_ONLY)])
    for service in ("save", "save-if-no-errors", "validate"):
        answer = client.submit([as_xml(EPISODE_ONLY)], service=service)
        assert answer.status == "Failure"
        [finding] = answer.findings
        assert finding.code == "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"
        assert finding.params == (EPISODE_ONLY.set_id.lower(),)
        assert finding.document == "^".join((EPISODE_ONLY.id.root, EPISODE_ONLY.id.extension))
