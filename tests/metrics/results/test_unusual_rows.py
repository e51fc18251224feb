"""Whatever the rows: a number or a reason, in JSON that has no NaN."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.metrics import METRICS, Bootstrap, score_predictions
from dsf.testing.random_predictions import KINDS, MODES, make_predictions

SIZES = {"rows": st.integers(1, 6), "labels": st.integers(1, 3), "seed": st.integers(0, 99)}
NO_PROBABILITIES = "it needs the probability of every label, and there is none to use"


def sometimes(targets: Any, predictions: Any) -> float:
    """A metric of one's own that has no number for some rows, and infinity for others."""
    if len(set(map(str, targets))) == 1:
        return float("nan")
    right = [str(a) == str(b) for a, b in zip(targets, predictions, strict=True)]
    return float(np.inf) if all(right) else float(np.mean(right))


def everything(kind: str) -> dict[str, Any]:
    """All metrics of a kind of answers, the confusion matrix, and one of one's own."""
    as_kind = "single" if kind == "multi_output" else kind
    names = [name for name, metric in METRICS.items() if as_kind in metric.kinds]
    assert len(names) > 10
    return {"confusion_matrix": True, "sometimes": sometimes, **dict.fromkeys(names, True)}


def check(found: dict[str, Any], config: dict[str, Any], *, intervals: bool) -> None:
    """Each metric has a number or a reason, and each number of a label, too."""
    json.dumps(found, allow_nan=False)
    reasons = found.get("undefined", {})
    for name in config:
        assert (name in found) != (name in reasons), name
        assert name not in reasons or len(reasons[name]) > 10
    for name, by_label in found.get("labels", {}).items():
        for cell in by_label.values():
            if name == "support":
                assert cell >= 0
                continue
            assert 0 < cell.pop("missing_samples", 0.5) < 1
            assert set(cell) in ({"value", "lower", "upper"}, {"value"}, {"undefined"})
    for name, ends in found.get("intervals", {}).items():
        assert intervals
        assert ends["lower"] <= ends["upper"]
        assert name in found
    for one in found.get("outputs", {}).values():
        of_all = {"confusion_matrix", "exact_match"}
        of_all |= {name for name, why in reasons.items() if why == NO_PROBABILITIES}
        of_one = {name: True for name in config if name not in of_all}
        check(one, of_one, intervals=intervals)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(mode=st.sampled_from(MODES), samples=st.sampled_from([None, 1, 12]), **SIZES)
def test_all_metrics(
    kind: str, mode: str, samples: int | None, rows: int, labels: int, seed: int
) -> None:
    predictions = make_predictions(kind, mode, rows=rows, labels=labels, seed=seed)
    config = everything(kind)
    bootstrap = None if samples is None else Bootstrap(samples, seed=seed)
    check(score_predictions(predictions, config, bootstrap=bootstrap), config, intervals=True)


@pytest.mark.parametrize("samples", [None, 5])
def test_a_model_without_probabilities_lacks_what_needs_them(samples: int | None) -> None:
    bootstrap = None if samples is None else Bootstrap(samples)
    single = replace(make_predictions("single"), probabilities=None)
    outputs = make_predictions("multi_output").outputs
    several = MultiOutputPredictions(
        {name: replace(one, probabilities=None) for name, one in outputs.items()}
    )
    for predictions, kind in ((single, "single"), (several, "multi_output")):
        config = everything(kind)
        found = score_predictions(predictions, config, bootstrap=bootstrap)
        check(found, config, intervals=samples is not None)
        needing = {name for name, metric in METRICS.items() if metric.from_probabilities}
        assert len(needing) > 4
        lacking = {name for name, why in found["undefined"].items() if why == NO_PROBABILITIES}
        assert lacking == needing & set(config)


def test_one_output_without_probabilities_is_enough_to_lack_them() -> None:
    outputs = dict(make_predictions("multi_output").outputs)
    outputs["second"] = replace(outputs["second"], probabilities=None)
    found = score_predictions(MultiOutputPredictions(outputs), {"log_loss": True})
    assert found == {"undefined": {"log_loss": NO_PROBABILITIES}}


def test_an_output_that_lacks_a_number_is_named() -> None:
    outputs = dict(make_predictions("multi_output").outputs)
    outputs["first"] = make_predictions("single", "one_label")
    found = score_predictions(MultiOutputPredictions(outputs), {"roc_auc": True})
    assert found["undefined"] == {"roc_auc": "these outputs do not have it: first"}
    assert "roc_auc" in found["outputs"]["second"]
    assert found["outputs"]["first"]["undefined"]["roc_auc"].startswith("no label has it")


def test_an_end_that_no_sample_has_is_left_out() -> None:
    """Both rows must be drawn for a number; half of the samples have one of them twice."""
    predictions = make_predictions("single", "right", rows=2, labels=2, seed=3)
    assert len(set(predictions.targets)) == 2
    found = [
        score_predictions(predictions, {"roc_auc": True}, bootstrap=Bootstrap(1, seed=seed))
        for seed in range(8)
    ]
    assert all(one["roc_auc"] == 1.0 for one in found)
    assert {"intervals" in one for one in found} == {True, False}
