"""What the tests of several metrics need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dsf.metrics import read_metrics
from dsf.metrics.answers import answers_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsf.core.prediction_kinds import AnyPredictions


@pytest.fixture(scope="session")
def measure() -> Callable[..., dict[Any, float]]:
    """Compute a metric: label → its number; ``None`` → that of all labels."""

    def do(predictions: AnyPredictions, name: str, **options: Any) -> dict[Any, float]:
        answers = answers_of(predictions)
        (metric,) = read_metrics({"it": {"metric": name, **options}}, kind=answers.kind)
        made = metric.make(answers)
        values = zip(made.numbers, made.measure(), strict=True)
        return {number.label: float(value) for number, value in values}

    return do
