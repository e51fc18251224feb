"""Rows: check, fingerprint and split them."""

from dsf.data.checks import check_rows
from dsf.data.fingerprint import hash_rows
from dsf.data.split import PARTS, count_labels, split_rows

__all__ = ["PARTS", "check_rows", "count_labels", "hash_rows", "split_rows"]
