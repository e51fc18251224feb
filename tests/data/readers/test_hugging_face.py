"""Objects that look like Hugging Face's give the rows of their columns."""

import numpy as np
import pytest

from dsf.core.errors import DataError
from dsf.data.readers import ColumnNames, read_rows


class Names:
    """As ``ClassLabel``."""

    names = ("no", "yes")

    def int2str(self, number):
        return self.names[number]


class Table:
    """The least that ``Dataset`` and its kin have."""

    def __init__(self, features=None, **columns):
        self.columns = columns
        self.column_names = list(columns)
        self.features = features

    def __len__(self):
        return len(next(iter(self.columns.values())))

    def __getitem__(self, rows):
        return {name: cells[rows] for name, cells in self.columns.items()}


def test_columns_are_read_and_numbers_named():
    table = Table({"label": Names()}, text=["a", "b"] * 6000, label=np.array([1, 0] * 6000))
    rows = read_rows(table)
    assert rows.iloc[-2:].to_numpy().tolist() == [["a", "yes"], ["b", "no"]]
    assert rows.attrs["reading"]["rows"] == 12_000


def test_what_is_wrong_is_named_with_its_row():
    with pytest.raises(DataError, match="row 2, label: must have a label"):
        read_rows(Table({"label": Names()}, text=["a", "b"], label=[1, -1]))
    with pytest.raises(DataError, match=r"label: is not there\. Did you mean 'labels'"):
        read_rows(Table(text=["a"], labels=["x"]))
    with pytest.raises(DataError, match="must be a file, or a Dataset"):
        read_rows(object())


def test_the_real_objects(tmp_path):
    datasets = pytest.importorskip("datasets")
    label = datasets.ClassLabel(names=["no", "yes"])
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": label, "all": datasets.Sequence(label)}
    )
    cells = {"text": ["a", "b"], "label": [1, 0], "all": [[0, 1], []]}
    data = datasets.Dataset.from_dict(cells, features=features)
    assert read_rows(data)["label"].tolist() == ["yes", "no"]
    columns = ColumnNames(labels=("all",), kind="multilabel")
    rows = read_rows(data, columns=columns)
    assert rows[["no", "yes"]].to_numpy().tolist() == [[1, 1], [0, 0]]
    parts = datasets.DatasetDict({"train": data})
    parts.save_to_disk(tmp_path / "saved")
    for source in (parts, tmp_path / "saved"):
        assert read_rows(source, options={"key": "train"})["text"].tolist() == ["a", "b"]
        with pytest.raises(DataError, match="the splits are: 'train'"):
            read_rows(source)
    with pytest.raises(DataError, match="is streamed"):
        read_rows(data.to_iterable_dataset())
