"""Tags of tokens and the spans that they mean: all of :mod:`dsf.core.tagging`."""

from __future__ import annotations

from dsf.core.tagging import (
    OUTSIDE,
    SCHEMES,
    TokenSpan,
    check_tags,
    convert_tags,
    list_tags,
    repair_tags,
    spans_to_tags,
    split_tag,
    tags_to_spans,
)

__all__ = [
    "OUTSIDE",
    "SCHEMES",
    "TokenSpan",
    "check_tags",
    "convert_tags",
    "list_tags",
    "repair_tags",
    "spans_to_tags",
    "split_tag",
    "tags_to_spans",
]
