"""Intervals as small pictures inside a table, all rows on one scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dsf.core.measures import Measure

__all__ = ["Scale", "axis_mark", "difference_mark", "scale_of", "values_mark"]

_STEPS = (1, 2, 5, 10, 20)
_MOST_TICKS = 4


@dataclass(frozen=True)
class Scale:
    """Where a value lies on a picture, from the left to the right.

    Attributes:
        low: Value at the left edge.
        high: Value at the right edge.
        ticks: Values that get a line.
    """

    low: float
    high: float
    ticks: Sequence[float]

    def fits(self, measure: Measure | None) -> bool:
        """Whether there is such a number and all of it lies on the picture."""
        return measure is not None and all(
            self.low <= end <= self.high for end in (measure.value, *(measure.ends or ()))
        )

    def place(self, value: float) -> str:
        """Give the place in percent of the width; what lies outside is put at the edge."""
        share = (value - self.low) / (self.high - self.low)
        return f"{2 + 96 * min(1.0, max(0.0, share)):.2f}%"


def scale_of(
    measures: Iterable[Measure | None], *, limits: tuple[float, float] | None = None, zero: bool
) -> Scale | None:
    """Make the scale on which all of these have room; ``None`` if there is nothing to place.

    Args:
        measures: Numbers with their intervals.
        limits: What no value passes, such as 0 and 1.
        zero: Whether 0 must be on it.
    """
    there = [one for one in measures if one is not None]
    values = [end for one in there for end in (one.value, *(one.ends or ()))]
    if not values:
        return None
    low, high = min(values), max(values)
    if zero:
        low, high = min(0.0, low), max(0.0, high)
    room = 0.08 * (high - low) or 0.01
    low, high = low - room, high + room
    if limits:
        low, high = max(limits[0], low), min(limits[1], high)
        if low >= high:
            low, high = limits
    return Scale(low, high, _ticks(low, high))


def _ticks(low: float, high: float) -> list[float]:
    """Choose round values, as many as there may be but no more."""
    power = 10 ** math.floor(math.log10((high - low) / _MOST_TICKS))
    for step in (power * one for one in _STEPS):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < _MOST_TICKS:
            break
    return [round(number * step, 10) for number in range(first, last + 1)]


def values_mark(scale: Scale, trained: Measure | None, existing: Measure | None, label: str) -> Any:
    """Draw the values of both models, one above the other: a filled dot and a hollow diamond.

    Args:
        scale: Of the whole table.
        trained: Of the trained model.
        existing: Of the existing model.
        label: What is drawn, for those who cannot see it.
    """
    both = trained is not None and existing is not None
    parts = _lines(scale)
    if existing is not None:
        parts += _side(scale, existing, "existing", 20 if both else 14)
    if trained is not None:
        parts += _side(scale, trained, "trained", 9 if both else 14)
    return _svg(parts, label)


def difference_mark(
    scale: Scale, difference: Measure, word: str, label: str, margin: float = 0.0
) -> Any:
    """Draw a difference with its interval, and where 0 is.

    Args:
        scale: Of the whole table.
        difference: Trained minus existing.
        word: ``better``, ``worse`` or any other; decides the colour.
        label: What is drawn, for those who cannot see it.
        margin: How much worse is still not worse, with its sign; 0: there is none.
    """
    parts = _lines(scale)
    if margin:
        left, right = sorted((scale.place(0), scale.place(margin)), key=_percent)
        width = _percent(right) - _percent(left)
        parts.append(f'<rect class="margin" x="{left}" y="0" width="{width:.2f}%" height="100%"/>')
    zero = scale.place(0)
    parts.append(f'<line class="zero" x1="{zero}" x2="{zero}" y1="0" y2="100%"/>')
    side = {"better": "better", "worse": "worse"}.get(word, "open")
    parts += _side(scale, difference, side, 14)
    return _svg(parts, label)


def axis_mark(scale: Scale, *, signed: bool = False) -> Any:
    """Write the values of the lines, for the head of a column; it is not read aloud.

    Args:
        scale: Of the column.
        signed: Whether its numbers are differences.
    """
    from markupsafe import Markup

    texts = "".join(
        f'<text x="{scale.place(tick)}" y="12" text-anchor="{_anchor(scale, tick)}">'
        f"{_write(tick, signed=signed)}</text>"
        for tick in scale.ticks
    )
    return Markup(f'<svg class="mark axis" aria-hidden="true">{texts}</svg>')


def _anchor(scale: Scale, tick: float) -> str:
    """Keep the first and the last number inside the picture."""
    place = _percent(scale.place(tick))
    return "start" if place < 4 else "end" if place > 96 else "middle"


def _write(tick: float, *, signed: bool) -> str:
    text = f"{tick:+g}" if signed and tick else f"{tick:g}"
    return text.replace("-", "\N{MINUS SIGN}")


def _percent(place: str) -> float:
    return float(place.removesuffix("%"))


def _lines(scale: Scale) -> list[str]:
    places = [scale.place(tick) for tick in scale.ticks]
    return [f'<line class="tick" x1="{x}" x2="{x}" y1="0" y2="100%"/>' for x in places]


def _side(scale: Scale, measure: Measure, side: str, height: int) -> list[str]:
    """Draw one interval as a line and its value as a mark on it."""
    parts = []
    if measure.ends is not None:
        x1, x2 = (scale.place(end) for end in measure.ends)
        parts.append(f'<line class="span {side}" x1="{x1}" x2="{x2}" y1="{height}" y2="{height}"/>')
    place = scale.place(measure.value)
    if side == "existing":  # a nested picture: only so can a path stand at a share of the width
        parts.append(
            f'<svg x="{place}" y="{height}" overflow="visible">'
            f'<path class="dot {side}" d="M0-5.5 5.5 0 0 5.5-5.5 0z"/></svg>'
        )
    else:
        parts.append(f'<circle class="dot {side}" cx="{place}" cy="{height}" r="4.5"/>')
    return parts


def _svg(parts: Sequence[str], label: str) -> Any:
    from markupsafe import Markup

    opened = Markup('<svg class="mark" role="img" aria-label="{}">').format(label)
    return opened + Markup("".join(parts) + "</svg>")
