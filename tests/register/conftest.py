"""Fixtures that run every test of this folder on every kind of store, and submit documents without HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mockregister.register.store import Store
from tests.register.desk import Desk
from tests.register.every_store import STORES


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return an empty store of each kind."""
    opened = STORES[request.param].opened(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    """Return a desk for a register on the store."""
    desk = Desk(store)
    with desk.looks:
        yield desk
