"""A tag for each word: an epoch's numbers are those of the predictions."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from dsf.core.tag_predictions import TagPredictions
from dsf.core.tagging import list_tags, repair_tags
from dsf.lightning.objectives import TagsObjective
from dsf.losses import IGNORED
from dsf.metrics import score_predictions

METRICS = dict.fromkeys(("accuracy", "precision", "recall", "f1"), True)
SCHEMES = {
    "iob2": list_tags(["city", "day"], "iob2"),
    "bilou": list_tags(["city", "day"], "bilou"),
    None: ["ADJ", "NOUN", "VERB"],
}
seeds = st.integers(0, 2**32 - 1)
averages = st.sampled_from(["micro", "macro", "weighted"])
schemes = st.sampled_from(list(SCHEMES))


def make_rows(scheme, rows, seed):
    """Truth and answers, as numbers of tags; half of the answers are right."""
    random, tags = np.random.default_rng(seed), SCHEMES[scheme]
    truth, answers = [], []
    for length in random.integers(1, 9, rows):
        drawn = [tags[number] for number in random.integers(0, len(tags), length)]
        valid = drawn if scheme is None else repair_tags(drawn, scheme)
        numbers = np.array([tags.index(tag) for tag in valid])
        wrong = random.integers(0, len(tags), length)
        truth.append(numbers)
        answers.append(np.where(random.random(length) < 0.5, numbers, wrong))
    return truth, answers


def make_batches(truth, answers, tags, seed):
    """Rows in two windows that overlap by a word, and a silent token before each word.

    The first window answers the first half of the words; windows are in any order.
    """
    random = np.random.default_rng(seed)
    windows = []
    for row, (true, answered) in enumerate(zip(truth, answers, strict=True)):
        half = len(true) // 2
        for owned, shown in (
            (range(half), range(min(half + 1, len(true)))),
            (range(half, len(true)), range(max(0, half - 1), len(true))),
        ):
            windows.append(
                [(row, -1, IGNORED, 0, False)]
                + [
                    (row, at, true[at] if at in owned else IGNORED, answered[at], at in owned)
                    for at in shown
                ]
            )
    order = random.permutation(len(windows))
    batches = []
    for part in np.array_split(order, max(1, len(windows) // 3)):
        tokens = np.array([token for number in part for token in windows[number]])
        row, word, target, answer, first = tokens.T
        batches.append(
            (
                {
                    "input_ids": None,
                    "lengths": torch.tensor([len(windows[number]) for number in part]),
                    "targets": torch.from_numpy(target),
                    "first": torch.from_numpy(first.astype(bool)),
                    "words": torch.from_numpy(word.astype(np.int32)),
                    "rows": torch.from_numpy(row),
                },
                torch.from_numpy(5 * np.eye(len(tags), dtype=np.float32)[answer]),
            )
        )
    return batches


def make_objective(scheme, average="micro"):
    loss = nn.CrossEntropyLoss(ignore_index=IGNORED)
    return TagsObjective(loss, SCHEMES[scheme], scheme, METRICS, average)


def predict(scheme, truth, answers):
    tags = SCHEMES[scheme]
    words = [["w"] * len(row) for row in truth]
    return TagPredictions(
        row_ids=np.arange(len(truth)),
        texts=[" ".join(row) for row in words],
        starts=[list(range(0, 2 * len(row), 2)) for row in words],
        tokens=words,
        targets=[[tags[one] for one in row] for row in truth],
        predictions=[[tags[one] for one in row] for row in answers],
        confidences=[[1.0] * len(row) for row in words],
        tags=tags,
        scheme=scheme,
    )


@given(seeds, schemes, averages)
def test_the_numbers_are_those_of_the_predictions(run_epoch, seed, scheme, average):
    """Whatever windows a row lies in, and in whatever order they come."""
    truth, answers = make_rows(scheme, 12, seed)
    batches = make_batches(truth, answers, SCHEMES[scheme], seed)
    numbers = run_epoch(make_objective(scheme, average), "val", batches)
    wanted = score_predictions(predict(scheme, truth, answers), METRICS, average)
    assert {name: numbers[name] for name in METRICS} == pytest.approx(wanted)


@given(seeds, schemes, averages)
def test_while_training_tags_are_scored(run_epoch, seed, scheme, average):
    truth, answers = make_rows(scheme, 12, seed)
    batches = [
        ({name: batch[name] for name in ("input_ids", "lengths", "targets")}, logits)
        for batch, logits in make_batches(truth, answers, SCHEMES[scheme], seed)
    ]
    numbers = run_epoch(make_objective(scheme, average), "train", batches)
    right = np.concatenate(truth) == np.concatenate(answers)
    assert numbers["accuracy"] == pytest.approx(right.mean())


@given(seeds, schemes, averages)
def test_while_training_spans_are_scored_as_ever(run_epoch, seed, scheme, average):
    """Each row is a window of its own, between two tokens that have no target."""
    truth, answers = make_rows(scheme, 12, seed)
    tags, around = SCHEMES[scheme], np.array([IGNORED])
    batches = []
    for rows in np.array_split(np.arange(len(truth)), 4):
        target = [np.concatenate([around, truth[row], around]) for row in rows]
        answer = [np.concatenate([[0], answers[row], [0]]) for row in rows]
        batch = {
            "input_ids": None,
            "lengths": torch.tensor([len(one) for one in target]),
            "targets": torch.from_numpy(np.concatenate(target).astype(np.int64)),
        }
        scores = np.eye(len(tags), dtype=np.float32)[np.concatenate(answer).astype(np.int64)]
        batches.append((batch, torch.from_numpy(5 * scores)))
    numbers = run_epoch(make_objective(scheme, average), "train", batches)
    wanted = score_predictions(predict(scheme, truth, answers), METRICS, average)
    assert {name: numbers[name] for name in METRICS} == pytest.approx(wanted)


@given(seeds)
def test_the_loss_of_an_epoch_is_the_mean_over_the_words(run_epoch, seed):
    """Batches of unequal size count by their words, not by their tokens."""
    truth, answers = make_rows("iob2", 12, seed)
    batches = make_batches(truth, answers, SCHEMES["iob2"], seed)
    # A batch of nothing but overlaps has no word: its mean is no number.
    batches = [one for one in batches if (one[0]["targets"] != IGNORED).any()]
    numbers = run_epoch(make_objective("iob2"), "train", batches)
    logits = torch.cat([logits for _, logits in batches])
    targets = torch.cat([batch["targets"] for batch, _ in batches])
    wanted = nn.functional.cross_entropy(logits, targets, ignore_index=IGNORED)
    assert numbers["loss"] == pytest.approx(wanted.item(), rel=1e-5)


@given(seeds, st.integers(0, 6), schemes, st.sampled_from(["train", "val"]))
def test_an_epoch_that_goes_on_gives_the_same_numbers(run_epoch, seed, stop, scheme, phase):
    truth, answers = make_rows(scheme, 12, seed)
    batches = make_batches(truth, answers, SCHEMES[scheme], seed)
    straight = run_epoch(make_objective(scheme), phase, batches)
    stopped = run_epoch(make_objective(scheme), phase, batches, stop_after=stop)
    assert stopped == pytest.approx(straight, nan_ok=True)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_epoch_without_rows_has_numbers(run_epoch, scheme):
    for phase in ("train", "val"):
        assert run_epoch(make_objective(scheme), phase, [])["f1"] == 0.0


def test_answers_are_probabilities():
    given = make_objective("iob2").answer(torch.randn(7, 5).bfloat16())
    assert given.dtype == torch.float32
    torch.testing.assert_close(given.sum(dim=1), torch.ones(7))
