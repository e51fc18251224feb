"""The config names a model in use: by name, or by reference; what is wrong is said early."""

import inspect
from datetime import date

import pandas as pd
import pytest

from dsf.base import Evaluation
from dsf.core.config import resolve_config
from dsf.core.config.eval_section import INCUMBENT_OPTIONS
from dsf.core.errors import (
    BadReferenceError,
    ConfigError,
    HookRaisedError,
    HookResultError,
    IncumbentError,
)
from dsf.core.references import resolve
from dsf.incumbents import (
    INCUMBENTS,
    Incumbent,
    MostFrequentTag,
    PredictionsFile,
    TextBaseline,
    answer_with_incumbent,
    make_incumbent,
)

NAMES = ["cancel", "track"]
# What the run fills in, so that no config has to say it.
FILLED = {"text_column", "label_columns", "label_kind", "label_names", "tag_scheme"}
FILLED |= {"tags", "scheme", "seed", "context"}


class ShopEvaluation(Evaluation):
    def execute(self):
        return answer_with_incumbent(self)


def rows_of(start, count):
    texts = {"cancel": "stop order {}", "track": "where is {}"}
    labels = [NAMES[at % 2] for at in range(count)]
    words = [texts[label].format(f"n{at}") for at, label in enumerate(labels)]
    ids = range(start, start + count)
    return pd.DataFrame({"row_id": ids, "message": words, "intent": labels})


def evaluation_of(eval_config, **changes):
    return ShopEvaluation(
        rows_of(0, 20),
        rows_of(20, 6),
        rows_of(26, 8),
        eval_config=eval_config,
        model_config={"label_names": NAMES, "seed": 3, **changes.pop("model", {})},
        dataset_config={"text_column": "message", "label_column": "intent", **changes},
    )


def test_a_name_is_enough():
    found = evaluation_of({"incumbent": "text_baseline"}).run()
    assert found.predictions.tolist() == rows_of(26, 8)["intent"].tolist()
    assert found.row_ids.tolist() == list(range(26, 34))


def test_options_stand_beside_the_name(tmp_path):
    table = pd.concat([rows_of(0, 20), rows_of(26, 8)])
    table = table.assign(prediction="track")[["row_id", "prediction"]]
    table.to_csv(tmp_path / "old.csv", index=False)
    found = evaluation_of({"incumbent": "file", "path": str(tmp_path / "old.csv")}).run()
    assert found.predictions.tolist() == ["track"] * 8, "training rows may be in the file too"


def test_a_path_is_relative_to_the_project():
    made = make_incumbent(evaluation_of({"incumbent": "file", "path": "old.csv"}))
    assert isinstance(made, PredictionsFile)
    assert made.path.is_absolute()
    assert made.path.parent.name == "incumbents", "where the class of the Evaluation is"


def test_a_file_that_is_not_there_is_no_fault_of_the_run():
    """After a fault of a run folder the command line does not say how to go on with the run."""
    with pytest.raises(IncumbentError, match=r"nope\.csv: a file of predictions must be here"):
        evaluation_of({"incumbent": "file", "path": "nope.csv"}).run()


@pytest.fixture
def old_rules(tmp_path, monkeypatch):
    from dsf.core.references import allow_folder

    (tmp_path / "old_rules_of_shop.py").write_text(
        """
import numpy as np
from dsf.core.predictions import Predictions
from dsf.incumbents import Incumbent

class Plain:
    def __init__(self, word, text_column="text", label_column="label"):
        self.word, self.text_column, self.label_column = word, text_column, label_column
    def predict(self, rows, labels):
        found = np.where(rows[self.text_column].str.contains(self.word), "track", "cancel")
        truth = rows[self.label_column].to_numpy()
        return Predictions(rows["row_id"].to_numpy(), truth, found, labels)

class Derived(Incumbent):
    def __init__(self, word, **labels):
        super().__init__(**labels)
        self.word = word
    def answer(self, rows, labels):
        return ["track" if self.word in text else "cancel" for text in rows[self.text_column]]

class Careless:
    def predict(self, rows, labels):
        return list(labels)

class Broken:
    def fit(self, rows, validation):
        raise KeyError("word")
    def predict(self, rows, labels):
        raise AssertionError

def classify(texts):
    return ["track" if "where" in text else "cancel" for text in texts]
"""
    )
    monkeypatch.syspath_prepend(tmp_path)
    allow_folder(tmp_path)


