"""The slice of each row, under the names that the comparison gave."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dsf.core.errors import ConfigError, DataError
from dsf.metrics.comparing.slices import align_rows, cut_slices
from dsf.report.sections.texts import text_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from dsf.report.run_contents import RunContents

__all__ = ["RowSlices", "row_slices"]

_logger = logging.getLogger(__name__)


class RowSlices(NamedTuple):
    """The rows cut by one column.

    Attributes:
        names: Of its slices, in their order.
        places: Of each row's slice among the names. Shape: ``(rows,)``.
    """

    names: Sequence[str]
    places: NDArray[np.intp]

    def of(self, rows: NDArray[np.intp]) -> list[tuple[int, str]]:
        """Give the slices that some rows are in, each with its place."""
        return [(int(place), self.names[place]) for place in np.unique(self.places[rows])]


def row_slices(contents: RunContents, row_ids: NDArray[np.generic]) -> dict[str, RowSlices]:
    """Cut rows as the comparison did; also into slices that were too small to be compared.

    A column that gives other slices than the comparison has is left out: a project may cut its own.

    Args:
        contents: The run.
        row_ids: All rows that both models answered. Shape: ``(rows,)``.
    """
    if contents.rows is None:
        return {}
    compared: dict[str, set[str]] = {}
    for one in contents.comparison.get("slices") or ():
        compared.setdefault(str(one["column"]), set()).add(str(one["value"]))
    wanted = contents.section("comparison_config").get("slices")
    columns = [*compared, *(wanted if isinstance(wanted, list) else ())]
    try:
        rows = align_rows(contents.rows, row_ids)
    except DataError as error:
        _logger.warning("The report cannot choose rows by their slices: %s", error)
        return {}
    text = text_column(contents)
    cut = {column: _cut(rows, column, text) for column in dict.fromkeys(map(str, columns))}
    return {
        column: found
        for column, found in cut.items()
        if found is not None and compared.get(column, set()) <= set(found.names)
    }


def _cut(rows: pd.DataFrame, column: str, text: str | None) -> RowSlices | None:
    try:
        parts = cut_slices(rows, [column], text)
    except ConfigError:  # the comparison said so, if it was to cut by it
        return None
    places = np.zeros(len(rows), dtype=np.intp)
    for place, part in enumerate(parts):
        places[part.rows] = place
    return RowSlices([part.value for part in parts], places)
