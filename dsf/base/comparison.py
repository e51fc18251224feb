"""The new model next to the existing one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, final

from dsf.base.hooks import call_hook, hook_errors, result_error
from dsf.base.scoring import make_bootstrap, make_rules
from dsf.data import name_text
from dsf.metrics import compare_predictions
from dsf.metrics.comparing import VERDICTS

if TYPE_CHECKING:
    import pandas as pd

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["Comparison"]

_NO_PREDICTIONS = (
    "The models were not compared row by row: {} gave numbers and not the answers to the rows."
)


class Comparison(ABC):
    """Compares the numbers of the test with those of the evaluation, and judges the difference.

    ``Main`` calls :meth:`run`, which calls :meth:`compare` for the numbers side by side, then
    :meth:`judge` for what differs beyond chance. :meth:`compare` may also be called by itself.

    You must write: :meth:`compare`. ``dsf.metrics.compare_results`` does it metric by metric.
    You may write: :meth:`judge`.

    Attributes:
        test_results: Metric → number of the trained model; ``None`` if it was not tested.
        eval_results: Metric → number of the existing model; ``None`` if it was not evaluated.
        metrics: Section ``metrics`` of the config: metric → whether it is wanted.
        trained: What the trained model answered, row by row; ``None`` if that was not kept.
        existing: What the existing model answered; ``None`` if that was not kept.
        rows: The rows, as far as they were kept: text, and columns to cut slices by.
        config: The whole config.
        comparison_results: What :meth:`compare` gave; ``None`` before.
    """

    def __init__(
        self,
        test_results: dict[str, Any] | None,
        eval_results: dict[str, Any] | None,
        metrics_config: dict[str, Any],
        *,
        trained: AnyPredictions | None = None,
        existing: AnyPredictions | None = None,
        rows: pd.DataFrame | None = None,
        config: Mapping[str, Any] | None = None,
    ) -> None:
        self.test_results = test_results
        self.eval_results = eval_results
        self.metrics = metrics_config
        self.trained = trained
        self.existing = existing
        self.rows = rows
        self.config = config or {}
        self.comparison_results: Any = None

    @abstractmethod
    def compare(self) -> Any:
        """Give ``{metric: {"trained": …, "eval": …}}``, or a sentence if results are missing."""

    def judge(self) -> dict[str, Any]:
        """Say what differs beyond chance, and whether the trained model is better.

        Called after :meth:`compare`. The default compares row by row, as ``comparison_config``
        and ``bootstrap_config`` say (:func:`dsf.metrics.compare_predictions`). Without the answers
        to the rows it cannot tell.

        Returns:
            What stands in ``comparison.json`` beside the metrics; under ``verdict`` at least
            ``{"verdict": …, "reason": …, "passed": …}``, the first one of ``better``,
            ``not worse``, ``undecided`` and ``worse``.
        """
        if self.trained is None or self.existing is None:
            sides = {"the test": self.trained, "the evaluation": self.existing}
            silent = " and ".join(name for name, answers in sides.items() if answers is None)
            reason = _NO_PREDICTIONS.format(silent)
            return {"verdict": {"verdict": "undecided", "reason": reason, "passed": False}}
        rows = self.rows
        return compare_predictions(
            self.trained,
            self.existing,
            self.config["metrics"],
            average=self.config["model_config"]["average"],
            rules=make_rules(self.config),
            bootstrap=make_bootstrap(self.config, rows, self.trained.row_ids),
            rows=rows,
            slices=self.config["comparison_config"]["slices"],
            text_column=name_text(self.config["dataset_config"]),
        )

    @final
    def run(self) -> dict[str, Any]:
        """Give all that stands in ``comparison.json``.

        Raises:
            HookResultError: If :meth:`compare` gave anything else than
                ``{metric: {"trained": …, "eval": …}}``, or :meth:`judge` no verdict.
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
        with hook_errors(self, "judge"):
            judged = self.judge()
        self._check_verdict(judged)
        return {**judged, "metrics": {metric: dict(pair) for metric, pair in result.items()}}

    def _check_verdict(self, judged: Any) -> None:
        verdict = judged.get("verdict") if isinstance(judged, Mapping) else None
        said = verdict if isinstance(verdict, Mapping) else {}
        if not {"reason", "passed"} <= said.keys() or said.get("verdict") not in VERDICTS:
            raise result_error(
                self,
                "judge",
                "must give {'verdict': {'verdict': …, 'reason': …, 'passed': …}} with a verdict "
                f"of {', '.join(VERDICTS)}, but gave {said or judged!r}",
            )
