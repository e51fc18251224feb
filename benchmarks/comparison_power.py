"""What the verdict of a comparison is worth: false alarms and power, by simulation.

    python -m benchmarks.comparison_power

Pairs of models are made whose true quality is known, and who mostly agree, as real ones do. Both
answer rows that are drawn, again and again, and each time they are compared as a run compares
them. Printed is how often two models that are equal are called different (p < 0.05) or better,
where they are the same in every respect, and where they are equal by the metric alone; how often
a model that loses as much as the margin is called not worse; and how often a model that is truly
better by 1 to 5 points of accuracy is found to be. ``--figure FILE`` draws the latter.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.compared_models import LARGE, METRICS, Pair, equal_pair, shifted_pair, unlike_pair
from dsf.metrics import Bootstrap, compare_predictions
from dsf.metrics.comparing import VERDICTS

SIZES = (200, 1000, 5000)
POINTS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
COUNTED = METRICS[:2]
ALPHA = 0.05
MOST_FALSE = 0.06
MOST_BETTER = 0.04  # by chance 2.5 %; the ends of 300 samples make it 2.8
MOST_PASSING = 0.03
MARGIN = 0.01
LOSING_SIZES = (50, 100, 200, 500, 1000, 5000)


class Found(NamedTuple):
    """How often what was found for one metric of one pair at one size.

    Attributes:
        metric: Its name.
        rows: How many were drawn each time.
        significant: Share of p-values below alpha.
        verdicts: Word → its share.
        times: How often rows were drawn.
    """

    metric: str
    rows: int
    significant: float
    verdicts: dict[str, float]
    times: int

    def told(self) -> list[str]:
        """Write the metric, the rows, and the shares of false alarms with their errors."""
        shares = (self.significant, self.verdicts["better"], self.verdicts["worse"])
        told = [f"{100 * share:.1f} ± {100 * self.error(share):.1f}" for share in shares]
        return [self.metric, f"{self.rows:,}", *told]

    def error(self, share: float) -> float:
        """Give the standard error of a share."""
        return float(np.sqrt(share * (1 - share) / self.times))


def simulate(
    pair: Pair,
    rows: int,
    times: int,
    samples: int,
    metrics: tuple[str, ...] = METRICS,
) -> list[Found]:
    """Draw rows and compare, again and again.

    Args:
        pair: The models.
        rows: How many to draw.
        times: How often.
        samples: Of each bootstrap and permutation.
        metrics: By which they are compared.
    """
    words: dict[str, Counter[str]] = {metric: Counter() for metric in metrics}
    alarms: Counter[str] = Counter()
    for number in range(times):
        trained, existing = pair.draw(np.random.default_rng([number, rows]), rows)
        bootstrap = Bootstrap(n_iterations=samples, seed=number)
        wanted = dict.fromkeys(metrics, True)
        compared = compare_predictions(trained, existing, wanted, bootstrap=bootstrap)
        for metric, one in compared["differences"].items():
            words[metric][one["verdict"]] += 1
            alarms[metric] += one["p_value"] < ALPHA
    return [
        Found(
            metric,
            rows,
            alarms[metric] / times,
            {word: words[metric][word] / times for word in VERDICTS},
            times,
        )
        for metric in metrics
    ]


def main() -> int:
    """Simulate and print; exit 1 if equal models are told apart too often."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accuracy", type=float, default=0.85, help="of the existing model")
    parser.add_argument("--times", type=int, default=2000, help="data sets of equal models")
    parser.add_argument("--rank-times", type=int, default=1200, help="those for metrics of ranks")
    parser.add_argument("--power-times", type=int, default=100, help="data sets of others")
    parser.add_argument("--workers", type=int, default=2, help="processes at a time")
    parser.add_argument("--samples", type=int, default=300, help="of each bootstrap")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="rows")
    parser.add_argument("--points", type=float, nargs="+", default=list(POINTS))
    parser.add_argument("--large", type=int, default=LARGE, help="rows that tell what is true")
    parser.add_argument("--figure", type=Path, help="draw the power to this file")
    parser.add_argument("--quick", action="store_true", help="a moment, to see that it runs")
    given = parser.parse_args()
    if given.quick:
        given.times, given.rank_times, given.power_times, given.samples = 4, 3, 2, 50
        given.workers = 1
        given.sizes, given.points, given.large = [100], [0.0, 5.0], 2000
    console = Console(width=100)
    accuracy, large = given.accuracy, given.large
    same, unlike = (
        equal_pair(accuracy, large),
        {metric: unlike_pair(accuracy, metric, large) for metric in METRICS},
    )
    worse = shifted_pair(accuracy, -100 * MARGIN, large)
    shifted = [shifted_pair(accuracy, points, large) for points in given.points]
    with ProcessPoolExecutor(given.workers, get_context("spawn")) as pool:
        alarms = [
            (models, pool.submit(compare_equals, given, pair, rows, metric))
            for metric, rows in product(METRICS, given.sizes)
            for models, pair in (("the same", same), ("unlike errors", unlike[metric]))
        ]
        power = [
            pool.submit(simulate, pair, rows, given.power_times, given.samples)
            for pair, rows in product(shifted, given.sizes)
        ]
        losing = [
            pool.submit(simulate, worse, rows, given.times, given.samples, ("accuracy",))
            for rows in (given.sizes if given.quick else LOSING_SIZES)
        ]
        false = []
        for models, one in alarms:
            false.append((models, one.result()))
            print("done:", models, *false[-1][1].told(), file=sys.stderr, flush=True)
        console.print(_alarm_table(false))
        lost = [each for one in losing for each in one.result()]
        console.print(_losing_table(lost))
        found = [each for one in power for each in one.result()]
    console.print(_power_table(found, given))
    if given.figure:
        from benchmarks.power_figure import draw_power

        draw_power(found, given.points, given.figure)
    return 0 if given.quick else _judge(false, lost, console)


