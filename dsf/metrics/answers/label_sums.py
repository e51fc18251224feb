"""What rows add to the counts of labels, whatever a row is: one label, several, tags, entities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

from dsf.metrics.label_counts import LabelCounts
from dsf.metrics.statistics.row_kinds import RowKinds

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["LabelSums", "count_entries", "count_pairs", "count_switches", "split_sums"]


class LabelSums(NamedTuple):
    """Sums over rows, taken apart.

    Attributes:
        counts: Hits, truth and answers of each label. Shape: ``(draws, labels)`` each.
        right: Units that are answered exactly right. Shape: ``(draws,)``.
        units: Units there are: rows, or the tokens of tagged rows. Shape: ``(draws,)``.
    """

    counts: LabelCounts
    right: NDArray[np.float64]
    units: NDArray[np.float64]


def split_sums(sums: NDArray[np.float64]) -> LabelSums:
    """Take sums apart that rows of the kinds made below add up to.

    Args:
        sums: Hits, truth and answers of each label, then right units and units. Shape:
            ``(draws, 3 * labels + 2)``.
    """
    hits, true, answered = np.split(sums[:, :-2], 3, axis=1)
    return LabelSums(LabelCounts(hits, true, answered), sums[:, -2], sums[:, -1])


def count_pairs(truth: NDArray[np.intp], answers: NDArray[np.intp], labels: int) -> RowKinds:
    """Count rows with one true and one answered label each.

    Args:
        truth: Number of each row's true label. Shape: ``(rows,)``.
        answers: Number of each row's answered label. Shape: ``(rows,)``.
        labels: How many labels there are.
    """
    pairs, codes = np.unique(truth * labels + answers, return_inverse=True)
    true, answered = np.divmod(pairs, max(1, labels))
    kinds, hit = np.arange(len(pairs)), true == answered
    columns = [true[hit], labels + true, 2 * labels + answered]
    rows = [kinds[hit], kinds, kinds]
    table = _table(rows, columns, (len(pairs), 3 * labels))
    return RowKinds(codes, _with_units(table, hit, np.ones(len(pairs))))


def count_switches(truth: NDArray[np.bool_], answers: NDArray[np.bool_]) -> RowKinds:
    """Count rows with any number of true and answered labels.

    Args:
        truth: Whether a row has a label. Shape: ``(rows, labels)``.
        answers: Whether it was answered. Shape: ``(rows, labels)``.
    """
    packed = np.packbits(np.hstack([truth, answers]), axis=1)
    _, first, codes = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    true, answered = truth[first], answers[first]
    table = sparse.csr_array(np.hstack([true & answered, true, answered]).astype(np.float64))
    right = (true == answered).all(axis=1)
    return RowKinds(codes.reshape(-1), _with_units(table, right, np.ones(len(first))))


def count_entries(
    hits: ArrayLike,
    true: ArrayLike,
    answered: ArrayLike,
    labels: int,
    right: NDArray[Any],
    units: NDArray[Any],
) -> RowKinds:
    """Count rows in which each label may come several times: tokens or entities.

    Args:
        hits: Row and label of each hit. Shape: ``(hits, 2)``.
        true: Row and label of each true one. Shape: ``(true, 2)``.
        answered: Row and label of each answered one. Shape: ``(answered, 2)``.
        labels: How many labels there are.
        right: How many units of each row are right. Shape: ``(rows,)``.
        units: How many each row has. Shape: ``(rows,)``.
    """
    rows, columns = [], []
    for number, entries in enumerate((hits, true, answered)):
        pairs = np.asarray(entries, dtype=np.intp).reshape(-1, 2)
        rows.append(pairs[:, 0])
        columns.append(number * labels + pairs[:, 1])
    table = _with_units(_table(rows, columns, (len(units), 3 * labels)), right, units)
    return _merge_rows(table)


def _table(
    rows: list[NDArray[np.intp]], columns: list[NDArray[np.intp]], shape: tuple[int, int]
) -> sparse.csr_array:
    """Make a table with a 1 added at each place."""
    at, to = np.concatenate(rows), np.concatenate(columns)
    return sparse.csr_array((np.ones(len(at)), (at, to)), shape=shape)


def _with_units(
    table: sparse.csr_array, right: NDArray[Any], units: NDArray[Any]
) -> sparse.csr_array:
    more = np.column_stack([right, units]).astype(np.float64)
    return sparse.csr_array(sparse.hstack([table, sparse.csr_array(more)]))


def _merge_rows(table: sparse.csr_array) -> RowKinds:
    """Put rows that add the same into one kind."""
    table.sum_duplicates()
    kinds: dict[tuple[bytes, bytes], int] = {}
    firsts: list[int] = []
    codes = np.empty(table.shape[0], dtype=np.intp)
    for row in range(table.shape[0]):
        part = slice(table.indptr[row], table.indptr[row + 1])
        key = (table.indices[part].tobytes(), table.data[part].tobytes())
        if key not in kinds:
            kinds[key] = len(firsts)
            firsts.append(row)
        codes[row] = kinds[key]
    return RowKinds(codes, table[firsts])
