"""A register can change its edition while it runs."""

from __future__ import annotations

import gzip
from contextlib import closing
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from mockregister.app import create_app
from mockregister.register.rule_lists import UploadedList, write_list
from mockregister.settings import Settings
from tests.web.admin.conftest import Bench, bench_of, document_with_a_violation

DIRTY = document_with_a_violation()
HEADER = ["ErrorType", "Rulename", "ErrorNumber", "ErrorText", "Rulesource"]
NEW = ["ERROR", "05.91", 591, "Kontakter er forbudt", "when Kontakt( type != null ) then"]


def a_list(*rows: list[object], columns: tuple[str, ...] = ()) -> bytes:
    book, file = openpyxl.Workbook(), BytesIO()
    for row in ([*HEADER, *columns], *rows):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def found(bench: Bench) -> list[str]:
    return [finding.code for finding in bench.submit(DIRTY, service="validate").findings]


def test_the_editions_and_the_current_one_are_listed() -> None:
    for bench in bench_of():  # another test may have uploaded editions to the shared server
        told = bench.get("editions")
        assert told["edition"] == "2023-09-18"
        assert [edition["name"] for edition in told["editions"]] == ["2023-09-18", "2019-02-01", "2018-09-12", "2018-06-13"]


def test_a_register_has_another_edition_until_a_reset(bench: Bench) -> None:
    assert bench.call("PUT", "edition", json={"name": "2018-09-12"}).json["version"] == "sds:lpr:3.0.5"
    assert {finding.rule_set for finding in bench.submit(DIRTY, service="validate").findings} == {"sds:lpr:3.0.5"}
    assert len(bench.get("rules")["rules"]) == 395
    bench.call("POST", "reset")
    assert bench.get("edition")["name"] == "2023-09-18"


def test_an_uploaded_list_becomes_an_edition(bench: Bench) -> None:
    made = bench.call("PUT", "editions/march?version=sds:lpr:3.0.7", data=a_list(NEW))
    assert (made.status_code, made.json["rules"], made.json["version"]) == (201, 1, "sds:lpr:3.0.7")
    bench.call("PUT", "edition", json={"name": "march"})
    assert found(bench) == ["05.91"]


def test_stored_documents_stay_and_are_checked_again_by_revalidation(bench: Bench) -> None:
    bench.submit(DIRTY, service="save")
    bench.call("PUT", "editions/march", data=a_list(NEW))
    bench.call("PUT", "edition", json={"name": "march"})
    assert bench.call("POST", "revalidation").json == {"episodes": 1}
    assert bench.http.get("/api/v1/episodes-of-care?rule=05.91").json["total"] == 1
    assert bench.http.get("/api/v1/episodes-of-care?rule=05.104").json["total"] == 0


@pytest.mark.parametrize(("later", "violations"), [(0, 1), (1, 0)])
def test_revalidation_uses_the_time_at_which_a_report_was_received(bench: Bench, later: int, violations: int) -> None:
    bench.submit(DIRTY, service="save")
    day = datetime.fromisoformat(bench.get("clock")["now"]).date() + timedelta(days=later)
    bench.call("PUT", "editions/march", data=a_list([*NEW, day], columns=("ReportReceivedFromDate",)))
    bench.call("PUT", "edition", json={"name": "march"})
    bench.call("PUT", "clock", json={"mode": "moved", "by": "P3D"})
    bench.call("POST", "revalidation")
    assert bench.http.get("/api/v1/episodes-of-care?rule=05.91").json["total"] == violations


def test_an_upload_that_is_not_a_rule_list_is_refused(bench: Bench) -> None:
    assert "There is no edition 'may'" in bench.call("PUT", "edition", json={"name": "may"}).json["detail"]
    assert "is built in" in bench.call("PUT", "editions/2019-02-01", data=a_list(NEW)).json["detail"]
    unreadable = bench.call("PUT", "editions/may", data=a_list([*NEW[:4], "when"]))
    assert unreadable.status_code == 422
    assert "Rule 05.91 (may.xlsx, sheet Sheet, row 2)" in unreadable.json["detail"]


@pytest.mark.parametrize("name", ["a%0ab", "%20", "a%5Cb"])
def test_an_invalid_name_of_an_edition_is_refused(bench: Bench, name: str) -> None:
    refused = bench.call("PUT", f"editions/{name}", data=a_list(NEW))
    assert (refused.status_code, refused.json["field"]) == (422, "name")


def test_a_list_may_be_sent_compressed(bench: Bench) -> None:
    content = gzip.compress(a_list(NEW))
    assert bench.call("PUT", "editions/march", data=content, headers={"Content-Encoding": "gzip"}).status_code == 201


def test_an_uploaded_list_is_available_after_a_restart(tmp_path: Path) -> None:
    def started() -> Flask:
        return create_app(Settings(store=f"tinydb:{tmp_path}"))

    first = started()
    with closing(first.extensions["mockregister"]):
        client = first.test_client()
        assert client.put("/__admin/editions/march?version=3.0.7", data=a_list(NEW)).status_code == 201
        client.put("/__admin/edition", json={"name": "march"})
        assert client.put("/__admin/editions/march", data=a_list(NEW, [*NEW[:1], "05.92", 592, *NEW[3:]])).status_code == 201
        assert client.get("/__admin/edition").json["rules"] == 2
    second = started()
    with closing(second.extensions["mockregister"]):
        client = second.test_client()
        assert client.put("/__admin/edition", json={"name": "march"}).json["version"] == "3.0.7"
        assert client.get("/__admin/registers").json["at_rest"] == []


def test_an_uploaded_list_that_became_unusable_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_list(tmp_path, UploadedList("march", "nowhere", "3.0.7", a_list(NEW)))
    with closing(create_app(Settings(store=f"tinydb:{tmp_path}")).extensions["mockregister"]) as registers:
        assert "march" not in registers.editions.names()
    assert "the uploaded edition march is left out: There is no edition 'nowhere'" in caplog.text
