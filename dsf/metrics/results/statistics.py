"""The statistics of the metrics that are wanted, of one model's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.metrics.answers import OutputAnswers, ScoredAnswers
from dsf.metrics.statistics.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dsf.metrics.answers import Answers
    from dsf.metrics.statistics.statistic import Statistic
    from dsf.metrics.wanted import WantedMetric

__all__ = ["make_statistics"]

_NO_PROBABILITIES = "it needs the probability of every label, and there is none to use"


def make_statistics(
    answers: Answers, wanted: Iterable[WantedMetric]
) -> tuple[dict[str, Statistic], dict[str, str]]:
    """Make the statistic of each metric.

    Args:
        answers: What a model answered.
        wanted: The metrics.

    Returns:
        Metric → statistic; and for those that these answers do not have, metric → reason.
    """
    made: dict[str, Statistic] = {}
    missing = {}
    for metric in wanted:
        if metric.from_probabilities and not _has_probabilities(answers):
            missing[metric.name] = _NO_PROBABILITIES
        else:
            made[metric.name] = _make(metric, answers)
    return made, missing


def _make(metric: WantedMetric, answers: Answers) -> Statistic:
    """Make one statistic; of several outputs, one of each unless the metric is of all."""
    of_all = metric.metric is not None and answers.kind in metric.metric.kinds
    if not isinstance(answers, OutputAnswers) or of_all:
        return metric.make(answers)
    return Outputs({name: metric.make(one) for name, one in answers.outputs.items()})


def _has_probabilities(answers: Answers) -> bool:
    if isinstance(answers, OutputAnswers):
        return all(one.probabilities is not None for one in answers.outputs.values())
    return isinstance(answers, ScoredAnswers) and answers.probabilities is not None