def by_class(name, **arguments):
    return {"incumbent": {"class_path": f"old_rules_of_shop.{name}", "init_args": arguments}}


@pytest.mark.parametrize(
    "eval_config",
    [
        by_class("Plain", word="where"),
        by_class("Derived", word="where"),
        {"incumbent": "function", "function": "old_rules_of_shop:classify"},
    ],
)
def test_a_class_or_function_of_ones_own_answers(old_rules, eval_config):
    found = evaluation_of(eval_config).run()
    assert found.predictions.tolist() == rows_of(26, 8)["intent"].tolist()
    assert found.targets.tolist() == rows_of(26, 8)["intent"].tolist()


def test_what_the_config_says_wins_over_what_the_run_knows(old_rules):
    made = make_incumbent(evaluation_of(by_class("Plain", word="x", label_column="other")))
    assert (made.text_column, made.label_column) == ("message", "other")


def test_a_class_of_ones_own_may_be_wrong(old_rules):
    with pytest.raises(HookResultError, match=r"Careless\.predict .* must return predictions"):
        evaluation_of(by_class("Careless")).run()
    with pytest.raises(HookRaisedError, match=r"Broken\.predict .* raised KeyError: 'word'"):
        evaluation_of(by_class("Broken")).run()
    with pytest.raises(BadReferenceError, match="needs a value for 'word'"):
        evaluation_of(by_class("Plain")).run()
    with pytest.raises(BadReferenceError, match="has no argument 'words'"):
        evaluation_of(by_class("Plain", words="x")).run()


def test_a_name_that_is_none_is_told():
    with pytest.raises(ConfigError, match=r"eval_config\.incumbent: must be one of .*'http'\?"):
        evaluation_of({"incumbent": "htp"}).run()


def test_taggers_are_given_their_tags():
    evaluation = ShopEvaluation(
        eval_config={"incumbent": "most_frequent_tag"},
        model_config={"label_names": ["O", "B-city"]},
        dataset_config={"label_kind": "tags", "tag_scheme": "iob2"},
    )
    made = make_incumbent(evaluation)
    assert isinstance(made, MostFrequentTag)
    assert (made.tags, made.scheme) == (["O", "B-city"], "iob2")


def test_labels_a_row_are_columns():
    evaluation = ShopEvaluation(
        eval_config={"incumbent": "text_baseline"},
        model_config={"label_names": ["late", "lost"], "seed": 3},
        dataset_config={"label_kind": "multilabel", "label_columns": []},
    )
    made = make_incumbent(evaluation)
    assert isinstance(made, TextBaseline)
    assert made.label_columns == ["late", "lost"]


def test_a_scikit_learn_model_is_made_from_the_config():
    reference = {
        "class_path": "dsf.incumbents.ScikitLearnIncumbent",
        "init_args": {
            "estimator": {"class_path": "sklearn.tree.DecisionTreeClassifier"},
            "features": ["size"],
        },
    }
    evaluation = evaluation_of({"incumbent": reference})
    for rows in (evaluation.dataset_train, evaluation.dataset_test):
        rows["size"] = (rows["intent"] == "track").astype(float)
    assert evaluation.run().predictions.tolist() == rows_of(26, 8)["intent"].tolist()


def test_the_rows_of_the_run_stay_as_they_are(old_rules):
    evaluation = evaluation_of(by_class("Derived", word="where"))
    before = evaluation.dataset_test.copy(deep=True)
    evaluation.run()
    pd.testing.assert_frame_equal(evaluation.dataset_test, before)


# ------------------------------------------------------------------ the section of the config


