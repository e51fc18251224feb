"""How far probabilities are from the share of the answers that turn out right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from dsf.core.errors import ConfigError, Problem
from dsf.metrics.answers.single import SingleAnswers
from dsf.metrics.label_counts import divide
from dsf.metrics.statistics.number import HEADLINE, Number
from dsf.metrics.statistics.row_kinds import RowKinds
from dsf.metrics.statistics.summed import Summed

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dsf.metrics.answers.scored import ScoredAnswers

__all__ = ["expected_calibration_error"]


def expected_calibration_error(answers: ScoredAnswers, bins: int = 15) -> Summed:
    """Mean distance between how sure a model is and how often it is right, over bins of sureness.

    Of one label a row, it is the probability of the answer against whether that is right; of
    several, the probability of a label against whether the row has it, averaged over the labels.
    Even a perfectly calibrated model has one above 0, the more so the fewer rows there are: read
    its interval as a description, not as a promise.

    A bin holds its upper edge but not its lower one, as in scikit-learn's ``calibration_curve``;
    the first one holds both.

    Source: Guo et al. 2017, "On Calibration of Modern Neural Networks",
    https://arxiv.org/abs/1706.04599, eq. 3.

    Args:
        answers: With probabilities.
        bins: How many bins of equal width from 0 to 1 there are.

    Raises:
        ConfigError: If there is no bin.
    """
    if bins < 1:
        message = f"must be at least 1, but is {bins}."
        problem = Problem("expected_calibration_error.bins", message)
        raise ConfigError("The metric cannot be computed.", [problem])
    assert answers.probabilities is not None
    labels = () if answers.kind == "single" else tuple(answers.labels)
    sure, right = answers.probabilities, answers.truth
    if isinstance(answers, SingleAnswers):
        place = np.arange(answers.rows), answers.answer_codes
        sure, right = sure[place][:, None], right[place][:, None]
    numbers = (HEADLINE, *(Number(label) for label in labels))
    return Summed(RowKinds.of_rows(_gaps(sure, right, bins)), _finish(bins, bool(labels)), numbers)


def _gaps(sure: NDArray[np.float64], right: NDArray[np.bool_], bins: int) -> sparse.csr_array:
    """Give what each row adds to each bin of each label, and 1 for the number of rows."""
    rows, labels = sure.shape
    bin_of = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], sure)
    columns = np.column_stack([bin_of + bins * np.arange(labels), np.full(rows, bins * labels)])
    values = np.column_stack([sure - right, np.ones(rows)])
    starts = np.arange(rows + 1) * (labels + 1)
    shape = (rows, bins * labels + 1)
    return sparse.csr_array((values.ravel(), columns.ravel(), starts), shape=shape)


def _finish(bins: int, by_label: bool) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    def finish(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        distances = np.abs(sums[:, :-1]).reshape(len(sums), -1, bins).sum(axis=2)
        errors = divide(distances, sums[:, -1:])
        return np.column_stack([errors.mean(axis=1), errors]) if by_label else errors

    return finish
