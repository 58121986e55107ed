"""Registers share nothing. They are made on first use, listed and deleted."""

from __future__ import annotations

import gc
import weakref
from contextlib import closing
from pathlib import Path

import pytest

from mockregister.errors import StoreError
from mockregister.mocking.registers import Namespace, Registers
from mockregister.register.transaction_log import TransactionLog
from tests.web.admin.conftest import Bench, bench_of


def names(bench: Bench) -> list[str]:
    return [register["name"] for register in bench.get("registers")["registers"]]


def test_a_register_is_made_on_first_use(bench: Bench) -> None:
    assert bench.submit(register="team-a").status == "Success"
    assert names(bench) == ["default", "team-a"]


def test_registers_share_nothing(bench: Bench) -> None:
    a, b = Bench(bench.http, "a"), Bench(bench.http, "b")
    a.submit()
    a.post("faults", fault={"type": "http_status", "status": 503}, times=1)
    a.call("PUT", "clock", json={"mode": "moved", "by": "P1D"})
    a.call("PUT", "rules/05.14", json={"enabled": False})
    a.call("PUT", "checkpoints/x")
    assert b.submit().status == "Success"
    assert b.get("clock")["mode"] == "frozen"
    assert b.get("rules/05.14")["enabled"] is True
    assert b.get("checkpoints")["checkpoints"] == []
    assert (a.get("requests")["total"], b.get("requests")["total"], bench.get("requests")["total"]) == (1, 1, 0)
    b.post("reset")
    assert (a.stored()["sets"], b.stored()["sets"]) == (1, 0)


def test_a_listed_register_has_to_be_made_first(listed: Bench) -> None:
    assert "There is no register named" in listed.submit(register="team-a").fault.reason  # type: ignore[union-attr]
    assert listed.call("PUT", "registers/team-a").status_code == 201
    assert listed.call("PUT", "registers/team-a").status_code == 200
    assert listed.submit(register="team-a").status == "Success"
    assert listed.submit().status == "Success"


def test_reading_a_register_does_not_make_it(bench: Bench) -> None:
    assert bench.problem("GET", "registers/nobody")["status"] == 404
    assert names(bench) == ["default"]


def test_a_register_is_deleted_with_all_its_content(bench: Bench) -> None:
    bench.submit(register="a")
    assert bench.call("DELETE", "registers/a").status_code == 204
    assert names(bench) == ["default"]
    assert bench.submit(register="a").status == "Success"
    assert bench.problem("DELETE", "registers/nobody")["status"] == 404


def test_a_register_that_cannot_store_anything_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(bench_of(store=f"tinydb:{tmp_path}", seed="none")) as server:
        bench = next(server)

        def full(log: TransactionLog, number: int) -> None:
            raise StoreError("No space left on device.")

        monkeypatch.setattr(TransactionLog, "try_writing", full)
        assert bench.call("PUT", "registers/x").status_code == 500
        assert names(bench) == ["default"]
        assert not (tmp_path / "x").exists()
        monkeypatch.undo()
        assert bench.call("PUT", "registers/x").status_code == 201


@pytest.mark.parametrize("store", ["memory", "tinydb"])
@pytest.mark.parametrize("gone", ["deleted", "at rest"])
def test_a_call_to_a_register_that_is_being_deleted_is_asked_to_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str, gone: str
) -> None:
    where = {"tinydb": f"tinydb:{tmp_path}"}.get(store, store)
    with closing(bench_of(store=where, max_registers=1)) as server:
        bench = next(server)
        registers: Registers = bench.http.application.extensions["mockregister"]

        def found(name: str = "default") -> Namespace:
            namespace = Registers.get(registers, name)
            if name == "a":
                registers.delete(name) if gone == "deleted" else registers.make("another")
            return namespace

        monkeypatch.setattr(registers, "get", found)
        answer = bench.submit(register="a")
        assert (answer.http_status, answer.headers.get("retry-after")) == (500, "1"), answer.raw
        assert answer.fault is not None
        assert "send it again" in answer.fault.reason
        monkeypatch.undo()
        assert bench.submit(register="a").status == "Success"


