"""Splits of rows into train, validation and test: seeded, recorded, one strategy a file."""

from dsf.data.splits.configured import split_configured
from dsf.data.splits.parts import PARTS, split_rows
from dsf.data.splits.stored import read_part, write_part
from dsf.data.splits.table import STRATEGIES

__all__ = [
    "PARTS",
    "STRATEGIES",
    "read_part",
    "split_configured",
    "split_rows",
    "write_part",
]
