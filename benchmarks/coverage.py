"""How often an interval that promises 95 % covers what it should: by simulation.

    python -m benchmarks.coverage

From populations that are known, data sets of 500 and of 5,000 rows are drawn again and again. Each
gets intervals as a run gives them. Printed is the share of intervals that cover the population's
own value, with its standard error, and on which side the others lie. ``--why`` adds how far the
measured value, and the samples, lie beside what they stand for, and what other intervals from the
same samples would cover; ``--by-label`` adds each label by itself. Calibration error is reported,
not promised.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from benchmarks.made_populations import POPULATIONS, DataSet, Population
from dsf.metrics.resampling import (
    Bootstrap,
    Interval,
    bootstrap_statistics,
    percentile_intervals,
)

SIZES = (500, 5000)
PROMISED = (0.93, 0.97)
NOT_PROMISED = ("expected_calibration_error",)
LARGE = 1_000_000  # rows of which a population's values are taken, four times

Key = tuple[str, str | None]  # a metric and the label it is of; none: of all


class Seen(NamedTuple):
    """What one data set gave for one metric. All are numbers of the metric itself.

    Attributes:
        value: Measured.
        mean: Of the samples.
        percentile: Both ends.
        basic: Both ends of the interval that turns the samples around the value.
        corrected: Both ends, shifted by the share of samples below the value.
    """

    value: float
    mean: float
    percentile: tuple[float, float]
    basic: tuple[float, float]
    corrected: tuple[float, float]


@cache
def find_truth(population: Population, large: int) -> dict[Key, float]:
    """Give the population's value of each metric, and of each label, from very many rows."""
    found: dict[Key, list[float]] = {}
    for part in range(4):
        drawn = population.draw(np.random.default_rng([part, 0]), large)
        for name, statistic in drawn.statistics.items():
            for number, value in zip(statistic.numbers, statistic.measure(), strict=True):
                found.setdefault((name, number.label), []).append(float(value))
    return {key: float(np.mean(values)) for key, values in found.items()}


def study(drawn: DataSet, bootstrap: Bootstrap, by_label: bool = False) -> dict[Key, Seen]:
    """Make the intervals of one data set: of each metric, and of each label, if that is wished."""
    rows = next(iter(drawn.statistics.values())).rows
    resampling = bootstrap.resampling(rows)
    samples = bootstrap_statistics(
        drawn.statistics, resampling, bootstrap.n_iterations, seed=bootstrap.seed
    )
    seen = {}
    for name, statistic in drawn.statistics.items():
        count = len(statistic.numbers) if by_label else 1
        measured, values = statistic.measure()[:count], samples[name][:, :count]
        intervals = percentile_intervals(measured, values, bootstrap.ends)
        for place, interval in enumerate(intervals):
            if interval is not None:  # this data set has the label
                key = name, statistic.numbers[place].label
                seen[key] = _see(interval, values[:, place], bootstrap.ends)
    return seen


def _see(interval: Interval, samples: np.ndarray, ends: tuple[float, float]) -> Seen:
    value, there = interval.value, samples[~np.isnan(samples)]
    return Seen(
        value,
        float(there.mean()),
        (interval.lower, interval.upper),
        (2 * value - interval.upper, 2 * value - interval.lower),
        _correct(value, there, ends),
    )


def _correct(value: float, samples: np.ndarray, ends: tuple[float, float]) -> tuple[float, float]:
    """Bias-corrected percentile interval (Efron and Tibshirani 1993, section 14.3, a = 0)."""
    below = ((samples < value).mean() + (samples <= value).mean()) / 2
    edge = 0.5 / len(samples)
    shift = 2 * norm.ppf(np.clip(below, edge, 1 - edge))
    shares = norm.cdf(shift + norm.ppf(np.array(ends) / 100))
    low, high = np.percentile(samples, 100 * shares)
    return float(low), float(high)


def share_covering(truth: float, intervals: list[tuple[float, float]]) -> float:
    """Give the share of intervals that cover the truth."""
    return float(np.mean([low <= truth <= high for low, high in intervals]))


