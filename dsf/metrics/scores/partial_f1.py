"""F1 of entities in which an overlap counts half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.metrics.answers.label_sums import count_entries
from dsf.metrics.label_counts import LabelCounts
from dsf.metrics.scores.of_labels import UNUSED, explain, finish_labels, score_each
from dsf.metrics.statistics.number import HEADLINE, Number
from dsf.metrics.statistics.summed import Summed

if TYPE_CHECKING:
    from collections.abc import Collection

    from dsf.metrics.answers.tags import EntityAnswers
    from dsf.metrics.label_counts import Average

__all__ = ["match_partially", "partial_f1"]


def partial_f1(answers: EntityAnswers, average: Average = "macro") -> Summed:
    """F1 of entities: exactly right counts 1, the right label with an overlap counts one half.

    Each entity is matched with one other at most, exact ones first, then from left to right.

    Source: the credit of partial matches in MUC-5, Chinchor and Sundheim 1993,
    https://aclanthology.org/M93-1007, for entities of the same label.

    Args:
        answers: Entities.
        average: How the labels become one number; see :mod:`dsf.metrics.label_counts`.
    """
    places = {label: place for place, label in enumerate(answers.labels)}
    true, answered = answers.spans
    # Everything counts double, so that half a hit is a whole number; F1 is a ratio.
    hits = [
        (row, places[label])
        for row, (mine, theirs) in enumerate(zip(true, answered, strict=True))
        for label in match_partially(mine, theirs)
    ]
    there, given = (
        [(row, places[label]) for row, spans in enumerate(side) for _, _, label in spans] * 2
        for side in (true, answered)
    )
    ones = np.ones(answers.rows)
    kinds = count_entries(hits, there, given, len(answers.labels), ones, ones)
    numbers = (HEADLINE, *(Number(label) for label in answers.labels))
    finish = finish_labels(lambda s: s.counts.f1(average), score_each(LabelCounts.f1))
    return explain(Summed(kinds, finish, numbers), UNUSED)


def match_partially(
    true: Collection[tuple[int, int, str]], answered: Collection[tuple[int, int, str]]
) -> list[str]:
    """List the labels of matches: twice for an exact one, once for an overlap.

    Args:
        true: The true spans of a row: start, end, label.
        answered: The answered ones.
    """
    exact = set(true) & set(answered)
    matched = [label for _, _, label in exact for _ in range(2)]
    left = sorted(set(answered) - exact)
    for start, end, label in sorted(set(true) - exact):
        overlap = next((s for s in left if s[2] == label and s[0] < end and start < s[1]), None)
        if overlap is not None:
            left.remove(overlap)
            matched.append(label)
    return matched
