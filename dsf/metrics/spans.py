"""Entities in texts, scored strictly: an answer is right if start, end and label all are.

Source: the CoNLL-2003 shared task, Tjong Kim Sang & De Meulder 2003,
https://aclanthology.org/W03-0419: "a named entity is correct only if it is an exact match".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import excerpt
from dsf.metrics.label_counts import LabelCounts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

__all__ = ["Span", "count_spans"]


class Span(NamedTuple):
    """A labelled stretch of a text or of its tokens.

    Attributes:
        start: Where it begins.
        end: Where it ends, exclusive.
        label: What it is.
    """

    start: int
    end: int
    label: str


def count_spans(
    true: Sequence[Collection[tuple[int, int, str]]],
    answered: Sequence[Collection[tuple[int, int, str]]],
    labels: Sequence[str],
) -> LabelCounts:
    """Count hits, truth and answers of each label.

    A span that is given twice in a row counts once.

    Args:
        true: The true spans of each row.
        answered: The answered spans of each row, in the same order.
        labels: All labels, in the order of the counts.

    Raises:
        DataError: If the numbers of rows differ, or a span has another label.
    """
    if len(true) != len(answered):
        message = f"must be of the same rows, but are of {len(true)} and {len(answered)}."
        raise DataError("The spans cannot be scored.", [Problem("true and answered", message)])
    places = {label: place for place, label in enumerate(labels)}
    hits, there, given = (np.zeros(len(labels), dtype=np.int64) for _ in range(3))
    unknown: set[str] = set()
    for mine, theirs in zip(map(set, true), map(set, answered), strict=True):
        unknown |= {label for _, _, label in mine | theirs if label not in places}
        if unknown:
            continue
        for counts, spans in ((hits, mine & theirs), (there, mine), (given, theirs)):
            for _, _, label in spans:
                counts[places[label]] += 1
    if unknown:
        message = f"must be among {excerpt(labels, 20)}, but there are {excerpt(sorted(unknown))}."
        raise DataError("The spans cannot be scored.", [Problem("label", message)])
    return LabelCounts(hits, there, given)
