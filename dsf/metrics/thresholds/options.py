"""How thresholds are chosen, as a config says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.references import reference_name
from dsf.metrics.scores.own_parameters import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.metrics.thresholds.judging import ThresholdMetric

__all__ = ["metric_text", "threshold_options"]

_KEYS = {
    "search": "threshold_search",
    "metric": "threshold_metric",
    "maximize": "threshold_maximize",
}


def threshold_options(model_config: Mapping[str, Any]) -> dict[str, Any]:
    """Give the arguments of :func:`dsf.metrics.best_thresholds` that a config has.

    Args:
        model_config: Section of the config; keys that it lacks have their defaults.
    """
    given = {name: model_config[key] for name, key in _KEYS.items() if key in model_config}
    return {**model_config.get("threshold_grid", {}), **given}


def metric_text(metric: ThresholdMetric) -> str:
    """Write what thresholds are chosen by: a name or a reference as it stands.

    Args:
        metric: As of :func:`dsf.metrics.best_thresholds`. Of a reference with arguments, and of a
            function itself, it is the full name.
    """
    if isinstance(metric, str):
        return metric
    return name_of(metric) if callable(metric) else reference_name(metric)
