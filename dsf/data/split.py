"""Splits of rows into train, validation and test: seeded, exact in size, recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dsf.core.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["PARTS", "STRATEGIES", "split_rows"]

PARTS = ("train", "validation", "test")


def split_rows(
    rows: pd.DataFrame,
    ratios: Mapping[str, float],
    *,
    strategy: str = "stratified",
    label_column: str | None = "label",
    seed: int = 42,
) -> dict[str, pd.DataFrame]:
    """Split rows into ``train``, ``validation`` and ``test``.

    Within a part, rows keep the order they came in. Sizes are the ratios times the rows, rounded
    by largest remainder, so that every row is in exactly one part.

    Args:
        rows: The whole data set.
        ratios: Part → its share; the shares sum to 1.
        strategy: A name in :data:`STRATEGIES`. ``stratified`` gives each label its share of every
            part, and ``train`` a row of every label, however rare.
        label_column: Column that ``stratified`` keeps balanced.
        seed: Same seed and rows, same split.

    Raises:
        DataError: If a part would stay empty.
    """
    sizes = _sizes(len(rows), ratios)
    empty = [part for part, size in sizes.items() if size == 0]
    if empty:
        raise DataError(
            f"{len(rows)} rows are too few for the ratios {dict(ratios)}.",
            [Problem(part, "must get at least one row, but gets none.") for part in empty],
        )
    generator = np.random.default_rng(seed)
    labels = rows.index.to_series() if label_column is None else rows[label_column]
    order = STRATEGIES[strategy](labels, generator)
    bounds = np.cumsum([0, *sizes.values()])
    return {
        part: rows.iloc[np.sort(order[start:end])].reset_index(drop=True)
        for part, start, end in zip(sizes, bounds[:-1], bounds[1:], strict=True)
    }


def _random_order(labels: pd.Series, generator: np.random.Generator) -> np.ndarray:
    return generator.permutation(len(labels))


def _stratified_order(labels: pd.Series, generator: np.random.Generator) -> np.ndarray:
    """Order rows so that every stretch of the order has every label in its overall share.

    Each label's rows, shuffled, are spread evenly over 0 … 1. Rows sorted by that position can be
    cut anywhere: each label is within one row of its share of the piece before the cut.

    One row of each label comes before all others, the frequent labels' first. The first part thus
    knows every label as long as it has room for one row of each.
    """
    codes = pd.factorize(labels)[0]
    position = np.empty(len(codes))
    for code in range(codes.max() + 1):
        members = generator.permutation(np.flatnonzero(codes == code))
        position[members] = (np.arange(len(members)) + generator.random()) / len(members)
        position[members[0]] -= len(members)
    return np.argsort(position, kind="stable")


STRATEGIES: dict[str, Callable[[pd.Series, np.random.Generator], np.ndarray]] = {
    "random": _random_order,
    "stratified": _stratified_order,
}
"""Name → a function that orders the rows; the parts are stretches of that order."""


def _sizes(rows: int, ratios: Mapping[str, float]) -> dict[str, int]:
    """Share ``rows`` out by largest remainder."""
    exact = {part: rows * ratio for part, ratio in ratios.items()}
    sizes = {part: int(share + 1e-9) for part, share in exact.items()}
    by_remainder = sorted(exact, key=lambda part: sizes[part] - exact[part])
    for part in by_remainder[: rows - sum(sizes.values())]:
        sizes[part] += 1
    return sizes
