"""Labels with too few rows for every part are named with their rows."""

import pandas as pd

from dsf.data import LabelLayout, describe_rare_labels


def make_parts(**columns):
    rows = pd.DataFrame({"row_id": range(10, 16)} | columns)
    return {
        "train": rows[:4],
        "validation": rows[4:5],
        "test": rows[5:],
    }


def test_of_one_label_a_row():
    parts = make_parts(label=["a", "b", "c", "c", "a", "a"])
    told = describe_rare_labels(LabelLayout("single", ("label",)), parts)
    assert told == (
        "2 labels cannot be in every part: 'b' (1 row, row_id [11]), 'c' (2 rows, row_id [12, 13])."
    )
    assert describe_rare_labels(LabelLayout("single", ("label",)), parts, shown=1).endswith(", ….")


def test_of_several_outputs_and_of_columns():
    parts = make_parts(one=list("aaabbb"), two=list("xxxxxy"))
    told = describe_rare_labels(LabelLayout("multi_output", ("one", "two")), parts)
    assert told == "1 label cannot be in every part: 'two=y' (1 row, row_id [15])."
    parts = make_parts(p=[1, 1, 1, 0, 0, 0], q=[0, 0, 0, 0, 1, 1], r=[0] * 6)
    told = describe_rare_labels(LabelLayout("multilabel", ("p", "q", "r")), parts)
    assert told == "1 label cannot be in every part: 'q' (2 rows, row_id [14, 15])."


def test_nothing_is_told_of_labels_that_are_frequent_enough():
    parts = make_parts(label=list("aaabbb"))
    assert describe_rare_labels(LabelLayout("single", ("label",)), parts) == ""
