"""How the pictures of results are called on disk, so that the report finds them."""

from __future__ import annotations

import re

__all__ = ["CONFUSION_MATRIX", "LABEL_SCORES", "output_matrix"]

CONFUSION_MATRIX = "confusion_matrix"
LABEL_SCORES = "label_scores"

_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")
_LONGEST = 40


def output_matrix(number: int, output: object) -> str:
    """Name the confusion matrix of one of several outputs, without an ending.

    Args:
        number: Its place among the outputs, from 1: two names may look alike once made safe.
        output: Its name, any text.

    >>> output_matrix(2, "urgency / level")
    'confusion_matrix_2_urgency_level'
    """
    safe = _UNSAFE.sub("_", str(output)).strip("_")[:_LONGEST]
    return f"{CONFUSION_MATRIX}_{number}" + (f"_{safe}" if safe else "")
