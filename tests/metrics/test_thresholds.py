import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dsf.core.errors import ConfigError, DataError
from dsf.metrics import apply_thresholds, best_thresholds, threshold_grid

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
