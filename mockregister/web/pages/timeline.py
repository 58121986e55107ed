"""A patient's episodes of care as a picture: bars on a time axis, drawn on the server; the template makes SVG of it.

Lengths are units of the picture, which is ``WIDTH`` wide. Very short elements are drawn a little too long. Elements with very
distant dates are drawn at the edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mockregister.clock import COPENHAGEN
from mockregister.web.pages.nodes import PageNode

WIDTH, LEFT, RIGHT, TOP = 1000.0, 12.0, 12.0, 34.0
BAR, LANE, GAP = 17.0, 30.0, 20.0
SHORTEST = 6.0
DIAMOND = 10.0
LETTER = 6.4  # how wide a letter of a label is, about
BESIDE = 13.0  # between a bar and its label beside it: room for the arrow of what is open
HOURS = (1, 3, 6, 12, 24, 48, 168, 336)  # between the marks of the axis; a longer axis has marks at the beginnings of months
MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 480)
MARKS = 9
MARK_WIDTH = 80.0
A_YEAR = timedelta(days=365)
AN_AGE = 130 * A_YEAR
BARS = ("Encounter", "Stay", "Absence")
POINTS = ("Marker", "Procedure", "Referral")


@dataclass(frozen=True, slots=True)
class Label:
    """Words inside, after or before a bar, as ``css`` says. Words before a bar end at ``x``, others begin there."""

    css: str
    text: str
    x: float


@dataclass(frozen=True, slots=True)
class TimelineShape:
    """Something drawn: a bar, or a point where it has no width."""

    css: str
    node: PageNode
    x: float
    y: float
    width: float = 0.0

    @property
    def end(self) -> float:
        """Return where it ends."""
        return self.x + self.width

    @property
    def is_open(self) -> bool:
        """Return True if it is the bar of an element that has not ended."""
        return self.width > 0 and self.node.end is None

    @property
    def label(self) -> Label:
        """Return its name, shortened to fit: inside the bar, or beside the bar of an episode of care, which has its own row."""
        text, rooms = self.node.title, {"inside": self.width - 10}
        if self.css == "episode":
            text = " · ".join(
                dict.fromkeys([text, *[node.title for node in self.node.all() if node.kind == "Main condition"][:1]])
            )
            rooms |= {"after": WIDTH - self.end - BESIDE, "before": self.x - BESIDE}
        enough = (place for place, room in rooms.items() if len(text) * LETTER <= room)
        place = next(enough, max(rooms, key=rooms.__getitem__))
        starts = {"inside": self.x + 5, "after": self.end + BESIDE, "before": self.x - BESIDE}
        return Label(place, _cut(text, int(rooms[place] / LETTER)), starts[place])


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…" if letters > 4 else ""


@dataclass(slots=True)
class Picture:
    """The shapes, and the axis with its places and moments."""

    shapes: list[TimelineShape] = field(default_factory=list)
    axis: list[tuple[float, datetime]] = field(default_factory=list)
    height: float = TOP
    now: float | None = None


class Scale:
    """The scale from moments to places. Open elements end now."""

    def __init__(self, nodes: list[PageNode], now: datetime) -> None:
        times = [time for node in nodes for time in (node.start, node.end) if time is not None and abs(time - now) < AN_AGE]
        self.now, self.first, self.last = now, min(times, default=now), max(times, default=now)
        if any(node.start and not node.end and not node.is_moment for node in nodes) and now > self.last:
            self.last += min(now - self.last, A_YEAR)
        self.span = max((self.last - self.first).total_seconds(), 3600.0)

    def x(self, time: datetime) -> float:
        """Return the place of a moment, within the picture."""
        share = (time - self.first).total_seconds() / self.span
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)

    def bar(self, start: datetime, end: datetime | None) -> tuple[float, float]:
        """Return the place and the length of a period, at least the shortest."""
        x = min(self.x(start), WIDTH - RIGHT - SHORTEST)
        return x, max(self.x(end or self.now) - x, SHORTEST)

    def axis(self) -> Iterator[tuple[float, datetime]]:
        """Yield the marks of the axis: where it begins, and then round moments."""
        yield LEFT, self.first
        for time in self._round_moments():
            if self.x(time) >= LEFT + MARK_WIDTH:
                yield self.x(time), time

    def _round_moments(self) -> Iterator[datetime]:
        first, last = (time.astimezone(COPENHAGEN) for time in (self.first, self.last))
        midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
        hours = int((last - midnight).total_seconds() // 3600)
        step = next((step for step in HOURS if self.span / 3600 / step <= MARKS), 0)
        return (midnight + timedelta(hours=n) for n in range(step, hours + 1, step)) if step else _months(midnight, last)


def _months(first: datetime, last: datetime) -> Iterator[datetime]:
    """Return the beginnings of months, evenly spaced, from the beginning of a round year on."""
    months = 12 * (last.year - first.year) + last.month
    step = next((step for step in MONTHS if months / step <= MARKS + 1), MONTHS[-1])
    year = max(1, first.year - first.year % max(1, step // 12))
    places = range(0, months + 12 * (first.year - year), step)
    return (first.replace(year=year + n // 12, month=n % 12 + 1, day=1) for n in places)


def picture(episodes: list[PageNode], now: datetime) -> Picture:
    """Return the picture of these episodes of care, in order of their start."""
    scale = Scale([node for episode in episodes for node in episode.all()], now)
    drawn = Picture(axis=list(scale.axis()))
    for episode in sorted(episodes, key=lambda episode: episode.start or now):
        if episode.start is not None:
            drawn.shapes += _episode(episode, scale, drawn.height)
            drawn.height = max(shape.y for shape in drawn.shapes) + BAR + GAP
    if scale.first <= now <= scale.last:
        drawn.now = scale.x(now)
    return drawn


def _episode(episode: PageNode, scale: Scale, top: float) -> Iterator[TimelineShape]:
    """Yield the bar of the episode, its points at it, and its encounters in lanes below."""
    assert episode.start is not None
    x, width = scale.bar(episode.start, episode.end)
    yield TimelineShape("episode", episode, x, top, width)
    yield from _points(episode.children, scale, top, top - DIAMOND)
    lanes: list[float] = []
    for encounter in (node for node in episode.children if node.kind == "Encounter" and node.start is not None):
        yield from _encounter(encounter, scale, top, lanes)


def _encounter(encounter: PageNode, scale: Scale, top: float, lanes: list[float]) -> Iterator[TimelineShape]:
    """Yield the bar of an encounter in the first lane with room, its stays as stripes in it and its points at it."""
    assert encounter.start is not None
    x, width = scale.bar(encounter.start, encounter.end)
    lane = next((number for number, end in enumerate(lanes) if end <= x), len(lanes))
    lanes[lane : lane + 1] = [x + width + 2]
    y = top + LANE * lane + BAR + 7
    yield TimelineShape("encounter", encounter, x, y, width)
    for stay in encounter.children:
        if stay.kind in BARS and stay.start is not None:
            x, width = scale.bar(stay.start, stay.end)
            yield TimelineShape(stay.css, stay, x, y, width)
    yield from _points(encounter.children, scale, y, y + BAR)


def _points(nodes: Iterable[PageNode], scale: Scale, bar: float, procedures: float) -> Iterator[TimelineShape]:
    """Yield the points at a bar; procedures are drawn at ``procedures``, above or below the bar, where they hide no label."""
    for node in nodes:
        if node.kind in POINTS and node.start is not None:
            yield TimelineShape(node.css, node, scale.x(node.start), procedures if node.kind == "Procedure" else bar)
