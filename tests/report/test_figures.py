from __future__ import annotations

import re
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from dsf.core.errors import DataError
from dsf.report import confusion_matrix_figure, learning_curve_figure, save_figure
from dsf.report.curves import precision_recall_curve, rank_answers
from dsf.report.figures import Line, curve_figure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def legend_of(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


# Of https://www.w3.org/TR/filter-effects-1/#feColorMatrixElement, for half a turn.
HALF_TURN = np.array(
    [[-0.574, 1.43, 0.144], [0.426, 0.43, 0.144], [0.426, 1.43, -0.856]],
)


def inverted(rgb: Any, share: float) -> Any:
    """Colours as a page for the dark turns them around."""
    turned = share + (1 - 2 * share) * np.asarray(rgb)
    return np.clip(turned @ HALF_TURN.T, 0, 1)


def contrast(one: Any, other: Any) -> Any:
    """Contrast of colours, from 1 to 21, as WCAG 2.2 has it."""
    levels = []
    for rgb in (np.asarray(one), np.asarray(other)):
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        levels.append(linear @ [0.2126, 0.7152, 0.0722] + 0.05)
    return np.maximum(*levels) / np.minimum(*levels)


class TestConfusionMatrix:
    def test_shows_each_count_and_each_label(self) -> None:
        axes = confusion_matrix_figure([[5, 1], [0, 7]], ["no", "yes"]).axes[0]
        assert texts(axes) == ["5", "1", "0", "7"]
        assert [label.get_text() for label in axes.get_xticklabels()] == ["no", "yes"]
        assert [label.get_text() for label in axes.get_yticklabels()] == ["no", "yes"]
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted label", "true label")
        assert axes.yaxis_inverted()

    def test_colours_are_shares_of_the_row(self) -> None:
        axes = confusion_matrix_figure([[5, 5], [0, 0]], ["a", "b"]).axes[0]
        mesh: Any = axes.collections[0]
        assert mesh.get_array().tolist() == [[0.5, 0.5], [0, 0]]

    def test_counts_have_contrast_on_every_share_as_drawn_and_in_the_dark(
        self, report_of: Callable[[Path], Any], run_copy: Path
    ) -> None:
        axes = confusion_matrix_figure([[5, 5], [0, 9]], ["a", "b"]).axes[0]
        mesh: Any = axes.collections[0]
        colours = mesh.to_rgba(np.linspace(0, 1, 501))[:, :3]
        inks = {text.get_text(): to_rgb(text.get_color()) for text in axes.texts}
        style = report_of(run_copy).texts("style")[0]
        (share,) = re.findall(r"figure svg { filter: invert\(([\d.]+)\) hue-rotate", style)
        for seen in (np.asarray, lambda rgb: inverted(rgb, float(share))):
            assert contrast(seen(inks["5"]), seen(colours)).min() >= 4.5
            assert contrast(seen(inks["0"]), seen(colours[0])) >= 4.5

    def test_many_labels_leave_the_zeros_blank(self) -> None:
        axes = confusion_matrix_figure(np.eye(30, dtype=int) * 7, list(range(30))).axes[0]
        assert texts(axes) == ["7"] * 30

    def test_counts_that_do_not_fit_are_left_to_the_colour(self) -> None:
        axes = confusion_matrix_figure(np.full((34, 34), 10**7), list(range(34))).axes[0]
        assert texts(axes) == []

    def test_very_many_labels_stay_small(self, tmp_path: Path) -> None:
        labels = [f"intent {number}" for number in range(150)]
        svg, _ = save_figure(confusion_matrix_figure(np.eye(150), labels), tmp_path / "large")
        assert svg.stat().st_size < 200_000

    @pytest.mark.parametrize("matrix", [[[1]], [[1, 2]], [], [[[1]]]])
    def test_a_matrix_that_does_not_fit_is_refused(self, matrix: Any) -> None:
        with pytest.raises(DataError, match=r"must have shape \(2, 2\) for 2 labels"):
            confusion_matrix_figure(matrix, ["a", "b"])

    def test_no_labels_are_refused(self) -> None:
        with pytest.raises(DataError):
            confusion_matrix_figure(np.zeros((0, 0)), [])


class TestCurves:
    @pytest.mark.parametrize("highest", [0.9, 0.04, 0.0123, 0.00031, 2e-5])
    def test_what_stands_beside_the_axis_is_inside_the_picture(self, highest: float) -> None:
        x = np.linspace(0, 1, 50)
        line = Line("trained", x, x * highest, "trained")
        figure = curve_figure([line], ("share of rows", "share of them that is wrong"), top=None)
        figure.draw_without_rendering()
        box = figure.axes[0].yaxis.label.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= min(
            label.get_window_extent().x0 for label in figure.axes[0].get_yticklabels()
        )

    def test_precision_is_drawn_in_steps_of_the_area_that_is_told(self) -> None:
        truth, scores = np.array([1, 0, 0, 1, 0, 1]) == 1, np.linspace(0.9, 0.1, 6)
        curve = precision_recall_curve(rank_answers(truth, scores))
        assert curve is not None
        line = Line("trained", curve.x, curve.y, "trained", steps=True)
        (drawn,) = curve_figure([line], ("recall", "precision")).axes[0].lines
        path = drawn.get_path().cleaned(simplify=False).vertices[:-1]  # the last one closes it
        assert np.trapezoid(path[:, 1], path[:, 0]) == pytest.approx(curve.area)
        assert np.trapezoid(curve.y, curve.x) != pytest.approx(curve.area)


class TestLearningCurve:
    def test_loss_above_and_metrics_below(self, history: Callable[[int], pd.DataFrame]) -> None:
        loss, metrics = learning_curve_figure(history(40)).axes
        assert (loss.get_title(loc="left"), metrics.get_title(loc="left")) == ("Loss", "Metrics")
        assert len(loss.lines) == len(metrics.lines) == 2
        assert [line.get_linestyle() for line in loss.lines] == ["--", "-"]
        assert legend_of(loss) == ["training", "validation"]

    def test_two_metrics_differ_in_more_than_colour(self) -> None:
        table = pd.DataFrame({"epoch": [0, 1], "val_f1": [0.1, 0.2], "val_recall": [0.3, 0.4]})
        (axes,) = learning_curve_figure(table).axes
        assert len({line.get_color() for line in axes.lines}) == 2
        assert len({line.get_marker() for line in axes.lines}) == 2
        assert legend_of(axes) == ["f1", "recall", "validation"]

    def test_one_epoch_shows_markers(self, history: Callable[[int], pd.DataFrame]) -> None:
        loss, _ = learning_curve_figure(history(1)).axes
        assert all(line.get_marker() not in ("", "None") for line in loss.lines)
        low, high = loss.get_xlim()
        assert low <= -0.5 < 0.5 <= high

    def test_the_best_epoch_is_marked(self, history: Callable[[int], pd.DataFrame]) -> None:
        loss, metrics = learning_curve_figure(history(8), best_epoch=6).axes
        for axes in (loss, metrics):
            assert axes.lines[-1].get_xdata() == [6, 6]
            assert legend_of(axes)[-1] == "best: epoch 6"

    def test_values_that_are_no_numbers_leave_gaps(self) -> None:
        table = pd.DataFrame({"epoch": range(4), "train_loss": [1.0, np.inf, np.nan, 0.5]})
        (axes,) = learning_curve_figure(table).axes
        drawn = np.asarray(axes.lines[0].get_ydata(), dtype=float)
        assert np.isnan(drawn).tolist() == [False, True, True, False]

    @pytest.mark.parametrize(
        "table",
        [
            pd.DataFrame(),
            pd.DataFrame({"epoch": [0], "learning_rate": [0.1]}),
            pd.DataFrame({"epoch": [0], "note": ["slow"], "val_loss": [np.nan]}),
        ],
        ids=["empty", "nothing to draw", "no numbers"],
    )
    def test_nothing_to_draw_is_said_and_not_raised(self, table: pd.DataFrame) -> None:
        (axes,) = learning_curve_figure(table, best_epoch=0).axes
        assert texts(axes) == ["No numbers were recorded."]

    def test_columns_of_one_s_own_are_drawn(self) -> None:
        table = pd.DataFrame({"hinge_loss": [1.0, 0.5], "margin": [0.1, 0.2]})
        loss, metrics = learning_curve_figure(table).axes
        assert len(loss.lines) == len(metrics.lines) == 1


LABEL_SETS = [["a", "b"], ["हिन्दी", "中文"], ["$x_1$ \\frac", "<b>&\x00\ud800"], ["x" * 90, "y"]]


class TestSaveFigure:
    @pytest.mark.parametrize("labels", LABEL_SETS, ids=["plain", "scripts", "markup", "long"])
    def test_any_label_makes_valid_files_without_warnings(
        self, tmp_path: Path, labels: list[str]
    ) -> None:
        figure = confusion_matrix_figure([[1, 2], [3, 4]], labels)
        svg, png = save_figure(figure, tmp_path / "new" / "matrix.of.v3")
        assert (svg.name, png.name) == ("matrix.of.v3.svg", "matrix.of.v3.png")
        shown = "".join(ET.fromstring(svg.read_text(encoding="utf-8")).itertext())
        assert "true label" in shown
        if labels[0].isascii():
            assert labels[0][:23] in shown
        assert png.read_bytes().startswith(b"\x89PNG")

    def test_the_same_figure_gives_the_same_bytes(
        self, tmp_path: Path, history: Callable[[int], pd.DataFrame]
    ) -> None:
        def draw() -> Figure:
            return learning_curve_figure(history(5), best_epoch=3)

        first = save_figure(draw(), tmp_path / "first")
        with mpl.rc_context({"font.size": 30, "svg.hashsalt": "mine", "lines.linewidth": 9}):
            second = save_figure(draw(), tmp_path / "second")
        figure = draw()
        save_figure(figure, tmp_path / "third")
        third = save_figure(figure, tmp_path / "third")
        for ours in zip(first, second, third, strict=True):
            assert len({path.read_bytes() for path in ours}) == 1

    def test_nothing_of_the_caller_s_settings_changes(self, tmp_path: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            before = dict(mpl.rcParams)
        save_figure(confusion_matrix_figure([[1]], ["a"]), tmp_path / "one")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert dict(mpl.rcParams) == before

    def test_no_work_file_is_left(self, tmp_path: Path) -> None:
        save_figure(confusion_matrix_figure([[1]], ["a"]), tmp_path / "one")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["one.png", "one.svg"]


def test_pyplot_is_never_used_and_matplotlib_waits_until_it_is(tmp_path: Path) -> None:
    code = f"""
import sys, pathlib
import dsf.report as report
assert "matplotlib" not in sys.modules and "jinja2" not in sys.modules
figure = report.confusion_matrix_figure([[1]], ["a"])
report.save_figure(figure, pathlib.Path({str(tmp_path)!r}, "x"))
assert "matplotlib" in sys.modules and "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
