"""The results of two models side by side."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from dsf.core.errors import HookResultError
from dsf.metrics.metric_faults import is_wanted

__all__ = ["NO_RESULTS", "compare_results"]

NO_RESULTS = "No test results found."
"""The answer when one side is missing. A word of the tutorial, so it stays as it is."""

_logger = logging.getLogger(__name__)

_MODELS = {"test_results": "the trained model", "eval_results": "the existing model"}


def compare_results(
    test_results: Mapping[str, Any] | None,
    eval_results: Mapping[str, Any] | None,
    metrics_config: Mapping[str, Any],
) -> dict[str, dict[str, Any]] | str:
    """Put the trained model's results beside those of the existing model.

    Args:
        test_results: Values by metric of the trained model; tensors and numpy numbers too.
        eval_results: The same of the existing model.
        metrics_config: Name of each metric and whether it is wanted, in the order of the result.

    Returns:
        ``{metric: {"trained": x, "eval": y}}`` in plain Python values, for the metrics that are
        wanted and that both sides have; or ``"No test results found."`` if a side is ``None``.

    Raises:
        HookResultError: If a side is neither a mapping nor ``None``.
    """
    if test_results is None or eval_results is None:
        return NO_RESULTS
    sides = {"test_results": test_results, "eval_results": eval_results}
    for name, results in sides.items():
        if not isinstance(results, Mapping):
            raise HookResultError(
                f"{name} must be a mapping of metric to value, but is a "
                f"{type(results).__name__}: {results!r}."
            )
    compared = {}
    for metric in (name for name, value in metrics_config.items() if is_wanted(value)):
        missing = [name for name, results in sides.items() if metric not in results]
        if missing:
            models = " and ".join(_MODELS[name] for name in missing)
            _logger.warning("compare  %s is left out: %s has no such number", metric, models)
        else:
            compared[metric] = {
                "trained": _plain(test_results[metric]),
                "eval": _plain(eval_results[metric]),
            }
    return compared


def _plain(value: Any) -> Any:
    """Turn tensors and numpy values, nested ones too, into what JSON can keep."""
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if not hasattr(value, "item"):
        return value
    # A scalar has no dimensions; a longer array or tensor becomes a list.
    return value.tolist() if getattr(value, "ndim", 0) else value.item()
