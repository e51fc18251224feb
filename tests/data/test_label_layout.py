"""Rows hold labels in four ways; each is checked, listed and counted."""

import pandas as pd
import pytest

from dsf.core.errors import DataError
from dsf.data import LabelLayout, check_rows

TEXTS = pd.DataFrame(
    {
        "text": ["a", "b", "c"],
        "label": ["x", "y", "x"],
        "tone": ["mild", "harsh", "mild"],
        "p": [1, 0, 1],
        "q": [0, 0, 1],
        "tags": [["O", "B-cup"], ["O"], ["B-tea", "I-tea", "B-cup"]],
    }
)
SINGLE = {"label_column": "label"}
OUTPUTS = {"label_kind": "multi_output", "label_columns": ["label", "tone"]}
SEVERAL = {"label_kind": "multilabel", "label_columns": ["p", "q"]}
SPANS = {"label_kind": "tags", "tag_scheme": "iob2"}
TAGS = {"label_kind": "tags"}


@pytest.mark.parametrize(
    ("config", "names", "counts"),
    [
        (SINGLE, ["x", "y"], {"x": 2, "y": 1}),
        (
            OUTPUTS,
            {"label": ["x", "y"], "tone": ["harsh", "mild"]},
            {"label=x": 2, "label=y": 1, "tone=harsh": 1, "tone=mild": 2},
        ),
        (SEVERAL, ["p", "q"], {"p": 2, "q": 1}),
        (SPANS, ["O", "B-cup", "I-cup", "B-tea", "I-tea"], {"cup": 2, "tea": 1}),
        (TAGS, ["B-cup", "B-tea", "I-tea", "O"], {"B-cup": 2, "B-tea": 1, "I-tea": 1, "O": 2}),
    ],
)
def test_labels_are_listed_and_counted(config, names, counts):
    layout = LabelLayout.of(config)
    check_rows(TEXTS, layout, "x")
    assert layout.names([TEXTS]) == names
    assert layout.count(TEXTS) == counts
    assert sorted(layout.flat_names(names)) == sorted(counts)


def test_a_reader_says_into_which_columns_it_spread_the_labels():
    rows = TEXTS.copy()
    rows.attrs["label_columns"] = ["p", "q"]
    layout = LabelLayout.of({"label_kind": "multilabel", "label_columns": ["all"]}, rows)
    assert layout.columns == ("p", "q")


def test_no_label_column_is_no_layout():
    assert LabelLayout.of({"label_column": None}) is None


@pytest.mark.parametrize(
    ("config", "changed", "message"),
    [
        (OUTPUTS, {"tone": None}, "tone: must be set, but is missing in 3 rows"),
        (OUTPUTS, {"tone": "mild"}, "tone: must have two or more different labels"),
        (SEVERAL, {"q": [0, 2, 1]}, r"q: must be 0 or 1, but is not in rows \[1\]"),
        (TAGS, {"tags": [["O"], ["O"], []]}, "two or more different labels, but has only 'O'"),
        (
            OUTPUTS | {"label_columns": ["tone", "mood"]},
            {},
            r"mood: must be a column \(dataset_config.label_columns\)",
        ),
    ],
)
def test_rows_that_cannot_be_learned_from_are_told(config, changed, message):
    with pytest.raises(DataError, match=message):
        check_rows(TEXTS.assign(**changed), LabelLayout.of(config), "x")
