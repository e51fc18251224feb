"""The learning curve as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.report.figures.style import GRID, INK, MUTED, SERIES, fix_layout, plain_style, shorten

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["learning_curve_figure"]

_MOST_METRICS = 6  # in one panel; more lines cannot be told apart
_NOT_DRAWN = frozenset({"epoch", "step", "learning_rate"})
_MARKERS = 12
"""How many markers a line has at most; they tell the lines apart without their colours."""
_PARTS = {"train": "training", "val": "validation"}
_SHAPES = "osD^vPX"


def learning_curve_figure(history: pd.DataFrame, best_epoch: int | None = None) -> Figure:
    """Draw how a fit went: the loss above, the other metrics below.

    A dashed line is training, a solid one validation. Values that are missing or not finite
    leave a gap. A history without numbers gives a figure that says so: a picture must never
    be the reason why a fit fails.

    Args:
        history: One row an epoch, with ``epoch`` and columns such as ``train_loss``,
            ``val_loss``, ``train_f1``, ``val_f1``; ``learning_rate`` and ``step`` are not drawn.
        best_epoch: The epoch to mark, as in the column ``epoch``.

    Returns:
        A figure that pyplot does not know of, so nobody needs to close it.

    Raises:
        MissingExtraError: If matplotlib is not installed.
    """
    panels = _panels(history)
    with plain_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(5.2, 0.4 + 2.6 * max(1, len(panels))), layout="constrained")
        if not panels:
            axes = figure.add_subplot(xticks=[], yticks=[])
            axes.text(0.5, 0.5, "No numbers were recorded.", ha="center", color=MUTED)
            return fix_layout(figure)
        rows = figure.subplots(len(panels), sharex=True, squeeze=False)[:, 0]
        for axes, (title, quantities) in zip(rows, panels.items(), strict=True):
            _draw_panel(axes, title, quantities, history)
            if best_epoch is not None:
                axes.axvline(best_epoch, color=INK, linewidth=1.4, linestyle=":", zorder=1.5)
            _add_legend(axes, quantities, best_epoch)
        _set_epochs(rows[-1], _epochs(history))
        return fix_layout(figure)


def _panels(history: pd.DataFrame) -> dict[str, dict[str, dict[str, str]]]:
    """Sort the columns: panel → quantity → part (``train``, ``val`` or nothing) → column."""
    panels: dict[str, dict[str, dict[str, str]]] = {"Loss": {}, "Metrics": {}}
    numbers = history.select_dtypes("number")
    for column in map(str, numbers.columns[numbers.notna().any()]):
        if column in _NOT_DRAWN:
            continue
        part, _, quantity = column.partition("_")
        if part not in _PARTS or not quantity:
            part, quantity = "", column
        panel = panels["Loss" if quantity.endswith("loss") else "Metrics"]
        panel.setdefault(quantity, {})[part] = column
    panels["Metrics"] = _of_the_whole(panels["Metrics"])
    return {title: quantities for title, quantities in panels.items() if quantities}


def _of_the_whole(quantities: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Leave out a metric of a single output, ``topic_f1``, where ``f1`` is drawn and more crowd."""
    if len(quantities) <= _MOST_METRICS:
        return quantities
    return {
        name: parts
        for name, parts in quantities.items()
        if not any(name.endswith(f"_{other}") for other in quantities)
    }


def _epochs(history: pd.DataFrame) -> np.ndarray:
    return history["epoch"].to_numpy() if "epoch" in history else np.arange(len(history))


def _draw_panel(
    axes: Axes, title: str, quantities: dict[str, dict[str, str]], history: pd.DataFrame
) -> None:
    epochs = _epochs(history)
    spacing = -(-len(epochs) // _MARKERS)
    for number, columns in enumerate(quantities.values()):
        colour, shape = SERIES[number % len(SERIES)], _SHAPES[number % len(_SHAPES)]
        for part, column in columns.items():
            values = history[column].to_numpy(dtype=np.float64)
            axes.plot(
                epochs,
                np.where(np.isfinite(values), values, np.nan),
                color=colour,
                linestyle="--" if part == "train" else "-",
                linewidth=1.4 if part == "train" else 1.8,
                marker=shape,
                # A point between two gaps has no line and needs its marker.
                markevery=1 if not np.isfinite(values).all() else spacing,
                markersize=4.5,
                markerfacecolor="white" if part == "train" else colour,
            )
    axes.set_title(title)
    axes.grid(axis="y")


def _add_legend(axes: Axes, quantities: dict[str, dict[str, str]], best_epoch: int | None) -> None:
    """Explain colour by quantity and line style by part, outside the curves."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            color=SERIES[number % len(SERIES)],
            marker=_SHAPES[number % len(_SHAPES)],
            markersize=4.5,
            label=shorten(quantity),
        )
        for number, quantity in enumerate(quantities)
        if len(quantities) > 1
    ]
    parts = {part for columns in quantities.values() for part in columns}
    handles += [
        Line2D([], [], color=MUTED, linestyle="--" if part == "train" else "-", label=name)
        for part, name in _PARTS.items()
        if part in parts
    ]
    if best_epoch is not None:
        label = f"best: epoch {best_epoch}"
        handles.append(Line2D([], [], color=INK, linewidth=1.4, linestyle=":", label=label))
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0), handlelength=2.2)


def _set_epochs(axes: Axes, epochs: np.ndarray) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8, min_n_ticks=1))
    room = max(0.5 if len(epochs) == 1 else 0.0, 0.02 * float(epochs[-1] - epochs[0]))
    axes.set_xlim(float(epochs[0]) - room, float(epochs[-1]) + room)
    axes.spines["bottom"].set_color(GRID)
