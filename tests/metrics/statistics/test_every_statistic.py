"""What holds for every metric of every kind of answers: its statistic counts rows, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsf.metrics import METRICS, read_metrics
from dsf.metrics.answers import answers_of
from dsf.metrics.results.statistics import make_statistics
from dsf.metrics.statistics import Draws
from dsf.testing.random_predictions import KINDS, MODES, make_predictions, take_again

if TYPE_CHECKING:
    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.metrics.statistics import Statistic


def own(targets: Any, predictions: Any) -> float:
    """A metric that a project might have: it knows nothing of weights."""
    right = [np.array_equal(t, p) for t, p in zip(targets, predictions, strict=True)]
    return float(np.mean(right)) if right else float("nan")


def config_of(kind: str) -> dict[str, Any]:
    """Every metric that answers of a kind have, some with every average, and one of one's own."""
    as_kind = "single" if kind == "multi_output" else kind
    config: dict[str, Any] = {"own": own}
    for name, metric in METRICS.items():
        if as_kind in metric.kinds:
            config[name] = True
    for name in ("roc_auc", "average_precision", "partial_f1"):
        for average in ("micro", "weighted") if name in config else ():
            config[f"{name}_{average}"] = {"metric": name, "average": average}
    return config


def statistics_of(predictions: AnyPredictions) -> dict[str, Statistic]:
    answers = answers_of(predictions)
    made, missing = make_statistics(answers, read_metrics(config_of(answers.kind)))
    assert not missing
    return made


SIZES = {"rows": st.integers(1, 12), "labels": st.integers(1, 4), "seed": st.integers(0, 99)}
some = settings(max_examples=8)


@pytest.mark.parametrize("kind", KINDS)
def test_every_metric_is_here(kind: str) -> None:
    found = statistics_of(make_predictions(kind))
    assert len(found) >= 10
    for name, one in found.items():
        assert one.numbers[0] == (None, None), name
        assert one.rows == 40
        assert one.measure().shape == (len(one.numbers),)


@pytest.mark.parametrize("kind", KINDS)
@some
@given(mode=st.sampled_from(MODES), data=st.data(), **SIZES)
def test_a_weight_is_a_repetition(
    kind: str, mode: str, data: st.DataObject, rows: int, labels: int, seed: int
) -> None:
    """Weights of rows, their numbers, and the rows themselves, repeated, give the same."""
    predictions = make_predictions(kind, mode, rows=rows, labels=labels, seed=seed)
    weights = data.draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows).filter(any))
    places = np.random.default_rng(seed).permutation(np.repeat(np.arange(rows), weights))
    by_weight = Draws(rows, weights=np.array([weights, np.ones(rows, dtype=int)]))
    by_place = Draws(rows, indices=places[None])
    repeated = statistics_of(take_again(predictions, places))
    for name, one in statistics_of(predictions).items():
        wanted = repeated[name].measure()
        found = one.values(by_weight)
        np.testing.assert_allclose(found[0], wanted, atol=1e-12, err_msg=name)
        np.testing.assert_allclose(found[1], one.measure(), atol=1e-12, err_msg=name)
        np.testing.assert_allclose(one.values(by_place)[0], wanted, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("kind", KINDS)
@some
@given(mode=st.sampled_from(MODES), data=st.data(), **SIZES)
def test_some_rows_are_taken(
    kind: str, mode: str, data: st.DataObject, rows: int, labels: int, seed: int
) -> None:
    """Also when they are drawn again afterwards, and when they are taken twice."""
    predictions = make_predictions(kind, mode, rows=rows, labels=labels, seed=seed)
    places = np.array(data.draw(st.lists(st.integers(0, rows - 1), min_size=1, max_size=9)))
    weights = np.arange(1, len(places) + 1)
    draws = Draws(len(places), weights=weights[None])
    wanted = statistics_of(take_again(predictions, places))
    for name, one in statistics_of(predictions).items():
        taken = one.take(places)
        assert (taken.rows, taken.numbers) == (len(places), one.numbers)
        np.testing.assert_allclose(
            taken.values(draws), wanted[name].values(draws), atol=1e-12, err_msg=name
        )
        last = taken.take(np.array([len(places) - 1])).measure()
        np.testing.assert_allclose(
            last, wanted[name].take(np.array([len(places) - 1])).measure(), atol=1e-12
        )


@pytest.mark.parametrize("kind", KINDS)
@some
@given(mode=st.sampled_from(MODES), data=st.data(), **SIZES)
def test_two_models_are_stacked(
    kind: str, mode: str, data: st.DataObject, rows: int, labels: int, seed: int
) -> None:
    """Each keeps its own numbers, and no sample of the one touches the other."""
    mine, theirs = (
        make_predictions(kind, one, rows=rows, labels=labels, seed=seed) for one in ("noisy", mode)
    )
    weights = np.array(data.draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows)))
    nothing, alone = np.zeros(rows, dtype=int), Draws(rows, weights=weights[None])
    both = Draws(2 * rows, weights=np.array([[*weights, *nothing], [*nothing, *weights]]))
    others = statistics_of(theirs)
    for name, one in statistics_of(mine).items():
        stacked = one.stack(others[name])
        assert stacked.rows == 2 * rows
        values = stacked.values(both)
        np.testing.assert_allclose(values[0], one.values(alone)[0], atol=1e-12, err_msg=name)
        np.testing.assert_allclose(
            values[1], others[name].values(alone)[0], atol=1e-12, err_msg=name
        )


@pytest.mark.parametrize("kind", KINDS)
@some
@given(mode=st.sampled_from(MODES), **SIZES)
def test_rows_of_one_kind_stand_for_each_other(
    kind: str, mode: str, rows: int, labels: int, seed: int
) -> None:
    """A row may be put in the place of another that adds the same in every respect."""
    predictions = make_predictions(kind, mode, rows=rows, labels=labels, seed=seed)
    for name, one in statistics_of(predictions).items():
        if not one.kinds:
            continue
        codes = np.array([each.codes for each in one.kinds])
        _, first, joint = np.unique(codes, axis=1, return_index=True, return_inverse=True)
        exchanged = first[joint.reshape(-1)]
        np.testing.assert_allclose(
            one.take(exchanged).measure(), one.measure(), atol=1e-12, err_msg=name
        )


@pytest.mark.parametrize("kind", KINDS)
@some
@given(mode=st.sampled_from(MODES), **SIZES)
def test_what_is_no_number_has_its_reason(
    kind: str, mode: str, rows: int, labels: int, seed: int
) -> None:
    predictions = make_predictions(kind, mode, rows=rows, labels=labels, seed=seed)
    for name, one in statistics_of(predictions).items():
        values = dict(zip(one.numbers, one.measure(), strict=True))
        assert np.isfinite([v for v in values.values() if not np.isnan(v)]).all()
        missing = {number for number, value in values.items() if np.isnan(value)}
        assert set(one.undefined) == missing, (name, one.undefined, values)
        assert all(len(reason) > 10 for reason in one.undefined.values())


def test_what_statistics_share_is_computed_once() -> None:
    made = statistics_of(make_predictions("multilabel"))
    draws = Draws.everything(40)
    shared = {id(made[name].kinds[0]) for name in ("f1", "precision", "accuracy", "mcc", "tpr")}
    assert len(shared) == 1
    first = made["f1"].kinds[0].sums(draws)
    assert made["accuracy"].kinds[0].sums(draws) is first
    assert made["f1"].kinds[0].sums(Draws.everything(40)) is not first
