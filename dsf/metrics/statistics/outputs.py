"""A statistic of each of several outputs, and one number for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.metrics.statistics.number import HEADLINE
from dsf.metrics.statistics.statistic import Statistic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from dsf.metrics.statistics.draws import Draws

__all__ = ["Outputs"]


class Outputs(Statistic):
    """The numbers of all outputs. The headline is the mean of theirs, unless it is given.

    Args:
        outputs: Name of each output and its statistic; all of the same rows.
        headline: A statistic whose first number is that of all outputs together.
    """

    def __init__(self, outputs: Mapping[str, Statistic], headline: Statistic | None = None) -> None:
        self.outputs = dict(outputs)
        self.headline = headline
        parts = [*self.outputs.values(), *([headline] if headline else [])]
        self.rows = parts[0].rows
        self.kinds = tuple(kinds for part in parts for kinds in part.kinds)
        if not all(part.kinds for part in parts):
            self.kinds = ()
        self.numbers = (
            HEADLINE,
            *(n._replace(output=name) for name, one in self.outputs.items() for n in one.numbers),
        )
        self.undefined = {
            number._replace(output=name): reason
            for name, one in self.outputs.items()
            for number, reason in one.undefined.items()
        }
        lacking = [name for name, one in self.outputs.items() if HEADLINE in one.undefined]
        if lacking and headline is None:
            self.undefined[HEADLINE] = f"these outputs do not have it: {', '.join(lacking)}"

    def values(self, draws: Draws) -> NDArray[np.float64]:
        """Compute the numbers of each output. Shape: ``(draws, numbers)``."""
        found = [one.values(draws) for one in self.outputs.values()]
        if self.headline is None:
            first = np.mean([values[:, 0] for values in found], axis=0)
        else:
            first = self.headline.values(draws)[:, 0]
        return np.column_stack([first, *found])

    def take(self, rows: NDArray[np.intp]) -> Outputs:
        """Give the same statistic of some of the rows."""
        headline = None if self.headline is None else self.headline.take(rows)
        return Outputs({name: one.take(rows) for name, one in self.outputs.items()}, headline)

    def stack(self, other: Statistic) -> Outputs:
        """Give the same statistic of these rows and those of another model."""
        assert isinstance(other, Outputs)
        headline = None
        if self.headline is not None and other.headline is not None:
            headline = self.headline.stack(other.headline)
        return Outputs(
            {name: one.stack(other.outputs[name]) for name, one in self.outputs.items()}, headline
        )
