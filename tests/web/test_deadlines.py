"""What is to happen at a time unless it is called off before."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from threading import Event

import pytest

from mockregister.web.deadlines import Deadlines

LONG, SHORT, PATIENCE = 3600.0, 0.01, 20.0


def watchers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "deadlines"]


def test_what_takes_too_long_is_missed_while_it_still_goes_on() -> None:
    missed = Event()
    with Deadlines().within(SHORT, missed.set):
        assert missed.wait(PATIENCE)


def test_what_is_done_in_time_is_not_missed() -> None:
    deadlines, called_off, later = Deadlines(), Event(), Event()
    with deadlines.within(SHORT, called_off.set):
        pass
    with deadlines.within(2 * SHORT, later.set):
        assert later.wait(PATIENCE)
    assert not called_off.is_set()


def test_a_nearer_deadline_overtakes_one_that_is_waited_for() -> None:
    deadlines, far, near = Deadlines(), Event(), Event()
    with deadlines.within(LONG, far.set), deadlines.within(SHORT, near.set):
        assert near.wait(PATIENCE)
    assert not far.is_set()


def test_each_of_many_is_missed() -> None:
    deadlines, missed = Deadlines(), [Event() for _ in range(20)]
    with ExitStack() as open_:
        for number, one in enumerate(missed):
            open_.enter_context(deadlines.within(SHORT * (20 - number), one.set))
        assert all(one.wait(PATIENCE) for one in missed)


def test_one_thread_watches_them_all() -> None:
    deadlines, before = Deadlines(), len(watchers())
    with ExitStack() as open_:
        for _ in range(20):
            open_.enter_context(deadlines.within(LONG, Event().set))
        assert len(watchers()) == before + 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_one_that_breaks_does_not_end_the_watch() -> None:
    deadlines, broke, missed = Deadlines(), Event(), Event()

    def break_() -> None:
        broke.set()
        raise ZeroDivisionError

    with deadlines.within(SHORT, break_):
        assert broke.wait(PATIENCE)
    with deadlines.within(SHORT, missed.set):
        assert missed.wait(PATIENCE)
