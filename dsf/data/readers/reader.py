"""What every reader of a format has."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from dsf.core.errors import ConfigError, Problem
from dsf.data.readers.columns import TAGGED_KEYS, ColumnNames
from dsf.data.readers.records import RecordTables
from dsf.data.readers.tag_records import TagRecords
from dsf.data.readers.tagged import TaggedRows
from dsf.data.readers.text import TextRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa  # type: ignore[import-untyped]

    from dsf.data.readers.options import ReadOptions
    from dsf.data.readers.problems import Problems

__all__ = ["RowReader"]


class RowReader(ABC):
    """Reads the rows of one source, a table at a time.

    Args:
        source: A file, or an object that has rows.
        columns: Which columns hold what.
        encoding: Of a text file.
        options: How to read where there is a choice.

    Raises:
        ConfigError: If the format cannot hold what the columns ask for.
    """

    has_lists: ClassVar[bool] = True
    """Whether a cell may be a list, as the words of a tagged row are."""
    is_tagged: ClassVar[bool] = False
    """Whether rows of the format are always tagged, whatever the columns say."""
    tagged_keys: ClassVar[tuple[str, ...]] = TAGGED_KEYS[:3]
    """What names the words and tags of a tagged row: keys of the config."""
    takes_names: ClassVar[bool] = False
    """Whether cells may come without names, which the options then give."""

    def __init__(
        self, source: Any, columns: ColumnNames, encoding: str, options: ReadOptions
    ) -> None:
        self.source = source
        self.columns = replace(columns, kind="tags") if self.is_tagged else columns
        self.encoding = encoding
        self.options = options
        misfits = self.misfits()
        if misfits:
            raise ConfigError("The format must have what the config asks for.", misfits)

    def misfits(self) -> list[Problem]:
        """List what the columns or the options ask for, and the format has not."""
        found = []
        if self.columns.kind == "tags" and not self.has_lists:
            message = "is tags; use jsonl, json, parquet, iob2 or conllu, which have lists or tags."
            found.append(Problem("label_kind", message))
        elif self.columns.kind == "tags":
            found += self._unread_keys()
        if self.options.names and not self.takes_names:
            message = (
                "is for CSV without a header, and for JSON whose rows are lists; leave it out."
            )
            found.append(Problem("read_options.names", message))
        return found

    def _unread_keys(self) -> list[Problem]:
        wrong = [
            key
            for key in TAGGED_KEYS
            if key not in self.tagged_keys and self.columns.named(key) != ColumnNames().named(key)
        ]
        here = " and ".join(self.tagged_keys)
        return [
            Problem(key, f"is {self.columns.named(key)!r}, but this format has {here}.")
            for key in wrong
        ]

    @abstractmethod
    def batches(self, problems: Problems) -> Iterator[pa.Table]:
        """Give the rows in their order, a table at a time; put aside what cannot be a row."""

    def locate(self, rows: Iterable[int]) -> dict[int, str]:
        """Say where rows stand in the source, for a message: by their number, from 1."""
        return {row: f"row {row + 1}" for row in rows}

    def record_tables(self, problems: Problems) -> Callable[[Sequence[Any]], pa.Table]:
        """Give what makes tables of records of Python, for a reader that has such."""
        if self.columns.kind == "tags":
            return TagRecords(self.columns, self.options, problems)
        return RecordTables(self.columns, self.options.names, problems)

    def normal_form(self, problems: Problems) -> TaggedRows | TextRows:
        """Give what brings the tables of :meth:`batches` to the normal form of rows."""
        if self.columns.kind == "tags":
            return TaggedRows(self.options)
        return TextRows(self.columns, self.options, problems)
