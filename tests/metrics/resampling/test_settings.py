"""What a bootstrap can be told, and what it says to the rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import ConfigError
from dsf.metrics import Bootstrap
from dsf.metrics.resampling import ByCluster, ByRow, ByStratum


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        Bootstrap(n_iterations=0, percentile=50, resample="words")  # type: ignore[arg-type]
    message = str(caught.value)
    assert "Intervals cannot be computed." in message
    assert "n_iterations: must be at least 1, but is 0." in message
    assert "percentile: must lie between 0 and 100 and not be 50, but is 50." in message
    assert "resample: must be one of rows, stratified, clusters, but is 'words'." in message


@pytest.mark.parametrize("percentile", [0, 100, -1, 50, 250, float("nan"), float("inf")])
def test_a_percentile_out_of_range(percentile: float) -> None:
    with pytest.raises(ConfigError, match="percentile: must lie between 0 and 100"):
        Bootstrap(percentile=percentile)


@given(st.floats(0.01, 99.99).filter(lambda value: value != 50))
def test_the_lower_end_comes_first(percentile: float) -> None:
    low, high = Bootstrap(percentile=percentile).ends
    assert 0 < low < high < 100
    assert low + high == pytest.approx(100)
    assert Bootstrap(percentile=100 - percentile).ends == pytest.approx((low, high))


@pytest.mark.parametrize("resample", ["stratified", "clusters"])
def test_groups_are_needed(resample: str) -> None:
    with pytest.raises(ConfigError, match=f"{resample} needs the group of each row"):
        Bootstrap(resample=resample)  # type: ignore[arg-type]


@pytest.mark.parametrize("resample", ["stratified", "clusters"])
@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_a_row_without_a_group_is_named(resample: str, nothing: object) -> None:
    groups = np.array(["a", nothing, "b", nothing], dtype=object)
    with pytest.raises(ConfigError, match=r"groups: .* missing for 2 rows: \[1, 3\]\."):
        Bootstrap(resample=resample, groups=groups)  # type: ignore[arg-type]


def test_groups_of_other_rows_are_refused() -> None:
    bootstrap = Bootstrap(resample="clusters", groups=["a", "a", "b"])
    with pytest.raises(ConfigError, match="one for each of the 4 rows, but there are 3"):
        bootstrap.resampling(4)


def test_groups_are_not_looked_at_where_rows_are_drawn() -> None:
    assert isinstance(Bootstrap(groups=[None]).resampling(7), ByRow)
    assert Bootstrap().clusters() is None


def test_each_way_to_draw() -> None:
    groups = ["b", "a", "b"]
    strata = Bootstrap(resample="stratified", groups=groups)
    clusters = Bootstrap(resample="clusters", groups=groups)
    assert isinstance(strata.resampling(3), ByStratum)
    assert isinstance(clusters.resampling(3), ByCluster)
    assert strata.clusters() is None
    numbered = clusters.clusters()
    assert numbered is not None
    assert numbered.tolist() == [0, 1, 0]


def test_some_of_the_rows_keep_their_groups() -> None:
    bootstrap = Bootstrap(resample="clusters", groups=["a", "b", "c", "b"], seed=5)
    some = bootstrap.take(np.array([3, 0, 1]))
    assert some.seed == 5
    numbered = some.clusters()
    assert numbered is not None
    assert numbered.tolist() == [0, 1, 0]
    assert Bootstrap().take(np.array([0])).groups is None


def test_results_say_how_they_were_drawn() -> None:
    assert Bootstrap(200, 5.0, "rows", 1).describe() == {
        "n_iterations": 200,
        "percentile": 5.0,
        "resample": "rows",
        "seed": 1,
    }
