"""Texts with entities as spans of characters become words with tags, and no entity is lost."""

import json
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, DataError
from dsf.core.tagging import tags_to_spans
from dsf.data.readers import ColumnNames, read_configured, read_rows

ANY_FILE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def write(tmp_path, *records):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


def found_spans(row):
    for first, end, label in tags_to_spans(row.tags, "iob2"):
        last = end - 1
        yield [row.starts[first], row.starts[last] + len(row.tokens[last]), label]


@st.composite
def texts_with_entities(draw):
    text = draw(st.text(st.sampled_from("ab1 .,-é😀\n"), min_size=1).filter(str.strip))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [[*pair, draw(st.sampled_from("xy"))] for pair in pairwise(cuts)]
    return text, [one for one in spans if text[one[0] : one[1]].strip() == text[one[0] : one[1]]]


@ANY_FILE
@given(cases=st.lists(texts_with_entities(), min_size=1, max_size=4))
def test_entities_come_back(tmp_path, cases):
    records = [{"text": text, "entities": entities} for text, entities in cases]
    rows = read_rows(write(tmp_path, *records), format="spans")
    for row, (text, entities) in zip(rows.itertuples(), cases, strict=True):
        assert row.text == text
        assert list(found_spans(row)) == entities
        for token, start in zip(row.tokens, row.starts, strict=True):
            assert text[start : start + len(token)] == token
        assert "".join(row.tokens) == "".join(text.split())


def test_entities_may_be_objects(tmp_path):
    entity = {"label": "city", "start": 3, "end": 7}
    (row,) = read_rows(
        write(tmp_path, {"text": "to Rome's", "entities": [entity]}), format="spans"
    ).itertuples()
    assert (row.tokens, row.tags) == (["to", "Rome", "'", "s"], ["O", "B-city", "O", "O"])


def test_vowel_signs_belong_to_their_word(tmp_path):
    text = "दिल्ली से e\u0301té."
    rows = read_rows(write(tmp_path, {"text": text, "entities": [[0, 6, "x"]]}), format="spans")
    assert rows.tokens[0] == ["दिल्ली", "से", "e\u0301té", "."]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (
            {"text": "ab", "entities": [[0, 3, "x"]]},
            "line 1, entities 0: must lie in the text",
        ),
        ({"text": "a b", "entities": [[0, 2, "x"]]}, "must begin and end with a word"),
        ({"text": "abc", "entities": [[0, 2, "x"], [1, 3, "y"]]}, "must not overlap"),
        ({"text": "abc", "entities": [[0, 2]]}, r"must be \[start, end, label\]"),
        ({"text": "abc", "entities": [[0, 2.5, "x"]]}, "two numbers and a text"),
        ({"text": "abc", "entities": [[0, 2, "x "]]}, "white space around it"),
        (
            {"text": "abc", "entities": None},
            r"line 1, entities: must be a list; a text may have \[\] \(options: drop_missing\)",
        ),
        ({"text": "abc"}, r"entities: is not there\. Name yours: entities_column"),
        ({"body": "abc", "entities": []}, r"text: is not there\. Name yours: text_column"),
        ({"text": 7, "entities": []}, "line 1, text: must be text, but is 7"),
        ({"text": " ", "entities": []}, r"line 1, text: must be a text .* \(options: drop_empty\)"),
        ([1], r"line 1: must be an object, but is \[1\] \(lists need"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, record, message):
    with pytest.raises(DataError, match=message):
        read_rows(write(tmp_path, record), format="spans")


def test_further_columns_stand_beside_the_words(tmp_path):
    first = {"text": "to Rome", "entities": [[3, 7, "city"]], "who": "x", "day": 3, "n": [1]}
    path = write(tmp_path, first, {"text": "b", "entities": [], "who": "y", "day": 2})
    columns = ColumnNames(group="who", time="day", keep=("n",))
    rows = read_rows(path, format="spans", columns=columns)
    assert list(rows) == ["text", "tokens", "starts", "tags", "who", "day", "n"]
    assert rows[["who", "day"]].to_numpy().tolist() == [["x", 3], ["y", 2]]
    assert rows.n.isna().tolist() == [False, True]
    with pytest.raises(DataError, match=r"whom: is not there\. Did you mean 'who'"):
        read_rows(path, format="spans", columns=ColumnNames(group="whom", split="day"))
    broken = write(tmp_path, {"text": "b", "entities": [], "who": "\ud800"})
    with pytest.raises(DataError, match="line 1, who: has half of a character"):
        read_rows(broken, format="spans", columns=ColumnNames(group="who"))