@pytest.mark.parametrize("name", sorted(INCUMBENTS))
def test_the_config_knows_the_options_of_each(name):
    """Names, and what they are if they are not given, are written down twice: here they meet."""
    made = resolve(INCUMBENTS[name])
    taken = dict(inspect.signature(made).parameters)
    if taken.pop("labels", None) is not None:
        taken |= inspect.signature(Incumbent).parameters
    taken = {key: one for key, one in taken.items() if key not in FILLED}
    options = {key: info for key, _, info in INCUMBENT_OPTIONS[name].key_fields()}
    assert options.keys() <= taken.keys()
    if name not in ("text_baseline", "most_frequent_tag"):
        assert options.keys() == taken.keys()
    for key, info in options.items():
        default = taken[key].default
        if default is inspect.Parameter.empty:
            assert info.is_required(), key
        else:
            assert info.get_default() == default, key


def test_both_tables_have_the_same_names():
    assert list(INCUMBENTS) == sorted(INCUMBENTS) == list(INCUMBENT_OPTIONS)


def problems_of(section):
    with pytest.raises(ConfigError) as caught:
        resolve_config({"eval_config": section})
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "section",
    [
        {},
        {"anything": 1, "url": "of our own"},
        {"incumbent": None},
        {"incumbent": "http", "url": "https://shop/model", "timeout": 5, "body": {"k": [1]}},
        {"incumbent": "function", "function": {"module": "trainer.old", "func": "classify"}},
        {"incumbent": "trainer.old:Rules"},
        {"incumbent": {"class_path": "trainer.old.Rules", "init_args": {"word": "x"}}},
    ],
)
def test_a_section_that_is_right_stays_as_it_is(section):
    given = {key: value for key, value in section.items() if value is not None}
    assert resolve_config({"eval_config": section})["eval_config"] in (section, given)


def test_all_that_is_wrong_with_the_options_is_said_at_once():
    section = {"incumbent": "http", "timeout": 0, "batchsize": 8, "retries": "many"}
    told = "\n".join(problems_of(section))
    assert "eval_config.url: must be given" in told
    assert "eval_config.timeout: must be" in told
    assert "eval_config.batchsize: is not a known key. Did you mean 'batch_size'?" in told
    assert "eval_config.retries: must be" in told


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"incumbent": "fil", "path": "x"}, "not 'fil'. Did you mean 'file'?"),
        ({"incumbent": 3}, "must be one of bundle, checkpoint, file, function"),
        ({"incumbent": "function", "function": "classify"}, "eval_config.function: must be a ref"),
        ({"incumbent": {"class_path": "a.B", "args": 1}}, "eval_config.incumbent.args: is not a"),
        ({"incumbent": "trainer.old:Rules", "word": 1}, "its arguments go into init_args"),
        ({"incumbent": "text_baseline", "path": "x"}, "eval_config.path: is not a known key"),
        ({"incumbent": "http", "url": "ftp://x"}, "eval_config.url: must begin with http://"),
        ({"incumbent": "http", "url": "localhost:80"}, "but begins with 'localhost:'"),
        ({"incumbent": "http", "url": "http://[::1"}, "but its host can be none"),
        ({"incumbent": "http", "url": "https://"}, "must name a host"),
        ({"incumbent": "http", "url": "http://shop:99999/x"}, "must have a port from 1 to 65535"),
        ({"incumbent": "http", "url": "http://shop/a b"}, "must hold no blanks"),
        (
            {"incumbent": "http", "url": "http://shop", "token_header": "X Key"},
            "eval_config.token_header: must be the name of a header",
        ),
        (
            {"incumbent": "http", "url": "http://shop", "body": {"a": [date(2024, 1, 2)]}},
            "eval_config.body.a.0: must be text, a number,",
        ),
    ],
)
def test_what_is_wrong_with_the_name(section, told):
    assert told in "\n".join(problems_of(section))


@pytest.mark.parametrize(
    "url",
    [
        "http://me:hush-hush@shop/x",
        "http://me:hush:hush/hush@shop",
        "ftp://me:hush@shop",
        "http://me:hush@[shop",
        "http://shop:hush/",
    ],
)
def test_a_password_in_a_url_is_refused_and_not_shown(url):
    told = "\n".join(problems_of({"incumbent": "http", "url": url}))
    assert "eval_config.url" in told
    assert "hush" not in told
