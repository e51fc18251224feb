"""Every incumbent keeps the contract."""

import json
import re
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

import dsf.incumbents
from dsf.core.predictions import Predictions
from dsf.core.references import resolve
from dsf.core.tag_predictions import TagPredictions
from dsf.incumbents import (
    INCUMBENTS,
    CallableIncumbent,
    HttpEndpoint,
    Incumbent,
    MostFrequentTag,
    PredictionsFile,
    ScikitLearnIncumbent,
    TextBaseline,
)
from dsf.testing import IncumbentCase, TaggerCase
from tests.contract.incumbent_rows import load_rows, load_tagged, load_texts


class TestScikitLearnIncumbent(IncumbentCase):
    incumbent_class = ScikitLearnIncumbent

    def make(self):
        return ScikitLearnIncumbent(LogisticRegression(), ["x", "y"])

    load = staticmethod(load_rows)


class TestScikitLearnIncumbentWithoutProbabilities(IncumbentCase):
    incumbent_class = ScikitLearnIncumbent

    def make(self):
        return ScikitLearnIncumbent(LinearSVC(), ["x", "y"])

    load = staticmethod(load_rows)


class TestTextBaseline(IncumbentCase):
    incumbent_class = TextBaseline

    def make(self):
        return TextBaseline()

    load = staticmethod(load_texts)


OUTPUTS = {"label_kind": "multi_output", "label_columns": ["label", "mood"]}
SETS = {"label_kind": "multilabel", "label_columns": ["polite", "about_return"]}


def load_outputs():
    rows = load_texts()
    return rows.assign(mood=["kind" if "please" in text else "plain" for text in rows["text"]])


def load_sets():
    rows = load_texts()
    polite = rows["text"].str.contains("please").astype(int)
    return rows.assign(polite=polite, about_return=(rows["label"] == "return").astype(int))


class TestTextBaselineOfOutputs(IncumbentCase):
    incumbent_class = TextBaseline
    label_kind, label_columns = OUTPUTS.values()
    make = staticmethod(partial(TextBaseline, **OUTPUTS))
    load = staticmethod(load_outputs)


class TestTextBaselineOfSets(IncumbentCase):
    incumbent_class = TextBaseline
    label_kind, label_columns = SETS.values()
    make = staticmethod(partial(TextBaseline, **SETS))
    load = staticmethod(load_sets)


def classify(texts):
    """The rules of a shop: words, and a share for each label."""
    words = {"please": "cancel", "send": "return", "where": "track"}
    found = [next(label for word, label in words.items() if word in text) for text in texts]
    return [{each: 0.8 if each == label else 0.1 for each in words.values()} for label in found]


def classify_outputs(texts):
    moods = ["kind" if "please" in text else "plain" for text in texts]
    return {"label": classify(texts), "mood": moods}


def classify_sets(texts):
    return [
        {"polite": 0.9 if "please" in text else 0.2, "about_return": 0.7 * ("send" in text)}
        for text in texts
    ]


def find_cities(texts):
    """Give what stands between ``to`` and ``at``, by its place."""
    found = [re.search(r"(?<= to ).*(?= at )", text) for text in texts]
    return [
        [{"start": city.start(), "end": city.end(), "label": "city"}] if city else []
        for city in found
    ]


class TestCallableIncumbent(IncumbentCase):
    incumbent_class = CallableIncumbent

    def make(self):
        return CallableIncumbent(classify)

    load = staticmethod(load_texts)


class TestCallableIncumbentOfOutputs(IncumbentCase):
    incumbent_class = CallableIncumbent
    label_kind, label_columns = OUTPUTS.values()
    make = staticmethod(partial(CallableIncumbent, classify_outputs, **OUTPUTS))
    load = staticmethod(load_outputs)


class TestCallableIncumbentOfSets(IncumbentCase):
    incumbent_class = CallableIncumbent
    label_kind, label_columns = SETS.values()
    make = staticmethod(partial(CallableIncumbent, classify_sets, **SETS))
    load = staticmethod(load_sets)


class TestCallableIncumbentOfTags(TaggerCase):
    incumbent_class = CallableIncumbent

    def make(self):
        tags = ["O", "B-city", "I-city"]
        return CallableIncumbent(
            find_cities, label_kind="tags", tag_scheme="iob2", label_names=tags
        )

    load = staticmethod(load_tagged)


class TestPredictionsFile(IncumbentCase):
    incumbent_class = PredictionsFile

    @pytest.fixture(autouse=True)
    def write(self, tmp_path):
        self.path = tmp_path / "old.csv"
        rows = self._rows()
        answers = pd.DataFrame(classify(rows["text"])).add_prefix("probability_")
        answers.assign(row_id=rows["row_id"]).iloc[::-1].to_csv(self.path, index=False)

    def make(self):
        return PredictionsFile(self.path)

    load = staticmethod(load_texts)


class Endpoint(BaseHTTPRequestHandler):
    """The rules of the shop over HTTP."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps({"predictions": classify(body["texts"])}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


class TestHttpEndpoint(IncumbentCase):
    incumbent_class = HttpEndpoint

    @pytest.fixture(autouse=True)
    def serve(self):
        with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
            threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
            self.url = f"http://127.0.0.1:{server.server_address[1]}"
            yield
            server.shutdown()

    def make(self):
        return HttpEndpoint(self.url, batch_size=4, concurrency=3)

    load = staticmethod(load_texts)


class TestMostFrequentTag(TaggerCase):
    incumbent_class = MostFrequentTag

    def make(self):
        return MostFrequentTag(["O", "B-city", "I-city"], "iob2")

    load = staticmethod(load_tagged)


class TestMostFrequentTagWithoutScheme(TaggerCase):
    incumbent_class = MostFrequentTag

    def make(self):
        return MostFrequentTag(["O", "B-city", "I-city"])

    load = staticmethod(load_tagged)


def test_every_incumbent_has_its_case():
    files = Path(__file__).parent.glob("test_*incumbents.py")
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    tested = set(re.findall(r"^    incumbent_class = (\w+)$", code, re.MULTILINE))
    public = [getattr(dsf.incumbents, name) for name in dsf.incumbents.__all__]
    classes = [thing for thing in public if isinstance(thing, type) and thing is not Incumbent]
    named = [resolve(reference) for reference in INCUMBENTS.values()]
    assert classes
    assert named
    missing = {thing.__name__ for thing in {*classes, *named}} - tested
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
