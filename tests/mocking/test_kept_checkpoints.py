"""Checkpoints of a durable store are available after a restart."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mockregister.register.tinydb_folder import CHECKPOINTS
from tests.builders import as_xml, the_next_document
from tests.register.every_store import STORES
from tests.register.test_tinydb_store import a_full_disk
from tests.web.admin.conftest import Bench, bench_of, clean_document

DURABLE = [name for name in STORES if name != "memory"]
APRIL = "2019-04-01T12:00:00+02:00"


@contextmanager
def started(store: str) -> Iterator[Bench]:
    yield from bench_of(store=store)


def names(bench: Bench) -> list[str]:
    return [one["name"] for one in bench.get("checkpoints")["checkpoints"]]


def home(folder: Path) -> Path:
    return folder / "default" / CHECKPOINTS


@pytest.mark.parametrize("store", DURABLE)
def test_checkpoints_are_available_after_a_restart_if_the_store_is_durable(tmp_path: Path, store: str) -> None:
    place = STORES[store].setting_for(tmp_path)
    with started(place) as bench:
        bench.call("PUT", "checkpoints/empty")
        assert bench.submit(clean_document()).status == "Success"
        bench.call("PUT", "clock", json={"mode": "frozen", "at": APRIL})
        bench.call("PUT", "checkpoints/one")
        content = bench.call("GET", "checkpoints/one/content").data
        bench.call("PUT", "checkpoints/loaded/content", data=content)
        bench.call("PUT", "checkpoints/again")
        assert bench.submit(as_xml(the_next_document())).status == "Success"
        bench.call("PUT", "checkpoints/again")
        bench.call("PUT", "checkpoints/gone")
        bench.call("DELETE", "checkpoints/gone")
        listed = bench.get("checkpoints")
    with started(place) as bench:
        assert bench.get("checkpoints") == listed
        assert names(bench) == ["again", "empty", "loaded", "one"]
        for name, documents in {"one": 1, "again": 2, "empty": 0, "loaded": 1}.items():
            bench.post(f"checkpoints/{name}/restore")
            assert bench.stored()["documents"] == documents
            assert name == "empty" or bench.get("clock")["at"] == APRIL
        assert bench.submit(as_xml(the_next_document())).status == "Success"
        bench.post("checkpoints/one/restore")
    with started(place) as bench:
        assert bench.stored()["documents"] == 1
        assert names(bench) == ["again", "empty", "loaded", "one"]


def test_checkpoints_are_available_after_the_server_was_killed(tmp_path: Path) -> None:
    with started(f"tinydb:{tmp_path / 'lives'}") as bench:
        bench.submit(clean_document())
        bench.call("PUT", "checkpoints/one")
        bench.submit(as_xml(the_next_document()))
        shutil.copytree(tmp_path / "lives", tmp_path / "killed")
    for _ in range(2):
        with started(f"tinydb:{tmp_path / 'killed'}") as bench:
            assert bench.get("checkpoints/one")["stored"]["documents"] == 1


def test_each_register_has_its_own_checkpoints_which_are_deleted_with_it(tmp_path: Path) -> None:
    with started(f"tinydb:{tmp_path}") as bench:
        other = Bench(bench.http, "other")
        other.call("PUT", "checkpoints/one")
    with started(f"tinydb:{tmp_path}") as bench:
        assert names(bench) == []
        assert names(Bench(bench.http, "other")) == ["one"]
        bench.call("DELETE", "registers/other")
        assert not (tmp_path / "other").exists()


def test_only_files_that_checkpoints_need_stay_on_disk(tmp_path: Path) -> None:
    with started(f"tinydb:{tmp_path}") as bench:
        for _ in range(3):
            bench.call("PUT", "checkpoints/x")
        assert len(list(home(tmp_path).iterdir())) == 2
        bench.call("DELETE", "checkpoints/x")
        assert not list(home(tmp_path).iterdir())


def test_a_checkpoint_that_cannot_be_written_is_not_listed(tmp_path: Path) -> None:
    with started(f"tinydb:{tmp_path}") as bench:
        bench.call("PUT", "checkpoints/one")
        with a_full_disk(an_empty_file(tmp_path)):
            assert bench.call("PUT", "checkpoints/two").status_code == 500
        assert names(bench) == ["one"]
        assert len(list(home(tmp_path).iterdir())) == 2
    with started(f"tinydb:{tmp_path}") as bench:
        assert names(bench) == ["one"]


def an_empty_file(folder: Path) -> Path:
    (folder / "empty").touch()
    return folder / "empty"


def test_a_checkpoint_whose_folder_is_gone_says_so(tmp_path: Path) -> None:
    with started(f"tinydb:{tmp_path}") as bench:
        bench.call("PUT", "checkpoints/one")
    [rows] = [path for path in home(tmp_path).iterdir() if path.is_dir()]
    shutil.rmtree(rows)
    with started(f"tinydb:{tmp_path}") as bench:
        assert bench.call("POST", "checkpoints/one/restore").status_code == 500
        assert bench.call("DELETE", "checkpoints/one").status_code == 204
        assert names(bench) == []
