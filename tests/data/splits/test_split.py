"""Splits are exact in size, balanced, seeded, and lose nothing."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dsf.core.errors import DataError
from dsf.data import read_part, split_rows, write_part

RATIOS = {"train": 0.75, "validation": 0.15, "test": 0.10}


def make_rows(labels):
    return pd.DataFrame({"row_id": range(len(labels)), "label": labels})


@st.composite
def ratios(draw):
    cuts = draw(st.lists(st.integers(5, 95), min_size=2, max_size=2, unique=True).map(sorted))
    return {
        "train": cuts[0] / 100,
        "validation": (cuts[1] - cuts[0]) / 100,
        "test": (100 - cuts[1]) / 100,
    }


@given(
    labels=st.lists(st.sampled_from("abcde"), min_size=100, max_size=400),
    shares=ratios(),
    strategy=st.sampled_from(["random", "stratified"]),
    seed=st.integers(0, 2**32 - 1),
)
def test_every_row_is_in_one_part_and_sizes_are_exact(labels, shares, strategy, seed):
    rows = make_rows(labels)
    parts = split_rows(rows, shares, strategy=strategy, seed=seed)

    ids = pd.concat([part["row_id"] for part in parts.values()])
    assert sorted(ids) == list(range(len(rows)))
    for name, part in parts.items():
        assert abs(len(part) - len(rows) * shares[name]) < 1
        assert part["row_id"].is_monotonic_increasing
    again = split_rows(rows, shares, strategy=strategy, seed=seed)
    assert all(parts[name].equals(again[name]) for name in parts)


@given(
    labels=st.lists(st.sampled_from("aaaaaabbbc"), min_size=60, max_size=400),
    shares=ratios(),
    seed=st.integers(0, 99),
)
def test_stratified_keeps_every_label_within_two_rows_of_its_share(labels, shares, seed):
    rows = make_rows(labels)
    parts = split_rows(rows, shares, strategy="stratified", seed=seed)
    for label, count in rows["label"].value_counts().items():
        for name, part in parts.items():
            got = (part["label"] == label).sum()
            assert abs(got - count * shares[name]) <= 2 + len(set(labels)) * 0.5


@given(
    counts=st.lists(st.integers(1, 12), min_size=2, max_size=20),
    frequent=st.integers(10, 200),
    shares=ratios(),
    seed=st.integers(0, 2**32 - 1),
)
def test_stratified_puts_a_row_of_every_label_into_train(counts, frequent, shares, seed):
    labels = [label for label, count in enumerate([*counts, frequent]) for _ in range(count)]
    rows = make_rows(labels)
    sizes = {part: len(rows) * share for part, share in shares.items()}
    assume(min(sizes.values()) >= 1)
    assume(sizes["train"] - 1 >= len(set(labels)))
    parts = split_rows(rows, shares, strategy="stratified", seed=seed)
    assert set(parts["train"]["label"]) == set(labels)
    assert all(abs(len(part) - sizes[name]) < 1 for name, part in parts.items())


def test_a_part_with_too_little_room_takes_the_frequent_labels_first():
    rows = make_rows(["often"] * 30 + ["seldom"] * 3 + [f"once {number}" for number in range(60)])
    shares = {"train": 0.05, "validation": 0.05, "test": 0.90}
    for seed in range(20):
        train = split_rows(rows, shares, strategy="stratified", seed=seed)["train"]
        assert {"often", "seldom"} <= set(train["label"])


def test_rows_whose_labels_all_differ_are_shuffled():
    rows = make_rows(range(100))
    train = split_rows(rows, RATIOS, strategy="stratified")["train"]["row_id"]
    assert 20 < sum(train < 50) < 55
    assert train.tolist() != list(range(75))


def test_stratified_is_better_balanced_than_random():
    labels = np.random.default_rng(0).choice(list("abcdefghij"), 2000)
    rows = make_rows(labels)

    def spread(strategy):
        test = split_rows(rows, RATIOS, strategy=strategy, seed=1)["test"]["label"]
        wanted = rows["label"].value_counts() * 0.10
        return (test.value_counts().reindex(wanted.index) - wanted).abs().max()

    assert spread("stratified") <= 2 < spread("random")


def test_seeds_differ():
    rows = make_rows(list("ab") * 100)
    first, second = (split_rows(rows, RATIOS, seed=seed)["test"] for seed in (1, 2))
    assert not first.equals(second)


def test_no_label_column():
    parts = split_rows(make_rows(list("ab") * 50), RATIOS, label_column=None, strategy="random")
    assert [len(part) for part in parts.values()] == [75, 15, 10]


def test_too_few_rows():
    with pytest.raises(DataError, match=r"3 rows are too few[^~]*test: must get at least one row"):
        split_rows(make_rows(["a", "b", "a"]), RATIOS)


def test_a_part_on_disk_is_read_as_it_was_written(tmp_path, monkeypatch):
    monkeypatch.setattr("dsf.data.splits.stored._STRETCH", 7)
    rows = pd.DataFrame(
        {
            "row_id": range(60),
            "text": [f"grün {at}" if at % 5 else None for at in range(60)],
            "tags": [["O"] * (at % 3) for at in range(60)],
            "share": np.float32(0.5),
            "is_it": np.int8(1),
            "since": pd.Timestamp("2026-01-01", tz="UTC"),
        }
    )
    write_part(rows, tmp_path / "train.parquet")
    held = read_part(tmp_path / "train.parquet")
    mapped = read_part(tmp_path / "train.parquet", store=tmp_path / "rows")
    pd.testing.assert_frame_equal(mapped, held)
    assert mapped["text"].tolist()[1:5] == rows["text"].tolist()[1:5]
    assert (tmp_path / "rows" / "train.arrow").is_file()


def test_texts_of_a_mapped_part_are_not_in_memory(tmp_path):
    characters = 20_000_000
    rows = pd.DataFrame({"text": ["wörd " * 200] * (characters // 1000)}, dtype="str")
    write_part(rows, tmp_path / "train.parquet")
    del rows
    before = pa.total_allocated_bytes()
    mapped = read_part(tmp_path / "train.parquet", store=tmp_path / "rows")
    assert mapped["text"].str.len().sum() == characters
    assert pa.total_allocated_bytes() - before < characters / 20


def test_stored_parts_are_those_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("dsf.data.splits.stored._STRETCH", 7)
    rows = pd.DataFrame(
        {
            "text": [f"grün {at}" if at % 5 else None for at in range(60)],
            "label": list("aab") * 20,
            "tags": [["O"] * (at % 3) for at in range(60)],
            "number": range(60),
        }
    ).astype({"text": "str"})
    rows.attrs["reading"] = {"rows": 60}
    ratios = {"train": 0.5, "validation": 0.3, "test": 0.2}
    held, stored = split_rows(rows, ratios), split_rows(rows, ratios, store=tmp_path / "parts")
    for part, expected in held.items():
        pd.testing.assert_frame_equal(stored[part], expected)
        assert stored[part].attrs == expected.attrs == rows.attrs
        assert (tmp_path / "parts" / f"{part}.arrow").stat().st_size
