"""A bootstrap of 1,000 samples: ours against a loop over scikit-learn, on the same samples.

    pip install 'dsf-trainer[fast]'
    python -m benchmarks.bootstrap

All ways compute micro and macro F1, macro ROC-AUC and macro average precision of the same made-up
100,000 rows of 6 labels. scikit-learn does a few samples, and its seconds are multiplied. Ours
does all of them: with numpy alone, with numba, on one processor and on all; and F1 alone by drawing
kinds of rows in place of rows. Printed are seconds, the processors' seconds (which say more where
others use the machine), ratios of both, and the largest difference to scikit-learn.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.metrics import read_metrics
from dsf.metrics.answers import answers_of
from dsf.metrics.resampling import ByRow, Resampling, bootstrap_statistics
from dsf.metrics.statistics.kernels import load_numba

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dsf.metrics.statistics import Draws, Statistic

METRICS = ("f1_micro", "f1_macro", "roc_auc", "average_precision")
FLOORS = {"numpy alone": 40.0, "with numba": 150.0, "F1 by kinds": 1500.0}  # times as fast
CLOSE = 1e-12
SEED = 7


class Made(NamedTuple):
    """Made-up answers of a model. Shape: ``(rows, labels)`` each."""

    truth: np.ndarray
    probabilities: np.ndarray
    answers: np.ndarray


class SameRows(Resampling):
    """Rows one by one, for every metric the same: kinds of rows are never drawn."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._draw = ByRow(rows).draw

    def draw(self, generator: np.random.Generator, times: int) -> Draws:
        return self._draw(generator, times)


def make_answers(rows: int, labels: int) -> Made:
    """Make labels in 2 to 30 % of the rows, and probabilities of a middling model, in float32."""
    generator = np.random.default_rng(SEED)
    shares = np.geomspace(0.02, 0.3, labels)
    truth = generator.random((rows, labels)) < shares
    logits = np.log(shares / (1 - shares)) + 2.0 * truth - 0.7
    logits += generator.normal(size=(rows, labels))
    probabilities = (1 / (1 + np.exp(-logits))).astype(np.float32).astype(np.float64)
    return Made(truth, probabilities, probabilities > 0.5)


def make_statistics(made: Made) -> dict[str, Statistic]:
    """Make our statistics of the four metrics."""
    rows, labels = made.truth.shape
    predictions = MultiLabelPredictions(
        row_ids=np.arange(rows).astype(str),
        targets=made.truth.astype(np.int8),
        probabilities=made.probabilities,
        thresholds=np.full(labels, 0.5),
        labels=[f"label_{number}" for number in range(labels)],
    )
    answers = answers_of(predictions)
    return {one.name: one.make(answers) for one in read_metrics(dict.fromkeys(METRICS, True))}


def score_with_sklearn(made: Made, rows: np.ndarray) -> list[float]:
    """Score one sample as everyone does."""
    truth, scores = made.truth[rows], made.probabilities[rows]
    return [
        *score_f1_with_sklearn(made, rows),
        float(roc_auc_score(truth, scores, average="macro")),
        float(average_precision_score(truth, scores, average="macro")),
    ]


def score_f1_with_sklearn(made: Made, rows: np.ndarray) -> list[float]:
    """Score one sample by both F1."""
    truth, answers = made.truth[rows], made.answers[rows]
    return [float(f1_score(truth, answers, average=each)) for each in ("micro", "macro")]


class Cost(NamedTuple):
    """Seconds that passed, and seconds that processors worked."""

    wall: float
    work: float

    def __sub__(self, other: object) -> Cost:
        assert isinstance(other, Cost)
        return Cost(self.wall - other.wall, self.work - other.work)

    def least(self, other: Cost) -> Cost:
        """Give the lower of both."""
        return Cost(min(self.wall, other.wall), min(self.work, other.work))


ENDLESS = Cost(float("inf"), float("inf"))


def now() -> Cost:
    """Read both clocks."""
    return Cost(time.perf_counter(), time.process_time())


def measure_loop(
    score: Callable[[Made, np.ndarray], list[float]], made: Made, drawn: np.ndarray
) -> tuple[Cost, np.ndarray]:
    """Give the least cost of a sample, and the scores of all. Shape: ``(samples, metrics)``.

    Args:
        score: Scores one sample.
        made: The rows.
        drawn: Numbers of the rows of each sample.
    """
    scores, least = [], ENDLESS
    for rows in drawn:
        started = now()
        scores.append(score(made, rows))
        least = least.least(now() - started)
    return least, np.array(scores)


def measure_ours(
    made: Made, names: tuple[str, ...], resampling: Resampling, samples: int
) -> tuple[Cost, np.ndarray]:
    """Give the cost of one bootstrap, and its headlines. Shape: ``(samples, metrics)``.

    What is prepared once (sorting the rows) is made anew and counts; reading answers does not.
    """
    statistics = {name: one for name, one in make_statistics(made).items() if name in names}
    started = now()
    found = bootstrap_statistics(statistics, resampling, samples, seed=SEED)
    cost = now() - started
    return cost, np.column_stack([each[:, 0] for each in found.values()])


