"""Any callable answers: named or live, of texts or of rows."""

import numpy as np
import pandas as pd
import pytest

from dsf.core.errors import BadReferenceError, ConfigError, DataError, HookRaisedError
from dsf.incumbents import CallableIncumbent

NAMES = ["short", "long"]
ROWS = pd.DataFrame(
    {
        "row_id": [4, 2, 9],
        "text": ["a", "a longer one", "b"],
        "size": [1.0, 9.0, 2.0],
        "label": ["short", "long", "long"],
    }
)


def by_length(texts):
    return ["long" if len(text) > 3 else "short" for text in texts]


def one_by_length(text):
    return {"long": 1.0, "short": 0.0} if len(text) > 3 else {"short": 1.0}


def by_size(rows):
    assert "label" not in rows
    return np.where(rows["size"] > 5, "long", "short")


class Longer:
    """Has an argument, and counts how often it is made."""

    made = 0

    def __init__(self, limit):
        type(self).made += 1
        self.limit = limit

    def __call__(self, texts):
        return ["long" if len(text) > self.limit else "short" for text in texts]


@pytest.mark.parametrize(
    ("function", "takes"),
    [(by_length, "texts"), (one_by_length, "text"), (by_size, "rows"), (Longer(3), "texts")],
)
def test_a_live_callable_answers(function, takes):
    found = CallableIncumbent(function, takes=takes).predict(ROWS, NAMES)
    assert found.predictions.tolist() == ["short", "long", "short"]
    assert found.targets.tolist() == ["short", "long", "long"]
    assert found.row_ids.tolist() == [4, 2, 9]


@pytest.fixture
def old_rules(tmp_path, monkeypatch):
    from dsf.core.references import allow_folder

    (tmp_path / "old_rules_of_ours.py").write_text(
        "class Longer:\n"
        "    made = 0\n"
        "    def __init__(self, limit):\n"
        "        Longer.made += 1\n"
        "        self.limit = limit\n"
        "    def __call__(self, texts):\n"
        "        return ['long' if len(text) > self.limit else 'short' for text in texts]\n"
        "def classify(texts, limit=3):\n"
        "    return Longer(limit)(texts)\n"
        "def broken(texts):\n"
        "    return [1 / 0 for text in texts]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    allow_folder(tmp_path)
    import old_rules_of_ours  # type: ignore[import-not-found]

    old_rules_of_ours.Longer.made = 0
    return old_rules_of_ours


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("old_rules_of_ours:classify", ["short", "long", "short"]),
        (
            {"module": "old_rules_of_ours", "func": "classify", "kwargs": {"limit": 0}},
            ["long"] * 3,
        ),
        (
            {"class_path": "old_rules_of_ours.Longer", "init_args": {"limit": 99}},
            ["short"] * 3,
        ),
    ],
)
def test_a_named_callable_answers(old_rules, function, expected):
    incumbent = CallableIncumbent(function)
    assert incumbent.predict(ROWS, NAMES).predictions.tolist() == expected


def test_a_class_is_made_once(old_rules):
    reference = {"class_path": "old_rules_of_ours.Longer", "init_args": {"limit": 3}}
    incumbent = CallableIncumbent(reference)
    assert old_rules.Longer.made == 0
    for _ in range(2):
        incumbent.predict(ROWS, NAMES)
    assert old_rules.Longer.made == 1


def test_an_error_inside_says_where(old_rules):
    with pytest.raises(
        HookRaisedError, match=r"old_rules_of_ours\.broken \(.*:11\) raised ZeroDiv"
    ):
        CallableIncumbent("old_rules_of_ours:broken").predict(ROWS, NAMES)


@pytest.mark.parametrize("takes", ["texts", "text"])
def test_rows_without_texts_are_told_with_what_helps(takes):
    incumbent = CallableIncumbent(by_length, takes=takes)
    with pytest.raises(ConfigError) as caught:
        incumbent.predict(ROWS.drop(columns="text"), NAMES)
    told = str(caught.value)
    assert "dataset_config.text_column: must be columns of the rows other than labels" in told
    assert "['text'] are not. There are ['row_id', 'size']" in told
    assert "`takes: rows`" in told
    with pytest.raises(DataError, match=r"text: must be text .* row_id \[2\] have \[nan\]"):
        incumbent.predict(ROWS.assign(text=["a", None, "b"]), NAMES)


def test_what_cannot_be_called_is_refused(old_rules):
    with pytest.raises(BadReferenceError, match="nothing_here"):
        CallableIncumbent("old_rules_of_ours:nothing_here").predict(ROWS, NAMES)
    with pytest.raises(BadReferenceError, match=r"os\.system"):
        CallableIncumbent("os:system").predict(ROWS, NAMES)
    with pytest.raises(ConfigError, match="must give what can be called"):
        CallableIncumbent("old_rules_of_ours:Longer.made").predict(ROWS, NAMES)
    with pytest.raises(ConfigError, match="takes: must be one of texts, text, rows"):
        CallableIncumbent(by_length, takes="words")
