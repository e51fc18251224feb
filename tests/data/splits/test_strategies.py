"""Groups stay whole, time flows one way, columns are obeyed, folds cover all, hashes stay."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, DataError
from dsf.data import PARTS, split_rows

RATIOS = {"train": 0.75, "validation": 0.15, "test": 0.10}


def make_rows(count, **columns):
    return pd.DataFrame({"row_id": range(count), "label": ["a", "b"] * (count // 2)} | columns)


@given(seed=st.integers(0, 2**32 - 1), groups=st.integers(30, 120))
def test_groups_stay_whole_and_shares_are_near(seed, groups):
    names = np.random.default_rng(seed).integers(0, groups, 600)
    rows = make_rows(600, who=names)
    parts = split_rows(rows, RATIOS, strategy="group", group_column="who", seed=seed)
    assert sum(part["who"].nunique() for part in parts.values()) == len(set(names))
    largest = np.bincount(names).max()
    assert all(abs(len(parts[name]) - 600 * RATIOS[name]) <= largest for name in PARTS)


def test_groups_are_needed_in_every_row_and_must_be_enough():
    with pytest.raises(DataError, match="group_column: must name a column, but is null"):
        split_rows(make_rows(40), RATIOS, strategy="group")
    with pytest.raises(DataError, match="who: must be a column, but the columns are: row_id"):
        split_rows(make_rows(40), RATIOS, strategy="group", group_column="who")
    rows = make_rows(40, who=["x", None] * 20)
    with pytest.raises(DataError, match="who: must be set, but is missing in 20 rows"):
        split_rows(rows, RATIOS, strategy="group", group_column="who")
    with pytest.raises(DataError, match=r"too much alike[^~]*test: must get at least one row"):
        split_rows(make_rows(40, who=["x", "y"] * 20), RATIOS, strategy="group", group_column="who")


def test_nothing_in_train_is_later_than_what_comes_after():
    days = pd.to_datetime("2024-01-01") + pd.to_timedelta(np.arange(200) * 37 % 200, unit="D")
    parts = split_rows(make_rows(200, day=days), RATIOS, strategy="time", time_column="day")
    assert [len(part) for part in parts.values()] == [150, 30, 20]
    assert parts["train"]["day"].max() < parts["validation"]["day"].min()
    assert parts["validation"]["day"].max() < parts["test"]["day"].min()


def test_times_that_cannot_be_compared_are_refused():
    rows = make_rows(40, day=pd.Series([1, "2024-01-31"] * 20, dtype=object))
    with pytest.raises(DataError, match="day: must be of one kind"):
        split_rows(rows, RATIOS, strategy="time", time_column="day")


@pytest.mark.parametrize("written", [str, lambda day: f"{day:%Y-%m-%dT%H:%M}"])
def test_written_times_are_read(written):
    days = pd.to_datetime("2023-12-25") + pd.to_timedelta(np.arange(40) * 7 % 40, unit="D")
    values = range(980, 1020) if written is str else days
    order = np.argsort(np.asarray(list(values)))
    rows = make_rows(40, day=[written(value) for value in values])
    parts = split_rows(rows, RATIOS, strategy="time", time_column="day")
    assert set(parts["train"]["row_id"]) == set(order[:30].tolist())


@pytest.mark.parametrize("written", ["31/12/2023", "monday"])
def test_times_that_are_written_otherwise_are_refused(written):
    rows = make_rows(40, day=["2024-01-31"] * 39 + [written])
    message = rf"day: must be a date of ISO 8601 [^~]* is \['{written}'\] in 1 row: \[39\]"
    with pytest.raises(DataError, match=message):
        split_rows(rows, RATIOS, strategy="time", time_column="day")


def test_a_column_of_parts_is_obeyed():
    names = ["train", "TRAIN", "valid", "test "] * 10
    rows = make_rows(40, fold=names)
    parts = split_rows(rows, RATIOS, strategy="predefined", split_column="fold")
    assert parts["train"]["row_id"].tolist() == [i for i in range(40) if i % 4 < 2]
    assert set(parts["validation"]["fold"]) == {"valid"}
    assert set(parts["test"]["fold"]) == {"test "}


def test_a_column_of_parts_needs_no_sizes():
    names = ["train", "train", "train", "validation", "test"]
    rows = pd.DataFrame({"row_id": range(5), "label": list("ababa"), "fold": names})
    for sizes in (RATIOS, {"train": 30, "validation": 5, "test": 5}):
        parts = split_rows(rows, sizes, strategy="predefined", split_column="fold")
        assert [len(part) for part in parts.values()] == [3, 1, 1]


def test_unknown_parts_are_named_with_their_rows():
    rows = make_rows(8, fold=["train", "val", "test", "tset"] * 2)
    found = r"must be one of train, validation, test, but is \['tset'\] in 2 rows: \[3, 7\]"
    with pytest.raises(DataError, match=found):
        split_rows(rows, {"train": 4, "validation": 2, "test": 2}, strategy="predefined",
                   split_column="fold")  # fmt: skip


@pytest.mark.parametrize("label_column", ["label", None])
def test_every_row_is_tested_in_one_fold(label_column):
    rows = make_rows(102)
    tested = []
    for fold in range(5):
        parts = split_rows(
            rows, RATIOS, strategy="kfold", folds=5, fold=fold, label_column=label_column
        )
        tested += parts["test"]["row_id"].tolist()
        assert sorted(pd.concat(parts.values())["row_id"]) == list(range(102))
        assert len(parts["test"]) in (20, 21)
        assert abs(len(parts["validation"]) - len(parts["train"]) / 5) <= 1
    assert sorted(tested) == list(range(102))


@pytest.mark.parametrize(("folds", "fold", "where"), [(1, 0, "folds"), (41, 0, "folds"),
                                                      (5, 5, "fold"), (5, -1, "fold")])  # fmt: skip
def test_folds_that_are_not_there(folds, fold, where):
    with pytest.raises(DataError, match=f"{where}: must be between"):
        split_rows(make_rows(40), RATIOS, strategy="kfold", folds=folds, fold=fold)


@pytest.mark.parametrize("seed", [0, 1])
def test_folds_of_several_labels_keep_each_in_its_share(seed):
    shares = np.array([0.5, 0.3, 0.12, 0.05])
    drawn = np.random.default_rng(seed).random((500, 4)) < shares
    names = list("wxyz")
    rows = make_rows(500, **dict(zip(names, drawn.T.astype(int), strict=True)))
    tested, train = [], set()
    for fold in range(5):
        parts = split_rows(
            rows, RATIOS, strategy="kfold", folds=5, fold=fold, label_column=None,
            label_columns=names, seed=seed,
        )  # fmt: skip
        assert len(parts["test"]) == 100
        assert abs(len(parts["train"]) / len(parts["validation"]) - 5) < 0.1
        for name in names:
            assert abs(parts["test"][name].sum() - rows[name].sum() / 5) <= 1.5
        tested += parts["test"]["row_id"].tolist()
        assert not set(parts["train"]["row_id"]) & set(parts["test"]["row_id"])
        train |= set(parts["train"]["row_id"])
    assert sorted(tested) == list(range(500))


@pytest.mark.parametrize("strategy", ["stratified", "kfold"])
def test_labels_to_balance_must_be_there(strategy):
    with pytest.raises(DataError, match="who: must be a column"):
        split_rows(make_rows(40), RATIOS, strategy=strategy, label_column="who")
    rows = make_rows(40, who=["x", None] * 20)
    with pytest.raises(DataError, match="who: must be set, but is missing in 20 rows"):
        split_rows(rows, RATIOS, strategy=strategy, label_column="who")


def test_an_unknown_strategy_is_named():
    with pytest.raises(ConfigError, match=r"strategy: must be one of random.* Did you mean"):
        split_rows(make_rows(40), RATIOS, strategy="stratifed")


def test_a_hashed_row_stays_in_its_part_whatever_else_comes():
    rows = make_rows(2000, text=[f"say {n % 1500}" for n in range(2000)])

    def places(table, **options):
        parts = split_rows(table, RATIOS, strategy="hash", hash_columns=["text"], **options)
        return {text: name for name, part in parts.items() for text in part["text"]}, parts

    first, parts = places(rows)
    assert sum(part["text"].nunique() for part in parts.values()) == 1500
    assert all(abs(len(parts[name]) - 2000 * RATIOS[name]) < 80 for name in PARTS)
    assert places(rows.sample(frac=1, random_state=0))[0] == first
    some = places(rows.head(777))[0]
    assert some.items() <= first.items()
    assert places(rows, seed=1)[0] != first


def test_a_hash_needs_columns():
    with pytest.raises(DataError, match="hash_columns: must name a column"):
        split_rows(pd.DataFrame({"row_id": range(40)}), RATIOS, strategy="hash")
    with pytest.raises(DataError, match="txt: must be a column"):
        split_rows(make_rows(40), RATIOS, strategy="hash", hash_columns=["txt"])


def test_counts_instead_of_ratios():
    for sizes in ({"train": 20, "validation": 12, "test": 8}, {"train": None, "validation": 12,
                                                               "test": 8}):  # fmt: skip
        parts = split_rows(make_rows(40), sizes)
        assert [len(part) for part in parts.values()] == [20, 12, 8]


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((20, 12, 9), "must sum to the 40 rows, but sum to 41"),
        ((20, 12, 7), "must sum to the 40 rows, but sum to 39"),
        ((None, 32, 9), "must sum to the 40 rows, but sum to 41"),
        ((None, 32, 8), "train: must get at least one row"),
        ((None, None, 8), "one null at most"),
        ((0.5, 12, 8), "must be all ratios, or all counts"),
    ],
)
def test_counts_that_do_not_fit(sizes, message):
    with pytest.raises(DataError, match=message):
        split_rows(make_rows(40), dict(zip(PARTS, sizes, strict=True)))
