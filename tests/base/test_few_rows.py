"""Where a calibration was learned from too few rows, a warning counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dsf.base.few_rows import tell_few_rows
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from dsf.core.prediction_kinds import AnyPredictions

LABELS = ["late", "rude", "never"]


def single(rude: int, rows: int) -> Predictions:
    labels = np.array(["late"] * (rows - rude) + ["rude"] * rude)
    return Predictions(np.arange(rows), labels, labels, LABELS)


def several(rude: int, rows: int) -> MultiLabelPredictions:
    targets = np.zeros((rows, 3), dtype=int)
    targets[:rude, 1], targets[:, 0] = 1, 1
    thresholds = np.full(3, 0.5)
    return MultiLabelPredictions(np.arange(rows), targets, targets / 1.0, thresholds, LABELS)


def outputs(rude: int, rows: int) -> MultiOutputPredictions:
    return MultiOutputPredictions({"one": single(rude, rows), "two": single(300, rows)})


def tags(rude: int, rows: int) -> TagPredictions:
    row: list[Any] = [["a"]] * rows
    one, two = [[0]] * rows, [[1.0]] * rows
    texts = ["a"] * rows
    row_tags = [["N"]] * rows
    return TagPredictions(np.arange(rows), texts, one, row, row_tags, row_tags, two, ["N"])


@pytest.mark.parametrize(
    ("answers", "method", "told"),
    [
        (single(20, 500), "isotonic", "of each label, but there are fewer: rude 20 rows"),
        (several(1, 500), "isotonic", "of each label, but there are fewer: rude 1 row"),
        (outputs(199, 600), "isotonic", "of each label, but there are fewer: one.rude 199 rows"),
        (tags(0, 199), "isotonic", "200 validation tags, but there are fewer: 199 tags"),
        (single(20, 49), "temperature", "50 validation rows, but there are fewer: 49 rows"),
        (several(20, 49), "temperature", "50 validation rows, but there are fewer: 49 rows"),
        (tags(0, 49), "temperature", "50 validation tags, but there are fewer: 49 tags"),
    ],
)  # fmt: skip
def test_rows_that_are_too_few_are_counted(
    answers: AnyPredictions, method: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    tell_few_rows(answers, method)
    (message,) = caplog.messages
    assert message.startswith(f"fit      calibration by {method} wants some ")
    assert message.endswith(told)  # of never there is no row, and no curve


@pytest.mark.parametrize("make", [single, several, outputs])
def test_rows_that_are_enough_are_not_told(make: Any, caplog: pytest.LogCaptureFixture) -> None:
    tell_few_rows(make(200, 600), "isotonic")
    tell_few_rows(make(0, 600), "temperature")
    tell_few_rows(tags(0, 200), "isotonic")
    assert not caplog.messages


def test_of_many_labels_the_first_are_named(caplog: pytest.LogCaptureFixture) -> None:
    labels = [f"l{number:02}" for number in range(30)]
    targets = np.array(labels * 3)
    tell_few_rows(Predictions(np.arange(90), targets, targets, labels), "isotonic")
    (message,) = caplog.messages
    assert "l19 3 rows, …" in message
    assert "l20" not in message
