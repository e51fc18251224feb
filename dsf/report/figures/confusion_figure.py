"""The confusion matrix as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.report.figures.style import GRID, MUTED, fix_layout, plain_style, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

__all__ = ["confusion_matrix_figure"]

_ZEROS_UP_TO = 12
"""Labels; in a larger matrix the zeros are left blank, so that the errors stand out."""
_TICKS_UP_TO = 60
"""Labels; of more, only some are named."""
_SMALLEST_FONT = 4.5
"""Points; a count that needs a smaller one is left to the colour."""
_LIGHT = 0.5
"""Of the colour map; black counts can be read on this part of it, also where a page turns the
picture around for the dark: a colour of the darker part would be too close to black or white."""
_VECTORS_UP_TO = 50
"""Labels; the cells of a larger matrix are one image inside the SVG, which would be megabytes."""


def confusion_matrix_figure(matrix: ArrayLike, labels: Sequence[Any]) -> Figure:
    """Draw how often each label was answered for each true label.

    The colour is the share of a row, so that rare labels are as readable as frequent ones; the
    numbers are counts, and are left out where they do not fit.

    Args:
        matrix: Counts, truth in rows, answers in columns. Shape: ``(labels, labels)``.
        labels: Label values in the order of the matrix.

    Returns:
        A figure that pyplot does not know of, so nobody needs to close it.

    Raises:
        DataError: If the matrix does not fit the labels.
        MissingExtraError: If matplotlib is not installed.
    """
    counts = _check(matrix, labels)
    size = len(labels)
    cell = _cell_inches(size)
    with plain_style():
        from matplotlib.figure import Figure

        side = cell * size
        names = 0.075 * max(len(shorten(label)) for label in labels)  # inches, roughly
        figure = Figure(figsize=(side + names + 1.5, side + names + 0.6), layout="constrained")
        axes = figure.add_subplot()
        font = _font_of_counts(counts, cell)
        mesh = _draw_cells(axes, counts, _colours(written=font >= _SMALLEST_FONT))
        _name_axes(axes, labels)
        if font >= _SMALLEST_FONT:
            _write_counts(axes, counts, font)
        bar = figure.colorbar(
            mesh, ax=axes, ticks=[0, 0.05, 0.25, 0.5, 1], fraction=0.045, pad=0.02, aspect=26
        )
        bar.ax.set_yticklabels(["0 %", "5 %", "25 %", "50 %", "100 %"])
        bar.set_label("share of the row")
        bar.outline.set_visible(False)
        return fix_layout(figure)


def _check(matrix: ArrayLike, labels: Sequence[Any]) -> NDArray[Any]:
    counts, size = np.asarray(matrix), len(labels)
    if counts.shape != (size, size) or not size:
        message = f"must have shape {(size, size)} for {size} labels, but has {counts.shape}."
        raise DataError("The confusion matrix cannot be drawn.", [Problem("matrix", message)])
    return counts


def _cell_inches(size: int) -> float:
    """Side of one cell: large for few labels, and never so small that ten inches are passed."""
    return float(np.clip(4.2 / size, 0.29, 1.1)) if size <= 34 else 10 / size


def _colours(*, written: bool) -> Colormap:
    """Give the colours of the shares, from none to all.

    Args:
        written: Whether counts stand on them.
    """
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    whole = colormaps["Blues"]
    return ListedColormap(whole(np.linspace(0, _LIGHT, 256))) if written else whole


def _draw_cells(axes: Axes, counts: NDArray[Any], colours: Colormap) -> ScalarMappable:
    """Colour each cell by its share of the row; squeezed, so that few errors are visible."""
    from matplotlib.colors import PowerNorm

    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    mesh = axes.pcolormesh(
        shares,
        cmap=colours,
        norm=PowerNorm(0.5, vmin=0, vmax=1),
        edgecolors=GRID,
        linewidth=0.5 if len(counts) <= _VECTORS_UP_TO else 0,
        rasterized=len(counts) > _VECTORS_UP_TO,
    )
    axes.set_aspect("equal")
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return mesh


def _name_axes(axes: Axes, labels: Sequence[Any]) -> None:
    step = -(-len(labels) // _TICKS_UP_TO)
    names = [shorten(label) for label in labels[::step]]
    places = np.arange(0, len(labels), step) + 0.5
    font = 9 if len(labels) <= 34 else 8
    turned = max(len(name) for name in names) > (7 if len(labels) <= 4 else 2)
    axes.set_xticks(places, names, rotation=90 if turned else 0, fontsize=font)
    axes.set_yticks(places, names, fontsize=font)
    axes.set_xlabel("predicted label")
    axes.set_ylabel("true label")


def _font_of_counts(counts: NDArray[Any], cell: float) -> float:
    """Give the size of the letters, in points, in which every count fits its cell."""
    points = cell * 72
    digits = len(str(int(counts.max())))
    return min(12.0, points * 0.42, points * 0.85 / (0.64 * digits))


def _write_counts(axes: Axes, counts: NDArray[Any], font: float) -> None:
    for row, column in np.ndindex(counts.shape):
        count = int(counts[row, column])
        if count or len(counts) <= _ZEROS_UP_TO:
            axes.text(
                column + 0.5,
                row + 0.5,
                str(count),
                ha="center",
                va="center_baseline",
                fontsize=font,
                color="#000000" if count else MUTED,
            )
