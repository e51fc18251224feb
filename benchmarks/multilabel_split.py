"""Iterative stratification of rows with several labels: ours against ``iterative-stratification``.

    pip install iterative-stratification
    python -m benchmarks.multilabel_split

Both split the same 100,000 rows of 20 labels into three parts, in turns. Printed are the seconds,
their ratio, and how far a label's share of a part is from its share of all rows, in points.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dsf.data import PARTS, split_rows

if TYPE_CHECKING:
    from collections.abc import Callable

RATIOS = (0.75, 0.15, 0.10)
FASTER, GAP = 3.0, 0.05  # the floors: times as fast; points

Parts = list[np.ndarray]


def make_labels(kind: str, rows: int, labels: int) -> np.ndarray:
    """Make 0/1 labels. Shape: ``(rows, labels)``.

    Args:
        kind: ``frequent``: each label in 2 to 30 % of the rows; ``rare``: from 0.1 % on.
        rows: How many rows.
        labels: How many labels.
    """
    shares = {
        "frequent": np.linspace(0.02, 0.3, labels),
        "rare": np.geomspace(0.001, 0.3, labels),
    }
    drawn = np.random.default_rng(0).random((rows, labels))
    return (drawn < shares[kind]).astype(np.int8)


def split_ours(labels: np.ndarray) -> Parts:
    """Split with dsf."""
    names = [f"label_{number}" for number in range(labels.shape[1])]
    rows = pd.DataFrame(labels, columns=names)
    ratios: dict[str, float | None] = dict(zip(PARTS, RATIOS, strict=True))
    parts = split_rows(rows, ratios, strategy="multilabel", label_columns=names)
    return [part.to_numpy() for part in parts.values()]


def split_theirs(labels: np.ndarray) -> Parts:
    """Split with iterative-stratification."""
    from iterstrat.ml_stratifiers import IterativeStratification

    random = np.random.RandomState(0)
    codes = IterativeStratification(labels.astype(bool), np.array(RATIOS), random)
    return [labels[codes == code] for code in range(len(RATIOS))]


def main() -> int:
    """Measure both; exit 1 if a floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--labels", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    if importlib.util.find_spec("iterstrat") is None:
        print("iterative-stratification must be installed: pip install iterative-stratification")
        return 2
    missed = False
    print("| labels | way | seconds | x ours | largest gap, points |\n|---|---|---|---|---|")
    for kind in ("frequent", "rare"):
        labels = make_labels(kind, given.rows, given.labels)
        ways = {"ours": split_ours, "iterative-stratification": split_theirs}
        seconds, gaps = _measure(labels, ways, given.rounds)
        for way in ways:
            ratio = seconds[way] / seconds["ours"]
            print(f"| {kind} | {way} | {seconds[way]:.3f} | {ratio:.1f} | {gaps[way]:.4f} |")
        slow = seconds["iterative-stratification"] < FASTER * seconds["ours"]
        missed |= slow or gaps["ours"] > GAP
    print(f"Floors: {FASTER:g} times as fast, a gap of at most {GAP:g} points:", end=" ")
    print("MISSED" if missed else "held")
    return int(missed)


def _measure(
    labels: np.ndarray, ways: dict[str, Callable[[np.ndarray], Parts]], rounds: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Time the ways in turns: the median of the rounds; and find their largest gaps."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    gaps = {}
    for _ in range(rounds):
        for way, split in ways.items():
            started = time.perf_counter()
            parts = split(labels)
            times[way].append(time.perf_counter() - started)
            distances = [np.abs(part.mean(axis=0) - labels.mean(axis=0)).max() for part in parts]
            gaps[way] = 100 * float(max(distances))
    return {way: statistics.median(taken) for way, taken in times.items()}, gaps


if __name__ == "__main__":
    sys.exit(main())
