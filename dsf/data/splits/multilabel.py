"""``multilabel``: every label has its share of every part, though rows have several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dsf.core.errors import DataError, Problem
from dsf.data.splits.evening import even_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.data.splits.request import SplitRequest

__all__ = ["label_matrix", "split_multilabel", "stratify"]

_MOST_VALUES = 1000


def split_multilabel(request: SplitRequest) -> np.ndarray:
    """Stratify iteratively. Shape: ``(rows,)``, numbers of parts.

    As Sechidis, Tsoumakas and Vlahavas (2011, "On the Stratification of Multi-Label Data",
    algorithm 1): the label with the fewest rows left goes first, and its rows go where that label
    is lacking most. What one row after the other would give is worked out for all rows of a label
    at once. Two things are added: within a label, rows of the same other labels are dealt out
    evenly, and at the end rows change places until every part has its exact size and the labels
    have their shares.

    Columns that are not 0/1 count as one label for each value.

    Raises:
        DataError: If there is no label column, a value is missing, or a column has too many
            different values.
    """
    return stratify(label_matrix(request), list(request.sizes.values()), request.generator)


def stratify(
    labels: np.ndarray, sizes: Sequence[int], generator: np.random.Generator
) -> np.ndarray:
    """Give each row the number of its part. Shape: ``(rows,)``.

    Args:
        labels: Which row has which label, bool. Shape: ``(rows, labels)``.
        sizes: Rows of each part; they sum to the rows.
        generator: Source of every random choice.
    """
    exact = np.array(sizes)
    codes = _stratify(labels, exact / len(labels), generator)
    return even_out(codes, labels, exact, generator)


def label_matrix(request: SplitRequest) -> np.ndarray:
    """Give one bool column a label. Shape: ``(rows, labels)``.

    Raises:
        DataError: If there is no label column, a value is missing, or a column has too many
            different values.
    """
    names = request.label_columns
    if not names:
        message = "must name the columns of the labels, but is empty."
        raise DataError("The rows cannot be split.", [Problem("label_columns", message)])
    blocks, problems = [], []
    for name, column in zip(names, request.filled(names), strict=True):
        codes, values = pd.factorize(column)
        if set(values.tolist()) <= {0, 1}:
            blocks.append(column.to_numpy(dtype=bool)[:, None])
        elif len(values) > _MOST_VALUES:
            message = f"must have at most {_MOST_VALUES} different values, but has {len(values)}."
            problems.append(Problem(name, message))
        else:
            blocks.append(codes[:, None] == np.arange(len(values)))
    if problems:
        raise DataError("The rows cannot be split.", problems)
    return np.hstack(blocks)


def _stratify(labels: np.ndarray, shares: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Deal out the rows, label by label; rows without a label come last."""
    rows = len(labels)
    # Rows of the same labels stand together, shuffled among themselves.
    shuffled = generator.permutation(rows)
    packed = np.packbits(labels[shuffled], axis=1)
    order = shuffled[np.lexsort(packed.T[::-1])]
    columns = np.ascontiguousarray(labels[order].T)
    totals = columns.sum(axis=1)
    wanted = np.outer(totals, shares)
    codes = np.full(rows, -1, dtype=np.int64)
    left = totals.copy()
    while left.any():
        label = int(np.argmin(np.where(left > 0, left, rows + 1)))
        members = np.flatnonzero(columns[label] & (codes < 0))
        given = np.bincount(codes[columns[label] & (codes >= 0)], minlength=len(shares))
        quotas = _fill(wanted[label] - given, len(members))
        codes[members] = _deal(quotas, generator)
        left -= columns[:, members].sum(axis=1)
    members = np.flatnonzero(codes < 0)
    given = np.bincount(codes[codes >= 0], minlength=len(shares))
    codes[members] = _deal(_fill(rows * shares - given, len(members)), generator)
    by_row = np.empty_like(codes)
    by_row[order] = codes
    return by_row


def _fill(lacking: np.ndarray, rows: int) -> np.ndarray:
    """Give ``rows`` one by one to the part that lacks most, all at once.

    That is: every part comes down to one common level, and none goes up to it.
    """
    high = np.sort(lacking)[::-1]
    levels = (np.cumsum(high) - rows) / np.arange(1, len(high) + 1)
    level = levels[int(np.flatnonzero(high > levels)[-1])] if rows else high[0]
    exact = np.maximum(lacking - level, 0)
    quotas: np.ndarray = np.floor(exact + 1e-9).astype(np.int64)
    for part in np.argsort(quotas - exact, kind="stable")[: rows - quotas.sum()]:
        quotas[part] += 1
    return quotas


def _deal(quotas: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Spread the parts evenly over the places. Shape: ``(sum of quotas,)``, numbers of parts."""
    places = [(np.arange(quota) + generator.random()) / max(quota, 1) for quota in quotas]
    codes = np.repeat(np.arange(len(quotas)), quotas)
    return np.asarray(codes[np.argsort(np.concatenate(places), kind="stable")])
