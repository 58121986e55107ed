"""Properties that are computed on first use."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from mockregister.lazy import lazy


class Square:
    def __init__(self, side: int) -> None:
        self.side, self.asked = side, 0

    @lazy
    def area(self) -> int:
        """Side by side."""
        self.asked += 1
        return self.side * self.side


class Appointment:
    def __init__(self, meeting: Barrier) -> None:
        self.meeting = meeting

    @lazy
    def kept(self) -> bool:
        return self.meeting.wait(20) >= 0


def test_it_is_worked_out_once_for_each_object() -> None:
    small, large = Square(2), Square(3)
    assert [small.area, large.area, small.area] == [4, 9, 4]
    assert (small.asked, large.asked) == (1, 1)


def test_it_is_not_worked_out_before_it_is_asked_for() -> None:
    assert Square(2).asked == 0


def test_it_keeps_its_docstring() -> None:
    assert vars(Square)["area"].__doc__ == "Side by side."


def test_two_objects_work_it_out_at_the_same_time() -> None:
    meeting = Barrier(2)
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda one: one.kept, [Appointment(meeting), Appointment(meeting)])) == [True, True]
