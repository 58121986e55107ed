"""A file of a register is replaced as a whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockregister.register.tinydb_folder import replace
from tests.register.test_tinydb_store import a_full_disk


def test_a_file_has_its_new_content_after_it_was_replaced(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    replace(file, b"first")
    replace(file, b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("list.json", b"second")]


def test_a_file_keeps_its_content_if_the_disk_is_full(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    replace(file, b"first")
    with a_full_disk(file), pytest.raises(OSError, match="File too large"):
        replace(file, bytes(1000))
    assert file.read_bytes() == b"first"