def test_a_config_may_name_the_columns_or_leave_them_out(tmp_path):
    config = {"format": "spans", "label_kind": "tags"}
    path = write(tmp_path, {"text": "b", "entities": [[0, 1, "x"]]})
    assert read_configured(path, config).tags.tolist() == [["B-x"]]
    path = write(tmp_path, {"body": "b", "found": [[0, 1, "x"]], "text": "c"})
    named = {**config, "text_column": "body", "entities_column": "found"}
    rows = read_configured(path, named)
    assert rows[["text", "tags"]].to_numpy().tolist() == [["b", ["B-x"]]]
    message = "tokens_column: is 'found', but this format has entities_column"
    with pytest.raises(ConfigError, match=message):
        read_configured(path, {**config, "tokens_column": "found"})


def test_options_of_reading_count_for_spans_too(tmp_path):
    records = [
        {"text": " ", "entities": [], "who": "a"},
        {"text": None, "entities": [[0, 1, "x"]], "who": "b"},
        {"text": "to Rome", "entities": None, "who": "c"},
        {"text": "to Rome", "entities": [[3, 7, " city"]], "who": "d"},
        {"text": "to Rome", "entities": [[3, 7, "city"]], "who": "e"},
    ]
    options = dict.fromkeys(("drop_empty", "drop_missing", "drop_duplicates"), True)
    options["strip_labels"] = True
    columns = ColumnNames(group="who")
    rows = read_rows(write(tmp_path, *records), format="spans", columns=columns, options=options)
    assert rows[["tags", "who"]].to_numpy().tolist() == [[["O", "B-city"], "d"]]
    counts = rows.attrs["reading"]
    names = ("rows", "dropped_empty", "dropped_missing", "dropped_duplicates")
    assert [counts[name] for name in names] == [1, 2, 1, 1]
    with pytest.raises(DataError, match="4 problems"):
        read_rows(write(tmp_path, *records), format="spans")


def test_rows_may_be_lists_with_names(tmp_path):
    options = {"names": ["text", "entities"]}
    rows = read_rows(write(tmp_path, ["b", [[0, 1, "x"]]]), format="spans", options=options)
    assert rows.tags.tolist() == [["B-x"]]


def test_lines_are_right_behind_the_first_batch(tmp_path):
    records = [{"text": f"row {at}", "entities": [], "who": str(at)} for at in range(20_001)]
    columns = ColumnNames(group="who")
    rows = read_rows(write(tmp_path, *records), format="spans", columns=columns)
    assert rows.iloc[-1][["text", "who"]].tolist() == ["row 20000", "20000"]
    records += [{"text": "b", "entities": [[0, 2, "x"]]}, {"text": "b"}]
    with pytest.raises(DataError) as caught:
        read_rows(write(tmp_path, *records), format="spans", columns=columns)
    assert [problem.where for problem in caught.value.problems] == [
        "line 20002, entities 0",
        "line 20003, entities",
    ]


@ANY_FILE
@given(
    values=st.lists(
        st.lists(st.integers(-1, 5) | st.sampled_from(["x", "\ud800", None]), max_size=4),
        max_size=3,
    ),
    text=st.none() | st.text(max_size=5) | st.just("\ud800"),
)
def test_any_entities_give_rows_or_a_data_error(tmp_path, values, text):
    path = write(tmp_path, {"text": text, "entities": values})
    try:
        (row,) = read_rows(path, format="spans").itertuples()
    except DataError:
        return
    assert len(list(found_spans(row))) == len(values)
