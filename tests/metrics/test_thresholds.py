import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dsf.core.errors import ConfigError, DataError
from dsf.metrics import apply_thresholds, best_thresholds, threshold_grid
from dsf.metrics.thresholds import (
    THRESHOLD_METRICS,
    WITHOUT_ROWS,
    exact_candidates,
    label_metric,
)

# Every second score is a threshold itself: above and equal must not be mixed up.
scores = st.one_of(st.floats(0, 1), st.sampled_from(threshold_grid(0.1, 0.9, 0.05).tolist()))
rows = st.integers(1, 20).flatmap(
    lambda size: st.tuples(
        arrays(np.int8, (size, 2), elements=st.integers(0, 1)),
        arrays(np.float64, (size, 2), elements=scores),
    )
)


def test_the_grid_ends_before_vmax():
    grid = threshold_grid(0.1, 0.9, 0.05)
    assert len(grid) == 16
    assert grid[[0, -1]] == pytest.approx([0.1, 0.85])


@given(rows)
def test_no_threshold_of_the_grid_is_better_and_none_as_good_is_lower(pair):
    targets, probabilities = pair
    chosen = best_thresholds(targets, probabilities)
    grid = threshold_grid(0.1, 0.9, 0.05)
    for label in range(2):
        f1 = [
            sklearn.metrics.f1_score(
                targets[:, label], probabilities[:, label] > threshold, zero_division=0
            )
            for threshold in grid
        ]
        assert chosen[label] == grid[int(np.argmax(np.round(f1, 12)))]


def test_a_label_is_answered_above_its_threshold_not_at_it():
    assert apply_thresholds([[0.5, 0.5], [0.6, 0.4]], [0.5, 0.3]).tolist() == [[0, 1], [1, 1]]
    assert apply_thresholds([[0.5]], 0.4).tolist() == [[1]]


def value_of(metric, true, answered):
    """The metric by scikit-learn, rounded so that equal numbers are equal."""
    if metric == "balanced_accuracy":
        found = sklearn.metrics.recall_score(true, answered, zero_division=0)
        left = sklearn.metrics.recall_score(1 - true, 1 - answered, zero_division=0)
        return round((found + left) / 2, 12)
    if metric in ("accuracy", "mcc"):
        if metric == "mcc" and len(set(true.tolist())) < 2:
            return 0.0
        name = {"accuracy": "accuracy_score", "mcc": "matthews_corrcoef"}[metric]
        return round(getattr(sklearn.metrics, name)(true, answered), 12)
    if metric in ("precision", "recall"):
        score = getattr(sklearn.metrics, f"{metric}_score")
        return round(score(true, answered, zero_division=0), 12)
    beta = float(metric[1:])
    return round(sklearn.metrics.fbeta_score(true, answered, beta=beta, zero_division=0), 12)


@pytest.mark.parametrize("metric", [*THRESHOLD_METRICS, "f2", "f0.5"])
@settings(max_examples=12)
@given(pair=rows)
def test_an_exact_search_is_as_good_as_every_set_of_rows_that_a_threshold_can_answer(metric, pair):
    targets, probabilities = pair
    chosen = best_thresholds(targets, probabilities, search="exact", metric=metric)
    for label in range(2):
        true, scores = targets[:, label], probabilities[:, label]
        if not true.any():
            assert chosen[label] == WITHOUT_ROWS
            continue
        mine = value_of(metric, true, (scores > chosen[label]).astype(int))
        every = [value_of(metric, true, (scores > t).astype(int)) for t in [0.0, *scores]]
        assert mine == max(every)


@given(st.lists(scores, min_size=1, max_size=30))
def test_each_candidate_answers_other_rows_and_lies_half_way(found):
    tried, given_scores = exact_candidates(found), np.array(found)
    answered = {tuple(given_scores > one) for one in tried}
    assert len(answered) == len(tried) == len({one for one in found if one > 0}) + 1
    assert (np.diff(tried) > 0).all()
    assert not (given_scores > tried[-1]).any()
    assert (given_scores[given_scores > 0] > tried[0]).all()
    if found == [0.25]:
        assert tried.tolist() == [0.125, 0.625]


def test_two_scores_that_are_neighbours_among_the_floats_are_parted():
    low = 0.3
    high = float(np.nextafter(low, 1))
    chosen = best_thresholds([[0], [1]], [[low], [high]], search="exact")
    assert apply_thresholds([[low], [high]], chosen).tolist() == [[0], [1]]


def test_ties_give_the_lowest_threshold_and_for_recall_the_highest():
    targets, probabilities = [[0], [1], [0], [1]], [[0.2], [0.4], [0.6], [0.8]]
    assert best_thresholds(targets, probabilities, search="exact", metric="precision") == 0.7
    assert best_thresholds(targets, probabilities, search="exact", metric="recall") == (
        pytest.approx(0.3)
    )
    assert best_thresholds(targets, probabilities, metric="recall") == pytest.approx(0.35)
    # Nothing is answered wrongly from 0.7 to 1, and nothing is from 1 on.
    assert best_thresholds([[0], [0], [1]], [[0.1], [0.1], [1.0]], search="exact") == 0.55


def test_an_unknown_search_or_metric_is_named():
    with pytest.raises(ConfigError, match=r"must be exact or grid, but is 'sort'"):
        best_thresholds([[1]], [[0.5]], search="sort")
    with pytest.raises(ConfigError, match=r"balanced_accuracy.*but is 'balanced'"):
        best_thresholds([[1]], [[0.5]], metric="balanced")
    with pytest.raises(ConfigError, match="f with a number above 0"):
        label_metric("f0")


def test_a_wrong_grid_and_wrong_rows_are_refused():
    with pytest.raises(ConfigError) as caught:
        threshold_grid(0.0, 1.5, 0)
    assert str(caught.value).count("must") == 4
    with pytest.raises(ConfigError, match=r"vmax: must be above vmin"):
        threshold_grid(0.6, 0.5, 0.1)
    with pytest.raises(DataError, match="must have one shape"):
        best_thresholds([[1]], [[0.5, 0.5]])
    with pytest.raises(DataError, match="must lie between 0 and 1"):
        best_thresholds([[1]], [[float("nan")]])
