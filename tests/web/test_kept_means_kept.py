"""Senders are told the truth when the register's folder disappears, the disk is full, or too many files are open."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from mockregister.client import Answer, Client
from mockregister.errors import StoreError
from mockregister.register.tinydb_folder import FILE, JOURNAL
from mockregister.testing import Admin, Refused, server
from tests.builders import a_document, an_episode, as_xml, uuid
from tests.register.test_tinydb_store import a_full_disk
from tests.web.admin.conftest import Bench, bench_of, document_with_a_violation
from tests.web.admin.test_editions import NEW, a_list


def submitted(url: str, name: str = "x", service: str = "save") -> Answer:
    """Submit a document, and return the answer."""
    root = uuid(f"set {name}")
    episode = an_episode(id=a_document().id.__class__(root, uuid(f"episode {name}")))
    document = as_xml(set_id=root, id=a_document().id.__class__(root, uuid(f"document {name}")), episodes=[episode])
    return Client(url).submit([document], service=service)


def status(url: str, path: str = "/readyz") -> int:
    """Return the HTTP status of a GET request."""
    return Client(url)._server.exchange("GET", path, {}, None).status


def deleted(folder: Path) -> None:
    shutil.rmtree(folder)


def moved(folder: Path) -> None:
    folder.rename(folder.with_name("moved"))


def exchanged(folder: Path) -> None:
    moved(folder)
    shutil.copytree(folder.with_name("moved"), folder)


@pytest.mark.parametrize("happens", [deleted, moved, exchanged])
@pytest.mark.parametrize("to", ["the store", "the register"])
def test_submissions_are_faults_after_the_folder_disappeared(tmp_path: Path, happens: Callable[[Path], None], to: str) -> None:
    folder = tmp_path / "store"
    with server(store=f"tinydb:{folder}") as url:
        assert submitted(url, "before").status == "Success"
        assert status(url) == 200
        happens(folder if to == "the store" else folder / "default")
        assert (status(url), status(url, "/livez")) == (503, 200)
        for service in ("save", "validate"):
            refused = submitted(url, "after", service)
            assert refused.fault is not None, refused.status
            assert "deleted or exchanged" in refused.fault.reason
            assert str(tmp_path) not in refused.fault.reason
        with pytest.raises(StoreError, match="Another process keeps its register in"), server(store=f"tinydb:{folder}"):
            pass


def test_a_folder_that_is_moved_back_is_used_again(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with server(store=f"tinydb:{folder}") as url:
        moved(folder)
        assert submitted(url).fault is not None
        folder.with_name("moved").rename(folder)
        assert submitted(url).status == "Success"
        assert status(url) == 200


def test_the_folder_of_an_ended_server_can_be_used_by_the_next(tmp_path: Path) -> None:
    for _ in range(2):
        with server(store=f"tinydb:{tmp_path}") as url:
            assert status(url) == 200


@contextmanager
def restarted(tmp_path: Path, **settings: str) -> Iterator[Bench]:
    yield from bench_of(store=f"tinydb:{tmp_path}", seed="abortion", **settings)


@pytest.mark.parametrize("how", ["an empty seed", "scopes", "a checkpoint"])
def test_a_register_that_was_emptied_is_empty_after_a_restart(tmp_path: Path, how: str) -> None:
    with restarted(tmp_path) as bench:
        full = bench.stored()["sets"]
        assert full > 0
        if how == "an empty seed":
            assert bench.post("seeds/empty")["stored"]["sets"] == 0
        elif how == "scopes":
            while found := bench.http.get("/api/v1/patients").json["items"]:
                for patient in found:
                    bench.post("reset", patient=patient["key"])
        else:
            bench.post("seeds/none")
            bench.call("PUT", "checkpoints/empty")
            bench.post("reset")
            bench.post("checkpoints/empty/restore")
        assert bench.stored()["sets"] == 0
    with restarted(tmp_path) as bench:
        assert bench.stored()["sets"] == 0
        bench.post("reset")
        assert bench.stored()["sets"] == full
    with restarted(tmp_path) as bench:
        assert bench.stored()["sets"] == full


def test_a_register_at_rest_that_was_emptied_is_empty_when_it_is_opened_again(tmp_path: Path) -> None:
    with restarted(tmp_path, max_registers=1) as bench:  # type: ignore[arg-type]
        emptied = Bench(bench.http, "emptied")
        emptied.post("seeds/empty")
        Bench(bench.http, "another").get("clock")
        assert bench.get("registers")["at_rest"] == ["emptied"]
        assert emptied.get("clock")
        assert emptied.stored()["sets"] == 0


def test_a_server_with_a_full_disk_is_not_ready_and_makes_no_register(tmp_path: Path) -> None:
    with server(store=f"tinydb:{tmp_path}") as url:
        admin = Admin(url)
        with a_full_disk(tmp_path / "default" / JOURNAL, room=10):
            assert status(url) == 503
        assert status(url) == 200
        with a_full_disk(an_empty_file(tmp_path), room=10), pytest.raises(Refused) as refused:
            admin("PUT", "registers/x")
        assert refused.value.status == 500
        listed = admin("GET", "registers")
        assert ([register["name"] for register in listed["registers"]], listed["at_rest"]) == (["default"], [])
        assert admin("PUT", "registers/x")["name"] == "x"


def test_a_register_can_be_deleted_on_a_full_disk(tmp_path: Path) -> None:
    with server(store=f"tinydb:{tmp_path}") as url:
        admin = Admin(url)
        assert submitted(f"{url}/r/x").status == "Success"
        with a_full_disk(an_empty_file(tmp_path), room=10):
            admin("DELETE", "registers/x")
        assert not (tmp_path / "x").exists()


def an_empty_file(folder: Path) -> Path:
    (folder / "empty").touch()
    return folder / "empty"


@pytest.mark.parametrize("name", [FILE, JOURNAL])
def test_a_damaged_register_can_be_deleted(tmp_path: Path, name: str) -> None:
    for round in range(2):
        with server(store=f"tinydb:{tmp_path}") as url:
            admin = Admin(url)
            if not round:
                assert submitted(f"{url}/r/x").status == "Success"
                continue
            (tmp_path / "x" / name).write_text("damaged}\n")
            assert submitted(f"{url}/r/x").fault is not None
            assert admin("GET", "registers")["at_rest"] == ["x"]
            admin("DELETE", "registers/x")
            assert admin("GET", "registers")["at_rest"] == []
            assert submitted(f"{url}/r/x").status == "Success"


def test_the_error_for_reading_a_damaged_register_does_not_mention_a_submission(tmp_path: Path) -> None:
    with server(store=f"tinydb:{tmp_path}", max_registers=1) as url:
        assert submitted(f"{url}/r/x").status == "Success"
        assert submitted(f"{url}/r/y").status == "Success"  # this puts x to rest
        (tmp_path / "x" / FILE).write_text("damaged}\n")
        read = Client(url)._server.exchange("GET", "/r/x/api/v1/patients", {}, None)
        assert (read.status, b"the request was not carried out" in read.data) == (500, True)
        refused = submitted(f"{url}/r/x")
        assert refused.fault is not None
        assert "the submission was not kept" in refused.fault.reason


def test_submissions_are_faults_after_the_journal_was_cut_off(tmp_path: Path) -> None:
    with server(store=f"tinydb:{tmp_path}") as url:
        assert submitted(url, "before").status == "Success"
        os.truncate(tmp_path / "default" / JOURNAL, 20)
        assert (status(url), submitted(url, "after").fault is None) == (503, False)


def test_a_register_whose_folder_is_gone_can_be_deleted(tmp_path: Path) -> None:
    with server(store=f"tinydb:{tmp_path}") as url:
        assert submitted(f"{url}/r/x").status == "Success"
        shutil.rmtree(tmp_path / "x")
        Admin(url)("DELETE", "registers/x")
        assert submitted(f"{url}/r/x").status == "Success"


def test_registers_are_put_to_rest_before_files_run_out(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with bench(tmp_path) as http:
        resource.setrlimit(resource.RLIMIT_NOFILE, (2 * len(os.listdir("/dev/fd")) + 20, hard))
        try:
            for number in range(40):
                assert http.submit(register=f"run-{number}").status == "Success"
            at_rest = http.get("registers")["at_rest"]
            assert "run-0" in at_rest
            assert "run-39" not in at_rest
            woken = Bench(http.http, "run-0")
            assert woken.get("clock")
            assert woken.stored()["sets"] == 1
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def bench(tmp_path: Path) -> Iterator[Bench]:
    yield from bench_of(store=f"tinydb:{tmp_path}")


def test_error_lists_and_uploads_need_no_folder_for_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    large = BytesIO(document_with_a_violation() + b" " * 600_000)
    fields = {"service": "validate", "documents": FileStorage(large, "large.xml")}
    form, _, boundary = stream_encode_multipart(fields, use_tempfile=False)
    rules = a_list(NEW)  # openpyxl writes it to a temporary file
    for bench in bench_of():
        monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
        assert bench.submit(document_with_a_violation(), service="save").status == "Success"
        answer = bench.call("GET", "error-list.zip")
        names = ZipFile(BytesIO(answer.data)).namelist()
        assert [name.rpartition(".")[2] for name in names] == ["zip", "succes"]
        shown = bench.http.post("/documents", data=form.read(), content_type=f"multipart/form-data; boundary={boundary}")
        assert shown.status_code == 303, shown.text
        made = bench.call("PUT", "editions/march", data=rules)
        assert made.status_code == 201, made.text


def test_registers_share_the_limit_of_the_journal() -> None:
    for bench in bench_of(journal_bytes=150_000):
        for number in range(10):
            bench.submit(b"x" * 30_000, register=f"run-{number}")
        kept = [each["requests"] for each in bench.get("registers")["registers"] if each["name"] != "default"]
        assert (kept[0], kept[-1]) == (0, 1)
        assert 1 <= sum(kept) <= 4
