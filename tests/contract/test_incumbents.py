"""Every incumbent keeps the contract."""

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

import dsf.incumbents
from dsf.core.predictions import Predictions
from dsf.incumbents import ScikitLearnIncumbent
from dsf.testing import IncumbentCase


def load_rows():
    values = [(i * 7) % 30 / 30 for i in range(60)]
    labels = ["low" if x < 0.3 else "middle" if x < 0.6 else "top" for x in values]
    return pd.DataFrame({"x": values, "y": [x * x for x in values], "label": labels})


class TestScikitLearnIncumbent(IncumbentCase):
    incumbent_class = ScikitLearnIncumbent

    def make(self):
        return ScikitLearnIncumbent(LogisticRegression(), ["x", "y"])

    def load(self):
        return load_rows()


class TestScikitLearnIncumbentWithoutProbabilities(IncumbentCase):
    incumbent_class = ScikitLearnIncumbent

    def make(self):
        return ScikitLearnIncumbent(LinearSVC(), ["x", "y"])

    def load(self):
        return load_rows()


def test_every_incumbent_has_its_case():
    cases = [thing for thing in globals().values() if isinstance(thing, type)]
    tested = {getattr(case, "incumbent_class", None) for case in cases}
    public = [getattr(dsf.incumbents, name) for name in dsf.incumbents.__all__]
    missing = [
        thing.__name__ for thing in public if isinstance(thing, type) and thing not in tested
    ]
    assert public
    assert not missing, "give the new incumbent its case here"


class Forgetful:
    """Numbers the rows itself, and answers by their places."""

    def predict(self, rows, labels):
        answers = [labels[i % len(labels)] for i in range(len(rows))]
        return Predictions.from_probabilities(
            range(len(rows)),
            rows["label"],
            [[float(answer == label) for label in labels] for answer in answers],
            labels,
        )


def test_a_wrong_incumbent_is_found_out():
    class Case(IncumbentCase):
        make = staticmethod(Forgetful)
        load = staticmethod(load_rows)

    for test in (
        Case().test_every_row_is_answered_in_its_place,
        Case().test_an_answer_belongs_to_its_row,
        Case().test_probabilities_follow_the_labels,
        Case().test_a_label_never_seen_is_never_answered,
    ):
        with pytest.raises(AssertionError):
            test()
