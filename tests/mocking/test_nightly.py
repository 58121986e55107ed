"""The nightly job writes error lists by the clock of each register."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from mockregister.delivery.outbox import Outbox
from mockregister.document.reader import read_submission
from mockregister.mocking.editions import Editions
from mockregister.mocking.nightly import Nightly, last_due
from mockregister.mocking.registers import Registers
from mockregister.register.register import Register
from mockregister.settings import LISTED_AT, Settings
from mockregister.submission import Service, submit
from tests.builders import CUSTODIAN, a_document, an_episode, as_xml, at
from tests.snapshots import snapshot

NOON = at("2019-06-01 12:00")
ZIP, MARKER = "lpr3_acl_20190602-0155_1.zip", "lpr3_acl_uploadafsluttet_20190602-0155.succes"
BROKEN, CLEAN = (as_xml(a_document(episodes=[an_episode(end=end)])) for end in (at("2019-05-03 10:00"), None))


@pytest.fixture
def registers() -> Registers:
    return Registers(Settings(clock=NOON), Editions(Settings(clock=NOON)))


@pytest.fixture
def nightly(registers: Registers, tmp_path: Path) -> Nightly:
    nightly = Nightly(registers, Outbox(tmp_path, ["12345678"]))
    nightly.look()
    return nightly


def report(register: Register, document: bytes = BROKEN) -> None:
    assert submit(register, Service.REPORTING, read_submission([document])).stored


def files(folder: Path) -> list[str]:
    """Return the names of the files in the folder of an authority."""
    return sorted(path.name for path in folder.glob("*") if path.is_file())


def test_the_list_is_due_at_01_55_danish_time() -> None:
    assert last_due(NOON, LISTED_AT) == at("2019-06-01 01:55")
    assert last_due(at("2019-06-01 01:54"), LISTED_AT) == at("2019-05-31 01:55")
    assert last_due(at("2019-06-01 01:55"), LISTED_AT) == at("2019-06-01 01:55")
    assert last_due(at("2019-06-01 03:59"), time(4)) == at("2019-05-31 04:00")


def test_the_list_is_written_when_the_clock_passes_a_night(registers: Registers, nightly: Nightly, tmp_path: Path) -> None:
    register = registers.get().register
    report(register)
    assert list(tmp_path.iterdir()) == []
    register.clock.freeze(NOON + timedelta(days=1))
    nightly.look()
    assert files(tmp_path / CUSTODIAN) == [ZIP, MARKER]
    assert (tmp_path / CUSTODIAN / ZIP).stat().st_mtime == at("2019-06-02 01:55").timestamp()


def test_the_list_is_made_at_01_55_and_available_from_04_00(registers: Registers, nightly: Nightly, tmp_path: Path) -> None:
    register = registers.get().register
    report(register)
    for moment, there in (("01:54", []), ("01:55", []), ("03:59", []), ("04:00", [ZIP, MARKER]), ("23:59", [ZIP, MARKER])):
        register.clock.freeze(at(f"2019-06-02 {moment}"))
        nightly.look()
        assert files(tmp_path / CUSTODIAN) == there, moment


def test_an_authority_without_errors_gets_only_the_marker(registers: Registers, nightly: Nightly, tmp_path: Path) -> None:
    register = registers.get().register
    report(register, CLEAN)
    register.clock.freeze(NOON + timedelta(days=1))
    nightly.look()
    assert files(tmp_path / CUSTODIAN) == files(tmp_path / "12345678") == [MARKER]


def test_a_new_list_removes_only_lists_of_earlier_days(registers: Registers, nightly: Nightly, tmp_path: Path) -> None:
    namespace = registers.get()
    report(namespace.register)
    for moment in (at("2019-06-01 13:00"), at("2019-06-02 12:00"), at("2019-06-02 13:00"), at("2019-06-02 14:00")):
        nightly.outbox.lay_out(namespace.name, snapshot(namespace.register.store), moment)
        nightly.outbox.hand_out(namespace.name)
    stamps = {name for name in files(tmp_path / CUSTODIAN) if name.endswith(".zip")}
    assert stamps == {"lpr3_acl_20190602-1300_1.zip", "lpr3_acl_20190602-1400_1.zip"}


def test_another_register_writes_to_a_folder_with_its_name(registers: Registers, nightly: Nightly, tmp_path: Path) -> None:
    other = registers.get("vendor").register
    report(other)
    nightly.look()
    other.clock.freeze(NOON + timedelta(days=1))
    nightly.look()
    assert files(tmp_path / "r" / "vendor" / CUSTODIAN) == [ZIP, MARKER]
    assert {path.name for path in tmp_path.iterdir()} == {"r"}
