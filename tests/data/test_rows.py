"""Rows are checked, known again by their hash, and their labels counted and numbered."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from dsf.core.errors import DataError
from dsf.data import LabelLayout, check_rows, count_labels, encode_labels, hash_rows, list_labels

LABEL = LabelLayout("single", ("label",))


def table(**columns):
    return pd.DataFrame(columns)


def test_good_rows_pass():
    check_rows(table(label=["a", "b"]), LABEL, "x.csv")
    check_rows(table(y=[1, 1]), None, "x.csv")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (table(label=[]), "there must be at least one, but the data is empty"),
        (
            table(text=["t"], lable=["a"]),
            r"must be a column .* the columns are: text, lable",
        ),
        (table(label=["a", "a"]), "two or more different labels, but has only 'a'"),
        (table(label=["a", None, "b"]), r"is missing in 1 row: \[1\]\.$"),
        (table(label=["a", None, "b", None]), r"is missing in 2 rows: \[1, 3\]\.$"),
        (table(label=["a", "b"] + [None] * 6), r"is missing in 6 rows: \[2, 3, 4, 5, 6, …\]\.$"),
        (
            table(label=["a", "b"] * 4, row_id=[4, 5, 6, 7] * 2),
            r"must be unique, but these repeat: \[4, 5, 6, 7\]\.$",
        ),
        (
            table(label=["a", "b"], row_id=[4, 4]),
            r"must be unique, but these repeat: \[4\]",
        ),
    ],
)
def test_bad_rows_are_named(rows, message):
    with pytest.raises(DataError, match=message) as caught:
        check_rows(rows, LABEL, "x.csv")
    assert "x.csv" in str(caught.value)


def test_several_problems_come_together():
    with pytest.raises(DataError) as caught:
        check_rows(table(label=["a", None], row_id=[1, 1]), LABEL, "x.csv")
    assert len(caught.value.problems) == 3


def test_the_hash_follows_the_content_alone():
    rows = table(x=[1.0, 2.0], label=["a", "b"], tags=[["x"], ["y", "z"]])
    assert hash_rows(rows) == hash_rows(rows.set_index(pd.Index([5, 6])))
    changed = [
        rows.assign(x=[1.0, 2.5]),
        rows.iloc[::-1],
        rows.rename(columns={"x": "z"}),
        rows[["label", "x", "tags"]],
        rows.assign(tags=[["x"], ["y", "w"]]),
        rows.iloc[:1],
    ]
    assert len({hash_rows(one) for one in [rows, *changed]}) == 7


def test_the_hash_of_many_rows_is_that_of_all_their_stretches(monkeypatch):
    rows = table(x=range(20), label=list("ab") * 10, tags=[["x"], ["y", "z"]] * 10)
    whole = hash_rows(rows)
    monkeypatch.setattr("dsf.data.fingerprint._STRETCH", 7)
    assert hash_rows(rows) == whole


def test_the_hash_is_the_same_in_another_process():
    code = (
        "import pandas as pd; from dsf.data import hash_rows;"
        "print(hash_rows(pd.DataFrame({'label': ['a', 'b'], 'x': [1, 2]})))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert other == hash_rows(table(label=["a", "b"], x=[1, 2]))


def test_labels_are_listed_counted_and_numbered():
    labels = pd.Series(["b", "a", "b"])
    assert list_labels([labels, pd.Series(["c"])]) == ["a", "b", "c"]
    assert list_labels([pd.Series([3, 1])]) == [1, 3]
    assert count_labels(labels) == {"a": 1, "b": 2}
    assert encode_labels(labels, ["b", "a"]).tolist() == [0, 1, 0]
    assert encode_labels(labels, ["b", "a"]).dtype == np.int64


def test_an_unknown_label_is_named_with_its_rows():
    with pytest.raises(DataError, match=r"rows \[1\]: have \['x'\]; 1 row in all"):
        encode_labels(pd.Series(["a", "x"]), ["a", "b"])
    found = r"rows \[1, 2, 3, 4, 5, …\]: have \['x', 'x', 'x', 'x', 'x', …\]; 6 rows in all"
    with pytest.raises(DataError, match=found):
        encode_labels(pd.Series(["a", *"xxxxxx"]), ["a", "b"])
