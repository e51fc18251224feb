"""Rows: check, fingerprint and split them; labels: list, count and number them."""

from dsf.data.checks import check_rows
from dsf.data.fingerprint import hash_rows
from dsf.data.labels import count_labels, encode_labels, list_labels
from dsf.data.split import PARTS, split_rows

__all__ = [
    "PARTS",
    "check_rows",
    "count_labels",
    "encode_labels",
    "hash_rows",
    "list_labels",
    "split_rows",
]
