"""The numbers of a run: a metric's name and what it came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.measures import Measure, as_mapping, is_number, read_measures, read_outputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["find_main_metric", "read_compared", "read_scores"]


def read_scores(metrics: Mapping[str, Any]) -> dict[str, Measure]:
    """Give name → score; a metric of one output is called ``output.metric``.

    Args:
        metrics: The content of ``metrics.json``; what is no number in it is left out.
    """
    found = read_measures(metrics)
    for output, content in read_outputs(metrics).items():
        found |= {f"{output}.{name}": one for name, one in read_measures(content).items()}
    return found


def read_compared(comparison: Mapping[str, Any], side: str) -> dict[str, Measure]:
    """Give name → score of one side of a comparison.

    Args:
        comparison: The content of ``comparison.json``.
        side: ``trained`` or ``eval``.
    """
    return {
        name: Measure(float(sides[side]))
        for name, sides in _pairs(comparison)
        if is_number(sides.get(side))
    }


def find_main_metric(
    scores: Mapping[str, Measure], comparison: Mapping[str, Any], wanted: Any
) -> str | None:
    """Find the metric that the run is judged by.

    It is the first of those that the verdict rests on, that the config names for the comparison, or
    that were computed.

    Args:
        scores: Of the trained model.
        comparison: The content of ``comparison.json``; empty without one.
        wanted: ``comparison_config.metrics``.
    """
    judged = as_mapping(as_mapping(comparison.get("verdict")).get("metrics"))
    named = wanted if isinstance(wanted, list) else []
    return next((name for name in [*judged, *named, *scores] if name in scores), None)


def _pairs(comparison: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, sides in as_mapping(comparison.get("metrics")).items():
        yield name, as_mapping(sides)
    for output, metrics in read_outputs(comparison).items():
        for name, sides in metrics.items():
            yield f"{output}.{name}", as_mapping(sides)
