"""The results of one model on one set of rows, in the shape of ``metrics.json``."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.metrics.label_counts import AVERAGES
from dsf.metrics.results.kinds import count_predictions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.metrics.label_counts import Average
    from dsf.metrics.results.counted import Counted

__all__ = ["SCORES", "score_predictions"]

_ACCURACY = "accuracy"
_CONFUSION_MATRIX = "confusion_matrix"
_OUTPUTS = "outputs"

SCORES: dict[str, Callable[[Counted, Average], Any]] = {
    _ACCURACY: lambda counted, _: counted.accuracy,
    "f1": lambda counted, average: counted.counts.f1(average),
    "precision": lambda counted, average: counted.counts.precision(average),
    "recall": lambda counted, average: counted.counts.recall(average),
}
"""What the names of the ``metrics`` section stand for, beside the confusion matrix itself."""


def score_predictions(
    predictions: AnyPredictions,
    metrics_config: Mapping[str, bool],
    average: Average = "macro",
) -> dict[str, Any]:
    """Compute the enabled metrics of one model's predictions.

    Accuracy has no average: it is the share of the rows that are answered exactly right, in all
    labels and all outputs; of tags, the share of the tokens. Precision, recall and F1 are of the
    labels; of the entities where tags have a scheme, strictly (start, end and label are right);
    of several outputs, the mean of theirs.

    Args:
        predictions: Truth and answers. With two labels, the second one is the positive one.
        metrics_config: Name of each metric and whether it is wanted, in the order of the result.
        average: How precision, recall and F1 of the labels become one number; see
            :mod:`dsf.metrics.label_counts`.

    Returns:
        Plain Python numbers by metric. ``confusion_matrix`` is ``{"tp", "tn", "fp", "fn"}`` for
        two labels, else ``{"labels", "matrix"}`` with the truth in rows; of tags that stand alone
        it also says ``"counted": "tokens"``. Of several labels a row it is
        label → ``{"tp", "tn", "fp", "fn"}``, of entities label → ``{"tp", "fp", "fn"}``, of
        several outputs output → matrix. These have also ``outputs``: output → metric → number.

    Raises:
        ConfigError: If a metric or the average is not known; lists all of them.
        DataError: If there are no rows, or a row has no known label; names the rows.
    """
    _check_config(metrics_config, average)
    if not len(predictions.row_ids):
        message = "must have at least one row, but have none."
        raise DataError("There is nothing to score.", [Problem("predictions", message)])
    wanted = [name for name, is_wanted in metrics_config.items() if is_wanted]
    if isinstance(predictions, MultiOutputPredictions):
        return _score_outputs(predictions, wanted, average)
    return _score(count_predictions(predictions), wanted, average)


def _score(counted: Counted, wanted: list[str], average: Average) -> dict[str, Any]:
    return {
        name: counted.confusion_matrix
        if name == _CONFUSION_MATRIX
        else float(SCORES[name](counted, average))
        for name in wanted
    }


def _score_outputs(
    predictions: MultiOutputPredictions, wanted: list[str], average: Average
) -> dict[str, Any]:
    """Score each output, then put their scores together."""
    outputs = {
        output: _score(count_predictions(answers), wanted, average)
        for output, answers in predictions.outputs.items()
    }
    results: dict[str, Any] = {}
    for name in wanted:
        if name == _CONFUSION_MATRIX:
            results[name] = {output: scores.pop(name) for output, scores in outputs.items()}
        elif name == _ACCURACY:
            right = [each.targets == each.predictions for each in predictions.outputs.values()]
            results[name] = float(np.all(right, axis=0).mean())
        else:
            results[name] = float(np.mean([scores[name] for scores in outputs.values()]))
    if any(outputs.values()):
        results[_OUTPUTS] = outputs
    return results


def _check_config(metrics_config: Mapping[str, bool], average: str) -> None:
    known = sorted([*SCORES, _CONFUSION_MATRIX])
    problems = []
    for name in metrics_config:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            message = f"must be one of {', '.join(known)}.{hint}"
            problems.append(Problem(f"metrics.{name}", message))
    if average not in AVERAGES:
        message = f"must be one of {', '.join(AVERAGES)}, but is {average!r}."
        problems.append(Problem("model_config.average", message))
    if problems:
        raise ConfigError("The metrics cannot be computed as configured.", problems)
