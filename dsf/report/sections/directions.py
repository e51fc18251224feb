"""Of which metrics less is better: what the comparison says, else the config and the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dsf.metrics.metric_faults import is_own
from dsf.metrics.table import METRICS

if TYPE_CHECKING:
    from dsf.report.run_contents import RunContents

__all__ = ["less_is_better"]


def less_is_better(contents: RunContents, metric: str) -> bool:
    """Whether a metric is a loss; of one that nobody knows, more is taken to be better.

    Args:
        contents: The run.
        metric: Its name in the results.
    """
    compared = (contents.comparison.get("differences") or {}).get(metric)
    if compared is not None:
        return bool(compared.get("less_is_better"))
    return _as_configured(metric, contents.section("metrics").get(metric))


def _as_configured(metric: str, value: Any) -> bool:
    """Read what a config says of a metric; a function of the project's own is not looked up."""
    options = value if isinstance(value, Mapping) else {}
    if is_own(value):
        return options.get("less_is_better") is True
    known = METRICS.get(str(options.get("metric", metric)))
    return known is not None and known.less_is_better
