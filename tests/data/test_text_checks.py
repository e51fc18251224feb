"""Texts, words and tags that nobody's reader has looked at are checked before a fit."""

import pandas as pd
import pytest

from dsf.core.errors import DataError
from dsf.data import LabelLayout, check_rows

TAGS = LabelLayout("tags", ("tags",), "iob2")
TAGGED = pd.DataFrame(
    {
        "text": ["to Rome", "home"],
        "tokens": [["to", "Rome"], ["home"]],
        "starts": [[0, 3], [0]],
        "tags": [["O", "B-city"], ["O"]],
    }
)


def check_tagged(**changed):
    check_rows(TAGGED.assign(**changed), TAGS, "load", text_column="text")


def test_sound_rows_pass():
    check_tagged()
    check_rows(
        pd.DataFrame({"t": ["a", "b"], "label": ["x", "y"]}),
        LabelLayout("single", ("label",)),
        "load",
        text_column="t",
    )


@pytest.mark.parametrize("text", ["", "  ", None, 3])
def test_a_row_must_have_text(text):
    rows = pd.DataFrame({"t": ["a", text, "c"], "label": ["x", "y", "x"]})
    with pytest.raises(DataError, match=r"t: must be text that is not empty.* 1 row: \[1\]"):
        check_rows(rows, LabelLayout("single", ("label",)), "load", text_column="t")


def test_the_column_of_the_texts_must_be_there():
    rows = pd.DataFrame({"text": ["a", "b"], "label": ["x", "y"]})
    with pytest.raises(DataError, match=r"txt: must be a column .*text_column.* text, label"):
        check_rows(rows, LabelLayout("single", ("label",)), "load", text_column="txt")


@pytest.mark.parametrize("label", [" x", "a\nb", " "])
def test_labels_must_be_fit_for_names(label):
    rows = pd.DataFrame({"label": ["x", label]})
    with pytest.raises(DataError, match="label: "):
        check_rows(rows, LabelLayout("single", ("label",)), "load")


def test_rows_to_test_on_may_have_one_label():
    rows = pd.DataFrame({"label": ["x", "x"]})
    check_rows(rows, LabelLayout("single", ("label",)), "load", label_names=["x", "y"])
    with pytest.raises(DataError, match="two or more different labels"):
        check_rows(rows, LabelLayout("single", ("label",)), "load")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"tags": [["O", "I-city"], ["O"]]}, "tags, row 0, token 1"),
        ({"tags": [["O"], ["B-city"]]}, r"tokens, starts, tags: must have one .* 1 row: \[0\]"),
        ({"starts": [[0, 4], [0]]}, r"starts: must say where in its text .* 1 row: \[0\]"),
        ({"starts": [[0, -4], [0]]}, r"starts: must say where"),
    ],
)
def test_words_places_and_tags_must_go_together(changed, message):
    with pytest.raises(DataError, match=message):
        check_tagged(**changed)


def test_words_and_places_must_be_there():
    with pytest.raises(DataError, match=r"tokens: must be a column[^~]*starts: must be a column"):
        check_rows(TAGGED[["text", "tags"]], TAGS, "load", text_column="text")