class Way(NamedTuple):
    """A way of ours to compute the same."""

    name: str
    with_numba: bool
    processors: int
    names: tuple[str, ...] = METRICS
    by_kind: bool = False


def list_ways() -> list[Way]:
    """List what is measured: each on one processor, and on all of this machine."""
    counts = sorted({1, len(os.sched_getaffinity(0))})
    ways = [Way("numpy alone", False, count) for count in counts]
    ways += [Way("with numba", True, count) for count in counts]
    return [*ways, *(Way("F1 by kinds", False, count, METRICS[:2], True) for count in counts)]


@contextmanager
def setting(way: Way) -> Iterator[None]:
    """Give a way its processors, and numba or none."""
    allowed = os.sched_getaffinity(0)
    there = sys.modules.get("numba")
    os.sched_setaffinity(0, sorted(allowed)[: way.processors])
    if not way.with_numba:
        sys.modules["numba"] = None  # type: ignore[assignment]  # as if it were not installed
    load_numba.cache_clear()
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
        sys.modules.pop("numba")
        if there is not None:
            sys.modules["numba"] = there
        load_numba.cache_clear()


def main() -> int:
    """Measure all ways; exit 1 if a floor is missed or numbers differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--labels", type=int, default=6)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--sklearn-samples", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    made = make_answers(given.rows, given.labels)
    ways = [way for way in list_ways() if find_spec("numba") or not way.with_numba]
    warm_up(ways)
    drawn = list_drawn(made, given.sklearn_samples)
    loop = of_f1 = ENDLESS
    best, differences = dict.fromkeys(ways, ENDLESS), [0.0]
    for _ in range(given.rounds):
        cost, expected = measure_loop(score_with_sklearn, made, drawn)
        loop = loop.least(cost)
        of_f1 = of_f1.least(measure_loop(score_f1_with_sklearn, made, drawn)[0])
        for way in ways:
            with setting(way):
                resampling = (ByRow if way.by_kind else SameRows)(given.rows)
                cost, found = measure_ours(made, way.names, resampling, given.samples)
            best[way] = best[way].least(cost)
            if not way.by_kind:
                differences.append(float(np.abs(found[: len(expected)] - expected).max()))
    return report(given, [loop, of_f1], best, max(differences))


def warm_up(ways: list[Way]) -> None:
    """Load and compile what is compiled, on a few rows."""
    small = make_answers(20_000, 2)
    for way in ways:
        with setting(way):
            started = time.perf_counter()
            measure_ours(small, METRICS, SameRows(20_000), 100)
            if way.with_numba and way.processors == 1:
                seconds = time.perf_counter() - started
                print(f"Loading numba and its loops, on 20,000 rows: {seconds:.1f} s\n")


def list_drawn(made: Made, samples: int) -> np.ndarray:
    """Draw the rows of our first samples again. Shape: ``(samples, rows)``."""
    rows = len(made.truth)
    seen: list[np.ndarray] = []

    class Spy(SameRows):
        def draw(self, generator: np.random.Generator, times: int) -> Draws:
            draws = super().draw(generator, times)
            assert draws.indices is not None
            seen.extend(draws.indices)
            return draws

    with setting(Way("", False, 1)):
        some = {"f1_micro": make_statistics(made)["f1_micro"]}
        bootstrap_statistics(some, Spy(rows), 10, seed=SEED)
    return np.array(seen[:samples])


def report(
    given: argparse.Namespace, loops: list[Cost], best: dict[Way, Cost], difference: float
) -> int:
    """Print the table; give 1 if a floor is missed, by both clocks."""
    print("| way | processors | seconds | times as fast | processor seconds | times less | floor |")
    print("|---|---|---|---|---|---|---|")
    reached: dict[str, float] = {}
    for way, cost in best.items():
        loop = loops[1 if way.by_kind else 0]
        faster, less = (given.samples * a / b for a, b in zip(loop, cost, strict=True))
        reached[way.name] = max(faster, less, reached.get(way.name, 0))
        print(
            f"| {way.name} | {way.processors} | {cost.wall:.3f} | {faster:.0f} "
            f"| {cost.work:.3f} | {less:.0f} | {FLOORS[way.name]:g} |"
        )
    few, whole = given.sklearn_samples, [given.samples * each for each in loops[0]]
    print(f"\nscikit-learn: the fastest of {few} samples a round, times {given.samples}: ", end="")
    print(f"{whole[0]:.0f} s, of which F1 {given.samples * loops[1].wall:.0f} s", end="; ")
    print(f"by the processor's clock {whole[1]:.0f} and {given.samples * loops[1].work:.0f} s")
    print(f"Largest difference on the same samples: {difference:.1e} (at most {CLOSE:g})")
    missed = [name for name, ratio in reached.items() if ratio < FLOORS[name]]
    print("Floors:", f"MISSED by {', '.join(missed)}" if missed else "held")
    return int(bool(missed) or difference > CLOSE)


if __name__ == "__main__":
    sys.exit(main())
