"""The four rates of every label, and how far they could lie from what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.metrics.answers.multilabel import MultiLabelAnswers
from dsf.metrics.multilabel import as_switches
from dsf.metrics.resampling.intervals import Interval, percentile_intervals
from dsf.metrics.resampling.replicates import bootstrap_statistics
from dsf.metrics.resampling.settings import Bootstrap
from dsf.metrics.scores.rates import fnr, fpr, tnr, tpr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["RATES", "RateIntervals", "bootstrap_rates"]

RATES = ("tpr", "fpr", "fnr", "tnr")
"""Of the rows that have a label, the share that is answered (tpr) and missed (fnr); of those
without it, the share that is answered (fpr) and left alone (tnr)."""

_METRICS = dict(zip(RATES, (tpr, fpr, fnr, tnr), strict=True))


@dataclass(frozen=True)
class RateIntervals:
    """The four rates of every label, and their means over the labels.

    Attributes:
        macro: Rate → mean over the labels.
        labels: For each label, rate → its own.
        rows: How many rows were answered.
    """

    macro: dict[str, Interval]
    labels: list[dict[str, Interval]]
    rows: int

    def to_dict(self, names: Sequence[str]) -> dict[str, dict[str, float]]:
        """Give plain numbers: label → rate, and the ends of its bars.

        Args:
            names: Names of the labels, in the order of the columns.
        """
        return {
            name: _flat(rates, suffix="") for name, rates in zip(names, self.labels, strict=True)
        }

    def macro_dict(self) -> dict[str, float]:
        """Give plain numbers: ``{rate}_avg``, ``{rate}_error_bars_lower`` and ``_upper``."""
        return _flat(self.macro, suffix="_avg")


def bootstrap_rates(
    targets: ArrayLike,
    answers: ArrayLike,
    n_iterations: int = 1000,
    percentile: float = 2.5,
    *,
    seed: int = 42,
) -> RateIntervals:
    """Measure rates, and draw the rows anew with replacement to see how much they vary.

    Where the divisor is 0, a rate is 0, and the mean is over all labels; the metrics ``tpr``,
    ``fpr``, ``fnr`` and ``tnr`` have no number there, and leave the label out.

    Args:
        targets: 1 where a row has a label, else 0. Shape: ``(rows, labels)``.
        answers: The same of the answers. Shape: ``(rows, labels)``.
        n_iterations: How often all rows are drawn.
        percentile: Lower end of the bars among what was drawn; the upper one is as far from 100.
        seed: Of the draws.

    Raises:
        ConfigError: If the percentile or the number of iterations cannot be used; lists both.
        DataError: If there are no rows, the shapes differ, or anything is neither 0 nor 1.
    """
    bootstrap = Bootstrap(n_iterations, percentile, seed=seed)
    true, answered = as_switches(targets, answers)
    rows, labels = true.shape
    if not rows:
        problem = Problem("targets and answers", "must have at least one row, but have none.")
        raise DataError("There is nothing to score.", [problem])
    answers_of_rows = _answers(true, answered)
    statistics = {rate: metric(answers_of_rows) for rate, metric in _METRICS.items()}
    drawn = bootstrap_statistics(
        statistics, bootstrap.resampling(rows), bootstrap.n_iterations, seed=bootstrap.seed
    )
    found = {
        rate: percentile_intervals(
            _zero_if_none(one.measure()[None])[0], _zero_if_none(drawn[rate]), bootstrap.ends
        )
        for rate, one in statistics.items()
    }
    macro, *each = (
        {rate: interval for rate in RATES if (interval := found[rate][place]) is not None}
        for place in range(1 + labels)
    )
    return RateIntervals(macro, each, rows)


def _answers(true: NDArray[np.bool_], answered: NDArray[np.bool_]) -> MultiLabelAnswers:
    rows, labels = true.shape
    predictions = MultiLabelPredictions(
        row_ids=np.arange(rows),
        targets=true,
        probabilities=answered.astype(np.float64),
        thresholds=np.full(labels, 0.5),
        labels=[str(label) for label in range(labels)],
    )
    return MultiLabelAnswers(predictions)


def _zero_if_none(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put 0 where a label has no rate, and the mean of all labels first.

    Args:
        values: The headline, then the labels. Shape: ``(draws, 1 + labels)``.
    """
    labels = np.nan_to_num(values[:, 1:])
    return np.column_stack([labels.mean(axis=1), labels])


def _flat(rates: dict[str, Interval], *, suffix: str) -> dict[str, float]:
    numbers = {}
    for rate, interval in rates.items():
        numbers[f"{rate}{suffix}"] = interval.value
        numbers[f"{rate}_error_bars_lower"] = interval.lower
        numbers[f"{rate}_error_bars_upper"] = interval.upper
    return numbers
