"""Every incumbent keeps the contract."""

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

import dsf.incumbents
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.incumbents import MostFrequentTag, ScikitLearnIncumbent, TextBaseline
from dsf.testing import IncumbentCase, TaggerCase


def load_rows():
    values = [(i * 7) % 30 / 30 for i in range(60)]
    labels = ["low" if x < 0.3 else "middle" if x < 0.6 else "top" for x in values]
    return pd.DataFrame({"x": values, "y": [x * x for x in values], "label": labels})


def load_texts():
    things = ["kettle", "lamp", "jacket", "sofa", "phone", "mug"]
    asked = {
        "cancel": "please cancel the {} that I bought",
        "return": "how do I send the {} back",
        "track": "where is my {} now",
    }
    return pd.DataFrame(
        [
            {"text": text.format(thing), "label": label}
            for thing in things
            for label, text in asked.items()
        ]
    )


def load_tagged():
    cities = [["Rome"], ["New", "York"], ["Oslo"], ["Cape", "Town"]]
    rows = []
    for city in cities:
        tokens = ["We", "fly", "to", *city, "at", "noon"]
        tags = ["O", "O", "O", "B-city", *["I-city"] * (len(city) - 1), "O", "O"]
        starts = [sum(len(word) + 1 for word in tokens[:at]) for at in range(len(tokens))]
        rows.append({"text": " ".join(tokens), "tokens": tokens, "starts": starts, "tags": tags})
    return pd.DataFrame(rows)


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


class TestTextBaseline(IncumbentCase):
    incumbent_class = TextBaseline

    def make(self):
        return TextBaseline()

    def load(self):
        return load_texts()


class TestMostFrequentTag(TaggerCase):
    incumbent_class = MostFrequentTag

    def make(self):
        return MostFrequentTag(["O", "B-city", "I-city"], "iob2")

    def load(self):
        return load_tagged()


class TestMostFrequentTagWithoutScheme(TaggerCase):
    incumbent_class = MostFrequentTag

    def make(self):
        return MostFrequentTag(["O", "B-city", "I-city"])

    def load(self):
        return load_tagged()


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


class Careless:
    """Gives every token the tag of a token inside, and forgets the order of the rows."""

    def predict(self, rows):
        rows = rows.sort_values("row_id")
        return TagPredictions(
            row_ids=rows["row_id"].to_numpy(),
            texts=rows["text"].tolist(),
            starts=rows["starts"].tolist(),
            tokens=rows["tokens"].tolist(),
            targets=rows["tags"].tolist(),
            predictions=[["I-city"] * len(tokens) for tokens in rows["tokens"]],
            confidences=[[0.5] * len(tokens) for tokens in rows["tokens"]],
            tags=["O", "B-city", "I-city"],
            scheme="iob2",
        )


def test_a_wrong_tagger_is_found_out():
    class Case(TaggerCase):
        make = staticmethod(Careless)
        load = staticmethod(load_tagged)

    for test in (
        Case().test_every_token_is_answered_in_its_place,
        Case().test_an_answer_belongs_to_its_row,
        Case().test_answers_follow_the_scheme,
    ):
        with pytest.raises(AssertionError):
            test()