def compare_equals(given: argparse.Namespace, pair: Pair, rows: int, metric: str) -> Found:
    """Compare models that are equal by a metric."""
    times = given.times if metric in COUNTED else given.rank_times
    (found,) = simulate(pair, rows, times, given.samples, (metric,))
    return found


def _alarm_table(false: list[tuple[str, Found]]) -> Table:
    table = Table(title="Two models that are equal", title_justify="left")
    for name in ("models", "metric", "rows", "p < 0.05, %", "better, %", "worse, %"):
        table.add_column(name, justify="left" if name in {"models", "metric"} else "right")
    for models, one in sorted(false, key=lambda pair: (pair[0], METRICS.index(pair[1].metric))):
        table.add_row(models, *one.told())
    return table


def _losing_table(lost: list[Found]) -> Table:
    table = Table(
        title=f"A model whose accuracy is lower by the margin, {MARGIN:g}", title_justify="left"
    )
    for name in ("rows", "better or not worse, %", "worse, %", "undecided, %"):
        table.add_column(name, justify="right")
    for one in lost:
        shares = (_passing(one), one.verdicts["worse"], one.verdicts["undecided"])
        told = [f"{100 * share:.1f} ± {100 * one.error(share):.1f}" for share in shares]
        table.add_row(f"{one.rows:,}", *told)
    return table


def _passing(one: Found) -> float:
    """Share of the times in which a pipeline would have let the new model pass."""
    return one.verdicts["better"] + one.verdicts["not worse"]


def _power_table(power: list[Found], given: argparse.Namespace) -> Table:
    table = Table(
        title="Called better, % of the times, by how much better it is in points of accuracy",
        title_justify="left",
    )
    table.add_column("metric")
    for name in ("rows", *(f"{points:g}" for points in given.points)):
        table.add_column(name, justify="right")
    for metric in METRICS:
        for rows in given.sizes:
            shares = [
                f"{100 * one.verdicts['better']:.0f}"
                for one in power
                if (one.metric, one.rows) == (metric, rows)
            ]
            table.add_row(metric, f"{rows:,}", *shares)
    return table


def _judge(false: list[tuple[str, Found]], lost: list[Found], console: Console) -> int:
    """Name what is above its limit by more than two standard errors."""
    missed = [
        f"{models}, {one.metric}, {one.rows} rows: {what} {100 * share:.1f} %"
        for models, one in false
        for what, share, most in (
            ("p < 0.05 in", one.significant, MOST_FALSE),
            ("better in", one.verdicts["better"], MOST_BETTER),
        )
        if share > most + 2 * one.error(most)
    ]
    missed += [
        f"worse by the margin, {one.rows} rows: not worse in {100 * _passing(one):.1f} %"
        for one in lost
        if _passing(one) > MOST_PASSING + 2 * one.error(MOST_PASSING)
    ]
    console.print("Above the limits:", *(missed or ["none"]), sep="\n- ")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
