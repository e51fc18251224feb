"""Rows of JSON: one object a line, or one document with a list of objects."""

from __future__ import annotations

from array import array
from itertools import islice
from typing import TYPE_CHECKING, Any

from dsf.core.errors import DataError, Problem
from dsf.data.readers.bytes import open_lines
from dsf.data.readers.json_values import JsonValues, repeated_keys
from dsf.data.readers.reader import RowReader
from dsf.data.readers.records import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa  # type: ignore[import-untyped]

    from dsf.data.readers.problems import Problems

__all__ = ["JsonLinesRows", "JsonRows"]

_BATCH = 20_000


class JsonLinesRows(RowReader):
    """Rows of a file with one JSON object a line; blank lines count for nothing."""

    takes_names = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._lines = array("q")

    def batches(self, problems: Problems) -> Iterator[pa.Table]:
        """Read the file some thousand lines at a time."""
        make = self.record_tables(problems)
        values = self._values(problems)
        while batch := list(islice(values, _BATCH)):
            yield make(batch)

    def locate(self, rows: Iterable[int]) -> dict[int, str]:
        """Give the line of each row."""
        return {row: f"line {self._lines[row]}" for row in rows}

    def _values(self, problems: Problems) -> Iterator[Any]:
        json = JsonValues()
        for number, line in enumerate(open_lines(self.source, self.encoding), start=1):
            if not line.strip():
                continue
            try:
                value = json.parse(line)
            except ValueError as error:
                problems.add(f"line {number}", f"must be JSON, but {error}.")
                continue
            for key in json.repeated:
                problems.add(f"line {number}", _twice(key))
            self._lines.append(number)
            yield value


class JsonRows(JsonLinesRows):
    """Rows of one JSON document: a list of objects, itself or under a key (``options: key``).

    The document is read as a whole; a data set larger than memory belongs in JSON Lines.
    """

    def locate(self, rows: Iterable[int]) -> dict[int, str]:
        """Give the place of each row in the list, from 1."""
        return {row: f"row {row + 1}" for row in rows}

    def _values(self, problems: Problems) -> Iterator[Any]:
        text = "\n".join(open_lines(self.source, self.encoding))
        json = JsonValues()
        try:
            value = json.parse(text)
        except ValueError as error:
            where, message = self.source.name, f"must be JSON, but {error}."
            problems.add(where, message)
            return
        path = self.options.key.split(".") if self.options.key else []
        for key in path:
            if not isinstance(value, dict) or key not in value:
                keys = ", ".join(map(ascii, list(value)[:20])) if isinstance(value, dict) else ""
                problem = Problem(key, f"is not there; the keys are: {keys or 'none'}.")
                raise DataError(
                    "The key of the rows must be in the file (options: key).", [problem]
                )
            for twice in repeated_keys(value, inside=False):
                problems.add(self.source.name, _twice(twice))
            value = value[key]
        if not isinstance(value, list):
            keys = ", ".join(map(ascii, list(value)[:20])) if isinstance(value, dict) else "none"
            problem = Problem(self.source.name, f"is no list; choose one of its keys: {keys}.")
            raise DataError("The rows must be a list (options: key).", [problem])
        for row, one in enumerate(value if json.repeated else ()):
            for key in repeated_keys(one):
                problems.add_row(row, "", _twice(key))
        yield from value


def _twice(key: str) -> str:
    return f"must have each key of an object once, but has {shorten(key)} twice."
