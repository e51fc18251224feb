"""Rows of two parts with the same, or nearly the same, text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.data.audit.report import Finding
from dsf.data.audit.texts import read_texts

if TYPE_CHECKING:
    from dsf.data.audit.part_index import PartIndex

__all__ = ["EXAMPLES", "find_twins", "first_places"]

EXAMPLES = 20
_SHOWN = 200


def find_twins(names: tuple[str, str], earlier: PartIndex, later: PartIndex) -> list[Finding]:
    """Find rows of two parts with one text; each row counts in the first kind that fits.

    Args:
        names: Names of the two parts.
        earlier: The part that is learned from.
        later: The part that is judged on.
    """
    findings = []
    mine, its = np.arange(len(earlier.exact)), np.arange(len(later.exact))
    for kind in ("exact", "normalised", "near"):
        if kind == "near":
            partners, of_mine = later.nearest(its, earlier), earlier.nearest(mine, later)
            rows = mine[of_mine >= 0]
            # What the one side found is true for the other as well.
            rows = np.union1d(rows, np.intersect1d(partners, mine))
            missed = np.isin(its, of_mine) & (partners < 0)
            back = first_places(of_mine, its[missed])
            partners[missed] = mine[back]
        else:
            keys, others = getattr(earlier, kind), getattr(later, kind)
            rows = mine[np.isin(keys[mine], others)]
            partners = first_places(keys, others[its])
        hit = partners >= 0
        if len(rows) or hit.any():
            examples = _examples(names, (earlier, later), partners[hit], its[hit])
            findings.append(Finding(kind, *names, rows, its[hit], examples))
        mine, its = np.setdiff1d(mine, rows, assume_unique=True), its[~hit]
    return findings


def first_places(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Give the first place of each wanted value among the keys, -1 where it is not there."""
    values, places = np.unique(keys, return_index=True)
    if not len(values):
        return np.full(len(wanted), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
    return np.where(values[at] == wanted, places[at], -1)


def _examples(
    names: tuple[str, str],
    parts: tuple[PartIndex, PartIndex],
    mine: np.ndarray,
    its: np.ndarray,
) -> list[dict[str, Any]]:
    sides = []
    for part, rows in zip(parts, (mine[:EXAMPLES], its[:EXAMPLES]), strict=True):
        texts = [text[:_SHOWN] for text in read_texts(part.column, rows)]
        sides.append(
            [{"row": int(row), "text": text} for row, text in zip(rows, texts, strict=True)]
        )
    return [dict(zip(names, pair, strict=True)) for pair in zip(*sides, strict=True)]
