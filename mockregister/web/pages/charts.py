"""Charts as the templates draw them, as SVG that is as wide as there is room for.

Horizontal measures are in per cent, so that a narrow window makes bars narrower but not letters. Heights are in pixels. Every
value has the address of its list, to which the table beside the chart also links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

TALL = 190.0  # pixels of the tallest column, unless a chart says otherwise
AXIS = 9.0  # per cent of the width that the scale takes up
FILLED = 0.7  # the part of its place that a column takes up
TICKS = 4  # most steps of a scale


@dataclass(frozen=True, slots=True)
class ChartValue:
    """A number, and the address of the list that it counts."""

    number: int
    address: str = ""


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """A named series with a value for each column. ``css`` is the class of its colour."""

    name: str
    css: str
    values: Sequence[ChartValue]


@dataclass(frozen=True, slots=True)
class ChartPiece:
    """A piece of a column: its place and its text."""

    css: str
    x: float
    y: float
    width: float
    height: float
    series: str
    column: str
    value: ChartValue


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of stacked pieces. ``labels`` are shown under them, ``full_labels`` in the table."""

    labels: Sequence[str]
    full_labels: Sequence[str]
    series: Sequence[ChartSeries]
    tall: float = TALL

    @property
    def is_empty(self) -> bool:
        """Return True if there is nothing to draw."""
        return not any(value.number for series in self.series for value in series.values)

    @property
    def height(self) -> float:
        """Return the height of the picture, with the labels."""
        return self.tall + 34

    @property
    def ticks(self) -> list[tuple[int, float]]:
        """Return the numbers of the scale, each with its height from the top."""
        top, step = self._scale
        return [(number, self._y(number)) for number in range(0, top + 1, step)]

    @property
    def places(self) -> list[tuple[str, float]]:
        """Return the labels with the middle of their columns."""
        return [(label, round(AXIS + self._room * (number + 0.5), 2)) for number, label in enumerate(self.labels)]

    @property
    def pieces(self) -> list[ChartPiece]:
        """Return all pieces, the first series at the bottom."""
        pieces = []
        for column, label in enumerate(self.full_labels):
            left, below = AXIS + self._room * (column + (1 - FILLED) / 2), 0
            for series in self.series:
                value = series.values[column]
                if value.number:
                    top, bottom = self._y(below + value.number), self._y(below)
                    width = round(self._room * FILLED, 2)
                    height = max(round(bottom - top, 1), 0.5)
                    pieces.append(ChartPiece(series.css, round(left, 2), top, width, height, series.name, label, value))
                    below += value.number
        return pieces

    def total(self, column: int) -> int:
        """Return the sum of a column."""
        return sum(series.values[column].number for series in self.series)

    @property
    def _room(self) -> float:
        return (100 - AXIS) / max(len(self.labels), 1)

    @property
    def _scale(self) -> tuple[int, int]:
        return scale(max((self.total(column) for column in range(len(self.labels))), default=0))

    def _y(self, number: int) -> float:
        return round(12 + self.tall * (1 - number / self._scale[0]), 1)


def scale(highest: int) -> tuple[int, int]:
    """Return the end and the step, both round numbers, of a scale for numbers up to ``highest``."""
    magnitude = 10 ** max(floor(log10(max(highest, 1) / TICKS)), 0)
    step = next(step * magnitude for step in (1, 2, 5, 10) if step * magnitude * TICKS >= highest)
    return step * max(ceil(highest / step), 1), step


@dataclass(frozen=True, slots=True)
class RankedBar:
    """A bar beside its name: ``parts`` are its pieces with their classes, from the left, and ``note`` says more about it."""

    name: str
    parts: Sequence[tuple[str, ChartValue]]
    address: str
    note: str = ""

    @property
    def total(self) -> int:
        """Return the sum of its parts."""
        return sum(value.number for _, value in self.parts)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Bars below each other, the longest as wide as there is room. ``heads`` are the heads of the table: name, then parts."""

    bars: Sequence[RankedBar]
    heads: Sequence[str]

    def widths(self, bar: RankedBar) -> list[tuple[str, float, float]]:
        """Return class, left edge and width of each piece of a bar, in per cent."""
        longest, left, found = max((other.total for other in self.bars), default=0) or 1, 0.0, []
        for css, value in bar.parts:
            width = 100 * value.number / longest
            found.append((css, round(left, 2), round(width, 2)))
            left += width
        return found
