"""Calibration: the numbers with the lowest loss, kept as JSON, applied to any answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax, logit, softmax
from sklearn.isotonic import IsotonicRegression

from dsf.core.errors import ConfigError, DataError, RunNotFoundError
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics.calibration import Calibration, IsotonicCurve, calibrate, fit_calibration

SEEDS = st.integers(0, 2**32 - 1)
NAMES = ["a", "b", "c"]


def single(seed, rows=200, sharper=3.0):
    """Answers whose scores are ``sharper`` times as large as they should be."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(rows, 3))
    chances = softmax(scores, axis=1)
    codes = [rng.choice(3, p=row) for row in chances]
    found = softmax(sharper * scores, axis=1)
    return Predictions.from_probabilities(np.arange(rows), np.array(NAMES)[codes], found, NAMES)


def several(seed, rows=200, sharper=3.0):
    rng = np.random.default_rng(seed)
    odds = rng.normal(size=(rows, 3)) * [1, 2, 0.5] - [0, 1, 0]
    targets = (rng.random((rows, 3)) < expit(odds)).astype(np.int8)
    thresholds = np.array([0.5, 0.3, 0.7])
    return MultiLabelPredictions(np.arange(rows), targets, expit(sharper * odds), thresholds, NAMES)


def tagged(seed, rows=50):
    rng = np.random.default_rng(seed)
    sure = rng.uniform(0.5, 1, size=(rows, 2))
    right = rng.random((rows, 2)) < 0.5 + (sure - 0.5) / 2
    return TagPredictions(
        np.arange(rows),
        ["x y"] * rows,
        [[0, 2]] * rows,
        [["x", "y"]] * rows,
        np.where(right, "N", "V").tolist(),
        [["N", "N"]] * rows,
        sure.tolist(),
        ["N", "V"],
    )


KINDS = {
    "single": single(1),
    "outputs": MultiOutputPredictions({"one": single(2), "two": single(3, sharper=0.5)}),
    "several": several(4),
    "tags": tagged(5),
}


def log_loss(predictions, temperature):
    codes = [NAMES.index(label) for label in predictions.targets]
    scores = log_softmax(np.log(predictions.probabilities) / temperature, axis=1)
    return -scores[np.arange(len(codes)), codes].mean()


@settings(max_examples=20)
@given(seed=SEEDS, sharper=st.floats(0.5, 5))
def test_no_temperature_has_a_lower_loss(seed, sharper):
    predictions = single(seed, sharper=sharper)
    (change,) = fit_calibration(predictions, "temperature").parts[0].changes
    best = minimize_scalar(
        lambda one: log_loss(predictions, one), bounds=(0.1, 10), method="bounded"
    )
    assert log_loss(predictions, change.value) <= best.fun + 1e-9
    assert change.value == pytest.approx(best.x, rel=1e-3)


@settings(max_examples=10)
@given(seed=SEEDS)
def test_each_of_several_labels_has_the_temperature_with_the_lowest_loss(seed):
    predictions = several(seed)
    for at, change in enumerate(fit_calibration(predictions, "temperature").parts[0].changes):
        odds, true = logit(predictions.probabilities[:, at]), predictions.targets[:, at]
        signs = np.where(true, 1, -1)

        def loss(one, odds=odds, signs=signs):
            return np.logaddexp(0, -signs * odds / one).mean()

        best = minimize_scalar(loss, bounds=(0.1, 10), method="bounded")
        # Nearly 1 is taken for the float32 before 1, so that the two losses differ a little.
        assert loss(change.value) <= best.fun + 1e-6


def test_the_temperature_is_found_again():
    calibration = fit_calibration(single(7, rows=20_000), "temperature")
    temperature = calibration.parts[0].changes[0].value
    assert temperature == pytest.approx(3, rel=0.05)
    few = single(8, rows=50)
    expected = softmax(np.log(few.probabilities) / temperature, axis=1)
    np.testing.assert_allclose(calibrate(few, calibration).probabilities, expected, atol=1e-12)


