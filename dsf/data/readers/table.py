"""Which reader reads which format; a reader is imported when its format is asked for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from dsf.data.readers.reader import RowReader

__all__ = ["FORMATS", "find_format", "find_reader"]

_HERE = "dsf.data.readers"

FORMATS: dict[str, str] = {
    "csv": f"{_HERE}.delimited.CsvRows",
    "tsv": f"{_HERE}.delimited.TsvRows",
    "json": f"{_HERE}.json_lines.JsonRows",
    "jsonl": f"{_HERE}.json_lines.JsonLinesRows",
    "parquet": f"{_HERE}.parquet.ParquetRows",
    "iob2": f"{_HERE}.tagged_columns.Iob2Rows",
    "bilou": f"{_HERE}.tagged_columns.BilouRows",
    "conll": f"{_HERE}.tagged_columns.ColumnRows",
    "conllu": f"{_HERE}.conllu.ConlluRows",
    "hugging_face": f"{_HERE}.hugging_face.HuggingFaceRows",
    "spans": f"{_HERE}.spans.SpanRows",
}
"""Format → the class that reads it, a :class:`dsf.data.readers.reader.RowReader`."""

_ENDINGS = {"tab": "tsv", "ndjson": "jsonl"}


def find_format(source: Any, format: str | None) -> str:
    """Find the format of a source: as named, or by the ending of the file.

    Raises:
        ConfigError: If the name or the ending belongs to no format.
        DataError: If there is no such file.
    """
    known = ", ".join(FORMATS)
    if format is not None and format not in FORMATS:
        raise ConfigError(
            f"The format must be one of {known}.",
            [Problem("format", f"is {format!r}.{did_you_mean(format, FORMATS)}")],
        )
    if not isinstance(source, str | Path):
        return _format_of_object(source)
    path = Path(source)
    if any((path / name).is_file() for name in ("dataset_info.json", "dataset_dict.json")):
        return "hugging_face"
    if not path.is_file():
        found = "is a folder" if path.is_dir() else "is not there"
        raise DataError("The data must be a file.", [Problem(str(path), f"{found}.")])
    ending = path.suffix.lower().removeprefix(".")
    chosen = format or _ENDINGS.get(ending, ending)
    if chosen not in FORMATS:
        raise ConfigError(
            f"The format must be known by the ending of the file, or named: {known}.",
            [Problem(str(path), f"has the ending {path.suffix!r}; name its format.")],
        )
    return chosen


def _format_of_object(source: Any) -> str:
    if hasattr(source, "column_names"):
        return "hugging_face"
    raise DataError(
        "The data must be a file, or a Dataset or DatasetDict of Hugging Face.",
        [Problem(type(source).__name__, "is neither.")],
    )


def find_reader(format: str) -> type[RowReader]:
    """Import the class that reads a format."""
    module, _, name = FORMATS[format].rpartition(".")
    reader: type[RowReader] = getattr(import_module(module), name)
    return reader
