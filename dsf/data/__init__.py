"""Rows: check, fingerprint, split, audit and keep them; labels: list, count and number them."""

from dsf.data.audit import SplitAudit, apply_leak_policy, audit_split
from dsf.data.checks import check_rows
from dsf.data.fingerprint import hash_rows
from dsf.data.known_labels import check_known_labels
from dsf.data.label_layout import LabelLayout
from dsf.data.labels import count_labels, encode_labels, list_labels
from dsf.data.rare_labels import describe_rare_labels
from dsf.data.row_hashes import hash_number_rows
from dsf.data.shared_labels import share_label_columns
from dsf.data.splits import (
    PARTS,
    STRATEGIES,
    read_part,
    split_configured,
    split_rows,
    write_part,
)
from dsf.data.text_column import name_text
from dsf.data.text_hashes import hash_texts

__all__ = [
    "PARTS",
    "STRATEGIES",
    "LabelLayout",
    "SplitAudit",
    "apply_leak_policy",
    "audit_split",
    "check_known_labels",
    "check_rows",
    "count_labels",
    "describe_rare_labels",
    "encode_labels",
    "hash_number_rows",
    "hash_rows",
    "hash_texts",
    "list_labels",
    "name_text",
    "read_part",
    "share_label_columns",
    "split_configured",
    "split_rows",
    "write_part",
]
