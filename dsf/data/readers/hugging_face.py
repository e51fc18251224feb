"""Rows of Hugging Face ``datasets`` objects, and of folders that they were saved to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.errors import DataError, MissingExtraError, Problem
from dsf.data.readers.reader import RowReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa  # type: ignore[import-untyped]

    from dsf.data.readers.problems import Problems

__all__ = ["HuggingFaceRows"]

_BATCH = 10_000


class HuggingFaceRows(RowReader):
    """Rows of a ``Dataset``, or of one split of a ``DatasetDict`` (``options: key``).

    Any object will do that has ``column_names`` and gives columns for a slice of rows. Numbers of
    a ``ClassLabel`` become their names; its ``-1`` is a missing label.
    """

    def batches(self, problems: Problems) -> Iterator[pa.Table]:
        """Read some thousand rows at a time; only the columns that are named."""
        data = self._open()
        if not hasattr(data, "__len__"):
            raise DataError(
                "The data must have a length.",
                [Problem(type(data).__name__, "is streamed; load it without streaming.")],
            )
        there = list(data.column_names)
        self.columns.check_there(there)
        make = self.record_tables(problems)
        names = [name for name in self.columns.roles() if name in there]
        if hasattr(data, "select_columns"):
            data = data.select_columns(names)
        for start in range(0, len(data), _BATCH):
            batch = data[start : start + _BATCH]
            cells = [self._named(data, name, batch[name]) for name in names]
            yield make([dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)])

    def _open(self) -> Any:
        data = _load(Path(self.source)) if isinstance(self.source, str | Path) else self.source
        if not isinstance(data.column_names, dict):
            return data
        splits = list(data.column_names)
        if self.options.key not in splits:
            found = ", ".join(map(repr, splits))
            raise DataError(
                "One split must be chosen (options: key).",
                [Problem("key", f"is {self.options.key!r}; the splits are: {found}.")],
            )
        return data[self.options.key]

    def _named(self, data: Any, name: str, cells: Any) -> list[Any]:
        """Give the cells of a column, with the names of a ``ClassLabel`` for its numbers."""
        plain = [_plain(cell) for cell in _plain(cells)]
        feature: Any = (getattr(data, "features", None) or {}).get(name)
        inner: Any = getattr(feature, "feature", None)
        if isinstance(feature, list) and feature:
            (inner,) = feature
        if hasattr(feature, "int2str"):
            return [_name(feature.names, cell) for cell in plain]
        if hasattr(inner, "int2str"):
            names = inner.names
            return [cell and [_name(names, one) for one in cell] for cell in plain]
        return plain


def _plain(value: Any) -> Any:
    """Turn an array or a tensor into what JSON has; a column of a data set into a list."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return list(value) if hasattr(value, "__getitem__") and not _is_cell(value) else value


def _is_cell(value: Any) -> bool:
    return isinstance(value, str | dict | bytes)


def _name(names: list[str], number: Any) -> Any:
    if type(number) is int:
        return names[number] if 0 <= number < len(names) else None
    return number


def _load(folder: Path) -> Any:
    try:
        from datasets import load_from_disk  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtraError(
            f"{folder} is a folder of Hugging Face datasets, which needs a package that is not "
            "installed: pip install datasets. Or save the rows as Parquet."
        ) from error
    try:
        return load_from_disk(str(folder))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            "The folder must be one that Dataset.save_to_disk wrote.",
            [Problem(str(folder), str(error))],
        ) from error
