"""One label of one or several outputs: an epoch's numbers are those of the predictions."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.predictions import Predictions
from dsf.lightning.objectives import OutputsObjective
from dsf.metrics import score_predictions

METRICS = dict.fromkeys(("accuracy", "precision", "recall", "f1"), True)
seeds = st.integers(0, 2**32 - 1)
averages = st.sampled_from(["micro", "macro", "weighted"])


def make_rows(sizes, rows, seed):
    """Random truth and scores of each output; the scores follow the truth now and then."""
    random = np.random.default_rng(seed)
    targets = {name: random.integers(0, size, rows) for name, size in sizes.items()}
    logits = {
        name: random.normal(size=(rows, size)) + 1.5 * np.eye(size)[targets[name]]
        for name, size in sizes.items()
    }
    return targets, {name: one.astype(np.float32) for name, one in logits.items()}


def make_batches(targets, logits, parts):
    return [
        (
            {f"target_{name}": torch.from_numpy(one[part]) for name, one in targets.items()}
            | {"input_ids": torch.zeros(1), "lengths": torch.ones(len(part))},
            {name: torch.from_numpy(one[part]) for name, one in logits.items()},
        )
        for part in parts
    ]


def make_objective(sizes, average="macro"):
    losses = {name: nn.CrossEntropyLoss() for name in sizes}
    return OutputsObjective(losses, sizes, METRICS, average)


def predict(objective, targets, logits):
    given = objective.answer({name: torch.from_numpy(one) for name, one in logits.items()})
    return {
        name: Predictions.from_probabilities(
            np.arange(len(one)), one, given[name].numpy(), list(range(given[name].shape[1]))
        )
        for name, one in targets.items()
    }


@given(seeds, st.integers(2, 6), averages, st.sampled_from(["train", "val", "test"]))
def test_the_numbers_of_one_output_are_those_of_its_predictions(
    run_epoch, cut, seed, size, average, phase
):
    sizes = {"label": size}
    targets, logits = make_rows(sizes, 40, seed)
    objective = make_objective(sizes, average)
    numbers = run_epoch(objective, phase, make_batches(targets, logits, cut(40, seed)))
    wanted = score_predictions(predict(objective, targets, logits)["label"], METRICS, average)
    assert {name: numbers[name] for name in METRICS} == pytest.approx(wanted)


@given(seeds, averages)
def test_the_numbers_of_several_outputs_are_those_of_their_predictions(
    run_epoch, cut, seed, average
):
    sizes = {"topic": 4, "urgency": 2, "tone": 3}
    targets, logits = make_rows(sizes, 40, seed)
    objective = make_objective(sizes, average)
    numbers = run_epoch(objective, "val", make_batches(targets, logits, cut(40, seed)))
    answers = MultiOutputPredictions(predict(objective, targets, logits))
    wanted = score_predictions(answers, METRICS, average)
    outputs = wanted.pop("outputs")
    wanted |= {
        f"{out}_{name}": one for out, scores in outputs.items() for name, one in scores.items()
    }
    assert {name: numbers[name] for name in wanted} == pytest.approx(wanted)


@given(seeds)
def test_the_loss_of_an_epoch_is_the_sum_over_outputs_of_the_mean_over_rows(run_epoch, cut, seed):
    sizes = {"topic": 4, "urgency": 2}
    targets, logits = make_rows(sizes, 30, seed)
    numbers = run_epoch(
        make_objective(sizes), "train", make_batches(targets, logits, cut(30, seed))
    )
    wanted = sum(
        nn.functional.cross_entropy(torch.from_numpy(logits[name]), torch.from_numpy(one)).item()
        for name, one in targets.items()
    )
    assert numbers["loss"] == pytest.approx(wanted, rel=1e-5)


@given(seeds, st.integers(0, 10))
def test_an_epoch_that_goes_on_gives_the_same_numbers(run_epoch, cut, seed, stop):
    sizes = {"topic": 4, "urgency": 2}
    targets, logits = make_rows(sizes, 30, seed)
    batches = make_batches(targets, logits, cut(30, seed))
    straight = run_epoch(make_objective(sizes), "train", batches)
    stopped = run_epoch(make_objective(sizes), "train", batches, stop_after=stop)
    assert stopped == straight


def test_an_epoch_without_rows_has_numbers(run_epoch):
    numbers = run_epoch(make_objective({"topic": 3}), "val", [])
    assert numbers["accuracy"] == numbers["f1"] == 0.0


def test_only_what_is_wanted_is_given(run_epoch):
    objective = OutputsObjective({"a": nn.CrossEntropyLoss()}, {"a": 2}, {"f1": True})
    assert set(run_epoch(objective, "val", [])) == {"loss", "f1"}
