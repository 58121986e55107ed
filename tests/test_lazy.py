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
        """Return the area."""
        self.asked += 1
        return self.side * self.side


class Appointment:
    def __init__(self, meeting: Barrier) -> None:
        self.meeting = meeting

    @lazy
    def kept(self) -> bool:
        return self.meeting.wait(20) >= 0


def test_a_lazy_property_is_computed_once_for_each_object() -> None:
    small, large = Square(2), Square(3)
    assert [small.area, large.area, small.area] == [4, 9, 4]
    assert (small.asked, large.asked) == (1, 1)


def test_a_lazy_property_is_not_computed_before_its_first_use() -> None:
    assert Square(2).asked == 0


def test_a_lazy_property_keeps_its_docstring() -> None:
    assert vars(Square)["area"].__doc__ == "Return the area."


def test_lazy_properties_of_two_objects_can_be_computed_at_the_same_time() -> None:
    meeting = Barrier(2)
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda each: each.kept, [Appointment(meeting), Appointment(meeting)])) == [True, True]
