"""The picture of the labels' scores shows the frequent ones first, and how many it leaves out."""

import numpy as np
import pytest

from dsf.core.errors import DataError
from dsf.report import label_scores_figure, save_figure


def draw(support, scores=0.5, labels=None):
    size = len(support)
    values = {name: np.full(size, scores) for name in ("precision", "recall", "f1")}
    return label_scores_figure(labels or [f"label {i}" for i in range(size)], values, support)


def names(figure):
    return [label.get_text() for label in figure.axes[0].get_yticklabels()]


def test_labels_stand_in_the_order_of_their_support():
    figure = draw([3, 40, 3], labels=["rude", "loud", "kind"])
    assert names(figure) == ["loud", "rude", "kind"]
    assert [text.get_text() for text in figure.axes[0].texts] == ["40", "3", "3", "times true"]
    assert figure.axes[0].get_xlabel() == "score"


def test_each_score_is_at_its_place():
    scores = {"precision": [0.2, 0.9], "recall": [0.4, 0.8], "f1": [0.3, 0.85]}
    axes = label_scores_figure(["rare", "frequent"], scores, [1, 2]).axes[0]
    assert [bar.get_width() for bar in axes.patches] == [0.85, 0.3]
    marks = {line.get_label(): line.get_xdata().tolist() for line in axes.lines}
    assert marks == {"precision": [0.9, 0.2], "recall": [0.8, 0.4]}


def test_thirty_are_shown_and_the_rest_is_counted():
    figure = draw(np.arange(77))
    assert names(figure) == [f"label {i}" for i in range(76, 46, -1)]
    assert "47 more are not shown" in figure.axes[0].get_xlabel()


@pytest.mark.parametrize("label", ["$x$ <b>", "ü 日本 😀", "", "a" * 200])
def test_any_label_and_no_support_make_files(tmp_path, label):
    svg, png = save_figure(draw([0], 0.0, [label]), tmp_path / "figure")
    assert svg.stat().st_size
    assert png.stat().st_size


def test_what_does_not_fit_is_refused():
    with pytest.raises(DataError, match=r"support: must have shape \(2,\), but has \(1,\)"):
        label_scores_figure(["a", "b"], {n: [0, 0] for n in ("precision", "recall", "f1")}, [1])
    with pytest.raises(DataError, match="labels: must be at least one"):
        draw([])
