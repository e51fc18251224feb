"""The innermost loops of a bootstrap, compiled by numba where it is installed.

Each is a plain function over arrays; where numba is absent, numpy does the same in other steps.
Indices are unsigned: signed ones could count from the end, and looking whether they do takes longer
than the sums themselves.
"""

from __future__ import annotations

import logging
import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import MissingExtraError
from dsf.core.extras import require_extra

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from numpy.typing import NDArray

__all__ = [
    "compile_kernel",
    "count_rows",
    "is_worth_compiling",
    "load_numba",
    "score_order",
    "sum_groups",
]

logger = logging.getLogger(__name__)

_WORTH = 500_000
"""Visits of rows above which loading a compiled loop pays: those of a full block of samples."""


def is_worth_compiling(visits: int) -> bool:
    """Tell whether compiled loops are there and so much work is to be done.

    By the size alone, not by what was done before, so that the same rows always take one way.

    Args:
        visits: How many times a row is looked at.
    """
    return visits > _WORTH and load_numba() is not None


@cache
def load_numba() -> ModuleType | None:
    """Import numba, or give ``None`` where it is absent, broken or told not to compile."""
    try:
        numba = require_extra("fast", module="numba", feature="Compiling the bootstrap")
    except MissingExtraError:
        return None
    except ImportError as error:  # numba refuses a numpy newer than itself
        logger.warning("numba cannot be imported, so intervals take longer: %s", error)
        return None
    return None if numba.config.DISABLE_JIT else numba


@cache
def compile_kernel(kernel: Callable[..., None]) -> Callable[..., None]:
    """Compile a loop of this file; the result is kept on disk for the next process.

    It lies beside this file, or where that cannot be written to, in the user's cache folder
    (``NUMBA_CACHE_DIR`` names another). Where neither can be, it is compiled again each time.
    """
    numba = load_numba()
    assert numba is not None
    try:
        compiled: Any = numba.njit(nogil=True, cache=True)(kernel)
    except RuntimeError:  # there is no folder to keep it in
        compiled = numba.njit(nogil=True)(kernel)
    return compiled  # type: ignore[no-any-return]


def count_rows(drawn: NDArray[np.uint64], counts: NDArray[np.uint16]) -> None:
    """Count how often each row was drawn; what does not fit wraps around.

    Args:
        drawn: Numbers of rows. Shape: ``(draws, drawn)``.
        counts: Zeros; filled. Shape: ``(draws, rows)``.
    """
    for draw in range(drawn.shape[0]):
        for place in range(drawn.shape[1]):
            counts[draw, drawn[draw, place]] += 1


def sum_groups(
    order: NDArray[np.uint32],
    ends: NDArray[np.uint32],
    weights: NDArray[np.uint16],
    sums: NDArray[np.float64],
) -> None:
    """Sum weights over groups of rows.

    Args:
        order: Numbers of the rows, group by group. Shape: ``(rows,)``.
        ends: Where each group ends in that order. Shape: ``(groups,)``.
        weights: Shape: ``(draws, rows)``.
        sums: Filled. Shape: ``(draws, groups)``.
    """
    for draw in range(weights.shape[0]):
        counts = weights[draw]
        start = 0
        for group in range(ends.shape[0]):
            total = 0
            for place in range(start, ends[group]):
                total += counts[order[place]]
            start = ends[group]
            sums[draw, group] = total


def score_order(
    order: NDArray[np.uint32],
    levels: NDArray[np.uint32],
    weights: NDArray[np.uint16],
    passed: NDArray[np.uint32],
    scores: NDArray[np.float64],
) -> None:
    """Score one order of rows in each sample: the sums of ``Ranking``, in one pass.

    Weights are summed up along the order; a level then needs three of the sums. Reading all
    weights in a loop without a branch, and levels in another, keeps the processor's pipeline full.

    Args:
        order: Numbers of rows by falling score; of equal scores, those without the label first.
            Shape: ``(entries,)``.
        levels: Of each distinct score of rows with the label: how many entries have a higher
            score, how many those and the rows without the label at it, and how many the rows with
            the label at it, too. Shape: ``(levels, 3)``.
        weights: How often each row counts. Shape: ``(draws, rows)``.
        passed: Room for sums. Shape: ``(entries + 1,)``.
        scores: Area under the ROC curve and average precision; filled. Shape: ``(draws, 2)``.
    """
    entries = order.shape[0]
    for draw in range(weights.shape[0]):
        counts = weights[draw]
        total = 0
        passed[0] = 0
        for place in range(entries):
            total += counts[order[place]]
            passed[place + 1] = total
        found = np.int64(0)
        area = 0.0
        precision = 0.0
        for level in range(levels.shape[0]):
            above = np.int64(passed[levels[level, 0]])
            among = np.int64(passed[levels[level, 1]])
            through = np.int64(passed[levels[level, 2]])
            step = through - among
            area += step * (0.5 * (above + among) - found)
            found += step
            if through:
                precision += step * (found / through)
        negatives = total - found
        scores[draw, 0] = 1 - area / (float(found) * negatives) if found * negatives else math.nan
        scores[draw, 1] = precision / found if found else math.nan
