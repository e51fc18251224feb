"""An existing model answers in the data's labels, or not at all."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import AgglomerativeClustering
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from dsf.core.errors import DataError, HookError
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
