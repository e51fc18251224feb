"""Abstaining: the wished risk is kept for rows that were not seen, the wished coverage for those
that were."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from dsf.core.errors import ConfigError, DataError, RunNotFoundError
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics.selective import Abstention, choose_abstention, row_confidence
from dsf.metrics.selective.choosing import risk_bound


def answers(sure, right):
    """Answers of two labels, so sure and so right."""
    sure = np.asarray(sure, dtype=float)
    found = np.column_stack([sure, 1 - sure])
    rows = len(sure)
    return Predictions(
        np.arange(rows), np.where(right, 0, 1), np.zeros(rows, dtype=int), [0, 1], found
    )


def draw(rng, rows):
    odds = np.abs(rng.normal(size=rows)) * 3 + 1
    chance = 1 / (1 + np.exp(-odds))
    return chance, rng.random(rows) < chance


pairs = st.lists(
    st.tuples(st.sampled_from([0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1.0]), st.booleans()),
    min_size=1,
    max_size=60,
)


@given(pairs, st.floats(0.01, 1))
def test_the_wished_coverage_is_reached_with_as_few_rows_as_can_be(found, coverage):
    sure, right = map(np.array, zip(*found, strict=True))
    chosen = choose_abstention(answers(sure, right), coverage=coverage)
    answered = chosen.answers(sure)
    assert answered.sum() == chosen.answered >= coverage * len(sure) - 1e-6
    assert (~right[answered]).sum() == chosen.errors
    fewer = sure > sure[answered].min()
    assert fewer.sum() < coverage * len(sure) + 1e-6


@given(pairs, st.sampled_from([0.1, 0.2, 0.4]))
def test_the_wished_risk_is_kept_by_the_bound_that_is_written(found, risk):
    sure, right = map(np.array, zip(*(found * 4), strict=True))
    chosen = choose_abstention(answers(sure, right), risk=risk)
    answered = chosen.answers(sure)
    assert answered.sum() == chosen.answered
    if not chosen.answered:
        assert chosen.risk_at_most is None
        return
    errors = int((~right[answered]).sum())
    exact = binomtest(errors, int(answered.sum()), alternative="less").proportion_ci(0.95, "exact")
    assert chosen.risk_at_most == pytest.approx(exact.high)
    assert chosen.risk_at_most <= risk


def test_of_rows_not_seen_the_risk_is_exceeded_as_seldom_as_promised():
    rng = np.random.default_rng(3)
    sure, right = draw(rng, 100_000)
    exceeded, coverages = [], []
    for _ in range(100):
        chosen = choose_abstention(answers(*draw(rng, 300)), risk=0.05, certainty=0.9)
        answered = sure > chosen.confidence
        coverages.append(answered.mean())
        exceeded.append(answered.any() and (~right[answered]).mean() > 0.05)
    assert np.mean(exceeded) <= 0.16  # 10 % are allowed; three standard errors more
    assert np.mean(coverages) > 0.3


def test_too_few_rows_grant_nothing():
    chosen = choose_abstention(answers([0.9] * 20, [True] * 20), risk=0.05)
    assert (chosen.answered, chosen.confidence) == (0, 1.0)
    chosen = choose_abstention(answers([0.9] * 60, [True] * 60), risk=0.05)
    assert chosen.answered == 60


@given(st.integers(1, 50), st.data())
def test_the_bound_is_the_exact_one(rows, data):
    errors = data.draw(st.integers(0, rows))
    exact = binomtest(errors, rows, alternative="less").proportion_ci(0.99, "exact")
    assert risk_bound(errors, rows, 0.01) == pytest.approx(exact.high)


def test_a_row_is_as_sure_as_the_least_sure_of_its_answers():
    several = MultiLabelPredictions(
        np.arange(2),
        np.array([[1, 0], [1, 1]]),
        np.array([[0.9, 0.2], [0.6, 0.3]]),
        np.array([0.5, 0.5]),
        ["x", "y"],
    )
    sure, right = row_confidence(several)
    assert sure.tolist() == [0.8, 0.6]
    assert right.tolist() == [True, False]
    both = MultiOutputPredictions(
        {"one": answers([0.9, 0.8], [True, True]), "two": answers([0.7, 0.95], [True, False])}
    )
    sure, right = row_confidence(both)
    assert sure.tolist() == [0.7, 0.8]
    assert right.tolist() == [True, False]
    tags = TagPredictions(
        np.arange(2),
        ["a b", ""],
        [[0, 2], []],
        [["a", "b"], []],
        [["N", "V"], []],
        [["N", "N"], []],
        [[0.9, 0.4], []],
        ["N", "V"],
    )
    sure, right = row_confidence(tags)
    assert sure.tolist() == [0.4, 1.0]
    assert right.tolist() == [False, True]


def test_other_rows_are_measured_and_it_is_kept(tmp_path):
    chosen = choose_abstention(answers([0.9, 0.8, 0.6, 0.5], [True] * 4), coverage=0.5)
    assert chosen.confidence == pytest.approx(0.7)
    chosen.write(tmp_path / "abstain.json")
    assert Abstention.read(tmp_path / "abstain.json") == chosen
    measured = chosen.measure(
        answers([0.7, 0.71, 0.9, 0.2, 0.99], [False, False, True, True, True])
    )
    assert measured == {
        "rows": 5, "answered": 3, "errors": 1, "coverage": 0.6, "risk": pytest.approx(1 / 3)
    }  # fmt: skip
    assert chosen.measure(answers([0.1], [True]))["risk"] is None
    with pytest.raises(RunNotFoundError, match="an abstention must be here"):
        Abstention.read(tmp_path / "none.json")


@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 5e-324, 0.5, 0.9, 1.0]), st.booleans()),
        min_size=1,
        max_size=20,
    ),
    st.floats(0.01, 1),
)
def test_what_is_said_of_the_rows_is_what_is_measured_on_them(found, coverage):
    """Of a row whose answer has probability 0, too."""
    given_rows = answers(*map(np.array, zip(*found, strict=True)))
    for wish in ({"coverage": coverage}, {"coverage": 1}, {"risk": 0.9, "certainty": 0.6}):
        chosen = choose_abstention(given_rows, **wish)
        measured = chosen.measure(given_rows)
        assert (measured["answered"], measured["errors"]) == (chosen.answered, chosen.errors)


def test_a_coverage_of_1_answers_every_row(tmp_path):
    chosen = choose_abstention(answers([1.0, 0.8, 0.0], [True, True, False]), coverage=1.0)
    assert (chosen.answered, chosen.errors, chosen.confidence) == (3, 1, -1.0)
    chosen.write(tmp_path / "abstain.json")
    kept = Abstention.read(tmp_path / "abstain.json")
    assert kept.answers(np.array([0.0, 1.0])).all()
    chosen = choose_abstention(answers([0.9, 0.8], [True, True]), coverage=1)
    assert chosen.answers(np.array([0.0, 0.3])).all()  # rows that were not seen


@pytest.mark.parametrize("value", [0, 1, 1.5, -0.1, float("nan"), "0.1", True, [0.1]])
def test_a_wish_must_be_a_number_in_its_range(value):
    rows = answers([0.9], [True])
    place = r"abstain_config\.risk: must be a number above 0 and below 1, but is "
    with pytest.raises(ConfigError, match=place + re.escape(repr(value))):
        choose_abstention(rows, risk=value)
    with pytest.raises(ConfigError, match=r"certainty: must be a number above 0 and below 1, but"):
        choose_abstention(rows, risk=0.1, certainty=value)
    if value != 1 or value is True:
        with pytest.raises(ConfigError, match=r"coverage: must be a number above 0 and at most 1"):
            choose_abstention(rows, coverage=value)


def test_a_wish_must_be_one_that_can_be_had():
    for wishes in ({"risk": 0.1, "coverage": 0.9}, {}):
        with pytest.raises(ConfigError, match="must wish for a risk or for a coverage, one of"):
            choose_abstention(answers([0.9], [True]), **wishes)
    with pytest.raises(ConfigError) as caught:
        choose_abstention(answers([0.9], [True]), risk=1.5, certainty=0)
    assert len(caught.value.problems) == 2
    with pytest.raises(DataError, match="at least one row"):
        choose_abstention(answers([], np.array([], dtype=bool)), coverage=0.5)
    bare = Predictions(np.arange(1), np.array([0]), np.array([0]), [0, 1])
    with pytest.raises(DataError, match="must come with probabilities"):
        choose_abstention(bare, coverage=0.5)
