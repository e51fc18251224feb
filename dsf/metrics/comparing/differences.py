"""Two models on the same rows, metric by metric: the difference, its interval, its test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

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
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dsf.metrics.answers import Answers
    from dsf.metrics.resampling.settings import Bootstrap
    from dsf.metrics.statistics.statistic import Statistic
    from dsf.metrics.wanted import WantedMetric

__all__ = ["Difference", "Differences", "find_differences"]

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
        units: How many rows, or clusters of them, the samples were drawn from; ``None`` if that is
            not known.
        missing_samples: Share of the samples that do not have the metric.
        same_answers: Whether both models answer every row alike.
        of_clusters: Whether the units are clusters.
        samples_needed: How many samples it takes to have such ends at all; 0 if there were as many.
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
    units: int | None = None
    missing_samples: float = 0.0
    same_answers: bool = False
    of_clusters: bool = False
    samples_needed: int = 0

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
        if self.missing_samples:
            found["missing_samples"] = self.missing_samples
        if self.test is None:
            return found
        return found | {"p_value": self.p_value, "p_holm": self.p_holm, "test": self.test}


class Differences(NamedTuple):
    """All that differs between two models.

    Attributes:
        metrics: Metric → its difference.
        outputs: Output → metric → its difference, untested, where a row has several outputs.
        undefined: Metrics that a model does not have → reason.
    """

    metrics: dict[str, Difference]
    outputs: dict[str, dict[str, Difference]]
    undefined: dict[str, str]


def find_differences(
    trained: Answers,
    existing: Answers,
    wanted: Sequence[WantedMetric],
    bootstrap: Bootstrap,
    *,
    test: bool = True,
    same_answers: bool = False,
) -> Differences:
    """Compare two models, metric by metric; both are sampled on the same rows.

    The accuracy of rows is tested by McNemar's test, all else by exchanging the answers of the two
    models; if rows are drawn in clusters, they are exchanged in clusters, and all is tested so.

    Args:
        trained: What the new model answered.
        existing: What the existing one answered, on the same rows in the same order.
        wanted: The metrics.
        bootstrap: How intervals are drawn, and how often answers are exchanged.
        test: Whether p-values are computed.
        same_answers: Whether the two are one.
    """
    pairs, reasons = _pair_up(trained, existing, wanted)
    if not pairs:
        return Differences({}, {}, reasons)
    drawn = _draw(pairs, bootstrap, trained.rows)
    empty = [name for name, samples in drawn.items() if np.isnan(samples[:, 0]).all()]
    reasons |= dict.fromkeys(empty, _NO_SAMPLE)
    pairs = {name: pair for name, pair in pairs.items() if name not in reasons}
    exact = [one.name for one in wanted if one.metric is METRICS["accuracy"]]
    spreads = {name: float(np.nanstd(drawn[name][:, 0])) for name in pairs}
    tests = _test(pairs, (trained, existing), bootstrap, exact, spreads) if test else {}
    corrected = holm({name: p_value for name, (p_value, _) in tests.items()})
    less = {metric.name: metric.less_is_better for metric in wanted}
    found: dict[str, Difference] = {}
    outputs: dict[str, dict[str, Difference]] = {}
    for name, pair in pairs.items():
        known = {"less_is_better": less[name], "same_answers": same_answers}
        for output, one in _differ(pair, drawn[name], bootstrap, known).items():
            if output is not None:
                outputs.setdefault(output, {})[name] = one
                continue
            p_value, kind = tests.get(name, (None, None))
            found[name] = replace(one, p_value=p_value, p_holm=corrected.get(name), test=kind)
    return Differences(found, outputs, reasons)


def _differ(
    pair: tuple[Statistic, Statistic],
    samples: NDArray[np.float64],
    bootstrap: Bootstrap,
    known: Mapping[str, Any],
) -> dict[str | None, Difference]:
    """Give the difference of the headline, under ``None``, and of each output, untested."""
    mine, theirs = (dict(zip(one.numbers, one.measure(), strict=True)) for one in pair)
    found = {}
    for place, number in enumerate(pair[0].numbers):
        values = float(mine[number]), float(theirs.get(number, np.nan))
        drawn = samples[:, place]
        if number.label is not None or np.isnan(values).any() or np.isnan(drawn).all():
            continue
        found[number.output] = Difference(
            *values,
            values[0] - values[1],
            *_ends(drawn, bootstrap),
            units=bootstrap.units(pair[0].rows),
            missing_samples=float(np.isnan(drawn).mean()),
            of_clusters=bootstrap.resample == "clusters",
            samples_needed=bootstrap.samples_needed,
            **known,
        )
    return found


def _pair_up(
    trained: Answers, existing: Answers, wanted: Sequence[WantedMetric]
) -> tuple[dict[str, tuple[Statistic, Statistic]], dict[str, str]]:
    """Give the statistics that both models have, and why others are not among them."""
    mine, missing = make_statistics(trained, wanted)
    theirs, more = make_statistics(existing, wanted)
    reasons = {name: f"Existing model: {reason}" for name, reason in more.items()}
    reasons |= {name: f"Trained model: {reason}" for name, reason in missing.items()}
    pairs = {name: (mine[name], theirs[name]) for name in mine if name in theirs}
    measured = {name: [one.measure()[0] for one in pair] for name, pair in pairs.items()}
    reasons |= {
        name: _why(pairs[name], values)
        for name, values in measured.items()
        if np.isnan(values).any()
    }
    return {name: pair for name, pair in pairs.items() if name not in reasons}, reasons


def _why(pair: tuple[Statistic, Statistic], values: Sequence[float]) -> str:
    """Say why one of the two models does not have a metric."""
    side, name = (0, "Trained") if np.isnan(values[0]) else (1, "Existing")
    return f"{name} model: {pair[side].undefined.get(HEADLINE, 'there is no such number')}"


def _draw(
    pairs: dict[str, tuple[Statistic, Statistic]], bootstrap: Bootstrap, rows: int
) -> dict[str, NDArray[np.float64]]:
    """Give the differences of samples. Shape: ``(samples, numbers of the first model)`` each."""
    both = {(name, side): one for name, pair in pairs.items() for side, one in enumerate(pair)}
    samples = bootstrap_statistics(
        both, bootstrap.resampling(rows), bootstrap.n_iterations, seed=bootstrap.seed
    )
    drawn = {}
    for name, (mine, theirs) in pairs.items():
        places = {number: place for place, number in enumerate(theirs.numbers)}
        found = np.full_like(samples[name, 0], np.nan)
        for place, number in enumerate(mine.numbers):
            if number in places:
                other = samples[name, 1][:, places[number]]
                found[:, place] = samples[name, 0][:, place] - other
        drawn[name] = found
    return drawn


def _ends(samples: NDArray[np.float64], bootstrap: Bootstrap) -> tuple[float, float]:
    """Give both ends of the interval of a difference."""
    interval = percentile_intervals(np.zeros(1), samples[:, None], bootstrap.ends)[0]
    assert interval is not None
    return interval.lower, interval.upper


def _test(
    pairs: dict[str, tuple[Statistic, Statistic]],
    answers: tuple[Answers, Answers],
    bootstrap: Bootstrap,
    accuracies: list[str],
    spreads: Mapping[str, float],
) -> dict[str, tuple[float, str]]:
    """Give the p-value of each metric and the name of its test."""
    clusters = bootstrap.clusters()
    if clusters is not None or isinstance(answers[0], TagAnswers):
        accuracies = []  # tokens of a row, and rows of a cluster, are not right by themselves
    by_exchange = {name: pair for name, pair in pairs.items() if name not in accuracies}
    found = {
        name: (p_value, "permutation")
        for name, p_value in permutation_p_values(
            by_exchange,
            bootstrap.n_iterations,
            seed=bootstrap.seed,
            clusters=clusters,
            spreads=spreads,
        ).items()
    }
    accuracies = [name for name in accuracies if name in pairs]
    if accuracies:
        p_value = mcnemar_p_value(*(_right_rows(one) for one in answers))
        found |= dict.fromkeys(accuracies, (p_value, "mcnemar"))
    return {name: found[name] for name in pairs}


def _right_rows(answers: Answers) -> NDArray[np.bool_]:
    """Say which rows are right as a whole. Shape: ``(rows,)``."""
    kinds = answers.label_sums
    right, units = kinds.table[:, -2:].toarray().T  # the others would be many times as large
    return np.asarray((right == units)[kinds.codes])
