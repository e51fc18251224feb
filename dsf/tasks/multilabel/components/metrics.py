"""What is said of answers: precision, recall, F1, and the four rates with their error bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.metrics import bootstrap_rates, count_labels_of_rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["calculate_metrics"]


def calculate_metrics(
    labels: ArrayLike,
    predictions: ArrayLike,
    element: str,
    n_iterations: int = 1000,
    percentile: float = 2.5,
) -> dict[str, float]:
    """Score answers, all labels counting the same.

    Args:
        labels: 1 where a row has a label, else 0. Shape: ``(rows, labels)``.
        predictions: The same of the answers. Shape: ``(rows, labels)``.
        element: ``val`` or ``test``: what the names begin with.
        n_iterations: How often the rows are drawn again for the error bars.
        percentile: Lower end of the bars; the upper one is as far from 100.

    Returns:
        ``{element}_f1``, ``_precision``, ``_recall``; for each rate of
        :data:`dsf.metrics.RATES` ``_{rate}_avg``, ``_{rate}_error_bars_lower`` and ``_upper``; and
        ``_number_samples``.

    Raises:
        ConfigError: If the percentile or the number of iterations cannot be used.
        DataError: If there are no rows, the shapes differ, or anything is neither 0 nor 1.
    """
    counts = count_labels_of_rows(labels, predictions)
    rates = bootstrap_rates(labels, predictions, n_iterations, percentile)
    numbers = {
        "f1": float(counts.f1()),
        "precision": float(counts.precision()),
        "recall": float(counts.recall()),
        **rates.macro_dict(),
        "number_samples": float(rates.rows),
    }
    return {f"{element}_{name}": number for name, number in numbers.items()}
