"""A multi-label split gives each part its size and each label its share."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import DataError
from dsf.data import split_rows

RATIOS = {"train": 0.75, "validation": 0.15, "test": 0.10}


def make_rows(matrix):
    names = [f"l{place}" for place in range(matrix.shape[1])]
    rows = pd.DataFrame(matrix.astype(np.int8), columns=names)
    rows.insert(0, "row_id", range(len(rows)))
    return rows, names


def draw(rows, rates, seed):
    return np.random.default_rng(seed).random((rows, len(rates))) < np.asarray(rates)


def split(matrix, seed=0):
    rows, names = make_rows(matrix)
    return split_rows(rows, RATIOS, strategy="multilabel", label_columns=names, seed=seed), names


@pytest.mark.parametrize(
    "rates",
    [np.linspace(0.02, 0.3, 20), np.geomspace(0.002, 0.3, 20), np.full(20, 0.5)],
    ids=["usual", "rare", "every second"],
)
def test_each_label_has_its_share_of_each_part(rates):
    matrix = draw(20_000, rates, 0)
    parts, names = split(matrix)
    for name, part in parts.items():
        assert len(part) == round(len(matrix) * RATIOS[name])
        off = np.abs(part[names].to_numpy().mean(axis=0) - matrix.mean(axis=0))
        assert off.max() <= 0.0005


def test_sizes_are_exact_where_no_row_is_without_labels():
    matrix = draw(5_000, np.geomspace(0.001, 0.3, 20), 1)
    matrix[~matrix.any(axis=1), 7] = True
    parts, names = split(matrix)
    assert [len(part) for part in parts.values()] == [3750, 750, 500]
    for part in parts.values():
        off = part[names].to_numpy().sum(axis=0) - matrix.mean(axis=0) * len(part)
        assert np.abs(off).max() <= 2


@given(
    rows=st.integers(30, 120),
    rates=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9),
    seed=st.integers(0, 2**32 - 1),
)
def test_every_row_is_in_one_part_and_sizes_are_exact(rows, rates, seed):
    matrix = draw(rows, rates, seed)
    parts, _ = split(matrix, seed)
    ids = pd.concat([part["row_id"] for part in parts.values()])
    assert sorted(ids) == list(range(rows))
    assert all(abs(len(part) - rows * RATIOS[name]) < 1 for name, part in parts.items())
    again, _ = split(matrix, seed)
    assert all(again[name].equals(parts[name]) for name in parts)


def test_train_knows_a_label_of_one_row():
    matrix = draw(300, [0.5, 0.3, 0.0], 2)
    for row in range(0, 300, 40):
        matrix[:, 2] = np.arange(300) == row
        parts, _ = split(matrix, seed=row)
        assert parts["train"]["l2"].sum() == 1


def test_several_outputs_are_balanced_by_each_value():
    generator = np.random.default_rng(3)
    rows = pd.DataFrame(
        {
            "intent": generator.choice(list("abcdefg"), 2000),
            "tone": generator.choice(["calm", "angry"], 2000, p=[0.9, 0.1]),
        }
    )
    names = ["intent", "tone"]
    parts = split_rows(rows, RATIOS, strategy="multilabel", label_columns=names)
    for name, part in parts.items():
        for column in names:
            off = part[column].value_counts() - rows[column].value_counts() * RATIOS[name]
            assert off.abs().max() <= 2


def test_bad_label_columns_are_named_together():
    rows = pd.DataFrame({"a": [0, 1, None] * 20, "text": ["x"] * 60})
    with pytest.raises(DataError, match=r"b: must be a column[^~]*a: must be set, .*20 rows"):
        split_rows(rows, RATIOS, strategy="multilabel", label_columns=["a", "b"])
    with pytest.raises(DataError, match="label_columns: must name the columns"):
        split_rows(rows, RATIOS, strategy="multilabel", label_column=None)
    unique = pd.DataFrame({"a": range(1001)})
    with pytest.raises(DataError, match="at most 1000 different values, but has 1001"):
        split_rows(unique, RATIOS, strategy="multilabel", label_columns=["a"])
