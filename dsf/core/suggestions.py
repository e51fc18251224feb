"""Did-you-mean: the known word that a misspelled one is closest to."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["did_you_mean", "find_closest"]


def find_closest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Find the known word that is most like ``word``, whatever the case of its letters.

    Args:
        word: What came.
        known: What would have been right.
        cutoff: How alike they must be, from 0 (anything) to 1 (the same letters).

    Returns:
        ``None`` if nothing is alike enough.
    """
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.casefold(), candidate)
    found = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=cutoff)
    return folded[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give the end of an error message: `` Did you mean 'x'?``, or nothing.

    The answer begins with a space, to be put behind a full stop.
    """
    closest = find_closest(word, known)
    return "" if closest is None or closest == word else f" Did you mean {closest!r}?"
