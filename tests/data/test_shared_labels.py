"""Files of one data set have the same columns of labels, whichever labels occur in each."""

import pandas as pd

from dsf.data import share_label_columns
from dsf.data.readers import read_configured

CONFIG = {"label_kind": "multilabel", "label_columns": ["labels"], "label_separator": ","}


def read(tmp_path, name, *labels, **config):
    path = tmp_path / f"{name}.csv"
    lines = [f'text {at},"{one}"' for at, one in enumerate(labels)]
    path.write_text("\n".join(["text,labels", *lines]) + "\n", encoding="utf-8")
    return read_configured(path, CONFIG | config)


def test_what_one_part_alone_has_is_a_column_of_all(tmp_path):
    parts = {"train": read(tmp_path, "a", "x", "y,x"), "validation": read(tmp_path, "b", "z", "x")}
    shared = share_label_columns(parts)
    for rows in shared.values():
        assert rows.attrs["label_columns"] == ["x", "y", "z"]
        assert [str(rows[name].dtype) for name in "xyz"] == ["int8"] * 3
    assert shared["train"][["x", "y", "z"]].to_numpy().tolist() == [[1, 0, 0], [1, 1, 0]]
    assert shared["validation"][["x", "y", "z"]].to_numpy().tolist() == [[0, 0, 1], [1, 0, 0]]


def test_parts_with_the_same_labels_stay_in_their_order(tmp_path):
    known = {"label_names": ["z", "x", "y"]}
    parts = {"train": read(tmp_path, "a", "x", **known), "test": read(tmp_path, "b", "y", **known)}
    shared = share_label_columns(parts)
    assert all(rows.attrs["label_columns"] == ["z", "x", "y"] for rows in shared.values())


def test_other_tables_are_left_alone():
    rows = pd.DataFrame({"label": ["a"]})
    assert share_label_columns({"train": rows, "test": rows})["test"] is rows
