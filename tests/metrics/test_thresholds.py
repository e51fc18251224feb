import numpy as np
import pandas as pd
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dsf.core.errors import (
    BadReferenceError,
    ConfigError,
    DataError,
    HookRaisedError,
    HookResultError,
)
from dsf.core.references import allow_folder, resolve
from dsf.metrics import apply_thresholds, best_thresholds, threshold_grid
from dsf.metrics.thresholds import (
    THRESHOLD_METRICS,
    WITHOUT_ROWS,
    exact_candidates,
    label_metric,
    metric_text,
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


@settings(max_examples=20)
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
    if metric == "cohen_kappa":
        if len({*true.tolist(), *answered.tolist()}) < 2:
            return 0.0
        return round(sklearn.metrics.cohen_kappa_score(true, answered), 12)
    if metric in ("tpr", "tnr", "fpr", "fnr"):
        with_label = metric in ("tpr", "fnr")
        pair = (true, answered) if with_label else (1 - true, 1 - answered)
        found = sklearn.metrics.recall_score(*pair, zero_division=0)
        if metric in ("fpr", "fnr"):  # less is better, and 0 where there are no such rows
            found = found - 1 if pair[0].any() else 0
        return round(found, 12)
    if metric in ("precision", "recall"):
        score = getattr(sklearn.metrics, f"{metric}_score")
        return round(score(true, answered, zero_division=0), 12)
    beta = float(metric[1:])
    return round(sklearn.metrics.fbeta_score(true, answered, beta=beta, zero_division=0), 12)


@pytest.mark.parametrize("metric", [*THRESHOLD_METRICS, "f2", "f0.5"])
@settings(max_examples=8)
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
    for same in ("tpr", "fnr"):
        assert best_thresholds(targets, probabilities, metric=same) == pytest.approx(0.35)
    # Nothing is answered for nothing from 0.6 on; as much as can be is answered there.
    for other in ("tnr", "fpr"):
        chosen = best_thresholds(targets, probabilities, search="exact", metric=other)
        assert chosen == pytest.approx(0.7)
    # Nothing is answered wrongly from 0.7 to 1, and nothing is from 1 on.
    assert best_thresholds([[0], [0], [1]], [[0.1], [0.1], [1.0]], search="exact") == 0.55


def test_an_unknown_search_or_metric_is_named():
    with pytest.raises(ConfigError, match=r"must be exact or grid, but is 'sort'"):
        best_thresholds([[1]], [[0.5]], search="sort")
    with pytest.raises(ConfigError, match=r"balanced_accuracy.*but is 'balanced'"):
        best_thresholds([[1]], [[0.5]], metric="balanced")
    with pytest.raises(ConfigError, match="f with a number above 0"):
        label_metric("f0")


def test_a_wrong_grid_is_refused():
    with pytest.raises(ConfigError) as caught:
        threshold_grid(0.0, 1.5, 0)
    assert str(caught.value).count("must") == 4
    with pytest.raises(ConfigError, match=r"vmax: must be above vmin"):
        threshold_grid(0.6, 0.5, 0.1)
    with pytest.raises(ConfigError) as caught:
        threshold_grid("0.1", float("nan"), float("inf"))
    assert [problem.where for problem in caught.value.problems] == ["vmin", "vmax", "step"]
    assert "must be a finite number, but is '0.1'" in str(caught.value)


@pytest.mark.parametrize("step", [1e-12, 5e-324, 0.79e-4])
def test_a_grid_of_more_thresholds_than_are_of_use_is_refused(step):
    with pytest.raises(ConfigError, match=r"step: must make at most 10,000 thresholds from 0.1"):
        best_thresholds([[1]], [[0.5]], step=step)
    assert len(threshold_grid(0.1, 0.9, 0.8e-4)) == 10_000


@pytest.mark.parametrize(
    "targets",
    [
        [["0"], ["1"], ["x"]],
        np.array([["0"], [None], [[1]]], dtype=object),
        [[np.nan], [-1], [2]],
        pd.DataFrame({"late": pd.array([pd.NA, 2, -1], dtype="Int64")}).astype(object),
        [[2], [0.5], [np.inf]],
    ],
)
def test_targets_that_are_neither_0_nor_1_are_named(targets):
    said = r"targets: must be 0 or 1, but are not in 3 rows, counted from 0: \[0, 1, 2\]"
    with pytest.raises(DataError, match=said):
        best_thresholds(targets, [[0.2], [0.8], [0.9]])


def test_probabilities_and_shapes_are_checked_with_the_targets():
    with pytest.raises(DataError, match="must have one shape"):
        best_thresholds([[1]], [[0.5, 0.5]])
    with pytest.raises(DataError) as caught:
        best_thresholds([[0], [1], [3]], [[0.1], [float("nan")], [1.1]])
    assert "targets: must be 0 or 1, but are not in 1 row, counted from 0: [2]" in str(caught.value)
    assert "probabilities: must be numbers between 0 and 1" in str(caught.value)
    assert "in 2 rows, counted from 0: [1, 2]" in str(caught.value)
    with pytest.raises(DataError, match="probabilities: must be numbers"):
        best_thresholds([[1]], [["0.5"]])


def test_switches_of_any_type_are_taken():
    probabilities = [[0.2], [0.8]]
    for targets in ([[False], [True]], np.array([[0], [True]], dtype=object), [[0.0], [1.0]]):
        assert best_thresholds(targets, probabilities) == pytest.approx(0.2)
    assert best_thresholds(pd.DataFrame({"a": [0, 1]}), probabilities) == pytest.approx(0.2)


COSTS = """
def cost(targets, answers):
    return 5 * ((targets == 1) & (answers == 0)).sum() + ((targets == 0) & (answers == 1)).sum()

def f1(targets, answers):
    return 2 * (targets & answers).sum() / (targets.sum() + answers.sum())

def weighted(targets, answers, missed):
    return -missed * ((targets == 1) & (answers == 0)).sum() - (answers > targets).sum()

def rises(targets, answers):
    raise KeyError("price")

def one(targets):
    return 1.0

price = 3
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module of the user's; each test has its own name for it."""
    name = f"costs_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(COSTS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    allow_folder(tmp_path)
    return name


LABELLED = np.random.default_rng(5)
SCORES = LABELLED.random((60, 2)).round(2)
TARGETS = (LABELLED.random((60, 2)) < SCORES).astype(int)


@pytest.mark.parametrize("search", ["exact", "grid"])
def test_a_function_chooses_as_our_metric_of_its_name(module, search):
    for reference, name in ((f"{module}:f1", "f1"), ("sklearn.metrics:matthews_corrcoef", "mcc")):
        own = best_thresholds(TARGETS, SCORES, search=search, metric=reference)
        assert own.tolist() == best_thresholds(TARGETS, SCORES, search=search, metric=name).tolist()
        again = best_thresholds(TARGETS, SCORES, search=search, metric=resolve(reference))
        assert again.tolist() == own.tolist()


@pytest.mark.parametrize("search", ["exact", "grid"])
def test_a_loss_is_minimized(module, search):
    chosen = best_thresholds(
        TARGETS, SCORES, search=search, metric=f"{module}:cost", maximize=False
    )
    tried = threshold_grid(0.1, 0.9, 0.05) if search == "grid" else None
    cost = resolve(f"{module}:cost")
    for label in range(2):
        true, found = TARGETS[:, label], SCORES[:, label]
        every = [
            cost(true, apply_thresholds(found, one))
            for one in (exact_candidates(found) if tried is None else tried)
        ]
        assert cost(true, apply_thresholds(found, chosen[label])) == min(every)
    turned = {"module": module, "func": "weighted", "kwargs": {"missed": 5}}
    assert best_thresholds(TARGETS, SCORES, search=search, metric=turned).tolist() == (
        chosen.tolist()
    )
    assert best_thresholds(TARGETS, SCORES, metric="fnr", maximize=False).tolist() == (
        best_thresholds(TARGETS, SCORES, metric="fnr").tolist()
    )


def test_a_function_is_given_rows_of_one_label_once_a_threshold():
    seen = []

    def look(targets, answers):
        seen.append((targets, answers))
        return 1.0

    targets, probabilities = [[0, 1], [1, 1], [1, 0]], [[0.3, 0.3], [0.3, 0.8], [0.9, 0.5]]
    chosen = best_thresholds(targets, probabilities, search="exact", metric=look)
    assert chosen == pytest.approx([0.15, 0.15])  # of equals the lowest
    assert len(seen) == 3 + 4  # distinct scores, and nothing answered
    assert {(one.dtype.name, one.shape) for pair in seen for one in pair} == {("int8", (3,))}
    assert [answers.tolist() for _, answers in seen[:3]] == [[1, 1, 1], [0, 0, 1], [0, 0, 0]]
    assert seen[0][0].tolist() == [0, 1, 1]
    assert seen[-1][0].tolist() == [1, 1, 0]
    with pytest.raises(HookRaisedError, match="read-only"):
        best_thresholds(targets, probabilities, metric=lambda targets, answers: targets.fill(1))


def test_a_threshold_of_which_a_function_gives_no_number_is_not_chosen():
    def precise(targets, answers):
        return float("nan") if answers.sum() > 2 else answers.sum()

    targets, probabilities = [[1]] * 4, [[0.2], [0.4], [0.6], [0.8]]
    assert best_thresholds(targets, probabilities, search="exact", metric=precise) == (
        pytest.approx(0.5)
    )
    assert best_thresholds(
        targets, probabilities, search="exact", metric=precise, maximize=False
    ) == pytest.approx(0.9)
    for nothing in (float("nan"), float("inf")):
        found = best_thresholds(targets, probabilities, metric=lambda true, made, n=nothing: n)
        assert found == WITHOUT_ROWS


def test_what_a_function_does_wrong_is_told_as_its_own(module):
    place = rf"model_config\.threshold_metric: {module}"
    with pytest.raises(HookRaisedError, match=rf"{place}\.rises .*{module}\.py:\d+.* KeyError"):
        best_thresholds(TARGETS, SCORES, metric=f"{module}:rises")
    with pytest.raises(HookResultError, match=r"threshold_metric: .*must give one number.*None"):
        best_thresholds(TARGETS, SCORES, metric=lambda targets, answers: None)
    with pytest.raises(ConfigError, match=r"must take targets and answers, but .*\.one does not"):
        best_thresholds(TARGETS, SCORES, metric=f"{module}:one")
    with pytest.raises(ConfigError, match=r"must take targets and answers"):
        best_thresholds(TARGETS, SCORES, metric=f"{module}:weighted")
    with pytest.raises(ConfigError, match=r"must be a function of targets and answers, but is 3"):
        best_thresholds(TARGETS, SCORES, metric=f"{module}:price")
    with pytest.raises(BadReferenceError, match=r"threshold_metric: .* Did you mean 'cost'"):
        best_thresholds(TARGETS, SCORES, metric=f"{module}:costs")
    with pytest.raises(BadReferenceError, match="must be a reference"):
        best_thresholds(TARGETS, SCORES, metric=5)
    with pytest.raises(ConfigError, match=r"threshold_maximize: must be true .* is f1"):
        best_thresholds(TARGETS, SCORES, maximize=False)


def test_what_thresholds_are_chosen_by_is_written_as_it_stands():
    assert metric_text("f2") == "f2"
    assert metric_text("sklearn.metrics:jaccard_score") == "sklearn.metrics:jaccard_score"
    spelled = {"module": "sklearn.metrics", "func": "fbeta_score", "kwargs": {"beta": 3}}
    assert metric_text(spelled) == "sklearn.metrics.fbeta_score"
    assert metric_text(apply_thresholds) == "dsf.metrics.thresholds.choosing.apply_thresholds"
