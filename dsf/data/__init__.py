"""Rows: check, fingerprint and split them; labels: list, count and number them."""

from dsf.data.checks import check_rows
from dsf.data.fingerprint import hash_rows
from dsf.data.labels import count_labels, encode_labels, list_labels
from dsf.data.splits import PARTS, STRATEGIES, split_rows

__all__ = [
    "PARTS",
    "STRATEGIES",
    "check_rows",
    "count_labels",
    "encode_labels",
    "hash_rows",
    "list_labels",
    "split_rows",
]
