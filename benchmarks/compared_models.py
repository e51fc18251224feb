"""Two models whose true quality is known, and their answers to rows that are drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import numpy as np

from dsf.core.predictions import Predictions
from dsf.metrics import read_metrics
from dsf.metrics.answers import answers_of

__all__ = ["LARGE", "METRICS", "Model", "Pair", "equal_pair", "shifted_pair", "unlike_pair"]

METRICS = ("accuracy", "f1_macro", "roc_auc", "average_precision")

_SHARES = np.array([0.40, 0.25, 0.20, 0.10, 0.05])  # of five labels
_LABELS = [f"label {number}" for number in range(len(_SHARES))]
_SHARED = 0.9  # of the variance of the noise is that of the row: hard rows are hard for both
LARGE = 500_000
"""Rows of which true values are taken."""


@dataclass(frozen=True)
class Model:
    """How a model scores the labels of a row; the highest score is its answer.

    Attributes:
        signal: How far the true label's score lies above the others, in standard deviations of
            the noise. More is better.
        leaning: How much frequent labels are preferred.
        tails: Degrees of freedom of its own noise, which is Student's; few are wild.
    """

    signal: float
    leaning: float = 0.0
    tails: float = np.inf


class Pair(NamedTuple):
    """Two models, and what is true of them.

    Attributes:
        trained: The new one.
        existing: The old one.
    """

    trained: Model
    existing: Model

    def draw(self, generator: np.random.Generator, rows: int) -> tuple[Predictions, Predictions]:
        """Let both answer rows that are drawn."""
        truth = generator.choice(len(_SHARES), rows, p=_SHARES)
        shared = generator.normal(size=(rows, len(_SHARES)))
        trained, existing = (_answer(generator, model, truth, shared) for model in self)
        return trained, existing


def equal_pair(accuracy: float, large: int = LARGE) -> Pair:
    """Make two models that are the same in every respect but their chance errors."""
    model = _tune(Model(1.0), "accuracy", accuracy, large)
    return Pair(model, model)


def shifted_pair(accuracy: float, points: float, large: int = LARGE) -> Pair:
    """Make a trained model whose accuracy is higher than that of the existing one.

    Args:
        accuracy: Of the existing one.
        points: How much higher, in points of 0.01.
        large: Rows to tune them on.
    """
    existing = _tune(Model(1.0), "accuracy", accuracy, large)
    return Pair(_tune(Model(1.0), "accuracy", accuracy + points / 100, large), existing)


def unlike_pair(accuracy: float, metric: str, large: int = LARGE) -> Pair:
    """Make two models that are equal by one metric and make unlike errors.

    Args:
        accuracy: Of the existing one.
        metric: By which they are equal.
        large: Rows to tune them on.
    """
    existing = _tune(Model(1.0), "accuracy", accuracy, large)
    other = Model(1.0, leaning=0.6, tails=4.0)
    return Pair(_tune(other, metric, _measure(existing, metric, large), large), existing)


def _answer(
    generator: np.random.Generator, model: Model, truth: np.ndarray, shared: np.ndarray
) -> Predictions:
    own = generator.normal(size=shared.shape)
    if np.isfinite(model.tails):
        scale = np.sqrt(generator.chisquare(model.tails, (len(truth), 1)) / model.tails)
        own /= scale * np.sqrt(model.tails / (model.tails - 2))  # of variance 1
    scores = np.sqrt(_SHARED) * shared + np.sqrt(1 - _SHARED) * own
    scores += model.leaning * np.log(_SHARES)
    scores[np.arange(len(truth)), truth] += model.signal
    powers = np.exp(2 * (scores - scores.max(axis=1, keepdims=True)))
    names = np.array(_LABELS)
    chances = powers / powers.sum(axis=1, keepdims=True)
    return Predictions.from_probabilities(np.arange(len(truth)), names[truth], chances, _LABELS)


@cache
def _measure(model: Model, metric: str, large: int) -> float:
    """Measure a model on very many rows; the same rows for every model."""
    generator = np.random.default_rng(1)
    truth = generator.choice(len(_SHARES), large, p=_SHARES)
    shared = generator.normal(size=(large, len(_SHARES)))
    answers = answers_of(_answer(generator, model, truth, shared))
    (wanted,) = read_metrics({metric: True})
    return float(wanted.make(answers).measure()[0])


@cache
def _tune(model: Model, metric: str, wanted: float, large: int) -> Model:
    """Find the signal that gives a metric its value, by halving."""
    low, high = 0.0, 8.0
    for _ in range(13):
        middle = replace(model, signal=(low + high) / 2)
        low, high = (
            (middle.signal, high)
            if _measure(middle, metric, large) < wanted
            else (low, middle.signal)
        )
    return replace(model, signal=(low + high) / 2)
