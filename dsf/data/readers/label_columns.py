"""Labels of a row that stand in one column, as a column for each label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from dsf.core.errors import DataError, Problem

if TYPE_CHECKING:
    from dsf.data.readers.columns import ColumnNames

__all__ = ["spread_labels"]


def spread_labels(table: pa.Table, columns: ColumnNames) -> tuple[pa.Table, list[str]]:
    """Turn a column with all labels of a row into one 0/1 column a label.

    Args:
        table: Rows in their normal form, the labels as a list.
        columns: Which column has them, and which labels there may be.

    Returns:
        The table, and the labels in the order of their columns: as configured, or sorted. A table
        without such a column stays as it is, and has no such labels.

    Raises:
        DataError: If no label occurs at all.
    """
    if columns.kind != "multilabel" or len(columns.labels) != 1:
        return table, []
    (name,) = columns.labels
    if pa.types.is_int8(table.schema.field(name).type):  # the 0/1 column of a single label
        return table, []
    lists = table.column(name).combine_chunks()
    encoded = pc.dictionary_encode(pc.list_flatten(lists))
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    texts = encoded.dictionary.to_pylist()
    names = list(columns.label_names) or sorted(texts)
    if not names:
        raise DataError("A label must occur in the data.", [Problem(name, "has no label at all.")])
    places = np.array([names.index(text) for text in texts], dtype=np.int64)
    matrix = np.zeros((len(names), len(table)), dtype=np.int8)
    matrix[places[encoded.indices.to_numpy()], pc.list_parent_indices(lists).to_numpy()] = 1
    table = table.drop_columns([name])
    for label, row in zip(names, matrix, strict=True):
        table = table.append_column(label, pa.array(row))
    return table, names
