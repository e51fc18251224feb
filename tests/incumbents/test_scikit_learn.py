"""An existing model answers in the data's labels, or not at all."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC, OneClassSVM
from sklearn.utils.validation import check_is_fitted

from dsf.core.errors import ConfigError, DataError, HookError
from dsf.incumbents import ScikitLearnIncumbent

COLOURS = ["blue", "green", "red"]


def make_rows(labels, count=60):
    labels = [labels[i % len(labels)] for i in range(count)]
    place = pd.factorize(pd.Series(labels), sort=True)[0]
    noise = np.random.default_rng(0).normal(0, 0.3, (2, count))
    return pd.DataFrame(
        {
            "row_id": range(100, 100 + count),
            "x": place + noise[0],
            "y": place + noise[1],
            "label": labels,
        }
    )


def fitted(estimator, labels):
    incumbent = ScikitLearnIncumbent(estimator, ["x", "y"])
    incumbent.fit(make_rows(labels))
    return incumbent


@pytest.mark.parametrize("labels", [COLOURS, [0, 1, 2], [30, 10, 20]])
@pytest.mark.parametrize(
    "make",
    [
        LogisticRegression,
        LinearSVC,
        lambda: RandomForestClassifier(5, random_state=0),
        lambda: make_pipeline(StandardScaler(), LogisticRegression()),
    ],
)
def test_it_answers_as_the_model_does_in_whatever_order_the_labels_come(make, labels):
    rows, incumbent = make_rows(labels), fitted(make(), labels)
    answers = incumbent.predict(rows, [labels[1], labels[2], labels[0]])
    expected = incumbent.estimator.predict(rows[["x", "y"]])
    assert answers.predictions.tolist() == expected.tolist()
    assert (answers.predictions == answers.targets).mean() > 0.8


def test_a_model_without_some_of_the_labels_gives_them_no_probability():
    incumbent = fitted(LogisticRegression(), ["blue", "red"])
    answers = incumbent.predict(make_rows(COLOURS), COLOURS)
    assert not answers.probabilities[:, 1].any()
    np.testing.assert_allclose(answers.probabilities.sum(axis=1), 1)


@pytest.mark.parametrize("make", [LogisticRegression, LinearSVC])
def test_a_model_that_knows_more_labels_is_refused(make):
    incumbent = fitted(make(), [*COLOURS, "violet"])
    with pytest.raises(DataError) as caught:
        incumbent.predict(make_rows(COLOURS), COLOURS)
    message = str(caught.value)
    assert f"{make.__name__}.classes_: knows ['violet'], which the data has not" in message
    assert "The model knows ['blue', 'green', 'red', 'violet']" in message
    assert "the data has ['blue', 'green', 'red']." in message
    assert "Map the labels" in message
    assert "label_names" in message


@pytest.mark.parametrize(
    ("known", "asked", "said"),
    [
        ([0, 1, 2], ["0", "1", "2"], "0 is a whole number, '0' is a text"),
        (["0", "1", "2"], [0, 1, 2], "'0' is a text, 0 is a whole number"),
    ],
)
def test_numbers_and_texts_are_not_mixed_up_in_silence(known, asked, said):
    incumbent = fitted(LogisticRegression(), known)
    with pytest.raises(DataError, match=f"They differ in type: {said}.* where they are loaded"):
        incumbent.predict(make_rows(asked), asked)


def test_long_lists_of_labels_are_cut_short():
    incumbent = fitted(RandomForestClassifier(2), list(range(30)))
    with pytest.raises(DataError, match=r"The model knows \[0, .*, 19, …\]"):
        incumbent.predict(make_rows([98, 99]), [98, 99])


def test_one_label_twice_as_a_number_is_one_label():
    """Whole numbers that a file with gaps has turned into 0.0 and 1.0 are still the same."""
    incumbent = fitted(LogisticRegression(), [0.0, 1.0])
    answers = incumbent.predict(make_rows([0, 1]), [0, 1])
    assert set(answers.predictions.tolist()) == {0, 1}


@pytest.mark.parametrize("make", [LogisticRegression, LinearSVC, RandomForestClassifier])
def test_a_model_that_was_never_fitted_is_named(make):
    incumbent = ScikitLearnIncumbent(make(), ["x", "y"])
    with pytest.raises(HookError, match=rf"{make.__name__} must be fitted.*fit\(rows\) first"):
        incumbent.predict(make_rows(COLOURS), COLOURS)


def test_a_feature_that_is_not_there_is_named():
    rows = make_rows(COLOURS)
    for features in ("zz", ["x", "zz"]):
        incumbent = ScikitLearnIncumbent(LogisticRegression(), features)
        with pytest.raises(ConfigError, match=r"features: .* \['zz'\] are not\. There are \['row"):
            incumbent.fit(rows)
    incumbent = fitted(LogisticRegression(), COLOURS)
    with pytest.raises(ConfigError, match=r"\['y'\] are not"):
        incumbent.predict(rows.drop(columns="y"), COLOURS)


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ("x", r"Expected (2D|a 2-dim).*\. As a list, \[x\], it is given a table"),
        (["x", "word"], r"could not convert string.*'a word'\. .*make_pipeline"),
        (["x", "gap"], r"contains NaN\. .*SimpleImputer"),
    ],
)
def test_features_that_the_model_cannot_take_are_told_with_advice(features, said):
    rows = make_rows(COLOURS).assign(word="a word", gap=np.nan)
    with pytest.raises(DataError, match=rf"features: must be what LogisticRegr.*{said}"):
        ScikitLearnIncumbent(LogisticRegression(), features).fit(rows)
    incumbent = fitted(LogisticRegression(), COLOURS)
    with pytest.raises(DataError, match="features: must be what LogisticRegression can take"):
        incumbent.predict(rows.assign(y="a word"), COLOURS)


@pytest.mark.parametrize("make", [LogisticRegression, LinearSVC, RandomForestClassifier])
def test_where_all_rows_have_one_label_that_one_is_answered(make):
    incumbent = fitted(make(), ["red"])
    answers = incumbent.predict(make_rows(COLOURS), COLOURS)
    assert set(answers.predictions) == {"red"}
    assert answers.probabilities[:, COLOURS.index("red")].tolist() == [1.0] * 60
    incumbent.fit(make_rows(COLOURS))
    assert set(incumbent.predict(make_rows(COLOURS), COLOURS).predictions) == set(COLOURS)


class OwnRule:
    """No class of scikit-learn, and it fails by itself."""

    def fit(self, features, labels):
        raise ValueError("a fault of my own")

    def predict(self, features):
        raise AssertionError


def test_an_error_of_ones_own_estimator_stays_what_it_is():
    with pytest.raises(ValueError, match="a fault of my own"):
        ScikitLearnIncumbent(OwnRule(), ["x"]).fit(make_rows(COLOURS))


@pytest.mark.parametrize("kind", ["regressor", "clusterer", "outlier_detector"])
def test_what_answers_no_labels_is_refused_before_it_learns(kind):
    estimator = {
        "regressor": make_pipeline(StandardScaler(), LinearRegression()),
        "clusterer": KMeans(2),
        "outlier_detector": OneClassSVM(),
    }[kind]
    rows = make_rows([0, 1])
    with pytest.raises(HookError, match=f"must be a classifier, but is a {kind}"):
        ScikitLearnIncumbent(estimator, ["x", "y"]).fit(rows)
    with pytest.raises(NotFittedError):
        check_is_fitted(estimator)
    with pytest.raises(HookError, match=f"must be a classifier, but is a {kind}"):
        ScikitLearnIncumbent(estimator, ["x", "y"]).predict(rows, [0, 1])


def test_what_is_no_classifier_is_named():
    rows = make_rows(COLOURS)
    incumbent = ScikitLearnIncumbent(AgglomerativeClustering(), ["x", "y"])
    with pytest.raises(HookError, match="AgglomerativeClustering must have predict_proba or pred"):
        incumbent.predict(rows, COLOURS)


def test_a_model_with_several_labels_a_row_is_named():
    rows = make_rows([0, 1])
    several = MultiOutputClassifier(LogisticRegression())
    several.fit(rows[["x", "y"]], np.column_stack([rows["label"], rows["label"]]))
    with pytest.raises(HookError, match="MultiOutputClassifier must give a row one label"):
        ScikitLearnIncumbent(several, ["x", "y"]).predict(rows, [0, 1])
