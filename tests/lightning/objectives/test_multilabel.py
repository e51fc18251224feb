"""Any number of labels a row: thresholds from validation rows, numbers as of the predictions."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from dsf.core.errors import HookResultError
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.lightning.objectives import MultiLabelObjective
from dsf.metrics import best_thresholds, score_predictions

METRICS = dict.fromkeys(("accuracy", "precision", "recall", "f1"), True)
LABELS = ("late", "price", "praise")
seeds = st.integers(0, 2**32 - 1)
averages = st.sampled_from(["micro", "macro", "weighted"])


def make_rows(rows, seed):
    random = np.random.default_rng(seed)
    targets = (random.random((rows, len(LABELS))) < [0.1, 0.5, 0.8]).astype(np.float32)
    logits = random.normal(size=targets.shape) + 2 * targets - 1
    return targets, logits.astype(np.float32)


def make_batches(targets, logits, parts):
    return [
        (
            {"targets": torch.from_numpy(targets[part]), "input_ids": None, "lengths": None},
            torch.from_numpy(logits[part]),
        )
        for part in parts
    ]


def make_objective(average="macro", **options):
    return MultiLabelObjective(nn.BCEWithLogitsLoss(), LABELS, METRICS, average, **options)


def predict(objective, targets, logits):
    return MultiLabelPredictions(
        row_ids=np.arange(len(targets)),
        targets=targets.astype(np.int8),
        probabilities=objective.answer(torch.from_numpy(logits)).double().numpy(),
        thresholds=objective.thresholds.numpy(),
        labels=list(LABELS),
    )


@given(seeds, averages, st.sampled_from(["train", "val", "test"]))
def test_the_numbers_are_those_of_the_predictions(run_epoch, cut, seed, average, phase):
    targets, logits = make_rows(40, seed)
    objective = make_objective(average)
    objective.thresholds.copy_(torch.tensor([0.3, 0.5, 0.7]))
    numbers = run_epoch(objective, phase, make_batches(targets, logits, cut(40, seed)))
    wanted = score_predictions(predict(objective, targets, logits), METRICS, average)
    assert {name: numbers[name] for name in METRICS} == pytest.approx(wanted)


@given(seeds)
def test_validation_rows_choose_the_thresholds_and_no_others_do(run_epoch, cut, seed):
    targets, logits = make_rows(40, seed)
    batches = make_batches(targets, logits, cut(40, seed))
    objective = make_objective()
    for phase in ("train", "test"):
        run_epoch(objective, phase, batches)
        assert objective.thresholds.tolist() == [0.5] * 3
    run_epoch(objective, "val", batches)
    probabilities = torch.from_numpy(logits).sigmoid().double().numpy()
    chosen = best_thresholds(targets.astype(np.int8), probabilities)
    np.testing.assert_allclose(objective.thresholds.numpy(), chosen)


def test_thresholds_are_part_of_the_checkpoint():
    one, other = make_objective(), make_objective()
    one.thresholds.copy_(torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64))
    other.load_state_dict(one.state_dict())
    assert other.thresholds.tolist() == one.thresholds.tolist() == [0.1, 0.2, 0.3]


def test_the_thresholds_stay_where_64_bits_are_known():
    objective = make_objective().to("meta")
    assert objective.thresholds.device.type == "cpu"
    assert objective.thresholds.dtype == torch.float64


@given(seeds, st.integers(0, 10), st.sampled_from(["train", "val"]))
def test_an_epoch_that_goes_on_gives_the_same_numbers(run_epoch, cut, seed, stop, phase):
    targets, logits = make_rows(30, seed)
    batches = make_batches(targets, logits, cut(30, seed))
    straight = run_epoch(make_objective(), phase, batches)
    assert run_epoch(make_objective(), phase, batches, stop_after=stop) == straight


def test_every_step_from_scores_to_answers_can_be_replaced(run_epoch, cut):
    targets, logits = make_rows(30, 0)
    objective = make_objective(
        predict=lambda scores: scores.softmax(dim=-1),
        find_thresholds=lambda true, given: [0.25] * 3,
        decide=lambda given, thresholds: given >= given.max(axis=1, keepdims=True),
        more_numbers=lambda phase, true, answers: {"answered": float(answers.sum(axis=1).mean())},
    )
    numbers = run_epoch(objective, "val", make_batches(targets, logits, cut(30, 0)))
    assert numbers["answered"] == 1.0
    assert objective.thresholds.tolist() == [0.25] * 3
    assert objective.answer(torch.from_numpy(logits)).sum(dim=1).tolist() == pytest.approx([1] * 30)


def test_no_number_may_take_the_place_of_the_loss(run_epoch, cut):
    targets, logits = make_rows(30, 0)
    objective = make_objective(more_numbers=lambda phase, true, answers: {"loss": 0.0})
    with pytest.raises(HookResultError, match="must not give a number 'loss', but did: val_loss"):
        run_epoch(objective, "val", make_batches(targets, logits, cut(30, 0)))


def test_an_epoch_without_rows_has_numbers_and_leaves_the_thresholds(run_epoch):
    for phase in ("train", "val"):
        objective = make_objective()
        assert run_epoch(objective, phase, [])["f1"] == 0.0
        assert objective.thresholds.tolist() == [0.5] * 3
