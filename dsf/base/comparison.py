"""The new model next to the existing one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, final

from dsf.base.hooks import call_hook, result_error

__all__ = ["Comparison"]


class Comparison(ABC):
    """Compares the numbers of the test with those of the evaluation.

    ``Main`` calls :meth:`run`, which calls :meth:`compare`. :meth:`compare` may also be called
    by itself.

    You must write: :meth:`compare`. ``dsf.metrics.compare_results`` does it metric by metric.

    Attributes:
        test_results: Metric → number of the trained model; ``None`` if it was not tested.
        eval_results: Metric → number of the existing model; ``None`` if it was not evaluated.
        metrics: Section ``metrics`` of the config: metric → whether it is wanted.
        comparison_results: What :meth:`compare` gave; ``None`` before.
    """

    def __init__(
        self,
        test_results: dict[str, Any] | None,
        eval_results: dict[str, Any] | None,
        metrics_config: dict[str, Any],
    ) -> None:
        self.test_results = test_results
        self.eval_results = eval_results
        self.metrics = metrics_config
        self.comparison_results: Any = None

    @abstractmethod
    def compare(self) -> Any:
        """Give ``{metric: {"trained": …, "eval": …}}``, or a sentence if results are missing."""

    @final
    def run(self) -> dict[str, dict[str, Any]]:
        """Give the comparison, checked.

        Raises:
            HookResultError: If :meth:`compare` gave anything else than
                ``{metric: {"trained": …, "eval": …}}``.
        """
        result = call_hook(self, "compare", "comparison_results", "the comparison")
        fits = isinstance(result, Mapping) and all(
            isinstance(pair, Mapping) and {"trained", "eval"} <= pair.keys()
            for pair in result.values()
        )
        if not fits:
            raise result_error(
                self,
                "compare",
                f"must give {{metric: {{'trained': …, 'eval': …}}}}, but gave {result!r}",
            )
        return {metric: dict(pair) for metric, pair in result.items()}
