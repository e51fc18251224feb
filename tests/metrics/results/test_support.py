"""How often labels are true stands beside their numbers, and so does what samples lack."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from dsf.core.predictions import Predictions
from dsf.core.tagging import tags_to_spans
from dsf.metrics import Bootstrap, score_predictions
from dsf.testing.random_predictions import make_predictions

FEW = Bootstrap(n_iterations=200)
WANTED = {"accuracy": True, "f1": True}


def count(predictions, kind):
    if kind == "multilabel":
        return dict(zip(predictions.labels, predictions.targets.sum(axis=0), strict=True))
    if kind == "entities":
        spans = [tags_to_spans(tags, predictions.scheme) for tags in predictions.targets]
        return Counter(span.label for row in spans for span in row)
    return Counter(str(label) for label in predictions.targets)


@pytest.mark.parametrize("kind", ["single", "multilabel", "entities"])
def test_each_label_has_its_support(kind):
    predictions = make_predictions(kind, "noisy", rows=60, labels=4, seed=1)
    found = score_predictions(predictions, WANTED, bootstrap=FEW)["labels"]
    wanted = count(predictions, kind)
    assert found["support"] == {label: wanted.get(label, 0) for label in found["f1"]}
    assert sum(found["support"].values()) > 0


def test_outputs_have_theirs():
    predictions = make_predictions("multi_output", "noisy", rows=60, labels=4, seed=1)
    found = score_predictions(predictions, WANTED, bootstrap=FEW)
    for output, one in predictions.outputs.items():
        support = found["outputs"][output]["labels"]["support"]
        assert {label: n for label, n in support.items() if n} == count(one, "single")


def test_without_numbers_of_labels_there_is_none():
    predictions = make_predictions("single", "noisy", rows=60, labels=4, seed=1)
    assert "labels" not in score_predictions(predictions, {"accuracy": True}, bootstrap=FEW)
    assert "labels" not in score_predictions(predictions, WANTED)


def test_a_label_that_samples_miss_says_how_many():
    truth = np.array(["a"] * 99 + ["b"])
    found = score_predictions(
        Predictions(np.arange(100), truth, truth.copy(), ["a", "b", "c"]), WANTED, bootstrap=FEW
    )
    rare = found["labels"]["f1"]["b"]
    assert (rare["lower"], rare["upper"]) == (1, 1)  # in the samples that have it
    assert rare["missing_samples"] == pytest.approx(np.exp(-1), abs=0.1)
    assert "missing_samples" not in found["labels"]["f1"]["a"]
    unused = "no row has the label, and none was answered with it"
    assert found["labels"]["f1"]["c"] == {"undefined": unused}
