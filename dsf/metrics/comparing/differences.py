"""Two models on the same rows, metric by metric: the difference, its interval, its test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.metrics.answers import TagAnswers
from dsf.metrics.resampling.holm import holm
from dsf.metrics.resampling.intervals import percentile_intervals
from dsf.metrics.resampling.mcnemar import mcnemar_p_value
from dsf.metrics.resampling.permutation import permutation_p_values
from dsf.metrics.resampling.replicates import bootstrap_statistics
from dsf.metrics.results.statistics import make_statistics
from dsf.metrics.statistics.number import HEADLINE
from dsf.metrics.table import METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dsf.metrics.answers import Answers
    from dsf.metrics.resampling.settings import Bootstrap
    from dsf.metrics.statistics.statistic import Statistic
    from dsf.metrics.wanted import WantedMetric

__all__ = ["Difference", "find_differences"]

_NO_SAMPLE = "no sample of the rows has it, so that there is no interval"


@dataclass(frozen=True)
class Difference:
    """One metric of two models on the same rows.

    Attributes:
        trained: Of the new model.
        existing: Of the existing one.
        difference: Trained minus existing.
        lower: Lower end of its interval.
        upper: Upper end.
        less_is_better: Whether the metric is a loss.
        p_value: Chance of such a difference if there were none; ``None`` if it was not tested.
        p_holm: The same, corrected for the number of metrics.
        test: ``mcnemar`` or ``permutation``; ``None`` if it was not tested.
    """

    trained: float
    existing: float
    difference: float
    lower: float
    upper: float
    less_is_better: bool = False
    p_value: float | None = None
    p_holm: float | None = None
    test: str | None = None

    @property
    def gain(self) -> tuple[float, float, float]:
        """How much better the new model is: the difference and both ends, more being better."""
        if self.less_is_better:
            return -self.difference, -self.upper, -self.lower
        return self.difference, self.lower, self.upper

    def to_dict(self) -> dict[str, Any]:
        """Give plain values, without the two numbers themselves."""
        found = {"difference": self.difference, "lower": self.lower, "upper": self.upper}
        if self.less_is_better:
            found["less_is_better"] = True
        if self.test is None:
            return found
        return found | {"p_value": self.p_value, "p_holm": self.p_holm, "test": self.test}


def find_differences(
    trained: Answers,
    existing: Answers,
    wanted: Sequence[WantedMetric],
    bootstrap: Bootstrap,
    *,
    test: bool = True,
) -> tuple[dict[str, Difference], dict[str, str]]:
    """Compare two models, metric by metric; both are sampled on the same rows.

    The accuracy of rows is tested by McNemar's test, all else by exchanging the answers of the two
    models; if rows are drawn in clusters, they are exchanged in clusters, and all is tested so.

    Args:
        trained: What the new model answered.
        existing: What the existing one answered, on the same rows in the same order.
        wanted: The metrics.
        bootstrap: How intervals are drawn, and how often answers are exchanged.
        test: Whether p-values are computed.

    Returns:
        Metric → difference; and for those that a model does not have, metric → reason.
    """
    mine, missing = make_statistics(trained, wanted)
    theirs, more = make_statistics(existing, wanted)
    reasons = {name: f"Existing model: {reason}" for name, reason in more.items()}
    reasons |= {name: f"Trained model: {reason}" for name, reason in missing.items()}
    pairs = {name: (mine[name], theirs[name]) for name in mine if name in theirs}
    measured = {name: _measure(pair) for name, pair in pairs.items()}
    reasons |= {
        name: _why(pairs[name], values)
        for name, values in measured.items()
        if np.isnan(values).any()
    }
    pairs = {name: pair for name, pair in pairs.items() if name not in reasons}
    if not pairs:
        return {}, reasons
    ends = _intervals(pairs, bootstrap, trained.rows)
    reasons |= {name: _NO_SAMPLE for name, found in ends.items() if np.isnan(found).any()}
    pairs = {name: pair for name, pair in pairs.items() if name not in reasons}
    exact = [one.name for one in wanted if one.metric is METRICS["accuracy"]]
    tests = _test(pairs, trained, existing, bootstrap, exact) if test else {}
    corrected = holm({name: p_value for name, (p_value, _) in tests.items()})
    less = {metric.name: metric.less_is_better for metric in wanted}
    found = {}
    for name in pairs:
        mine_is, theirs_is = (float(value) for value in measured[name])
        lower, upper = ends[name]
        p_value, kind = tests.get(name, (None, None))
        found[name] = Difference(
            trained=mine_is,
            existing=theirs_is,
            difference=mine_is - theirs_is,
            lower=lower,
            upper=upper,
            less_is_better=less[name],
            p_value=p_value,
            p_holm=corrected.get(name),
            test=kind,
        )
    return found, reasons


def _measure(pair: tuple[Statistic, Statistic]) -> NDArray[np.float64]:
    """Give the headline of both models. Shape: ``(2,)``."""
    return np.array([one.measure()[0] for one in pair])


def _why(pair: tuple[Statistic, Statistic], values: NDArray[np.float64]) -> str:
    """Say why one of the two models does not have a metric."""
    side, name = (0, "Trained") if np.isnan(values[0]) else (1, "Existing")
    return f"{name} model: {pair[side].undefined.get(HEADLINE, 'there is no such number')}"


def _intervals(
    pairs: dict[str, tuple[Statistic, Statistic]], bootstrap: Bootstrap, rows: int
) -> dict[str, tuple[float, float]]:
    """Give both ends of the interval of each difference."""
    both = {(name, side): one for name, pair in pairs.items() for side, one in enumerate(pair)}
    samples = bootstrap_statistics(
        both, bootstrap.resampling(rows), bootstrap.n_iterations, seed=bootstrap.seed
    )
    ends = {}
    for name in pairs:
        drawn = samples[name, 0][:, :1] - samples[name, 1][:, :1]
        interval = percentile_intervals(np.zeros(1), drawn, bootstrap.ends)[0]
        assert interval is not None
        ends[name] = (interval.lower, interval.upper)
    return ends


def _test(
    pairs: dict[str, tuple[Statistic, Statistic]],
    trained: Answers,
    existing: Answers,
    bootstrap: Bootstrap,
    accuracies: list[str],
) -> dict[str, tuple[float, str]]:
    """Give the p-value of each metric and the name of its test."""
    clusters = bootstrap.clusters()
    if clusters is not None or isinstance(trained, TagAnswers):
        accuracies = []  # tokens of a row, and rows of a cluster, are not right by themselves
    by_exchange = {name: pair for name, pair in pairs.items() if name not in accuracies}
    found = {
        name: (p_value, "permutation")
        for name, p_value in permutation_p_values(
            by_exchange, bootstrap.n_iterations, seed=bootstrap.seed, clusters=clusters
        ).items()
    }
    accuracies = [name for name in accuracies if name in pairs]
    if accuracies:
        p_value = mcnemar_p_value(_right_rows(trained), _right_rows(existing))
        found |= dict.fromkeys(accuracies, (p_value, "mcnemar"))
    return {name: found[name] for name in pairs}


def _right_rows(answers: Answers) -> NDArray[np.bool_]:
    """Say which rows are right as a whole. Shape: ``(rows,)``."""
    kinds = answers.label_sums
    right, units = kinds.table[:, -2:].toarray().T  # the others would be many times as large
    return np.asarray((right == units)[kinds.codes])
