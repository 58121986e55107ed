"""The nightly job follows the clock of each register."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from mockregister.document.reader import read_submission
from mockregister.mocking.nightly import Nightly, last_due
from mockregister.mocking.registers import Registers
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from tests.builders import a_document, an_episode, as_xml, at
from tests.register.desk import code_tables

NOON = at("2019-06-01 12:00")


def test_the_list_is_due_at_five_to_two_danish_time() -> None:
    assert last_due(NOON) == at("2019-06-01 01:55")
    assert last_due(at("2019-06-01 01:54")) == at("2019-05-31 01:55")
    assert last_due(at("2019-06-01 01:55")) == at("2019-06-01 01:55")


def test_a_clock_moved_over_the_night_has_the_list_written(tmp_path: Path) -> None:
    registers = Registers(Settings(clock=NOON), code_tables())
    register = registers.get().register
    broken = as_xml(a_document(episodes=[an_episode(end=at("2019-05-03 10:00"))]))
    assert submit(register, Service.REPORTING, read_submission([broken])).stored
    nightly = Nightly(registers, tmp_path)
    nightly.look()
    assert list(tmp_path.iterdir()) == []
    register.clock.freeze(NOON + timedelta(days=1))
    nightly.look()
    assert [path.suffix for path in sorted(tmp_path.glob("*/*"))] == [".zip", ".succes"]


def test_another_register_writes_to_a_folder_of_its_name(tmp_path: Path) -> None:
    registers = Registers(Settings(clock=NOON), code_tables())
    other = registers.get("vendor").register
    broken = as_xml(a_document(episodes=[an_episode(end=at("2019-05-03 10:00"))]))
    submit(other, Service.REPORTING, read_submission([broken]))
    nightly = Nightly(registers, tmp_path)
    nightly.look()
    other.clock.freeze(NOON + timedelta(days=1))
    nightly.look()
    assert {path.relative_to(tmp_path).parts[0] for path in tmp_path.glob("*/*/*")} == {"vendor"}
