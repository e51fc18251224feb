"""An audit finds what stands in two parts, names it, and rows can be dropped for it."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import DataError
from dsf.data import LabelLayout
from dsf.data.audit import apply_leak_policy, audit_split
from dsf.data.audit.minhash import jaccard, sign


def sentences(count, seed):
    generator = np.random.default_rng(seed)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    return ["".join(generator.choice(letters, 40)) for _ in range(count)]


def make_parts(train, validation, test, **columns):
    texts = {"train": train, "validation": validation, "test": test}
    return {
        name: pd.DataFrame({"text": part} | {key: value[name] for key, value in columns.items()})
        for name, part in texts.items()
    }


def places(audit):
    return {
        (one.kind, one.earlier, one.later): (one.earlier_rows.tolist(), one.later_rows.tolist())
        for one in audit.findings
    }


def test_each_kind_of_twin_is_found_once_with_its_place():
    train, validation, test = sentences(50, 0), sentences(20, 1), sentences(20, 2)
    train[3] = train[9] = test[5] = "Book a table for two, please!"
    train[11], test[6] = "What's the WEATHER like?", "what s the weather   like"
    train[20] = "please send me the invoice of last month by mail"
    test[7] = "please send me the invoices of last month by mail"
    validation[0] = test[5]
    audit = audit_split(make_parts(train, validation, test), "text")
    assert places(audit) == {
        ("exact", "train", "validation"): ([3, 9], [0]),
        ("exact", "train", "test"): ([3, 9], [5]),
        ("normalised", "train", "test"): ([11], [6]),
        ("near", "train", "test"): ([20], [7]),
        ("exact", "validation", "test"): ([0], [5]),
    }
    [near] = [one for one in audit.findings if one.kind == "near"]
    assert near.examples == [
        {"train": {"row": 20, "text": train[20]}, "test": {"row": 7, "text": test[7]}}
    ]
    assert "test: 1 of 20 rows (5.0%) has the same text as 2 rows of train." in audit.describe()
    assert json.loads(json.dumps(audit.to_dict()))["findings"][1]["test_rows"] == 1


def test_near_texts_are_left_alone_when_not_asked_for():
    parts = make_parts(["send me the invoice of may"], ["x"], ["send me the invoices of may"])
    assert audit_split(parts, "text").leaks
    assert not audit_split(parts, "text", near=False).leaks


def test_a_clean_split_is_silent():
    parts = make_parts(sentences(60, 3), sentences(20, 4), sentences(20, 5))
    audit = audit_split(parts, "text")
    assert not audit.leaks
    assert audit.describe() == []


def test_signs_alone_empty_and_missing_texts_are_texts_like_others():
    parts = make_parts(["?", "", "हिन्दी 東京"], ["!", "x", "y"], ["?", None, "हिन्दी, 東京"])
    assert places(audit_split(parts, "text")) == {
        ("exact", "train", "test"): ([0, 1], [0, 1]),
        ("normalised", "train", "test"): ([2], [2]),
    }


def test_most_pairs_over_the_threshold_are_found_and_none_below_is():
    train = sentences(400, 6)
    test = [text[:20] + text[22:] for text in train[:200]] + [text[:20] for text in train[200:]]
    audit = audit_split(make_parts(train, ["-"], test), "text")
    [near] = audit.findings
    assert len(near.later_rows) >= 198
    assert near.later_rows.max() < 200
    assert near.earlier_rows.tolist() == near.later_rows.tolist()


@given(
    first=st.lists(st.text(max_size=30), min_size=1, max_size=5),
    second=st.lists(st.text(max_size=30), min_size=1, max_size=5),
)
def test_the_index_is_that_of_the_sets_of_three_characters(first, second):
    size = min(len(first), len(second))
    clean = [[t.encode("utf-8", "replace").decode() for t in texts[:size]]
             for texts in (first, second)]  # fmt: skip

    def shingles(text):
        padded = f" {text or ' '} "
        return {padded[place : place + 3] for place in range(len(padded) - 2)}

    wanted = [
        len(shingles(a) & shingles(b)) / len(shingles(a) | shingles(b))
        for a, b in zip(*clean, strict=True)
    ]
    assert jaccard(*clean).tolist() == pytest.approx(wanted)


def test_the_signature_of_a_text_does_not_depend_on_its_neighbours():
    texts = sentences(20, 7)
    together, alone = sign(texts), sign([texts[13]])
    assert (together.low[13] == alone.low[0]).all()
    assert (together.bands[:, 13] == alone.bands[:, 0]).all()


def test_labels_that_a_part_lacks_are_named():
    labels = {"train": ["a", "b"], "validation": ["a", "a"], "test": ["b", "c"]}
    parts = make_parts(*[["t", "u"]] * 3, label=labels)
    audit = audit_split(parts, labels=LabelLayout("single", ("label",)))
    assert audit.absent == {"train": ["c"], "validation": ["b", "c"], "test": ["a"]}
    assert not audit.leaks
    assert "train has no row of 1 label: ['c']." in audit.describe()


def test_of_several_columns_of_zeros_and_ones_each_is_a_label():
    one = {"train": [1, 0], "validation": [0, 0], "test": [0, 1]}
    two = {"train": [0, 0], "validation": [0, 1], "test": [1, 1]}
    never = {"train": [0, 0], "validation": [0, 0], "test": [0, 0]}
    parts = make_parts(*[["t", "u"]] * 3, one=one, two=two, never=never)
    audit = audit_split(parts, labels=LabelLayout("multilabel", ("one", "two", "never")))
    assert audit.absent == {"train": ["two"], "validation": ["one"]}


def test_entities_that_a_part_lacks_are_named_by_their_label():
    tags = {
        "train": [["B-city", "I-city"], ["O"]],
        "validation": [["B-name"], ["O"]],
        "test": [["B-city"], ["B-name"]],
    }
    parts = make_parts(*[["t", "u"]] * 3, tags=tags)
    audit = audit_split(parts, labels=LabelLayout("tags", ("tags",), "iob2"))
    assert audit.absent == {"train": ["name"], "validation": ["city"]}


def test_groups_that_cross_are_found_and_missing_ones_are_none():
    who = {"train": ["x", None, "y"], "validation": ["z", None, "w"], "test": ["y", "y", "v"]}
    audit = audit_split(make_parts(*[list("tuv")] * 3, who=who), group_column="who")
    assert places(audit) == {("group", "train", "test"): ([2], [0, 1])}
    assert audit.findings[0].examples == [{"group": "y", "train": 1, "test": 2}]


def test_policies():
    parts = make_parts(["one", "Two", "three"], ["four", "two", "five"], ["two", "FIVE", "six"])
    audit = audit_split(parts, "text")
    assert apply_leak_policy(parts, audit, "warn") == parts
    kept = apply_leak_policy(parts, audit, "drop")
    assert [part["text"].tolist() for part in kept.values()] == [
        ["one", "three"],
        ["four"],
        ["two", "FIVE", "six"],
    ]
    assert not audit_split(kept, "text").leaks
    assert len(parts["train"]) == 3
    with pytest.raises(DataError, match=r"on_leak is fail[^~]*validation: 1 of 3 rows"):
        apply_leak_policy(parts, audit, "fail")
    with pytest.raises(DataError, match="on_leak: must be one of warn, drop, fail, but is 'x'"):
        apply_leak_policy(parts, audit, "x")
    assert apply_leak_policy(kept, audit_split(kept, "text"), "fail") == kept


def test_what_is_left_of_a_part_can_stay_in_a_file(tmp_path):
    parts = make_parts(["one", "Two", "three"], ["four", "two", "five"], ["two", "FIVE", "six"])
    audit = audit_split(parts, "text")
    stored = apply_leak_policy(parts, audit, "drop", store=tmp_path / "rows")
    for part, expected in apply_leak_policy(parts, audit, "drop").items():
        pd.testing.assert_frame_equal(stored[part], expected)
    assert {path.name for path in (tmp_path / "rows").iterdir()} == {
        "train.arrow",
        "validation.arrow",
    }


def test_a_part_of_which_nothing_would_be_left():
    parts = make_parts(["one", "two"], ["three"], ["one", "two"])
    with pytest.raises(DataError, match="train: must keep a row"):
        apply_leak_policy(parts, audit_split(parts, "text"), "drop")


def test_columns_that_are_not_there_are_named_for_each_part():
    parts = make_parts(["one"], ["two"], ["three"])
    with pytest.raises(DataError) as caught:
        audit_split(parts, "txt", LabelLayout("single", ("label",)))
    assert len(caught.value.problems) == 6
