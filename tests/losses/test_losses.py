"""Every loss: the case on each, and the numbers of its source."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from sklearn.utils.class_weight import compute_class_weight

from dsf.core.errors import ConfigError, DataError
from dsf.losses import (
    LOSSES,
    BinaryCrossEntropy,
    ClassBalancedFocal,
    CrossEntropy,
    InverseFrequencyBCE,
    build_loss,
    class_balanced_focal,
    class_balanced_weights,
    inverse_frequency_weights,
)
from dsf.testing import LossCase


class TestCrossEntropy(LossCase):
    loss_class = CrossEntropy


class TestSmoothedCrossEntropy(LossCase):
    loss_class = CrossEntropy
    options = {"label_smoothing": 0.1}  # noqa: RUF012


class TestBinaryCrossEntropy(LossCase):
    loss_class = BinaryCrossEntropy


class TestInverseFrequencyBCE(LossCase):
    loss_class = InverseFrequencyBCE


class TestClassBalancedFocal(LossCase):
    loss_class = ClassBalancedFocal


def test_every_loss_has_its_case() -> None:
    tested = {case.loss_class for case in LossCase.__subclasses__()}
    assert set(LOSSES.values()) <= tested


def test_cross_entropy_is_torchs() -> None:
    logits, targets = torch.randn(6, 4), torch.tensor([0, 3, -100, 1, 2, -100])
    for smoothing in (0.0, 0.2):
        ours = CrossEntropy(label_smoothing=smoothing)(logits, targets)
        theirs = torch.nn.CrossEntropyLoss(label_smoothing=smoothing)(logits, targets)
        torch.testing.assert_close(ours, theirs)


def test_weights_are_those_of_the_worked_example() -> None:
    labels = torch.tensor([[1, 1, 0], [0, 1, 1], [1, 1, 0], [0, 0, 1]])
    weights = inverse_frequency_weights(labels.sum(0).tolist(), len(labels))
    torch.testing.assert_close(weights, torch.tensor([5 / 3, 5 / 4, 5 / 3]))
    logits = torch.randn(4, 3)
    theirs = torch.nn.BCEWithLogitsLoss(pos_weight=weights)(logits, labels.float())
    torch.testing.assert_close(InverseFrequencyBCE([2, 3, 2], 4)(logits, labels), theirs)


def test_weights_are_those_of_scikit_learn_and_one_more() -> None:
    """But for the 1s that are added: here they are taken away before."""
    labels = np.array([1] * 3 + [0] * 7)
    no, yes = compute_class_weight("balanced", classes=np.array([0, 1]), y=labels)
    (weight,) = inverse_frequency_weights([3 - 1], 10 - 1).tolist()
    assert weight == pytest.approx(yes / no + 1)


def test_a_batch_does_not_change_the_weights() -> None:
    loss = InverseFrequencyBCE([2, 3, 2], 4)
    before = loss.positive_weights.clone()
    loss(torch.zeros(2, 3), torch.ones(2, 3))
    assert torch.equal(loss.positive_weights, before)
    assert set(loss.state_dict()) == {"positive_weights"}


def test_class_balanced_weights_follow_the_paper() -> None:
    raw = [(1 - 0.9) / (1 - 0.9**count) for count in (1, 10, 100)]
    expected = torch.tensor([3 * weight / sum(raw) for weight in raw])
    torch.testing.assert_close(class_balanced_weights([1, 10, 100], beta=0.9), expected)
    assert class_balanced_weights([1, 10, 100], beta=0.0).tolist() == [1, 1, 1]
    assert class_balanced_weights([0, 10], 0.9).equal(class_balanced_weights([1, 10], 0.9))


def test_focal_by_hand() -> None:
    """One row, two labels: p = 0.8 and 0.3, the first is true, weight 1.5, gamma 2."""
    logits = torch.tensor([[math.log(0.8 / 0.2), math.log(0.3 / 0.7)]])
    expected = 1.5 * (-(0.2**2) * math.log(0.8) - 0.3**2 * math.log(0.7))
    found = class_balanced_focal(logits, torch.tensor([0]), torch.tensor([1.5, 9.0]), gamma=2.0)
    assert found.item() == pytest.approx(expected, rel=1e-5)


def test_focal_without_gamma_and_beta_is_binary_cross_entropy() -> None:
    logits, targets = torch.randn(5, 3), torch.tensor([0, 1, 2, 1, 1])
    truth = torch.nn.functional.one_hot(targets, 3)
    ours = ClassBalancedFocal([1, 2, 3], beta=0.0, gamma=0.0)(logits, targets)
    torch.testing.assert_close(ours, 3 * BinaryCrossEntropy()(logits, truth))


@pytest.mark.parametrize("name", LOSSES)
def test_the_table_makes_each(name: str) -> None:
    loss = build_loss(name, kind=LOSSES[name].kind, counts=[3, 2], rows=5)
    assert type(loss) is LOSSES[name]


def test_options_reach_the_loss() -> None:
    loss = build_loss("class_balanced_focal", kind="single", counts=[3, 2], rows=5, gamma=1.5)
    assert isinstance(loss, ClassBalancedFocal)
    assert loss.gamma == 1.5


@pytest.mark.parametrize(
    ("name", "kind", "options", "message"),
    [
        ("cross_entrpy", "single", {}, "cross_entropy"),
        ("bce", "single", {}, "with single targets it must be one of class_balanced_focal, cross"),
        ("bce", "multilabel", {"gamma": 2}, "bce takes no options"),
        ("cross_entropy", "single", {"smoothing": 0.1}, "takes label_smoothing"),
        ("cross_entropy", "single", {"label_smoothing": 1.0}, "from 0 to below 1, not 1.0"),
        ("class_balanced_focal", "single", {"beta": 1.0, "gamma": -1}, "beta.*\n.*gamma"),
    ],
)
def test_mistakes_are_named(name: str, kind: str, options: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        build_loss(name, kind=kind, counts=[3, 2], rows=5, **options)


def test_counts_that_cannot_be_are_listed() -> None:
    with pytest.raises(DataError, match=r"label 0: .*not 6\n.*label 2: .*not -1"):
        inverse_frequency_weights([6, 1, -1], 5)
    with pytest.raises(DataError, match=r"label 1: .*not -1"):
        class_balanced_weights([6, -1])
