"""The power of a comparison as curves: how often a better model is called better."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.atomic import write_text
from dsf.report.figures.figure_files import render_svg
from dsf.report.figures.style import GRID, SERIES, plain_style

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.comparison_power import Found

__all__ = ["draw_power"]

_NAMES = {
    "accuracy": "accuracy",
    "f1_macro": "macro F1",
    "roc_auc": "ROC-AUC",
    "average_precision": "average precision",
}
_MARKS = ("o", "s", "^", "D")


def draw_power(power: Sequence[Found], points: Sequence[float], path: Path) -> None:
    """Draw one panel for each number of rows, one curve for each metric.

    Args:
        power: What was found.
        points: True differences of accuracy, in points.
        path: Where the picture goes.
    """
    with plain_style():
        from matplotlib.figure import Figure

        sizes = list(dict.fromkeys(one.rows for one in power))
        figure = Figure(figsize=(2.6 * len(sizes) + 0.6, 3.0), layout="constrained")
        panels = figure.subplots(1, len(sizes), sharey=True, squeeze=False)[0]
        for panel, rows in zip(panels, sizes, strict=True):
            for place, (metric, name) in enumerate(_NAMES.items()):
                shares = [
                    100 * one.verdicts["better"]
                    for one in power
                    if (one.metric, one.rows) == (metric, rows)
                ]
                style = {"color": SERIES[place], "marker": _MARKS[place], "markersize": 3.5}
                panel.plot(points, shares, label=name, linewidth=1.4, **style)
            panel.set_title(f"{rows:,} rows")
            panel.grid(axis="y", color=GRID)
            panel.set_ylim(-3, 103)
            panel.set_xlabel("better by … points of accuracy")
        panels[0].set_ylabel("called better, % of the times")
        panels[0].legend(loc="upper left")
    write_text(path, render_svg(figure))