def test_the_default_register_cannot_be_deleted(bench: Bench) -> None:
    assert bench.problem("DELETE", "registers/default")["status"] == 409


def test_a_register_on_disk_is_available_after_a_restart(tmp_path: Path) -> None:
    kept = {"store": f"tinydb:{tmp_path}", "registers": "listed"}
    with closing(bench_of(**kept)) as server:
        bench = next(server)
        assert bench.call("PUT", "registers/team-a").status_code == 201
        bench.submit(register="team-a")
    with closing(bench_of(**kept)) as server:
        bench = next(server)
        assert (names(bench), bench.get("registers")["at_rest"]) == (["default"], ["team-a"])
        assert bench.call("PUT", "registers/team-a").status_code == 200
        assert Bench(bench.http, "team-a").stored()["sets"] == 1
        assert bench.get("registers")["at_rest"] == []


def test_a_register_at_rest_is_listed_and_deleted(tmp_path: Path) -> None:
    with closing(bench_of(store=f"tinydb:{tmp_path}", max_registers=1)) as server:
        bench = next(server)
        for name in ("a", "b", "c"):
            bench.submit(register=name)
        assert bench.get("registers")["at_rest"] == ["a", "b"]
        assert bench.get("registers/a")["stored"]["sets"] == 1
        assert bench.call("DELETE", "registers/b").status_code == 204
        assert bench.problem("GET", "registers/b")["status"] == 404


def test_short_lived_registers_leave_nothing_on_disk(tmp_path: Path) -> None:
    with closing(bench_of(store=f"tinydb:{tmp_path}")) as server:
        bench = next(server)
        for name in ("a", "b"):
            bench.submit(register=name)
            bench.call("DELETE", f"registers/{name}")
        assert [path.name for path in tmp_path.iterdir()] == ["default"]
        assert bench.submit(register="a").status == "Success"


@pytest.mark.parametrize("name", ["..", "a/b", "%2e%2e", ".x", "x" * 65, "a..b", "a%00"])
def test_an_invalid_name_of_a_register_is_refused(bench: Bench, name: str) -> None:
    assert bench.problem("PUT", f"registers/{name}")["field"] == "name"
    assert names(bench) == ["default"]


def test_an_invalid_name_in_a_path_is_a_soap_fault_or_a_problem(bench: Bench) -> None:
    assert bench.submit(register="..").fault is not None
    assert Bench(bench.http, "%20").problem("GET", "clock")["field"] == "name"


def test_the_register_that_was_unused_for_longest_is_put_to_rest() -> None:
    bench = next(generator := bench_of(max_registers=2))
    for name in ("a", "b", "a", "c"):
        bench.submit(register=name)
    assert names(bench) == ["a", "c", "default"]
    generator.close()


def test_short_lived_registers_leave_no_memory_behind(bench: Bench) -> None:
    registers: Registers = bench.http.application.extensions["mockregister"]
    watched = []
    for number in range(50):
        run = Bench(bench.http, f"run-{number}")
        run.submit()
        run.call("PUT", "checkpoints/x")
        run.post("faults", fault={"type": "cut_connection"}, match={"nth": 5})
        watched += [weakref.ref(thing) for thing in (registers.get(run.register), registers.get(run.register).register)]
        bench.call("DELETE", f"registers/{run.register}")
    gc.collect()
    assert [ref for ref in watched if ref() is not None] == []


def test_registers_at_rest_leave_no_memory_behind() -> None:
    bench = next(generator := bench_of(max_registers=3))
    registers: Registers = bench.http.application.extensions["mockregister"]
    watched = [weakref.ref(registers.get(f"run-{number}")) for number in range(30)]
    gc.collect()
    assert sum(ref() is not None for ref in watched) == 3
    generator.close()
