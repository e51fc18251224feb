"""Entities: strictly, the numbers of seqeval; partially, those of a search through all matches."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics.v1 import precision_recall_fscore_support
from seqeval.scheme import BILOU, IOB2

from dsf.core.tagging import SCHEMES, list_tags, repair_tags, tags_to_spans
from dsf.metrics import Bootstrap, score_predictions
from dsf.testing.random_predictions import MODES, make_predictions

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsf.core.tag_predictions import TagPredictions

    Measure = Callable[..., dict[Any, float]]

SIZES = {"rows": st.integers(1, 8), "labels": st.integers(1, 3), "seed": st.integers(0, 99)}
MODE = st.sampled_from(MODES)
some = settings(max_examples=30)


def make(scheme: str, mode: str, rows: int, labels: int, seed: int) -> TagPredictions:
    return make_predictions("entities", mode, rows=rows, labels=labels, seed=seed, scheme=scheme)


def seqeval(predictions: TagPredictions, scheme: str, average: str | None) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return precision_recall_fscore_support(
            predictions.targets,
            predictions.predictions,
            average=average,
            scheme={"iob2": IOB2, "bilou": BILOU}[scheme],
            zero_division=0,
        )


@pytest.mark.parametrize("scheme", SCHEMES)
@some
@given(mode=MODE, **SIZES)
def test_strict_scores_and_the_support_of_each_label(
    scheme: str, mode: str, rows: int, labels: int, seed: int, measure: Measure
) -> None:
    predictions = make(scheme, mode, rows, labels, seed)
    if not any(predictions.targets):
        return  # seqeval cannot do without a token
    sides = predictions.targets, predictions.predictions
    used = sorted({s.label for side in sides for tags in side for s in tags_to_spans(tags, scheme)})
    each = seqeval(predictions, scheme, None) if used else [[]] * 4
    for place, name in enumerate(("precision", "recall", "f1")):
        for average in ("micro", "macro", "weighted"):
            ours = measure(predictions, name, average=average)
            theirs = seqeval(predictions, scheme, average)[place] if used else 0.0
            assert ours.pop(None) == pytest.approx(theirs)
        by_label = dict(zip(used, each[place], strict=True))
        wanted = {label: by_label.get(label, np.nan) for label in ours}
        assert ours == pytest.approx(wanted, nan_ok=True)
    counts = score_predictions(predictions, {"confusion_matrix": True})["confusion_matrix"]
    support = {label: one["tp"] + one["fn"] for label, one in counts.items()}
    by_label = dict(zip(used, each[3], strict=True))
    assert support == {label: by_label.get(label, 0) for label in support}


def best_match(true: list[Any], answered: list[Any]) -> int:
    """The most pairs of overlapping spans, no span in two of them; by trying all."""
    if not true:
        return 0
    (start, end, _), rest = true[0], true[1:]
    found = [best_match(rest, answered)]
    for place, (first, last, _) in enumerate(answered):
        if first < end and start < last:
            found.append(1 + best_match(rest, answered[:place] + answered[place + 1 :]))
    return max(found)


def partial_counts(predictions: TagPredictions, label: str, scheme: str) -> Any:
    """Exact hits, overlaps among the rest, true and answered entities of a label."""
    counts = np.zeros(4)
    for sides in zip(predictions.targets, predictions.predictions, strict=True):
        true, answered = (
            [span for span in tags_to_spans(tags, scheme) if span.label == label] for tags in sides
        )
        exact = [span for span in true if span in answered]
        left = ([span for span in side if span not in exact] for side in (true, answered))
        counts += [len(exact), best_match(*left), len(true), len(answered)]
    return counts


@pytest.mark.parametrize("scheme", SCHEMES)
@some
@given(mode=MODE, **SIZES)
def test_partial_f1(
    scheme: str, mode: str, rows: int, labels: int, seed: int, measure: Measure
) -> None:
    predictions = make(scheme, mode, rows, labels, seed)
    names = [f"label {number}" for number in range(labels)]
    counts = np.array([partial_counts(predictions, name, scheme) for name in names])
    exact, partly, true, answered = counts.T
    used = (true + answered) > 0
    each = 2 * (exact + partly / 2) / np.where(used, true + answered, 1)
    ours = measure(predictions, "partial_f1", average="macro")
    assert ours.pop(None) == pytest.approx(each[used].mean() if used.any() else 0.0)
    wanted = np.where(used, each, np.nan)
    assert ours == pytest.approx(dict(zip(names, wanted, strict=True)), nan_ok=True)
    weighted = np.average(each, weights=true) if true.any() else 0.0
    assert measure(predictions, "partial_f1", average="weighted")[None] == pytest.approx(weighted)
    pooled = (2 * exact.sum() + partly.sum()) / max(1, (true + answered).sum())
    assert measure(predictions, "partial_f1", average="micro")[None] == pytest.approx(pooled)
    assert measure(predictions, "f1", average="micro")[None] <= pooled + 1e-12


def test_partial_f1_by_an_example(measure: Measure) -> None:
    """One right, one too long, one with the wrong label, one missed."""
    tags = list_tags(["city", "name"], "iob2")
    true = ["B-city", "O", "B-name", "O", "B-name", "O", "B-name"]
    answers = ["B-city", "O", "B-name", "I-name", "B-city", "O", "O"]
    assert repair_tags(true, "iob2") == true
    predictions = make("iob2", "right", 1, 1, 0)
    words = ["x"] * len(true)
    changed = predictions.__class__(
        row_ids=np.arange(1),
        texts=[" ".join(words)],
        starts=[list(range(0, 14, 2))],
        tokens=[words],
        targets=[true],
        predictions=[answers],
        confidences=[[0.5] * len(true)],
        tags=tags,
        scheme="iob2",
    )
    assert measure(changed, "partial_f1") == {
        None: pytest.approx((2 / 3 + 1 / 4) / 2),
        "city": pytest.approx(2 / 3),
        "name": pytest.approx(2 * 0.5 / (3 + 1)),
    }


def test_the_average_of_the_model_is_that_of_partial_f1_too() -> None:
    """Else it might be lower than the strict one beside it."""
    predictions = make("iob2", "noisy", 20, 3, 1)
    config = {"f1": True, "partial_f1": True, "micro": {"metric": "partial_f1", "average": "micro"}}
    found = score_predictions(predictions, config, "micro")
    assert found["f1"] <= found["partial_f1"] == found["micro"]
    assert found["micro"] != score_predictions(predictions, config, "macro")["partial_f1"]


def test_no_entity_at_all_is_a_number_everywhere() -> None:
    predictions = make("iob2", "one_label", 5, 2, 0)  # the first tag is O
    config = dict.fromkeys(("precision", "recall", "f1", "partial_f1"), True)
    found = score_predictions(predictions, config, bootstrap=Bootstrap(20))
    assert [found[name] for name in config] == [0.0] * 4
    assert set(found["labels"]["f1"]) == {"label 0", "label 1"}
