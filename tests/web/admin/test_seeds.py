"""A register is filled with a seed, and a reset restores the seed with which it started."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockregister.document.reader import read_submission
from mockregister.errors import NotFound
from mockregister.mocking.editions import Editions
from mockregister.mocking.registers import Registers
from mockregister.register.register import Register
from mockregister.register.rows import Table
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.validation.edition import Edition
from tests.snapshots import snapshot
from tests.web.admin.conftest import NOON, Bench, clean_document


class CountedSeed:
    """Seeds with a single seed, ``demo``, which has one document. They count how often it is loaded."""

    def __init__(self) -> None:
        self.loaded = 0

    def names(self) -> list[str]:
        return ["demo"]

    def follows_clock(self, name: str) -> bool:
        return False

    def load(self, register: Register, name: str, edition: Edition) -> None:
        self.loaded += 1
        assert submit(register, Service.SAVE_IF_NO_ERRORS, read_submission([clean_document()])).stored


def registers_of(seeds: CountedSeed, **settings: str) -> Iterator[Registers]:
    registers = Registers(Settings(clock=NOON, **settings), Editions(Settings()), seeds)
    yield registers
    registers.close()


@pytest.fixture
def seeds() -> CountedSeed:
    return CountedSeed()


@pytest.fixture
def seeded(seeds: CountedSeed) -> Iterator[Registers]:
    """Return registers that start with ``demo``."""
    yield from registers_of(seeds, seed="demo")


def sets(registers: Registers, name: str = "default") -> int:
    return snapshot(registers.get(name).register.store).count(Table.SETS)


def test_every_register_starts_with_the_seed_which_is_loaded_once(seeded: Registers, seeds: CountedSeed) -> None:
    assert [sets(seeded, name) for name in ("default", "a", "b")] == [1, 1, 1]
    assert seeds.loaded == 1


def test_a_reset_restores_the_seed(seeded: Registers) -> None:
    namespace = seeded.get()
    namespace.load("none")
    assert sets(seeded) == 0
    namespace.reset()
    assert sets(seeded) == 1


def test_a_seed_can_be_loaded_at_run_time(seeds: CountedSeed) -> None:
    for registers in registers_of(seeds):
        assert sets(registers) == 0
        registers.get().load("demo")
        assert sets(registers) == 1


def test_an_unknown_seed_prevents_the_start(seeds: CountedSeed) -> None:
    with pytest.raises(NotFound, match="no seed 'demi'; there are none, demo"):
        next(registers_of(seeds, seed="demi"))


def test_loading_the_empty_seed_removes_everything(bench: Bench) -> None:
    bench.submit()
    assert bench.post("seeds/empty")["stored"]["sets"] == 0


def test_seeds_are_listed(bench: Bench) -> None:
    listed = bench.get("seeds")
    assert {"none", "empty"} <= set(listed["seeds"])
    assert listed["start"] == "none"


@pytest.mark.parametrize("name", ["nothing", "../etc/passwd", "a/b"])
def test_an_unknown_seed_is_not_found_and_changes_nothing(bench: Bench, name: str) -> None:
    bench.submit()
    assert bench.problem("POST", f"seeds/{name}")["status"] == 404
    assert bench.stored()["sets"] == 1
