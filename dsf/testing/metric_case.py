"""What must hold for every metric."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from dsf.core.references import resolve
from dsf.metrics import METRICS, Bootstrap, read_metrics, score_predictions
from dsf.metrics.answers import answers_of
from dsf.metrics.results.statistics import make_statistics
from dsf.metrics.statistics import HEADLINE, Draws
from dsf.testing.random_predictions import MODES, make_predictions, take_again

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.metrics.answers import Answers
    from dsf.metrics.statistics import Statistic

__all__ = ["MetricCase"]

_NAME = "it"
_ROWS = 30
_FEW = (1, 2, _ROWS)
_ROUNDING = 1e-9


class MetricCase:
    """Proves that a metric fits.

    Subclass it in a file of tests, and pytest runs it on your function::

        from dsf.testing import MetricCase
        from trainer.metrics import cost

        class TestCost(MetricCase):
            metric = cost
            less_is_better = True
            bounds = (0.0, 10.0)

    You must set: ``metric``.
    You may set: ``options``, ``kinds``, ``labels``, ``bounds``, ``less_is_better``.

    The labels are ``label 0``, ``label 1`` and so on.

    Attributes:
        metric: A function, a reference to one, or a name of :data:`dsf.metrics.METRICS`.
        options: Its other arguments.
        kinds: Kinds of answers that it is for: ``single``, ``multi_output``, ``multilabel``,
            ``tags``, ``entities``. None: those that a name has, and ``single`` of a function.
        labels: How many labels it is tried with.
        bounds: The lowest and the highest number that it gives.
        less_is_better: Whether it is a loss; of a name, that is known.
    """

    metric: ClassVar[Any]
    options: ClassVar[Mapping[str, Any]] = {}
    kinds: ClassVar[Sequence[str]] = ()
    labels: ClassVar[Sequence[int]] = (2, 4)
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    less_is_better: ClassVar[bool] = False

    def test_it_is_a_number_within_its_bounds_or_says_why(self) -> None:
        """Whatever the rows: one alone, one label everywhere, all right, all wrong."""
        low, high = self.bounds
        seen = 0
        for rows in self._tries(_FEW):
            made = self._statistic(rows)
            for number, value in zip(made.numbers, made.measure(), strict=True):
                told = f"{rows}: {value}" + ("" if number == HEADLINE else f" of {number.label}")
                if np.isnan(value):
                    assert made.undefined.get(number), f"{told} has no reason"
                    continue
                seen += 1
                within = low - _ROUNDING <= value <= high + _ROUNDING
                assert within, f"{told} is not within {self.bounds}"
        assert seen, "it never is a number"

    def test_results_can_be_written(self) -> None:
        """With an interval, and without NaN, for which JSON has no word."""
        bootstrap = Bootstrap(n_iterations=5)
        for rows in self._tries([_ROWS], ["noisy", "one_label"]):
            config = {_NAME: self._config()}
            found = score_predictions(rows.predictions, config, bootstrap=bootstrap)
            json.dumps(found, allow_nan=False)
            assert _NAME in found or _NAME in found["undefined"], rows

    def test_the_order_of_rows_does_not_matter(self) -> None:
        """The same rows in another order have the same numbers."""
        order = tuple(np.random.default_rng(0).permutation(_ROWS).tolist())
        for rows in self._tries([_ROWS]):
            wanted = self._statistic(rows).measure()
            found = self._statistic(rows, order).measure()
            assert np.allclose(found, wanted, atol=_ROUNDING, equal_nan=True), rows

    def test_a_row_that_counts_twice_is_two_rows(self) -> None:
        """Else its intervals would be those of something else."""
        weights = np.random.default_rng(0).integers(0, 3, _ROWS)
        twice = tuple(np.repeat(np.arange(_ROWS), weights).tolist())
        for rows in self._tries([_ROWS]):
            wanted = self._statistic(rows, twice).measure()
            found = self._statistic(rows).values(Draws(_ROWS, weights=weights[None]))[0]
            assert np.allclose(found, wanted, atol=_ROUNDING, equal_nan=True), rows

    def test_right_answers_are_the_best(self) -> None:
        """At least as good as any others to the same rows, and better than wrong ones."""
        compared = 0
        for rows in self._tries([_ROWS]):
            if rows.mode == "one_label":
                continue  # what is true is different there
            others, best = self._good(rows), self._good(rows._replace(mode="right"))
            if np.isnan(others) or np.isnan(best):
                continue
            compared += rows.mode == "wrong"
            assert best >= others - _ROUNDING, f"{rows}: right answers are worse than these"
            better = rows.mode != "wrong" or best > others
            assert better, f"{rows}: wrong answers are as good as right ones"
        assert compared, "right and wrong answers never have a number"

    def _tries(self, sizes: Sequence[int], modes: Sequence[str] = MODES) -> Iterator[_Rows]:
        known = METRICS.get(self.metric) if isinstance(self.metric, str) else None
        kinds = self.kinds or (known.kinds if known else ("single",))
        if known and "single" in kinds and not self.kinds:
            kinds = sorted({*kinds, "multi_output"})
        for each in product(kinds, modes, sizes, self.labels):
            yield _Rows(*each)

    def _config(self) -> Any:
        """Give what would stand in the section ``metrics``."""
        metric = type(self).metric  # of the instance, a function would be a method
        if isinstance(metric, str) and metric in METRICS:
            return {"metric": metric, **self.options}
        return partial(resolve(metric), **self.options)

    def _statistic(self, rows: _Rows, places: tuple[int, ...] | None = None) -> Statistic:
        (wanted,) = read_metrics({_NAME: self._config()}, kind=rows.kind)
        made, missing = make_statistics(_answers(rows, places), [wanted])
        assert not missing, f"{rows}: {missing.get(_NAME)}"
        return made[_NAME]

    def _good(self, rows: _Rows) -> float:
        """Give the headline, turned so that more is better."""
        known = METRICS.get(self.metric) if isinstance(self.metric, str) else None
        value = float(self._statistic(rows).measure()[0])
        return -value if (known.less_is_better if known else self.less_is_better) else value


class _Rows(NamedTuple):
    """Rows out of chance, and in words what they are."""

    kind: str
    mode: str
    rows: int
    labels: int

    @property
    def predictions(self) -> AnyPredictions:
        return make_predictions(self.kind, self.mode, rows=self.rows, labels=self.labels)

    def __str__(self) -> str:
        return f"{self.rows} rows, {self.kind}, {self.labels} labels, {self.mode}"


@lru_cache(maxsize=512)  # all metrics are tried on the same rows
def _answers(rows: _Rows, places: tuple[int, ...] | None) -> Answers:
    predictions = rows.predictions
    return answers_of(predictions if places is None else take_again(predictions, np.array(places)))