@pytest.mark.parametrize("predictions", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("method", ["temperature", "isotonic"])
def test_what_is_kept_is_what_was_learned(predictions, method, tmp_path):
    calibration = fit_calibration(predictions, method)
    calibration.write(tmp_path / "calibration.json")
    assert Calibration.read(tmp_path / "calibration.json") == calibration
    changed = calibrate(predictions, calibration)
    assert type(changed) is type(predictions)
    assert changed.to_frame().shape == predictions.to_frame().shape
    assert calibration.rows == len(predictions.row_ids)


@pytest.mark.parametrize("method", ["temperature", "isotonic"])
def test_calibrated_answers_are_as_often_right_as_they_say(method):
    calibration = fit_calibration(single(1, rows=3000), method)
    changed = calibrate(single(2, rows=20_000), calibration)
    sure = changed.probabilities.max(axis=1)
    right = changed.predictions == changed.targets
    for low in (0.4, 0.5, 0.6, 0.7):
        there = (sure >= low) & (sure < low + 0.1)
        assert right[there].mean() == pytest.approx(sure[there].mean(), abs=0.04)
    raw = single(2, rows=20_000).probabilities.max(axis=1)
    assert raw.mean() > right.mean() + 0.1  # it was far too sure


@settings(max_examples=20)
@given(seed=SEEDS)
def test_a_temperature_changes_no_answer_and_curves_make_the_most_probable_the_answer(seed):
    for predictions in (single(seed), several(seed)):
        changed = calibrate(predictions, fit_calibration(predictions, "temperature"))
        assert (changed.predictions == predictions.predictions).all()
    changed = calibrate(single(seed), fit_calibration(single(seed), "isotonic"))
    np.testing.assert_allclose(changed.probabilities.sum(axis=1), 1)
    codes = [NAMES.index(answer) for answer in changed.predictions]
    best = changed.probabilities.max(axis=1)
    np.testing.assert_array_equal(changed.probabilities[np.arange(200), codes], best)


# Rounded: of neighbours among the floats, scikit-learn makes nan.
@given(
    st.lists(
        st.tuples(st.floats(0, 1).map(lambda one: round(one, 12)), st.booleans()),
        min_size=2,
        max_size=40,
    )
)
def test_a_curve_is_that_of_scikit_learn_within_the_margin_of_the_rows(pairs):
    given_one, true = np.array([one for one, _ in pairs]), np.array([two for _, two in pairs])
    curve = IsotonicCurve.of_label(given_one, true)
    if true.all() or not true.any():
        assert curve is None
        return
    margin = 1 / (len(true) + 2)
    wanted = IsotonicRegression(y_min=margin, y_max=1 - margin).fit_transform(given_one, true)
    np.testing.assert_allclose(curve.of_each(given_one), wanted, atol=1e-9)
    ends = curve.of_each(np.array([0.0, 1.0]))
    assert margin <= ends[0] <= ends[1] <= 1 - margin + 1e-12


def test_labels_that_say_nothing_stay_as_they_are():
    predictions = several(1)
    predictions.targets[:, 1] = 0
    for method in ("temperature", "isotonic"):
        calibration = fit_calibration(predictions, method)
        (part,) = calibration.parts
        assert part.changes[1] is None
        assert part.notes == ("b: the validation rows all have it, or none has",)
        changed = calibrate(predictions, calibration)
        np.testing.assert_array_equal(changed.probabilities[:, 1], predictions.probabilities[:, 1])
        assert changed.thresholds[1] == predictions.thresholds[1]


def test_rows_that_are_all_right_ask_for_no_temperature():
    found = np.array([[0.6, 0.3, 0.1]] * 20)
    predictions = Predictions.from_probabilities(np.arange(20), np.full(20, "a"), found, NAMES)
    (part,) = fit_calibration(predictions, "temperature").parts
    assert part.changes == (None,)
    assert "answered right" in part.notes[0]
    np.testing.assert_array_equal(
        calibrate(predictions, Calibration("temperature", "single", 20, (part,))).probabilities,
        found,
    )


def test_where_less_sure_is_better_without_end_the_temperature_is_the_highest():
    found = np.array([[0.9, 0.05, 0.05]] * 20)
    predictions = Predictions.from_probabilities(np.arange(20), np.full(20, "c"), found, NAMES)
    (part,) = fit_calibration(predictions, "temperature").parts
    assert part.changes[0].value == 10


def test_probabilities_of_0_and_1_are_met():
    """A sigmoid of 32 bits says 1 when it means nearly; 0 for a label that cannot be."""
    sure = several(3)
    sure.probabilities[:3, 0] = [1.0, 1.0, 0.0]
    calibration = fit_calibration(sure, "temperature")
    changed = calibrate(sure, calibration).probabilities
    assert 0.9 < changed[0, 0] < 1
    assert changed[2, 0] == 0
    one = single(3)
    one.probabilities[0] = [0.0, 0.4, 0.6]
    one.targets[0] = "a"  # no temperature mends that
    part = fit_calibration(one, "temperature").parts[0]
    assert part.changes[0].value == pytest.approx(
        fit_calibration(one.take(np.arange(1, 200)), "temperature").parts[0].changes[0].value
    )
    assert calibrate(one, fit_calibration(one, "temperature")).probabilities[0, 0] == 0


def test_thresholds_given_decide_and_else_those_of_the_model_move_with_its_probabilities():
    predictions = several(1)
    calibration = fit_calibration(predictions, "isotonic")
    moved = calibrate(predictions, calibration)
    expected = calibration.apply(predictions.thresholds[None])[0]
    np.testing.assert_array_equal(moved.thresholds, expected)
    given_ones = calibrate(predictions, calibration, {"b": 0.2, "a": 0.1, "c": 0.3})
    assert given_ones.thresholds.tolist() == [0.1, 0.2, 0.3]
    decided = MultiLabelPredictions(
        predictions.row_ids,
        predictions.targets,
        predictions.probabilities,
        predictions.thresholds,
        NAMES,
        decided=predictions.targets,
    )
    assert (calibrate(decided, calibration).predictions == predictions.targets).all()


def test_answers_that_a_model_decides_in_its_own_way_stay():
    found = single(1)
    own = Predictions(found.row_ids, found.targets, found.targets, NAMES, found.probabilities)
    changed = calibrate(own, fit_calibration(own, "isotonic"))
    followed = found.predictions == found.targets
    assert (changed.predictions[~followed] == own.predictions[~followed]).all()


def test_what_does_not_fit_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="must be one of isotonic, temperature, but is 'platt'"):
        fit_calibration(single(1), "platt")
    bare = Predictions(np.arange(2), np.array(["a", "b"]), np.array(["a", "b"]), NAMES)
    with pytest.raises(DataError, match="must come with probabilities"):
        fit_calibration(bare, "temperature")
    with pytest.raises(DataError, match=r"those of the output 'x'"):
        fit_calibration(MultiOutputPredictions({"x": bare}), "temperature")
    with pytest.raises(DataError, match="at least one row"):
        fit_calibration(single(1).take(np.arange(0)), "temperature")
    calibration = fit_calibration(single(1), "temperature")
    with pytest.raises(DataError, match="must be of the kind single, but are multilabel"):
        calibrate(several(1), calibration)
    with pytest.raises(DataError, match="probabilities: must be there, but are not"):
        calibrate(bare, calibration)
    others = Predictions.from_probabilities([1], ["a"], [[0.5, 0.5]], ["a", "b"])
    with pytest.raises(DataError, match=r"must be those it was learned from, \['a', 'b', 'c'\]"):
        calibrate(others, calibration)
    with pytest.raises(DataError, match=r"must have shape \(rows, 3\)"):
        calibration.apply([[0.5, 0.5]])
    with pytest.raises(DataError, match="must be one of None, but is 'topic'"):
        calibration.apply([[0.5, 0.5, 0]], "topic")
    with pytest.raises(RunNotFoundError, match="a calibration must be here"):
        Calibration.read(tmp_path / "calibration.json")