class Line(NamedTuple):
    """One line of the table."""

    population: str
    rows: int
    way: str
    metric: str
    truth: float
    seen: list[Seen]

    @property
    def coverage(self) -> float:
        """Share of the percentile intervals that cover."""
        return share_covering(self.truth, [one.percentile for one in self.seen])

    @property
    def error(self) -> float:
        """Standard error of that share."""
        return float(np.sqrt(self.coverage * (1 - self.coverage) / len(self.seen)))

    def describe(self) -> str:
        """Give the line of the main table."""
        below = np.mean([one.percentile[1] < self.truth for one in self.seen])
        above = np.mean([one.percentile[0] > self.truth for one in self.seen])
        width = np.mean([one.percentile[1] - one.percentile[0] for one in self.seen])
        return (
            f"| {self.population} | {self.rows} | {self.way} | {self.metric} | {self.truth:.4f} "
            f"| {width:.4f} | {100 * self.coverage:.1f} ± {100 * self.error:.1f} "
            f"| {100 * below:.1f} | {100 * above:.1f} |"
        )

    def explain(self) -> str:
        """Give the line of the table of reasons."""
        values = np.array([one.value for one in self.seen])
        means = np.array([one.mean for one in self.seen])
        spread = values.std()
        basic = share_covering(self.truth, [one.basic for one in self.seen])
        corrected = share_covering(self.truth, [one.corrected for one in self.seen])
        return (
            f"| {self.population} | {self.rows} | {self.way} | {self.metric} "
            f"| {(values.mean() - self.truth) / spread:+.2f} "
            f"| {(means - values).mean() / spread:+.2f} "
            f"| {100 * self.coverage:.1f} | {100 * basic:.1f} | {100 * corrected:.1f} |"
        )


def simulate(population: Population, rows: int, given: argparse.Namespace) -> list[Line]:
    """Draw data sets of one size, and see what their intervals cover."""
    truth = find_truth(population, given.large)
    seen: dict[tuple[str, Key], list[Seen]] = {}
    for number in range(given.datasets):
        drawn = population.draw(np.random.default_rng([given.seed, rows, number]), rows)
        for way in population.ways:
            groups = None if way == "rows" else drawn.groups
            bootstrap = Bootstrap(given.samples, resample=way, seed=number, groups=groups)
            for key, one in study(drawn, bootstrap, given.by_label).items():
                seen.setdefault((way, key), []).append(one)
    return [
        Line(population.name, rows, way, " of ".join(filter(None, key)), truth[key], each)
        for (way, key), each in seen.items()
    ]


def main() -> int:
    """Simulate; exit 1 if an interval that is promised covers too little or too much."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--datasets", type=int, default=1000)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--only", default="", help="populations whose name has this")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--large", type=int, default=LARGE)
    parser.add_argument("--why", action="store_true")
    parser.add_argument("--by-label", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a few data sets, to see it work")
    given = parser.parse_args()
    if given.quick:
        given.datasets, given.samples, given.sizes, given.large = 4, 100, [100], 10_000
    print("| population | rows | drawn by | metric | value | width | covers, % | below | above |")
    print("|---|---|---|---|---|---|---|---|---|")
    lines = []
    for population in POPULATIONS:
        for rows in given.sizes if given.only in population.name else ():
            for line in simulate(population, rows, given):
                print(line.describe(), flush=True)
                lines.append(line)
    if given.why:
        print(
            "\n| population | rows | drawn by | metric | value beside truth | samples beside value"
        )
        print("| percentile | basic | bias-corrected |\n|---|---|---|---|---|---|---|---|---|")
        print("\n".join(line.explain() for line in lines))
    missed = _judge(lines)
    return 0 if given.quick else missed


def _judge(lines: list[Line]) -> int:
    """Name the lines that do not keep the promise; two standard errors are left to chance."""
    best = {line.population: line.way for line in lines}  # the last way suits the population
    low, high = PROMISED
    chance = 2 * np.sqrt(0.95 * 0.05 / len(lines[0].seen))
    missed = [
        line
        for line in lines
        if line.metric not in NOT_PROMISED and line.way == best[line.population]
        if not low - chance <= line.coverage <= high + chance
    ]
    print(f"\nOutside {100 * low:g} to {100 * high:g} %, by more than two standard errors:")
    for line in missed:
        print(f"- {line.population}, {line.rows} rows, {line.metric}: {100 * line.coverage:.1f} %")
    print("" if missed else "- none")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
