"""Readers: rows of files in their normal form, in batches where the files are large."""

from dsf.data.readers.columns import ColumnNames
from dsf.data.readers.configured import read_configured
from dsf.data.readers.reading import read_rows
from dsf.data.readers.table import FORMATS

__all__ = ["FORMATS", "ColumnNames", "read_configured", "read_rows"]
