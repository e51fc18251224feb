"""The results of one model on one set of rows, in the shape of ``metrics.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import DataError, Problem
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.metrics.answers import answers_of
from dsf.metrics.metric_faults import CONFUSION_MATRIX
from dsf.metrics.resampling.intervals import percentile_intervals
from dsf.metrics.resampling.replicates import bootstrap_statistics
from dsf.metrics.results.kinds import count_predictions
from dsf.metrics.results.measured import Measured, arrange_numbers
from dsf.metrics.results.statistics import make_statistics
from dsf.metrics.results.support import add_support
from dsf.metrics.wanted import read_metrics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.metrics.label_counts import Average
    from dsf.metrics.resampling.settings import Bootstrap
    from dsf.metrics.statistics.statistic import Statistic

__all__ = ["score_predictions"]


def score_predictions(
    predictions: AnyPredictions,
    metrics_config: Mapping[str, Any],
    average: Average = "macro",
    bootstrap: Bootstrap | None = None,
) -> dict[str, Any]:
    """Compute the wanted metrics of one model's predictions.

    Accuracy has no average: it is the share of the rows that are answered exactly right, in all
    labels and all outputs; of tags, the share of the tokens. Precision, recall and F1 are of the
    labels; of the entities where tags have a scheme, strictly (start, end and label are right);
    of several outputs, the mean of theirs.

    Args:
        predictions: Truth and answers. With two labels, the second one is the positive one.
        metrics_config: What is wanted; see :func:`dsf.metrics.read_metrics`.
        average: How precision, recall and F1 of the labels become one number; see
            :mod:`dsf.metrics.label_counts`.
        bootstrap: How intervals are drawn; ``None``: none are, and there are no numbers of labels.

    Returns:
        Plain Python numbers by metric, in the order of the config. ``confusion_matrix`` is
        ``{"tp", "tn", "fp", "fn"}`` for two labels, else ``{"labels", "matrix"}`` with the truth
        in rows; of tags that stand alone it also says ``"counted": "tokens"``. Of several labels a
        row it is label → ``{"tp", "tn", "fp", "fn"}``, of entities label → ``{"tp", "fp",
        "fn"}``, of several outputs output → matrix. These have also ``outputs``: output → its
        results.

        ``undefined`` says of metrics that these answers do not have why. With a bootstrap there
        are ``intervals``: metric → ``{"lower", "upper"}``; ``labels``: metric → label →
        ``{"value", "lower", "upper"}`` or ``{"undefined": reason}``, and under ``support`` label →
        how often it is true; and ``bootstrap``: how they were drawn. A number that none of the
        samples has comes without both ends; where some lack it, ``missing_samples`` is their share.

    Raises:
        ConfigError: If a metric or the average is not known, or this kind of answers cannot have
            it; lists all of them.
        DataError: If there are no rows, or a row has no known label; names the rows.
    """
    rows = len(predictions.row_ids)
    if not rows:
        read_metrics(metrics_config, average)
        message = "must have at least one row, but have none."
        raise DataError("There is nothing to score.", [Problem("predictions", message)])
    answers = answers_of(predictions)
    wanted = read_metrics(metrics_config, average, answers.kind)
    statistics, missing = make_statistics(answers, wanted)
    results = arrange_numbers(_measure(statistics, bootstrap, rows), missing)
    if bootstrap is not None:
        add_support(results, answers)
    if metrics_config.get(CONFUSION_MATRIX):
        results[CONFUSION_MATRIX] = _count(predictions)
    order = [name for name in metrics_config if name in results]
    results = {name: results[name] for name in [*order, *(n for n in results if n not in order)]}
    if bootstrap is not None:
        results["bootstrap"] = bootstrap.describe() | {"rows": rows}
    return results


def _measure(
    statistics: Mapping[str, Statistic], bootstrap: Bootstrap | None, rows: int
) -> dict[str, Measured]:
    """Compute every number, and its interval if they are drawn."""
    values = {name: one.measure() for name, one in statistics.items()}
    if bootstrap is None:
        return {
            name: Measured(one.numbers, values[name], one.undefined)
            for name, one in statistics.items()
        }
    samples = bootstrap_statistics(
        statistics, bootstrap.resampling(rows), bootstrap.n_iterations, seed=bootstrap.seed
    )
    return {
        name: Measured(
            one.numbers,
            values[name],
            one.undefined,
            percentile_intervals(values[name], samples[name], bootstrap.ends),
        )
        for name, one in statistics.items()
    }


def _count(predictions: AnyPredictions) -> dict[str, Any]:
    """Give the confusion matrix, one of each output if there are several."""
    if isinstance(predictions, MultiOutputPredictions):
        return {
            output: count_predictions(answers).confusion_matrix
            for output, answers in predictions.outputs.items()
        }
    return count_predictions(predictions).confusion_matrix
