"""Both stores under every test of this folder, and a desk at which documents are handed in without HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mockregister.register.memory_store import MemoryStore
from mockregister.register.store import Store
from mockregister.register.tinydb_store import TinyDbStore
from tests.register.desk import Desk


@pytest.fixture(params=["memory", "tinydb"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    opened: Store = MemoryStore() if request.param == "memory" else TinyDbStore(tmp_path / "register")
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    """A register over the store, with a desk before it."""
    return Desk(store)
