"""Long lists in messages: the first few, and whether something was left out."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from dsf.core.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["count", "excerpt", "first_problems"]


def excerpt(values: Iterable[Any], shown: int = 5) -> str:
    """Write the first values as a list: ``[3]``, or ``[0, 1, 2, 3, 4, …]`` of more.

    Args:
        values: Plain values, or numpy's, which are written as plain ones.
        shown: How many are written out.
    """
    first = list(islice(values, shown + 1))
    texts = [repr(_plain(value)) for value in first[:shown]]
    if len(first) > shown:
        texts.append("…")
    return f"[{', '.join(texts)}]"


def count(number: int, noun: str) -> str:
    """Write a number with its noun: ``1 row``, ``3 rows``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def first_problems(problems: Sequence[Problem], shown: int = 20) -> list[Problem]:
    """Keep the first problems, and say how many more there are."""
    rest = len(problems) - shown
    return [*problems[:shown], *([Problem("", f"… and {rest} more.")] if rest > 0 else [])]


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
