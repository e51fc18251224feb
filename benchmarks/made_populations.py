"""Populations that are known, from which data sets are drawn as a study would draw them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.metrics import read_metrics
from dsf.metrics.answers import EntityAnswers, answers_of
from dsf.metrics.answers.label_sums import count_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dsf.metrics.answers import Answers
    from dsf.metrics.resampling.settings import Unit
    from dsf.metrics.statistics import RowKinds, Statistic

__all__ = ["POPULATIONS", "DataSet", "Population"]

_SHARES = np.array([0.40, 0.25, 0.20, 0.10, 0.05])  # of five labels
_DOCUMENT = 10  # rows a document has
_COUNTED = ("accuracy", "f1_macro")


class DataSet(NamedTuple):
    """A data set and a model's answers to it.

    Attributes:
        statistics: Metric → its statistic.
        groups: Document or source of each row, where rows have one.
    """

    statistics: dict[str, Statistic]
    groups: np.ndarray | None = None


class Population(NamedTuple):
    """Where data sets come from.

    Attributes:
        name: In words.
        draw: Takes a source of chance and a number of rows.
        ways: How its rows are drawn again; the last one is how they came to be.
    """

    name: str
    draw: Callable[[np.random.Generator, int], DataSet]
    ways: tuple[Unit, ...] = ("rows",)


def draw_single(generator: np.random.Generator, rows: int) -> DataSet:
    """One of five labels a row; a model that is right in about four of five and too sure of it."""
    truth = generator.choice(len(_SHARES), rows, p=_SHARES)
    probabilities = _answer(generator, truth, np.zeros((rows, 1)))
    names = ("accuracy", "f1_macro", "roc_auc", "average_precision", "expected_calibration_error")
    return DataSet(_measure_single(truth, probabilities, names))


def draw_multilabel(generator: np.random.Generator, rows: int) -> DataSet:
    """Six labels in 2, 3, 6, 10, 18 and 30 % of the rows, by a middling model."""
    shares = np.geomspace(0.02, 0.30, 6)
    truth = generator.random((rows, len(shares))) < shares
    logits = np.log(shares / (1 - shares)) + 2.5 * truth - 0.5
    logits += generator.normal(size=truth.shape)
    predictions = MultiLabelPredictions(
        row_ids=np.arange(rows),
        targets=truth.astype(np.int8),
        probabilities=1 / (1 + np.exp(-logits)),
        thresholds=np.full(len(shares), 0.4),
        labels=[f"label_{number}" for number in range(len(shares))],
    )
    names = ("accuracy", "f1_macro", "roc_auc", "average_precision")
    return DataSet(_measure(answers_of(predictions), names))


def draw_sentences(generator: np.random.Generator, rows: int) -> DataSet:
    """Sentences with 0 to 5 entities of four types; some sentences are harder than others."""
    counts = generator.choice(6, rows, p=[0.30, 0.30, 0.20, 0.10, 0.06, 0.04])
    ease = generator.beta(4, 1, rows)
    of = np.repeat(np.arange(rows), counts)
    types = generator.choice(4, len(of), p=[0.50, 0.30, 0.15, 0.05])
    hit = generator.random(len(of)) < ease[of] * np.array([1.0, 0.95, 0.85, 0.7])[types]
    near = ~hit & (generator.random(len(of)) < 0.5)  # wrong borders
    spurious = np.repeat(np.arange(rows), generator.poisson(0.3 * (1 - ease)))
    entities = np.column_stack([of, types])
    wrong = np.column_stack([spurious, generator.choice(4, len(spurious))])
    answered = np.concatenate([entities[hit | near], wrong])
    none = np.zeros(rows)
    sums = count_entries(entities[hit], entities, answered, 4, none, none)
    return DataSet(_measure(_Entities(sums), ("f1_micro", "f1_macro")))


def draw_documents(generator: np.random.Generator, rows: int) -> DataSet:
    """Documents of ten rows: rows of one share their label often, and how hard they are."""
    documents = np.arange(rows) // _DOCUMENT
    count = int(documents[-1]) + 1
    main = generator.choice(len(_SHARES), count, p=_SHARES)[documents]
    own = generator.choice(len(_SHARES), rows, p=_SHARES)
    truth = np.where(generator.random(rows) < 0.5, main, own)
    hard = generator.normal(0, 1.2, count)[documents][:, None]
    return DataSet(_measure_single(truth, _answer(generator, truth, hard), _COUNTED), documents)


def draw_sources(generator: np.random.Generator, rows: int) -> DataSet:
    """Rows of four sources, a fixed number of each; one source is much harder than another."""
    sources = np.arange(rows) % 4
    truth = generator.choice(len(_SHARES), rows, p=_SHARES)
    hard = np.array([-2.0, -0.5, 1.0, 3.0])[sources][:, None]
    return DataSet(_measure_single(truth, _answer(generator, truth, hard), _COUNTED), sources)


POPULATIONS = (
    Population("one of five labels", draw_single),
    Population("six labels", draw_multilabel),
    Population("sentences with entities", draw_sentences),
    Population("rows in documents", draw_documents, ("rows", "clusters")),
    Population("rows of four sources", draw_sources, ("rows", "stratified")),
)


class _Entities(EntityAnswers):
    """Answers of which only the counted entities are made up, without their tokens."""

    def __init__(self, sums: RowKinds) -> None:
        self.labels = [f"type_{number}" for number in range(4)]
        self.row_ids = np.arange(sums.rows)
        self.__dict__["label_sums"] = sums


def _answer(generator: np.random.Generator, truth: np.ndarray, hard: np.ndarray) -> np.ndarray:
    """Make probabilities of a model that is too sure. Shape: ``(rows, labels)``."""
    right = truth[:, None] == np.arange(len(_SHARES))
    logits = np.log(_SHARES) + (2.5 - hard) * right + generator.normal(size=right.shape)
    powers = np.exp(1.3 * logits)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _measure_single(
    truth: np.ndarray, probabilities: np.ndarray, names: tuple[str, ...]
) -> dict[str, Statistic]:
    labels = np.array([f"label_{number}" for number in range(len(_SHARES))])
    predictions = Predictions(
        row_ids=np.arange(len(truth)),
        targets=labels[truth],
        predictions=labels[probabilities.argmax(axis=1)],
        probabilities=probabilities,
        labels=list(labels),
    )
    return _measure(answers_of(predictions), names)


def _measure(answers: Answers, names: tuple[str, ...]) -> dict[str, Statistic]:
    wanted: Mapping[str, bool] = dict.fromkeys(names, True)
    return {one.name: one.make(answers) for one in read_metrics(wanted)}
