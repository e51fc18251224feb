"""The confusion matrix: how often each label was answered for each true label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["confusion_matrix", "encode_labels"]

_SHOWN = 5
"""How many bad rows a message names."""


def confusion_matrix(
    targets: ArrayLike,
    predictions: ArrayLike,
    labels: Sequence[Any],
    *,
    row_ids: ArrayLike | None = None,
) -> NDArray[np.int64]:
    """Count the rows of each pair of true and answered label.

    Args:
        targets: True label values. Shape: ``(rows,)``.
        predictions: Answered label values. Shape: ``(rows,)``.
        labels: All label values, each once, in the order of the matrix.
        row_ids: What a message calls the rows; their positions if ``None``. Shape: ``(rows,)``.

    Returns:
        Counts; rows are the truth, columns the answers. All zero for no rows.
        Shape: ``(labels, labels)``.

    Raises:
        DataError: If a label comes twice, the lengths differ, or a row has a value that is not
            among the labels (a missing or non-finite value included). Names the rows.
    """
    true, answered = encode_labels(targets, predictions, labels, row_ids=row_ids)
    size = len(labels)
    pairs = true * size + answered
    return np.bincount(pairs, minlength=size * size).reshape(size, size).astype(np.int64)


def encode_labels(
    targets: ArrayLike,
    predictions: ArrayLike,
    labels: Sequence[Any],
    *,
    row_ids: ArrayLike | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number the true and the answered labels.

    Args:
        targets: True label values. Shape: ``(rows,)``.
        predictions: Answered label values. Shape: ``(rows,)``.
        labels: All label values, each once.
        row_ids: What a message calls the rows; their positions if ``None``. Shape: ``(rows,)``.

    Returns:
        Place of each true label among the labels, and of each answer. Shape: ``(rows,)`` each.

    Raises:
        DataError: As :func:`confusion_matrix`.
    """
    index = _index_labels(labels)
    columns = {"targets": _as_array(targets), "predictions": _as_array(predictions)}
    _check_shapes(columns)
    codes = {name: _encode(values, index) for name, values in columns.items()}
    _check_known(columns, codes, row_ids)
    return codes["targets"], codes["predictions"]


def _index_labels(labels: Sequence[Any]) -> dict[Any, int]:
    """Map each label value to its place."""
    values = list(labels)
    index = {value: place for place, value in enumerate(values)}
    if not values or len(index) != len(values):
        raise DataError(
            "The labels cannot order a confusion matrix.",
            [Problem("labels", f"must be at least one value, each once, but are {values}.")],
        )
    return index


def _as_array(values: ArrayLike) -> NDArray[Any]:
    """Make an array; a list keeps its Python values, so that 1 and "1" stay apart."""
    return np.asarray(values, dtype=object if isinstance(values, list | tuple) else None)


def _check_shapes(columns: Mapping[str, NDArray[Any]]) -> None:
    problems = [
        Problem(name, f"must have shape (rows,), but has {values.shape}.")
        for name, values in columns.items()
        if values.ndim != 1
    ]
    sizes = {name: len(values) for name, values in columns.items() if values.ndim == 1}
    if len(set(sizes.values())) > 1:
        told = " and ".join(f"{size} {name}" for name, size in sizes.items())
        problems.append(Problem("rows", f"must have one target and one prediction, but {told}."))
    if problems:
        raise DataError("Targets and predictions do not fit together.", problems)


def _encode(values: NDArray[Any], index: Mapping[Any, int]) -> NDArray[np.int64]:
    """Replace each value by its label's place, or by -1 if it is no label."""
    try:
        distinct, inverse = np.unique(values, return_inverse=True)
    except TypeError:  # None beside text, or 1 beside "a": these have no order
        places = [_place(value, index) for value in values.tolist()]
        return np.array(places, dtype=np.int64)
    places = [_place(value, index) for value in distinct.tolist()]
    return np.array(places, dtype=np.int64)[inverse.reshape(-1)]


def _place(value: Any, index: Mapping[Any, int]) -> int:
    try:
        return index.get(value, -1)
    except TypeError:  # a list cannot be a label
        return -1


def _check_known(
    columns: Mapping[str, NDArray[Any]],
    codes: Mapping[str, NDArray[np.int64]],
    row_ids: ArrayLike | None,
) -> None:
    problems = []
    for name, places in codes.items():
        at = np.flatnonzero(places < 0)
        if at.size:
            shown = at[:_SHOWN]
            rows = shown.tolist() if row_ids is None else np.asarray(row_ids)[shown].tolist()
            found = columns[name][shown].tolist()
            more = f" and {at.size - _SHOWN} more" if at.size > _SHOWN else ""
            message = f"must be among the labels, but rows {rows}{more} have {found}."
            problems.append(Problem(name, message))
    if problems:
        raise DataError("Some rows have a label that is not known.", problems)
