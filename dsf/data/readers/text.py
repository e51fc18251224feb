"""Rows of text tasks: from the columns of a file to their normal form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from dsf.data.readers.label_check import LabelCheck
from dsf.data.readers.problems import MAX_SHOWN

if TYPE_CHECKING:
    from dsf.data.readers.columns import ColumnNames, Role
    from dsf.data.readers.options import ReadOptions
    from dsf.data.readers.problems import Problems

__all__ = ["TextRows"]

_BINARY = {"0": 0, "1": 1, "0.0": 0, "1.0": 1, "false": 0, "true": 1}


class TextRows:
    """Checks tables of raw columns and brings them to the normal form, batch by batch.

    Text and labels become text, 0/1 columns ``int8``, several labels of a row a list. What is
    left out is counted in :attr:`counts`.
    """

    def __init__(self, columns: ColumnNames, options: ReadOptions, problems: Problems) -> None:
        self.columns = columns
        self.options = options
        self.problems = problems
        self.counts = {"rows": 0, "dropped_empty": 0, "dropped_missing": 0, "dropped_duplicates": 0}
        self._read = 0
        self._labels = LabelCheck(columns)
        self._switch: bool | None = None
        self._seen: set[int] = set()
        self._hashes: list[np.ndarray] = []

    def __call__(self, raw: pa.Table) -> pa.Table:
        """Bring one table of raw columns to the normal form.

        Raises:
            DataError: If a column is not there.
        """
        roles = self.columns.roles()
        self.columns.check_there(raw.column_names)
        arrays = {name: self._column(name, role, raw) for name, role in roles.items()}
        keep = self._keep(arrays, len(raw))
        self._read += len(raw)
        table = pa.table(arrays)
        if not keep.all():
            table = table.filter(pa.array(keep))
        table = self._without_duplicates(table)
        self.counts["rows"] += len(table)
        return table

    def finish(self) -> dict[str, int]:
        """Give the counts, with that of the rows that repeat an earlier one."""
        hashes = np.concatenate(self._hashes) if self._hashes else np.empty(0, np.int64)
        return {**self.counts, "duplicate_rows": len(hashes) - len(np.unique(hashes))}

    def _column(self, name: str, role: Role, raw: pa.Table) -> pa.Array:
        column = raw.column(name).combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks)
        if role == "other":
            return column
        if role == "text":
            return self._text(name, column)
        if role == "binary":
            return self._binary(name, column)
        if role == "label":
            return self._label(name, column)
        if self._is_switch(column):
            return self._binary(name, column)
        return self._label_lists(name, column)

    def _is_switch(self, column: pa.Array) -> bool:
        """Say whether the one column of ``multilabel`` is the 0/1 column of a single label.

        The first rows decide for all.
        """
        kind = column.type
        if self.columns.separator is not None or pa.types.is_nested(kind):
            return False
        if self._switch is None and len(column) and not pa.types.is_binary(kind):
            texts = pc.unique(column.cast(pa.large_string())).to_pylist()
            self._switch = any(text and text.strip().lower() in _BINARY for text in texts)
        return bool(self._switch)

    def _text(self, name: str, column: pa.Array) -> pa.Array:
        if pa.types.is_null(column.type):
            return column.cast(pa.large_string())
        if not _is_text(column.type):
            self._refuse(name, column, "must be text")
            return pa.nulls(len(column), pa.large_string())
        return column.cast(pa.large_string())

    def _label(self, name: str, column: pa.Array) -> pa.Array:
        if not (
            _is_text(column.type)
            or pa.types.is_integer(column.type)
            or pa.types.is_boolean(column.type)
            or pa.types.is_null(column.type)
        ):
            self._refuse(name, column, "must be text or a whole number")
            return pa.nulls(len(column), pa.large_string())
        labels = column.cast(pa.large_string())
        if self.options.strip_labels:
            labels = pc.utf8_trim_whitespace(labels)
        labels = pc.if_else(pc.equal(labels, ""), None, labels)
        self._check_labels(name, labels, np.arange(len(labels)))
        return labels

    def _label_lists(self, name: str, column: pa.Array) -> pa.Array:
        if _is_text(column.type) and self.columns.separator is not None:
            column = column.cast(pa.large_string())
            lists = pc.split_pattern(column, self.columns.separator)
            empty = pc.fill_null(pc.equal(column, ""), False)
            lists = pc.if_else(empty, pa.scalar([], lists.type), lists)
        elif pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            lists = column
        elif pa.types.is_null(column.type):
            return pa.nulls(len(column), pa.large_list(pa.large_string()))
        else:
            self._refuse(name, column, "must be a list, or text with a separator between labels")
            return pa.nulls(len(column), pa.large_list(pa.large_string()))
        rows = pc.list_parent_indices(lists).to_numpy()
        labels = pc.list_flatten(lists)
        if pa.types.is_floating(labels.type) or pa.types.is_nested(labels.type):
            self._refuse(name, labels, "must be a list of texts or whole numbers")
            return pa.nulls(len(column), pa.large_list(pa.large_string()))
        labels = pc.utf8_trim_whitespace(labels.cast(pa.large_string()))
        for at in np.flatnonzero(pc.is_null(labels).to_numpy(zero_copy_only=False)):
            self.problems.add_row(self._read + int(rows[at]), name, "has a missing label.")
        self._check_labels(name, labels, rows)
        offsets = np.concatenate([[0], np.cumsum(pc.fill_null(pc.list_value_length(lists), 0))])
        built = pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), labels)
        return pc.if_else(pc.is_null(lists), None, built)

    def _binary(self, name: str, column: pa.Array) -> pa.Array:
        if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
            self._refuse(name, column, "must be 0 or 1")
            return pa.nulls(len(column), pa.int8())
        values = pc.dictionary_encode(column.cast(pa.large_string()))
        texts = values.dictionary.to_pylist()
        codes = pa.array([_BINARY.get(text.strip().lower()) for text in texts], pa.int8())
        found = codes.take(values.indices)
        blank = pa.array([not text.strip() for text in texts], pa.bool_()).take(values.indices)
        is_wrong = pc.and_(pc.is_null(found), pc.invert(pc.fill_null(blank, True)))
        wrong = np.flatnonzero(is_wrong.to_numpy(zero_copy_only=False))
        for row in wrong[:MAX_SHOWN].tolist():
            self.problems.add_row(
                self._read + row, name, f"must be 0 or 1, but is {column[row].as_py()!r}."
            )
        self.problems.count_more(max(len(wrong) - MAX_SHOWN, 0))
        return pc.if_else(is_wrong, pa.scalar(0, pa.int8()), found)  # what is missing stays so

    def _check_labels(self, name: str, labels: pa.Array, rows: np.ndarray) -> None:
        """Check each different label once, and find the rows of those that are wrong."""
        encoded = pc.dictionary_encode(labels)
        texts = encoded.dictionary.to_pylist()
        wrong = {
            code: reason for code, text in enumerate(texts) if (reason := self._labels.fault(text))
        }
        if not wrong:
            return
        codes = pc.fill_null(encoded.indices, -1).to_numpy()
        places = np.flatnonzero(np.isin(codes, list(wrong)))
        for place in places[:MAX_SHOWN].tolist():
            self.problems.add_row(self._read + int(rows[place]), name, wrong[int(codes[place])])
        self.problems.count_more(max(len(places) - MAX_SHOWN, 0))

    def _keep(self, arrays: dict[str, pa.Array], rows: int) -> np.ndarray:
        """Find rows without text or label: a problem, unless an option drops them."""
        keep = np.ones(rows, dtype=bool)
        text = arrays[self.columns.text]
        blank = pc.equal(pc.utf8_trim_whitespace(pc.fill_null(text, "")), "")
        empty = blank.to_numpy(zero_copy_only=False)
        self._drop_or_refuse(
            keep, empty, "empty", self.columns.text, "must have text, but has none"
        )
        for name in self.columns.labels:
            gone = pc.is_null(arrays[name]).to_numpy(zero_copy_only=False)
            is_binary = pa.types.is_int8(arrays[name].type)
            message = "must be 0 or 1, but is missing" if is_binary else "must have a label"
            self._drop_or_refuse(keep, gone, "missing", name, message)
        return keep

    def _drop_or_refuse(
        self, keep: np.ndarray, wrong: np.ndarray, what: str, column: str, message: str
    ) -> None:
        if getattr(self.options, f"drop_{what}"):
            self.counts[f"dropped_{what}"] += int((keep & wrong).sum())
            keep &= ~wrong
            return
        rows = np.flatnonzero(wrong & keep)
        for row in rows[:MAX_SHOWN].tolist():
            hint = f"{message} (options: drop_{what})."
            self.problems.add_row(self._read + row, column, hint)
        self.problems.count_more(max(len(rows) - MAX_SHOWN, 0))

    def _without_duplicates(self, table: pa.Table) -> pa.Table:
        names = [self.columns.text, *self.columns.labels]
        cells = [table.column(name).to_pylist() for name in names]
        hashes = [hash(_hashable(row)) for row in zip(*cells, strict=True)]
        if not self.options.drop_duplicates:
            self._hashes.append(np.array(hashes, dtype=np.int64))
            return table
        keep = []
        for one in hashes:
            keep.append(one not in self._seen)
            self._seen.add(one)
        self.counts["dropped_duplicates"] += len(keep) - sum(keep)
        return table.filter(pa.array(keep, pa.bool_()))

    def _refuse(self, name: str, column: pa.Array, must: str) -> None:
        self.problems.add(f"column {name}", f"{must}, but is {column.type}.")


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or (pa.types.is_dictionary(kind) and _is_text(kind.value_type))
    )


def _hashable(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(tuple(cell) if isinstance(cell, list) else cell for cell in row)
