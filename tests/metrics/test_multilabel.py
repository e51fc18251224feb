import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dsf.core.errors import DataError
from dsf.metrics import count_labels_of_rows, samples_f1, subset_accuracy

switches = st.integers(1, 12).flatmap(
    lambda rows: st.tuples(*[arrays(np.int8, (rows, 4), elements=st.integers(0, 1))] * 2)
)
SCORES = {
    "precision": sklearn.metrics.precision_score,
    "recall": sklearn.metrics.recall_score,
    "f1": sklearn.metrics.f1_score,
}


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("average", ["micro", "weighted", None])
@given(pair=switches)
def test_scores_agree_with_scikit_learn(name, average, pair):
    targets, answers = pair
    ours = getattr(count_labels_of_rows(targets, answers), name)(average)
    assert ours == pytest.approx(SCORES[name](targets, answers, average=average, zero_division=0))


@given(switches)
def test_a_label_that_nobody_used_does_not_pull_the_mean_down(pair):
    targets, answers = pair
    used = (targets | answers).any(axis=0)
    alone = sklearn.metrics.f1_score(targets, answers, average=None, zero_division=0)[used]
    expected = alone.mean() if used.any() else 0.0
    assert count_labels_of_rows(targets, answers).f1("macro") == pytest.approx(expected)


@given(switches)
def test_scores_of_rows_agree_with_scikit_learn(pair):
    targets, answers = pair
    expected = sklearn.metrics.accuracy_score(targets, answers)
    assert subset_accuracy(targets, answers) == pytest.approx(expected)
    expected = sklearn.metrics.f1_score(targets, answers, average="samples", zero_division=0)
    assert samples_f1(targets, answers) == pytest.approx(expected)


def test_what_cannot_be_counted_is_named_at_once():
    with pytest.raises(DataError) as caught:
        count_labels_of_rows([[0, 2]], [[0.5]])
    assert "must have one shape (rows, labels), but have (1, 2) and (1, 1)" in str(caught.value)
    assert "targets: must be 0 or 1" in str(caught.value)
    assert "answers: must be 0 or 1" in str(caught.value)
