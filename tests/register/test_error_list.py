"""The accumulated error list has the findings on stored data, with a file for each episode of care."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import jsonschema
import pytest

from mockregister.clock import Clock
from mockregister.document.reader import read_submission
from mockregister.finding import Severity
from mockregister.model import CPR, ClinicalDocument, Relation
from mockregister.register import error_list
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.register.rows import EpisodeRow, Table
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.validation import revalidation
from tests.builders import (
    CUSTODIAN,
    SET_ID,
    a_condition,
    a_document,
    a_patient,
    a_payment,
    a_stay,
    an_encounter,
    an_episode,
    an_sks_code,
    as_xml,
    at,
    the_next_document,
    uuid,
)
from tests.register.desk import code_tables
from tests.snapshots import snapshot

NOW = at("2019-06-01 12:00")
PUBLISHED = Path(__file__).resolve().parents[3] / "shared/reference/errorlist/acl.schema.json"


@pytest.fixture
def register() -> Register:
    return Register(MemoryStore(), code_tables(), Clock(frozen_at=NOW), Settings())


def report(register: Register, *documents: ClinicalDocument) -> None:
    """Submit the documents to the service that stores them although they break business rules."""
    assert submit(register, Service.REPORTING, read_submission([as_xml(document) for document in documents])).stored


def files(register: Register) -> list[Any]:
    return [file.content for file in error_list.error_list(snapshot(register.store), register.clock.now())]


def an_episode_without_a_way_of_completion() -> ClinicalDocument:
    return a_document(episodes=[an_episode(end=at("2019-05-03 10:00"))])


def an_encounter_without_a_main_condition() -> ClinicalDocument:
    return a_document(episodes=[an_episode()], encounters=[an_encounter()])


def an_episode_before_birth() -> ClinicalDocument:
    return a_document(patient=a_patient("0305194000"), episodes=[an_episode(start=at("2019-05-01 10:00"))])


def an_injury_without_a_report(ended_hours_ago: int) -> ClinicalDocument:
    """Return an acute visit for an injury. The report RAA05 is due three days after its end (rule RAA05.1)."""
    end = NOW - timedelta(hours=ended_hours_ago)
    times: dict[str, Any] = {"start": end - timedelta(hours=1), "end": end}
    more: dict[str, Any] = {"stays": [a_stay(**times)], "payments": [a_payment(**times)]}
    encounter = an_encounter(**times, **more, priority=an_sks_code("ATA1"), reason=an_sks_code("ALCC02"))
    return a_document(
        effective_time=end, episodes=[an_episode()], encounters=[encounter], conditions=[a_condition(code=an_sks_code("DS934"))]
    )


def test_an_episode_without_findings_has_no_file(register: Register) -> None:
    report(register, a_document(episodes=[an_episode()]))
    assert files(register) == []


def test_findings_on_the_patient_are_in_the_file_of_the_episode(register: Register) -> None:
    report(register, an_episode_before_birth())
    (file,) = files(register)
    assert file["patient"]["identifiers"] == [{"root": CPR, "extension": "0305194000"}]
    assert [error["ruleId"] for error in file["patient"]["errors"]] == ["01.01", "01.11"]
    assert "errors" not in file


def test_a_file_names_the_episode_in_lower_case_and_the_rule_that_it_breaks(register: Register) -> None:
    report(register, an_episode_without_a_way_of_completion())
    (file,) = files(register)
    assert file["identifier"] == {"root": SET_ID.lower(), "extension": uuid("episode").lower()}
    (error,) = file["errors"]
    assert (error["ruleId"], error["code"], error["ruleVersion"]) == ("02.02", "202", "sds:lpr:3.0.6")


def test_an_error_is_listed_at_its_element_below_the_episode(register: Register) -> None:
    report(register, an_encounter_without_a_main_condition())
    (file,) = files(register)
    assert "errors" not in file
    (encounter,) = file["encounters"]
    assert encounter["identifier"]["extension"] == uuid("encounter").lower()
    assert "05.14" in {error["ruleId"] for error in encounter["errors"]}


def test_a_correction_empties_the_list(register: Register) -> None:
    report(register, an_episode_without_a_way_of_completion())
    report(register, the_next_document(Relation.REPLACE, episodes=[an_episode()]))
    assert files(register) == []


def test_a_warning_becomes_an_error_when_its_deadline_passes(register: Register) -> None:
    report(register, an_injury_without_a_report(ended_hours_ago=24))
    assert {warning["ruleId"] for warning in _at_encounter(register, "warnings")} == {"RAA05.1-w"}
    assert "errorBy" in _at_encounter(register, "warnings")[0]
    register.clock.freeze(NOW + timedelta(days=3))
    assert "warnings" not in files(register)[0]["encounters"][0]
    assert "RAA05.1" in {error["ruleId"] for error in _at_encounter(register, "errors")}


def _at_encounter(register: Register, severity: str) -> list[Any]:
    found: list[Any] = files(register)[0]["encounters"][0][severity]
    return found


def test_revalidation_finds_violations_of_a_rule_that_was_switched_off_before(register: Register) -> None:
    register.rule_settings.change("02.02", enabled=False)
    report(register, an_episode_without_a_way_of_completion())
    assert files(register) == []
    register.rule_settings.change("02.02", enabled=True)
    assert sum(revalidation.revalidate(register, revalidation.episodes(register))) == 1
    assert files(register)[0]["errors"][0]["ruleId"] == "02.02"


def test_revalidation_names_the_last_document_that_changed_the_episode(register: Register) -> None:
    report(register, an_episode_without_a_way_of_completion())
    before = {finding.document for finding in _stored_findings(register)}
    list(revalidation.revalidate(register, revalidation.episodes(register)))
    assert {finding.document for finding in _stored_findings(register)} == before
    assert all(finding.severity is Severity.ERROR for finding in _stored_findings(register))


def _stored_findings(register: Register) -> list[Any]:
    rows = [row for _, row in snapshot(register.store).rows(Table.EPISODES) if isinstance(row, EpisodeRow)]
    return [finding for row in rows for finding in row.findings]


def test_a_folder_per_authority_holds_zip_files_and_a_success_marker(register: Register) -> None:
    report(register, an_episode_without_a_way_of_completion())
    whole = ZipFile(BytesIO(error_list.in_one(snapshot(register.store), register.clock.now())))
    packed, marker = f"{CUSTODIAN}/lpr3_acl_20190601-1200_1.zip", f"{CUSTODIAN}/lpr3_acl_uploadafsluttet_20190601-1200.succes"
    assert whole.namelist() == [packed, marker]
    assert whole.read(marker) == b""
    with ZipFile(BytesIO(whole.read(packed))) as archive:
        assert archive.namelist() == [f"{uuid('episode').lower()}.json"]
        assert json.loads(archive.read(archive.namelist()[0])) == files(register)[0]


def test_an_authority_without_findings_gets_only_the_marker(register: Register) -> None:
    report(register, a_document(episodes=[an_episode()]))
    whole = ZipFile(BytesIO(error_list.in_one(snapshot(register.store), register.clock.now())))
    assert [name.rpartition(".")[2] for name in whole.namelist()] == ["succes"]


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the published schema is not beside this checkout")
def test_every_file_is_valid_by_the_published_schema(register: Register) -> None:
    schema = json.loads(PUBLISHED.read_text("utf-8"))
    report(register, an_injury_without_a_report(ended_hours_ago=24))
    (file,) = files(register)
    assert list(jsonschema.Draft7Validator(schema).iter_errors(file)) == []


def test_uuids_are_in_the_form_of_rfc_4122(register: Register) -> None:
    report(register, an_encounter_without_a_main_condition())
    form = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    (file,) = files(register)
    assert all(form.fullmatch(word) for word in file["encounters"][0]["identifier"].values())
