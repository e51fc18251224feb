"""Labels that mean the same, but are written otherwise: ``1`` and ``1.0``, ``a`` and ``A ``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import Problem
from dsf.core.excerpts import count, excerpt
from dsf.core.prediction_files import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["find_alike", "spelling_problems"]


def find_alike(unknown: Iterable[Any], known: Iterable[Any]) -> dict[Any, Any]:
    """Find labels that are known under another spelling.

    They may differ in the case of letters, in blanks around them, or in how a number is written.

    Args:
        unknown: Labels that are not among the known ones.
        known: Labels as they should be.

    Returns:
        Unknown label → the known one, for those alone that have one.
    """
    spelled: dict[str, Any] = {}
    for label in known:
        spelled.setdefault(_folded(label), label)
    return {label: spelled[key] for label in unknown if (key := _folded(label)) in spelled}


def spelling_problems(
    where: str, alike: Mapping[Any, Any], rows: Mapping[Any, Any], model: str
) -> list[Problem]:
    """Refuse labels that are spelt otherwise than known ones: they would all count as wrong.

    Args:
        where: Where they stand.
        alike: Label → how it is known.
        rows: Label → ids of the rows that have it.
        model: Whose answers they are, with its article.
    """
    return [
        Problem(
            where,
            f"must be written as the other labels are, but {model} has {plain(label)!r} in "
            f"{count(len(rows[label]), 'row')}, {excerpt(rows[label])}, where {plain(other)!r} is "
            "known. Write both alike.",
        )
        for label, other in alike.items()
    ]


def _folded(label: Any) -> str:
    """Give what labels of one meaning have in common."""
    text = str(plain(label)).strip().casefold()
    try:
        number = float(text)
    except ValueError:
        return text
    return repr(number) if abs(number) < 2**53 else text  # beyond it floats run into one another
