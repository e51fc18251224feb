"""Records of Python (of JSON, for one) as tables of columns, each cell checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.data.readers.columns import ColumnNames, Role
    from dsf.data.readers.problems import Problems

__all__ = ["RecordTables", "as_other", "as_record", "is_unicode", "shorten"]

_JSON = (bool, int, float, list, dict)


class RecordTables:
    """Makes tables of records; a cell of the wrong kind is a problem of its row.

    Args:
        columns: Which keys of a record are read.
        names: Names of the cells, if records are lists.
        problems: Where problems are put aside.
    """

    def __init__(self, columns: ColumnNames, names: tuple[str, ...], problems: Problems) -> None:
        self._roles = columns.roles()
        self._separator = columns.separator
        self._names = names
        self._problems = problems
        self._read = 0
        spare = columns.label_names[0] if columns.label_names else "label"
        self._spare: dict[Role, Any] = {
            "text": "text",
            "label": spare,
            "binary": "0",
            "labels": [],
            "other": None,
        }

    def __call__(self, values: Sequence[Any]) -> pa.Table:
        """Make a table of the next records."""
        records = [self._record(self._read + at, value) for at, value in enumerate(values)]
        there = {key for record in records for key in record}
        first = self._read == 0
        arrays: dict[str, pa.Array] = {}
        for name, role in self._roles.items():
            if name in there or not first:
                cells = [
                    self._cell(self._read + at, name, role, record.get(name))
                    for at, record in enumerate(records)
                ]
                arrays[name] = pa.array(cells, self._type(role))
        for name in sorted(there - set(arrays))[:20] if first else ():
            arrays[name] = pa.nulls(len(records))
        self._read += len(records)
        return pa.table(arrays) if arrays else pa.table({"": pa.nulls(len(records))})

    def _type(self, role: Role) -> pa.DataType:
        if role == "labels" and self._separator is None:
            return pa.large_list(pa.large_string())
        return pa.large_string()

    def _record(self, row: int, value: Any) -> dict[str, Any]:
        record = as_record(value, self._names)
        if isinstance(record, str):
            self._problems.add_row(row, "", record)
            return {name: self._spare[role] for name, role in self._roles.items()}
        return record

    def _cell(self, row: int, name: str, role: Role, value: Any) -> Any:
        if value is None:
            return None
        if role == "other":
            value = as_other(value)
            must, fits = "must be text", True
        elif role == "text":
            must, fits = "must be text", isinstance(value, str)
        elif role == "labels" and self._separator is None:
            must = "must be a list of texts or whole numbers"
            fits = isinstance(value, list) and all(isinstance(one, str | int) for one in value)
            if fits:
                value = [_as_text(one) for one in value]
        else:
            must, fits = "must be text or a whole number", isinstance(value, str | int)
            value = _as_text(value) if fits else value
        if not fits:
            self._problems.add_row(row, name, f"{must}, but is {shorten(value)}.")
            return self._spare[role] if self._type(role) != pa.large_string() else "0"
        if not all(map(is_unicode, value if isinstance(value, list) else [value])):
            self._problems.add_row(row, name, f"has half of a character: {shorten(value)}.")
            return [] if isinstance(value, list) else "0"
        return value


def as_record(value: Any, names: tuple[str, ...]) -> dict[str, Any] | str:
    """Read a record, or say what is wrong with its form.

    Args:
        value: An object, or a list of cells.
        names: Names of the cells of a list.
    """
    if isinstance(value, dict):
        return {key: cell for key, cell in value.items() if is_unicode(key)}
    if not isinstance(value, list) or not names:
        hint = "" if names else " (lists need their columns in options: names)"
        return f"must be an object, but is {shorten(value)}{hint}."
    if len(value) != len(names):
        return f"must have {len(names)} cells, but has {len(value)}."
    return dict(zip(names, value, strict=True))


def as_other(value: Any) -> str | None:
    """Write a cell that is neither text nor label as text; dates as ISO 8601 does."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, default=str) if isinstance(value, _JSON) else str(value)


def is_unicode(text: str) -> bool:
    """Whether a text has whole characters only; JSON's escapes can write half of one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _as_text(value: str | int) -> str:
    return json.dumps(value) if isinstance(value, int) else value


def shorten(value: Any) -> str:
    """Write a value for a message, its beginning if it is long."""
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
