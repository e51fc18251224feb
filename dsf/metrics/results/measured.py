"""The numbers of a metric, put where ``metrics.json`` has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dsf.metrics.resampling.intervals import Interval
    from dsf.metrics.statistics.number import Number

__all__ = ["Measured", "arrange_numbers"]

_NO_NUMBER = "there is no such number for these rows"


class Measured(NamedTuple):
    """All numbers of one metric.

    Attributes:
        numbers: What they are of.
        values: NaN where there is none. Shape: ``(numbers,)``.
        undefined: Why there is none.
        intervals: Of each number, or ``None`` if none were drawn.
    """

    numbers: Sequence[Number]
    values: NDArray[np.float64]
    undefined: Mapping[Number, str]
    intervals: Sequence[Interval | None] | None = None

    def cell(self, place: int) -> dict[str, Any]:
        """Give one number: its value, its ends if there are any, or why there is none."""
        value = float(self.values[place])
        if np.isnan(value):
            return {"undefined": self.undefined.get(self.numbers[place], _NO_NUMBER)}
        interval = self.intervals[place] if self.intervals else None
        if interval is None or np.isnan(interval.lower):  # no sample has the number
            return {"value": value}
        return interval.to_dict()


def arrange_numbers(measured: Mapping[str, Measured], missing: Mapping[str, str]) -> dict[str, Any]:
    """Arrange the numbers of all metrics.

    Args:
        measured: Metric → its numbers.
        missing: Metrics that these answers do not have → why.

    Returns:
        Metric → headline; ``undefined``, ``intervals``, ``labels`` and ``outputs`` where there is
        anything to say.
    """
    results: dict[str, Any] = {}
    outputs: dict[str, dict[str, Any]] = {}
    for name, one in measured.items():
        for place, number in enumerate(one.numbers):
            target = results if number.output is None else outputs.setdefault(number.output, {})
            if number.label is None:
                _put_headline(target, name, one.cell(place))
            elif one.intervals is not None:
                labels = target.setdefault("labels", {}).setdefault(name, {})
                labels[str(number.label)] = one.cell(place)
    for name, reason in missing.items():
        _put_headline(results, name, {"undefined": reason})
    if outputs:
        results["outputs"] = {output: _last(found) for output, found in outputs.items()}
    return _last(results)


def _put_headline(target: dict[str, Any], name: str, cell: dict[str, Any]) -> None:
    if "undefined" in cell:
        target.setdefault("undefined", {})[name] = cell["undefined"]
        return
    target[name] = cell["value"]
    if "lower" in cell:
        ends = {name: one for name, one in cell.items() if name != "value"}
        target.setdefault("intervals", {})[name] = ends


def _last(results: dict[str, Any]) -> dict[str, Any]:
    """Put the metrics first and what is said of them after."""
    said = ("outputs", "undefined", "intervals", "labels")
    first = {name: value for name, value in results.items() if name not in said}
    return first | {name: results[name] for name in said if name in results}
