"""The slices of a comparison as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dsf.core.measures import Measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["SliceRow", "slice_rows"]


class SliceRow(NamedTuple):
    """One metric on some of the rows.

    Attributes:
        column: What the slices are told apart by.
        value: What the rows of this one have in common.
        rows: How many there are.
        metric: What was measured.
        trained: Of the trained model; ``None`` if there is no number.
        existing: Of the existing model.
        difference: Trained minus existing.
        word: What the interval of the difference says.
        less_is_better: Whether the metric is a loss.
        reason: Why there is no number.
    """

    column: str
    value: str
    rows: int
    metric: str
    trained: Measure | None = None
    existing: Measure | None = None
    difference: Measure | None = None
    word: str = ""
    less_is_better: bool = False
    reason: str = ""


def slice_rows(comparison: Mapping[str, Any]) -> list[SliceRow]:
    """List the slices, those of one column together, each metric by itself.

    Args:
        comparison: The content of ``comparison.json``.
    """
    return [row for found in comparison.get("slices") or () for row in _rows(found)]


def _rows(found: Mapping[str, Any]) -> Iterator[SliceRow]:
    column, value, size = str(found["column"]), str(found["value"]), int(found["rows"])
    for metric, cell in (found.get("metrics") or {}).items():
        yield SliceRow(
            column,
            value,
            size,
            str(metric),
            Measure.read(cell, "trained")._replace(lower=None, upper=None),  # type: ignore[union-attr]
            Measure.read(cell, "eval")._replace(lower=None, upper=None),  # type: ignore[union-attr]
            Measure.read(cell, "difference"),
            str(cell.get("verdict") or ""),
            bool(cell.get("less_is_better")),
        )
    for metric, reason in (found.get("undefined") or {}).items():
        yield SliceRow(column, value, size, str(metric), reason=str(reason))
