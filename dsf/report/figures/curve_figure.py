"""Curves of both models in one picture: what stands on which axis is the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dsf.report.figures.style import GRID, MUTED, SERIES, plain_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

__all__ = ["Line", "curve_figure"]

_INCHES = (4.3, 3.3)
_PLACE = {"left": 0.14, "right": 0.98, "bottom": 0.15, "top": 0.9}
"""Of the axes in the picture: the same, so that pictures beside each other are aligned, unless
the numbers beside the axis need more room."""
_ROOM = 4.0
"""Points left free at the left edge."""
_DASHES = {"trained": "-", "existing": "--"}
_MARKERS = {"trained": "o", "existing": "D"}
_COLOURS = {"trained": SERIES[0], "existing": SERIES[1]}


class Line(NamedTuple):
    """One curve.

    Attributes:
        side: ``trained`` or ``existing``; decides colour and dashes.
        x: Shape: ``(points,)``.
        y: Shape: ``(points,)``.
        label: For the legend.
        spread: Lower and upper end at each point, which also gets a marker; ``None`` for a curve
            alone. Shape of each: ``(points,)``.
        steps: Whether ``y`` holds from the point before up to its own, and jumps there.
    """

    side: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    label: str
    spread: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    steps: bool = False


def curve_figure(
    lines: Sequence[Line],
    axes_labels: tuple[str, str],
    *,
    diagonal: bool = False,
    top: float | None = 1.0,
) -> Figure:
    """Draw the curves of one or two models.

    Args:
        lines: One for each model.
        axes_labels: Below and beside.
        diagonal: Whether the line from corner to corner means something.
        top: Upper end of the axis; ``None``: as the curves need it.

    Returns:
        A figure that pyplot does not know of, so nobody needs to close it.

    Raises:
        MissingExtraError: If matplotlib is not installed.
    """
    with plain_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=_INCHES)
        figure.subplots_adjust(**_PLACE)
        axes = figure.add_subplot()
        if diagonal:
            axes.plot([0, 1], [0, 1], color=MUTED, linewidth=0.9, linestyle=(0, (1, 2.5)))
        for line in lines:
            _draw(axes, line)
        axes.set_xlabel(axes_labels[0])
        axes.set_ylabel(axes_labels[1])
        axes.set_xlim(-0.01, 1.01)
        highest = max(float(np.max(line.y)) for line in lines)
        axes.set_ylim(0 if top is None else -0.01, 1.05 * highest or 1.0 if top is None else 1.01)
        axes.grid()
        axes.spines[["left", "bottom"]].set_color(GRID)
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1),
            borderaxespad=0.2,
            borderpad=0,
            ncols=2,
            handlelength=2.6,
        )
        if top is None:
            _make_room(figure, axes)
        return figure


def _make_room(figure: Figure, axes: Axes) -> None:
    """Move the axes to the right until their title is inside: small numbers have many digits."""
    figure.draw_without_rendering()
    missing = _ROOM - axes.yaxis.label.get_window_extent().x0 * 72 / figure.dpi
    if missing > 0:
        figure.subplots_adjust(left=_PLACE["left"] + missing / (72 * _INCHES[0]))


def _draw(axes: Axes, line: Line) -> None:
    colour = _COLOURS[line.side]
    axes.plot(
        line.x,
        line.y,
        color=colour,
        linestyle=_DASHES[line.side],
        linewidth=1.8,
        drawstyle="steps-pre" if line.steps else "default",
        marker=_MARKERS[line.side] if line.spread else None,
        markersize=5,
        markerfacecolor=colour if line.side == "trained" else "white",
        label=line.label,
        zorder=3 if line.side == "trained" else 2.5,
        clip_on=False,
    )
    if line.spread is not None:
        axes.vlines(line.x, *line.spread, color=colour, linewidth=1.0, zorder=2)
