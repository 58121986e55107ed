"""Locks on keys make overlapping claims wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Event

import pytest

from mockregister.errors import Busy
from mockregister.register.locks import KeyLocks

Hold = Callable[[KeyLocks], AbstractContextManager[None]]


def keys(*names: str) -> Hold:
    return lambda locks: locks.hold(frozenset(names))


def everything(locks: KeyLocks) -> AbstractContextManager[None]:
    return locks.hold_all()


@pytest.mark.parametrize(
    ("inside", "wanted", "waits"),
    [
        (keys("a", "b"), keys("b", "c"), True),
        (keys("a", "b"), keys("c"), False),
        (keys("a"), keys(), False),
        (keys("a"), everything, True),
        (keys(), everything, False),
        (everything, keys("a"), True),
        (everything, keys(), True),
        (everything, everything, True),
    ],
)
def test_a_claim_waits_until_overlapping_keys_are_released(inside: Hold, wanted: Hold, waits: bool) -> None:
    locks, entered = KeyLocks(), Event()

    def enter() -> None:
        with wanted(locks):
            entered.set()

    with ThreadPoolExecutor(1) as other:
        with inside(locks):
            other.submit(enter)
            assert entered.wait(0.1 if waits else 10) is not waits
        assert entered.wait(10)


def test_after_the_end_new_claims_are_refused_and_held_keys_are_awaited() -> None:
    locks, entered, over = KeyLocks(), Event(), Event()

    def enter() -> None:
        entered.set()
        with locks.hold(frozenset("a")):
            pass

    def end() -> None:
        locks.end()
        over.set()

    with ThreadPoolExecutor(2) as others:
        with locks.hold(frozenset("a")):
            waiting = others.submit(enter)
            assert entered.wait(10)
            others.submit(end)
            with pytest.raises(Busy):
                waiting.result(10)
            assert not over.is_set()
        assert over.wait(10)
    for hold in (keys("a"), everything):
        with pytest.raises(Busy), hold(locks):
            pass
    locks.end()


@pytest.mark.parametrize("hold", [keys("a"), everything], ids=["keys", "everything"])
def test_keys_are_released_after_a_failure(hold: Hold) -> None:
    locks = KeyLocks()
    with pytest.raises(ZeroDivisionError), hold(locks):
        raise ZeroDivisionError
    with everything(locks):
        pass
