"""The table of metrics, the schema of the config and the files agree."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

import dsf.metrics.scores
from dsf.core.config.metrics_section import METRIC_NAMES
from dsf.core.references import resolve
from dsf.metrics import METRICS, score_predictions
from dsf.testing.random_predictions import KINDS, make_predictions


def test_the_config_knows_them_all() -> None:
    assert set(METRIC_NAMES) == set(METRICS)
    assert list(METRICS) == sorted(METRICS)


def test_every_metric_that_is_exported_can_be_named() -> None:
    exported = {getattr(dsf.metrics.scores, name) for name in dsf.metrics.scores.__all__}
    named = {resolve(metric.function) for metric in METRICS.values()}
    assert exported - named == {dsf.metrics.scores.make_own}


@pytest.mark.parametrize("name", METRICS)
def test_each_says_what_it_is(name: str) -> None:
    function = resolve(METRICS[name].function)
    text = inspect.getdoc(getattr(function, "func", function))
    assert text
    assert "Args:" in text
    assert Path(inspect.getfile(getattr(function, "func", function))).parent.name == "scores"


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("kind", KINDS)
def test_less_is_better_where_right_answers_have_less(name: str, kind: str) -> None:
    metric = METRICS[name]
    if ("single" if kind == "multi_output" else kind) not in metric.kinds:
        return
    right, wrong = (
        score_predictions(make_predictions(kind, mode, labels=5), {name: True})[name]
        for mode in ("right", "wrong")
    )
    assert (right < wrong) if metric.less_is_better else (right > wrong)
