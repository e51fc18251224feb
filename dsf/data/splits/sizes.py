"""How many rows each part gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["share_out", "shares_of", "sizes_of"]


def sizes_of(rows: int, wanted: Mapping[str, float | None]) -> dict[str, int]:
    """Turn ratios or counts into numbers of rows.

    Args:
        rows: Number of rows to share out.
        wanted: Part → its share (``float``; the shares sum to 1), or part → its number of rows
            (``int``), where ``None`` is for one part that takes the rest.

    Raises:
        DataError: If a part would stay empty, or the counts do not fit the rows.
    """
    counts = {part: value for part, value in wanted.items() if _is_count(value)}
    rest = [part for part, value in wanted.items() if value is None]
    if not counts and not rest:
        sizes = share_out(rows, {part: float(value or 0.0) for part, value in wanted.items()})
    elif len(counts) + len(rest) == len(wanted) and len(rest) <= 1:
        left = rows - sum(int(value or 0) for value in counts.values())
        sizes = {part: left if part in rest else int(wanted[part] or 0) for part in wanted}
        if left < 0 or (left and not rest):
            taken = sum(int(value or 0) for value in counts.values())
            message = f"must sum to the {rows} rows, but sum to {taken}; null takes the rest."
            raise DataError("The counts do not fit.", [Problem(", ".join(counts), message)])
    else:
        message = "must be all ratios, or all counts with one null at most."
        raise DataError("The sizes do not fit.", [Problem(str(dict(wanted)), message)])
    empty = [part for part, size in sizes.items() if size <= 0]
    if empty:
        raise DataError(
            f"{rows} rows are too few for the ratios {dict(wanted)}.",
            [Problem(part, "must get at least one row, but gets none.") for part in empty],
        )
    return sizes


def shares_of(wanted: Mapping[str, float | None], sizes: Mapping[str, int]) -> tuple[float, ...]:
    """Give each part's share: the ratios as they are, or those of the counts."""
    values = list(wanted.values())
    if any(value is None or _is_count(value) for value in values):
        return tuple(size / sum(sizes.values()) for size in sizes.values())
    return tuple(float(value) for value in values if value is not None)


def share_out(rows: int, ratios: Mapping[str, float]) -> dict[str, int]:
    """Share ``rows`` out by largest remainder."""
    exact = {part: rows * ratio for part, ratio in ratios.items()}
    sizes = {part: int(share + 1e-9) for part, share in exact.items()}
    by_remainder = sorted(exact, key=lambda part: sizes[part] - exact[part])
    for part in by_remainder[: rows - sum(sizes.values())]:
        sizes[part] += 1
    return sizes


def _is_count(value: float | None) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
