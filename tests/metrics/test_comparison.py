from __future__ import annotations

import json
import logging
from typing import Any

import numpy as np
import pytest
import torch

from dsf.core.errors import HookResultError
from dsf.metrics import compare_results


def test_the_tutorials_example() -> None:
    counts = {"tp": 0, "tn": 0, "fp": 0, "fn": 0}
    names = ("precision", "accuracy", "recall", "f1")
    test = {**dict.fromkeys(names, torch.tensor(0.5)), "confusion_matrix": counts}
    existing = {**dict(zip(names, (1.1, 1.2, 1.3, 1.4), strict=True)), "confusion_matrix": counts}
    compared = compare_results(test, existing, {**dict.fromkeys(names, True), "f1": False})
    assert compared == {
        "precision": {"trained": 0.5, "eval": 1.1},
        "accuracy": {"trained": 0.5, "eval": 1.2},
        "recall": {"trained": 0.5, "eval": 1.3},
    }
    compared = compare_results(test, existing, {"confusion_matrix": True})
    assert compared == {"confusion_matrix": {"trained": counts, "eval": counts}}


@pytest.mark.parametrize(
    ("value", "there"),
    [(True, True), ({}, True), ({"average": "micro"}, True), (False, False), (None, False)],
)
def test_options_switch_a_metric_on_even_if_there_are_none(value: Any, there: bool) -> None:
    results = {"f1": 0.5, "recall": 0.5}
    assert ("f1" in compare_results(results, results, {"f1": value, "recall": True})) is there


@pytest.mark.parametrize(("test", "existing"), [(None, {}), ({}, None), (None, None)])
def test_a_missing_side_is_answered_as_in_the_tutorial(test: Any, existing: Any) -> None:
    assert compare_results(test, existing, {"f1": True}) == "No test results found."


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (torch.tensor(0.25, requires_grad=True), 0.25),
        (torch.tensor([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (np.float32(0.5), 0.5),
        (np.array([1.0, 0.0]), [1.0, 0.0]),
        (np.array(3), 3),
        ({"tp": np.int64(4), "more": [torch.tensor(1), (np.bool_(True),)]}, None),
        ({np.int64(7): 1}, {7: 1}),
        (7, 7),
    ],
)
def test_values_become_plain_python(value: Any, plain: Any) -> None:
    compared = compare_results({"x": value}, {"x": value}, {"x": True})
    assert isinstance(compared, dict)
    expected = {"tp": 4, "more": [1, [True]]} if plain is None else plain
    assert compared == {"x": {"trained": expected, "eval": expected}}
    json.dumps(compared)


def test_a_metric_that_one_side_lacks_is_left_out_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        compared = compare_results({"f1": 1.0}, {}, {"f1": True, "recall": False})
    assert compared == {}
    assert caplog.messages == ["compare  f1 is left out: the existing model has no such number"]


def test_results_that_are_no_mapping_are_refused() -> None:
    results: Any = [{"f1": 1.0}]
    with pytest.raises(HookResultError, match=r"test_results must be a mapping .* is a list"):
        compare_results(results, {}, {"f1": True})
