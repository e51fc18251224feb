"""How far rates could lie from what was measured: the rows drawn again, many times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import ConfigError, Problem
from dsf.metrics.label_counts import divide
from dsf.metrics.multilabel import as_switches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["RATES", "Interval", "RateIntervals", "bootstrap_rates"]

RATES = ("tpr", "fpr", "fnr", "tnr")
"""Of the rows that have a label, the share that is answered (tpr) and missed (fnr); of those
without it, the share that is answered (fpr) and left alone (tnr)."""

_CHUNK = 2_000_000  # numbers held at a time


@dataclass(frozen=True)
class Interval:
    """A rate with its error bars.

    Attributes:
        value: Measured on the rows as they are.
        lower: Lower end of the bars.
        upper: Upper end.
    """

    value: float
    lower: float
    upper: float


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

    Rows of the same truth and answers are drawn together, by a multinomial: that is what drawing
    single rows comes to, in a small part of the time. Where the divisor is 0, a rate is 0.

    Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13.

    Args:
        targets: 1 where a row has a label, else 0. Shape: ``(rows, labels)``.
        answers: The same of the answers. Shape: ``(rows, labels)``.
        n_iterations: How often all rows are drawn.
        percentile: Lower end of the bars among what was drawn; the upper one is as far from 100.
        seed: Of the draws.

    Raises:
        ConfigError: If the percentile or the number of iterations cannot be used; lists both.
        DataError: If the shapes differ, or anything is neither 0 nor 1.
    """
    _check(n_iterations, percentile)
    true, answered = as_switches(targets, answers)
    rows, labels = true.shape
    if not rows:
        nothing = dict.fromkeys(RATES, Interval(0.0, 0.0, 0.0))
        return RateIntervals(nothing, [nothing] * labels, 0)
    kinds, sizes = _group(true, answered)
    measured = _rates(sizes[None], kinds)[0]
    drawn = _draw(kinds, sizes, n_iterations, np.random.default_rng(seed))
    ends = sorted((percentile, 100 - percentile))
    lower, upper = np.percentile(drawn, ends, axis=0)
    mean_lower, mean_upper = np.percentile(drawn.mean(axis=2), ends, axis=0)
    macro = _intervals(measured.mean(axis=1), mean_lower, mean_upper)
    each = [_intervals(measured[:, n], lower[:, n], upper[:, n]) for n in range(labels)]
    return RateIntervals(macro, each, rows)


def _group(
    true: NDArray[np.bool_], answered: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Find the kinds of rows there are.

    Returns:
        1 where a kind is a hit, a false alarm, a miss or a rightful silence: Shape:
        ``(4, kinds, labels)``, in the order of :data:`RATES`; and how many rows each kind has.
    """
    packed = np.packbits(np.hstack([true, answered]), axis=1)
    _, first, sizes = np.unique(packed, axis=0, return_index=True, return_counts=True)
    yes, said = true[first], answered[first]
    kinds = np.stack([yes & said, ~yes & said, yes & ~said, ~yes & ~said])
    return kinds.astype(np.float64), sizes.astype(np.int64)


def _rates(sizes: NDArray[np.int64], kinds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the rates of draws. Shape: ``(draws, 4, labels)``.

    Args:
        sizes: How often each kind of row was drawn. Shape: ``(draws, kinds)``.
        kinds: What :func:`_group` gave.
    """
    hits, alarms, misses, silences = (sizes @ kind for kind in kinds)
    have, have_not = hits + misses, alarms + silences
    rates = [
        divide(hits, have),
        divide(alarms, have_not),
        divide(misses, have),
        divide(silences, have_not),
    ]
    return np.stack(rates, axis=1)


def _draw(
    kinds: NDArray[np.float64], sizes: NDArray[np.int64], times: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Give the rates of rows drawn anew. Shape: ``(times, 4, labels)``."""
    rows, at_once = int(sizes.sum()), max(1, _CHUNK // len(sizes))
    shares = sizes / rows
    return np.concatenate(
        [
            _rates(generator.multinomial(rows, shares, size=min(at_once, times - done)), kinds)
            for done in range(0, times, at_once)
        ]
    )


def _intervals(
    values: NDArray[np.float64], lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> dict[str, Interval]:
    return {
        rate: Interval(float(value), float(low), float(high))
        for rate, value, low, high in zip(RATES, values, lower, upper, strict=True)
    }


def _check(n_iterations: int, percentile: float) -> None:
    problems = []
    if n_iterations < 1:
        problems.append(Problem("n_iterations", f"must be at least 1, but is {n_iterations}."))
    if not 0 < percentile < 100:
        message = f"must lie between 0 and 100, but is {percentile}."
        problems.append(Problem("percentile", message))
    if problems:
        raise ConfigError("The error bars cannot be computed.", problems)


def _flat(rates: dict[str, Interval], *, suffix: str) -> dict[str, float]:
    numbers = {}
    for rate, interval in rates.items():
        numbers[f"{rate}{suffix}"] = interval.value
        numbers[f"{rate}_error_bars_lower"] = interval.lower
        numbers[f"{rate}_error_bars_upper"] = interval.upper
    return numbers
