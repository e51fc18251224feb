"""Precision, recall and F1 of each label as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.report.figures.style import GRID, INK, MUTED, SERIES, fix_layout, plain_style, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

__all__ = ["label_scores_figure"]

_SHOWN = 30
"""Labels; of more, those that are true most often are drawn."""
_SCORES = ("precision", "recall", "f1")
_BAR = "#9ecae9"  # light, so that both markers stand out on it
_ROW_INCHES = 0.25
_SUPPORT_AT = 1.17  # right end of that column; 1 is the right end of the scores


def label_scores_figure(
    labels: Sequence[Any], scores: Mapping[str, ArrayLike], support: ArrayLike
) -> Figure:
    """Draw how well each label is found: the F1 as a bar, precision and recall as marks on it.

    Labels stand in the order of how often they are true, so that it can be seen whether it is
    the rare ones that fail.

    Args:
        labels: What was scored.
        scores: ``precision``, ``recall`` and ``f1`` of each label, from 0 to 1. Shape of each:
            ``(labels,)``.
        support: How often each label is true. Shape: ``(labels,)``.

    Returns:
        A figure that pyplot does not know of, so nobody needs to close it.

    Raises:
        DataError: If the numbers do not fit the labels.
        MissingExtraError: If matplotlib is not installed.
    """
    values = {name: np.asarray(scores[name], dtype=np.float64) for name in _SCORES}
    times = np.asarray(support)
    _check(len(labels), {**values, "support": times})
    chosen = np.argsort(-times, kind="stable")[:_SHOWN]
    with plain_style():
        from matplotlib.figure import Figure

        height = 1.2 + _ROW_INCHES * len(chosen)
        figure = Figure(figsize=(5.4, height), layout="constrained")
        axes = figure.add_subplot()
        _draw_scores(axes, {name: numbers[chosen] for name, numbers in values.items()})
        _name_rows(axes, [labels[place] for place in chosen], times[chosen])
        more = len(labels) - len(chosen)
        axes.set_xlabel(
            f"score of the {len(chosen)} most frequent labels; {more} more are not shown"
            if more
            else "score"
        )
        figure.legend(loc="outside upper left", ncols=3, handlelength=1.4)
        return fix_layout(figure)


def _check(size: int, fields: Mapping[str, NDArray[Any]]) -> None:
    problems = [
        Problem(name, f"must have shape {(size,)}, but has {numbers.shape}.")
        for name, numbers in fields.items()
        if numbers.shape != (size,)
    ]
    if not size:
        problems.append(Problem("labels", "must be at least one, but there is none."))
    if problems:
        raise DataError("The scores of the labels cannot be drawn.", problems)


def _draw_scores(axes: Axes, values: Mapping[str, NDArray[np.float64]]) -> None:
    rows = np.arange(len(values["f1"]))
    axes.barh(rows, values["f1"], height=0.66, color=_BAR, label="F1")
    for name, marker, colour in (("precision", "o", SERIES[1]), ("recall", "D", INK)):
        axes.plot(
            values[name],
            rows,
            linestyle="",
            marker=marker,
            markersize=7 if marker == "o" else 4,
            # The smaller mark on the larger one: both are seen where precision equals recall.
            markerfacecolor=colour if marker == "o" else "white",
            markeredgecolor=colour,
            markeredgewidth=1.2,
            clip_on=False,  # a score of exactly 0 or 1 lies on the edge
            zorder=3,
            label=name,
        )


def _name_rows(axes: Axes, labels: Sequence[Any], support: NDArray[Any]) -> None:
    axes.set_yticks(np.arange(len(labels)), [shorten(label) for label in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0, pad=8)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    places = axes.get_yaxis_transform()
    for row, times in enumerate(support):
        axes.text(
            _SUPPORT_AT,
            row,
            str(int(times)),
            transform=places,
            ha="right",
            va="center_baseline",
            fontsize=9,
        )
    axes.text(
        _SUPPORT_AT,
        -0.75,
        "times true",
        transform=places,
        ha="right",
        va="bottom",
        fontsize=9,
        color=MUTED,
    )
