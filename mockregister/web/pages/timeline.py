"""A patient's episodes of care as a picture: bars on a time axis, drawn on the server; the template makes SVG of it.

Lengths are units of the picture, which is ``WIDTH`` wide. What lasts shorter than a bar can show is drawn a little too long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mockregister.web.pages.nodes import Node

WIDTH, LEFT, RIGHT, TOP = 1000.0, 12.0, 12.0, 34.0
BAR, LANE, GAP = 17.0, 30.0, 20.0
SHORTEST = 6.0
LETTER = 6.4  # how wide a letter of a label is, about
STEPS = (1, 2, 7, 14, 31, 91, 182, 365, 730, 1826, 3652)  # days between the marks of the axis
MARKS = 9
BARS = ("Encounter", "Stay", "Absence")
POINTS = ("Marker", "Procedure", "Referral")


@dataclass(frozen=True, slots=True)
class Shape:
    """Something drawn: a bar, or a point where it has no width."""

    css: str
    node: Node
    x: float
    y: float
    width: float = 0.0

    @property
    def label(self) -> str:
        """As much of the title as fits."""
        letters = int((self.width - 10) / LETTER)
        title = self.node.title
        return title if len(title) <= letters else f"{title[: letters - 1]}…" if letters > 4 else ""


@dataclass(slots=True)
class Picture:
    """What is drawn, and the axis: places and the moments there."""

    shapes: list[Shape] = field(default_factory=list)
    axis: list[tuple[float, datetime]] = field(default_factory=list)
    height: float = TOP
    now: float | None = None


class Scale:
    """From moments to places; what is open ends now."""

    def __init__(self, nodes: list[Node], now: datetime) -> None:
        times = [time for node in nodes for time in (node.start, node.end) if time is not None]
        self.first, self.last = min(times, default=now), max(times, default=now)
        if any(node.start and not node.end and not node.is_moment for node in nodes) and now > self.last:
            self.last = min(now, self.last + timedelta(days=365))
        self.span = max((self.last - self.first).total_seconds(), 3600.0)

    def x(self, time: datetime) -> float:
        """The place of a moment, within the picture."""
        share = (time - self.first).total_seconds() / self.span
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)

    def width(self, start: datetime, end: datetime | None) -> float:
        """The length of a period."""
        return max(self.x(end or self.last) - self.x(start), SHORTEST)

    def axis(self) -> Iterator[tuple[float, datetime]]:
        """The marks of the axis, at the beginnings of days."""
        step = next((days for days in STEPS if self.span / 86400 / days <= MARKS), STEPS[-1])
        time = self.first.replace(hour=0, minute=0, second=0, microsecond=0)
        while time <= self.last:
            yield self.x(time), time
            time += timedelta(days=step)


def picture(episodes: list[Node], now: datetime) -> Picture:
    """The picture of these episodes of care, in order of their start."""
    scale = Scale([node for episode in episodes for node in episode.all()], now)
    drawn = Picture(axis=list(scale.axis()))
    for episode in sorted(episodes, key=lambda one: one.start or now):
        if episode.start is not None:
            drawn.shapes += _episode(episode, scale, drawn.height)
            drawn.height = max(shape.y for shape in drawn.shapes) + BAR + GAP
    if scale.first <= now <= scale.last:
        drawn.now = scale.x(now)
    return drawn


def _episode(episode: Node, scale: Scale, top: float) -> Iterator[Shape]:
    """The bar of the episode, its points on it, and its encounters in lanes below."""
    assert episode.start is not None
    yield Shape("episode", episode, scale.x(episode.start), top, scale.width(episode.start, episode.end))
    yield from _points(episode.children, scale, top)
    lanes: list[float] = []
    for encounter in (node for node in episode.children if node.kind == "Encounter" and node.start is not None):
        yield from _encounter(encounter, scale, top, lanes)


def _encounter(encounter: Node, scale: Scale, top: float, lanes: list[float]) -> Iterator[Shape]:
    """The bar of an encounter in the first lane with room, its stays as stripes in it and its points on it."""
    assert encounter.start is not None
    x, width = scale.x(encounter.start), scale.width(encounter.start, encounter.end)
    lane = next((number for number, end in enumerate(lanes) if end <= x), len(lanes))
    lanes[lane : lane + 1] = [x + width + 2]
    y = top + LANE * lane + BAR + 7
    yield Shape("encounter", encounter, x, y, width)
    for stay in encounter.children:
        if stay.kind in BARS and stay.start is not None:
            yield Shape(stay.css, stay, scale.x(stay.start), y, scale.width(stay.start, stay.end))
    yield from _points(encounter.children, scale, y + BAR - 3)


def _points(nodes: Iterable[Node], scale: Scale, y: float) -> Iterator[Shape]:
    return (Shape(node.css, node, scale.x(node.start), y) for node in nodes if node.kind in POINTS and node.start is not None)
