"""A closed application leaves nothing behind."""

from __future__ import annotations

import gc
import threading
import weakref
from pathlib import Path
from typing import Any

import pytest

from mockregister.app import running
from mockregister.settings import Settings
from mockregister.testing import Lpr3, server
from tests.builders import as_xml


@pytest.mark.parametrize("store", ["memory", "tinydb:{}"])
def test_ten_applications_leave_no_thread_and_no_object(store: str, tmp_path: Path) -> None:
    settings = Settings(store=store.format(tmp_path), error_list_dir=str(tmp_path / "lists"))
    left: list[weakref.ref[Any]] = []
    before = set(threading.enumerate())
    for number in range(10):
        with running(settings) as app:
            registers = app.extensions["mockregister"]
            other = registers.get(f"other-{number}")
            client = app.test_client()
            assert client.get(f"/r/other-{number}/").status_code == 200
            left += map(weakref.ref, (app, registers, other, other.register, other.register.store.mark()))
            left.append(weakref.ref(other.register.codes.sks))
            registers.delete(f"other-{number}")
        del app, registers, other, client

    gc.collect()
    assert set(threading.enumerate()) <= before
    assert not [ref() for ref in left if ref() is not None]


def test_a_server_of_a_test_suite_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    with server() as url:
        assert Lpr3(url, "mine").submit(as_xml()).status == "Success"
    assert not [thread for thread in set(threading.enumerate()) - before if not thread.name.startswith("Thread-")]
