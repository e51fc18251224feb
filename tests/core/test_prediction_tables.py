"""Tables of predictions that others wrote are read, or refused with all that is wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import DataError, RunNotFoundError
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.prediction_tables import PredictionColumns, has_truth, read_prediction_table
from dsf.core.predictions import Predictions
from dsf.core.table_files import read_table
from dsf.core.tag_predictions import TagPredictions

TRUTH = Predictions(np.array([1, 2, 3]), np.array([0, 1, 1]), np.array([0, 1, 1]), [0, 1])
SEVERAL = MultiLabelPredictions(
    np.array([1, 2]), np.array([[1, 0], [0, 1]]), np.eye(2), np.full(2, 0.5), ["x", "y"]
)


@pytest.fixture
def write(tmp_path):
    def do(text, name="table.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return do


def test_a_csv_file_is_text(write):
    read = read_prediction_table(
        write("\ufeffrow_id,target,prediction,other\n007,NA,None,5\n08,None,None,\n")
    )
    assert isinstance(read, Predictions)
    assert read.row_ids.tolist() == ["007", "08"]
    assert read.targets.tolist() == ["NA", "None"]
    assert read.labels == ["NA", "None"]
    assert read.probabilities is None


def test_columns_may_be_called_otherwise(write):
    names = PredictionColumns("id", "gold", "answer", "p")
    path = write("id\tgold\tanswer\tp_b\tp_a\n1\ta\tb\t.75\t.25\n", "table.tsv")
    read = read_prediction_table(path, names)
    assert read.labels == ["a", "b"]
    assert read.probabilities.tolist() == [[0.25, 0.75]]
    assert has_truth(path, names)
    assert not has_truth(path, PredictionColumns("id", "target", "answer"))


labels_of = st.sampled_from([["a", "b"], ["x y", "ü", "a,b"], [0, 1, 2], [True, False]])


@given(labels=labels_of, rows=st.integers(1, 12), seed=st.integers(0, 9), parquet=st.booleans())
def test_what_comes_back_is_what_went(tmp_path_factory, labels, rows, seed, parquet):
    random = np.random.default_rng(seed)
    targets, answers = random.integers(0, len(labels), (2, rows))
    values = np.array(labels)
    chances = random.dirichlet(np.ones(len(labels)), rows)
    sides = Predictions(random.permutation(rows), values[targets], values[answers], labels, chances)
    path = tmp_path_factory.mktemp("t") / ("table.parquet" if parquet else "table.csv")
    frame = sides.to_frame()
    frame.attrs = {}
    frame.to_parquet(path) if parquet else frame.to_csv(path, index=False)
    read = read_prediction_table(path, labels=labels)
    assert [str(one) for one in read.row_ids] == [str(one) for one in sides.row_ids]
    assert read.labels == labels
    assert read.targets.tolist() == sides.targets.tolist()
    assert read.predictions.tolist() == sides.predictions.tolist()
    assert np.array_equal(read.probabilities, chances)


@pytest.mark.parametrize("made", [TRUTH, SEVERAL])
def test_our_own_files_are_read_as_they_are(tmp_path, made):
    made.write(tmp_path / "predictions.parquet")
    read = read_prediction_table(tmp_path / "predictions.parquet")
    assert read.to_frame().equals(made.to_frame())
    assert has_truth(tmp_path / "predictions.parquet")


def test_the_truth_comes_from_the_other_model(write):
    path = write("row_id,prediction\n3,0\n1,1\n")
    assert not has_truth(path)
    read = read_prediction_table(path, truth=TRUTH)
    assert read.targets.tolist() == [1, 0]
    assert read.predictions.tolist() == [0, 1]
    assert read.labels == [0, 1]
    with pytest.raises(DataError, match="no other model on the same rows has it"):
        read_prediction_table(path)
    with pytest.raises(DataError, match="the other model's is of another kind"):
        read_prediction_table(path, truth=SEVERAL)


def test_rows_without_truth_are_named_or_left_out(write):
    path = write("row_id,prediction\n9,0\n1,1\n8,1\n")
    with pytest.raises(DataError, match=r"rows: .* but 2 rows are not: \['9', '8'\]"):
        read_prediction_table(path, truth=TRUTH)
    assert read_prediction_table(path, truth=TRUTH, common_rows=True).row_ids.tolist() == ["1"]


def test_labels_of_the_truth_come_first_and_have_no_chance_if_they_have_no_column(write):
    path = write("row_id,prediction,probability_2,probability_1\n1,2,0.6,0.4\n")
    read = read_prediction_table(path, truth=TRUTH)
    assert read.labels == [0, 1, "2"]
    assert read.probabilities.tolist() == [[0.0, 0.4, 0.6]]


def test_several_labels_a_row(write):
    path = write(
        "row_id,prediction_x,prediction_y,probability_y,probability_x\n1,1,0,.1,.9\n2,True,1.0,1,0\n"
    )
    read = read_prediction_table(path, truth=SEVERAL)
    assert isinstance(read, MultiLabelPredictions)
    assert read.predictions.tolist() == [[1, 0], [1, 1]]
    assert read.probabilities.tolist() == [[0.9, 0.1], [0.0, 1.0]]
    assert read.targets.tolist() == SEVERAL.targets.tolist()
    own = write("row_id,prediction_x,target_x\n1,1,0\n")
    assert has_truth(own)
    assert read_prediction_table(own).targets.tolist() == [[0]]
    assert read_prediction_table(own).probabilities is None


def test_all_that_is_wrong_with_the_values_comes_at_once(write):
    path = write(
        "row_id,target,prediction,probability_a,probability_b\n"
        "r1,a,a,0.5,0.5\n"
        "r2,,c,1.5,-0.5\n"
        "r3,a,a,0.5,0.4\n"
        "r4,a,b,much,0.2\n"
    )
    with pytest.raises(DataError) as caught:
        read_prediction_table(path)
    message = str(caught.value)
    assert str(path) in message
    for told in (
        "column 'target': must be a label in every row, but is missing in row ['r2'].",
        "column 'prediction': must be a label that has a column of probabilities, "
        "['probability_a', 'probability_b'], but is ['c']. Add that column, or leave all of them "
        "out; it concerns row ['r2'].",
        "column 'probability_a': must be numbers between 0 and 1, but is ['1.5', 'much'] in 2 rows "
        "['r2', 'r4'].",
        "column 'probability_b': must be numbers between 0 and 1, but is ['-0.5'] in row ['r2'].",
        "probabilities: of a row must sum to 1, but sum to [0.9] in row ['r3'].",
    ):
        assert told in message


def test_ids_that_are_missing_or_repeated_come_at_once(write):
    path = write("row_id,prediction,target\n5,a,a\n,a,a\n5,a,a\n,a,a\n")
    with pytest.raises(DataError) as caught:
        read_prediction_table(path)
    message = str(caught.value)
    assert "column 'row_id': must be unique, but these repeat: ['5']" in message
    assert "is missing in 2 rows [2, 4], counted from 1 below the header." in message


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("rowid,prediction,target", "column 'row_id': must be there for the ids, but the columns "
         "are ['rowid', 'prediction', 'target']. Did you mean 'rowid'?"),
        ("row_id,predicted,target", "column 'prediction' or 'prediction_<label>': must be there "
         "for the answers, but the columns are ['row_id', 'predicted', 'target']. Did you mean "
         "'predicted'?"),
        ("row_id,prediction_a,prediction_b,target_a", "columns of target: must be there for every "
         "label or for none, but ['target_b'] are not."),
        ("row_id,prediction_a,target_a,probability_a,probability_b", "columns of prediction: must "
         "be there for every label, but ['prediction_b'] are not."),
        ("row_id,prediction", "column 'target': must be there for the truth"),
    ],
)  # fmt: skip
def test_columns_that_are_missing_are_named(write, header, told):
    with pytest.raises(DataError) as caught:
        read_prediction_table(write(f"{header}\n"))
    assert told in str(caught.value)


def test_labels_must_be_among_those_that_there_may_be(write):
    path = write("row_id,target,prediction,probability_a,probability_z\n1,b,z,0,1\n")
    with pytest.raises(DataError) as caught:
        read_prediction_table(path, labels=["a", "b"])
    message = str(caught.value)
    assert "column 'prediction': must be one of the labels ['a', 'b'], but is ['z'] in" in message
    assert "must be of the labels ['a', 'b'], but ['probability_z'] are not" in message
    several = write("row_id,prediction_x,prediction_z\n1,0,2\n")
    with pytest.raises(DataError) as caught:
        read_prediction_table(several, truth=SEVERAL)
    assert "must be of the labels ['x', 'y'], but ['z'] are not" in str(caught.value)
    assert "column 'prediction_z': must be 0 or 1, but is ['2'] in row ['1']" in str(caught.value)


def test_a_file_that_is_no_table_is_refused(tmp_path, write):
    with pytest.raises(RunNotFoundError, match=r"none\.csv: a file of predictions must be here"):
        read_prediction_table(tmp_path / "none.csv")
    with pytest.raises(RunNotFoundError):
        read_prediction_table(tmp_path)
    for path in (write(""), write("a,b\n1,2,3\n4,5,6,7\n"), write("x", "table.parquet")):
        with pytest.raises(DataError, match="cannot be read"):
            read_prediction_table(path)
    with pytest.raises(DataError, match=r"must end in \.csv, \.tsv or \.parquet"):
        read_prediction_table(write("{}", "table.json"))
    (tmp_path / "latin.csv").write_bytes(b"row_id\n\xe4\n")
    with pytest.raises(DataError, match="cannot be read"):
        read_prediction_table(tmp_path / "latin.csv")


@pytest.mark.parametrize("parquet", [False, True])
@pytest.mark.parametrize("own_truth", [False, True])
def test_several_outputs_are_known_by_what_stands_in_them(tmp_path, parquet, own_truth):
    ids, chances = np.array([1, 2, 3]), np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    written = MultiOutputPredictions(
        {
            "topic": Predictions.from_probabilities(ids, list("aba"), chances, ["a", "b"]),
            "topic_of": Predictions(ids, np.array(list("xyx")), np.array(list("xxx")), ["x", "y"]),
        }
    )
    frame = written.to_frame()
    frame.attrs = {}
    if not own_truth:
        frame = frame.drop(columns=["target_topic", "target_topic_of"])
    path = tmp_path / ("t.parquet" if parquet else "t.csv")
    frame.to_parquet(path) if parquet else frame.to_csv(path, index=False)
    assert has_truth(path) == own_truth
    read = read_prediction_table(path, truth=None if own_truth else written)
    assert isinstance(read, MultiOutputPredictions)
    for name, one in written.outputs.items():
        assert read.outputs[name].targets.tolist() == one.targets.tolist()
        assert read.outputs[name].predictions.tolist() == one.predictions.tolist()
    assert np.array_equal(read.outputs["topic"].probabilities, chances)
    assert read.outputs["topic_of"].probabilities is None


def test_outputs_that_do_not_fit_are_refused(write):
    truth = MultiOutputPredictions({"topic": TRUTH})
    path = write("row_id,prediction_topic,prediction_urgent\n1,0,no\n2,1,no\n")
    with pytest.raises(DataError, match=r"outputs: .*\['topic'\], but not \['urgent'\]"):
        read_prediction_table(path, truth=truth)
    path = write("row_id,prediction_a,prediction_b,target_a\n1,x,y,x\n")
    with pytest.raises(DataError, match=r"for every output, but \['target_b'\] are not"):
        read_prediction_table(path)
    path = write("row_id,prediction_a,prediction_b\n1,x,y\n")
    with pytest.raises(DataError, match="column 'target_<output>': must be there for the truth"):
        read_prediction_table(path)


TAGS = TagPredictions(
    np.array([1, 2]),
    ["to Oslo", "Rome"],
    [[0, 3], [0]],
    [["to", "Oslo"], ["Rome"]],
    [["O", "B-city"], ["B-city"]],
    [["O", "B-city"], ["O"]],
    [[0.9, 0.8], [0.7]],
    ["O", "B-city"],
    "iob2",
)


@pytest.mark.parametrize(
    "cells",
    [
        ('"[""O"", ""B-city""]"', '"[""O""]"'),
        ("\"['O', 'B-city']\"", "\"['O']\""),
        ("O B-city", "O"),
    ],
)
def test_tags_are_lists_or_words_beside_a_model_that_has_the_tokens(write, cells):
    path = write(f"row_id,prediction\n2,{cells[1]}\n1,{cells[0]}\n")
    read = read_prediction_table(path, truth=TAGS)
    assert isinstance(read, TagPredictions)
    assert [list(row) for row in read.predictions] == [["O"], ["O", "B-city"]]
    assert [list(row) for row in read.targets] == [["B-city"], ["O", "B-city"]]
    assert read.scheme == "iob2"


def test_tags_of_a_parquet_file_are_lists(tmp_path):
    frame = TAGS.to_frame()
    frame.attrs = {}
    frame.to_parquet(tmp_path / "t.parquet")
    read = read_prediction_table(tmp_path / "t.parquet", truth=TAGS)
    assert [list(row) for row in read.predictions] == TAGS.predictions
    with pytest.raises(DataError, match=r"holds the tags of tokens.*predictions\.parquet"):
        read_prediction_table(tmp_path / "t.parquet")


def test_tags_that_cannot_be_read_are_refused(write):
    path = write("row_id,target,prediction\n1,\"['O', 'B-city']\",\"['O', 'O']\"\n2,['O'],['O']\n")
    with pytest.raises(DataError, match="must be one label a row, but holds the tags of tokens"):
        read_prediction_table(path)
    path = write("row_id,prediction\n1,O\n2,O\n")
    with pytest.raises(DataError, match=r"one tag for each token, but has more .* row \['1'\]"):
        read_prediction_table(path, truth=TAGS)


def test_a_label_that_is_written_otherwise_than_the_truth_is_refused(write):
    path = write("row_id,target,prediction\n1,a,a\n2,b,B\n3,b,b \n4,b,c\n")
    with pytest.raises(DataError) as caught:
        read_prediction_table(path)
    message = str(caught.value)
    assert "column 'prediction'" in message
    assert "the file has 'B' in 1 row, ['2'], where 'b' is known" in message
    assert "the file has 'b ' in 1 row, ['3'], where 'b' is known" in message
    assert "'c'" not in message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("row_id,target,prediction\n1,a,a,\n2,b,b\n3,b\n",
         ["line 2: must have 3 values, as the header has, but has 4.", "line 4: ", "but has 2."]),
        ("row_id,prediction,prediction\n1,a,b\n",
         ["line 1: must name each column once, but repeats ['prediction']."]),
    ],
)  # fmt: skip
def test_lines_that_are_too_short_or_long_are_named(write, text, told):
    with pytest.raises(DataError) as caught:
        read_table(write(text))
    assert all(one in str(caught.value) for one in told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            b"row_id,target,prediction\n",
            "rows: must be at least one below the header, but there is none",
        ),
        (b"", "must have a header and rows, but is empty"),
        ("row_id,target,prediction\n1,\u00f6,a\n".encode("latin-1"), "Write it again in UTF-8"),
    ],
)
def test_a_file_without_rows_or_in_another_encoding_is_named(tmp_path, content, told):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_prediction_table(path)
    assert str(path) in str(caught.value)
    assert told in str(caught.value)


def test_what_is_missing_or_a_slip_is_told_once(write):
    path = write(
        "row_id,target,prediction,probability_a,probability_b\nr1,a,,0.5,0.5\nr2,b,A,0.5,0.5\n"
    )
    with pytest.raises(DataError) as caught:
        read_prediction_table(path)
    assert len(caught.value.problems) == 2


def test_lines_in_quotes_and_large_values_are_no_faults(write):
    large = "x" * 200_000
    path = write(f'row_id,prediction\n\n1,"a\nb, c"\n2,{large}\n')
    assert read_table(path)["prediction"].tolist() == ["a\nb, c", large]


def test_the_ending_may_be_in_capitals(write, tmp_path):
    assert len(read_table(write("row_id\n1\n", "T.CSV"))) == 1
    TRUTH.write(tmp_path / "T.PARQUET")
    assert isinstance(read_prediction_table(tmp_path / "T.PARQUET"), Predictions)


def test_ids_may_be_the_index_and_must_be_plain(tmp_path):
    path = tmp_path / "t.parquet"
    frame = pd.DataFrame({"row_id": [5, 6], "target": ["a", "b"], "prediction": ["a", "a"]})
    frame.set_index("row_id").to_parquet(path)
    assert read_prediction_table(path).row_ids.tolist() == [5, 6]
    frame.assign(row_id=[[1], [2]]).to_parquet(path)
    with pytest.raises(DataError, match=r"'row_id': must be a number or a text .* in 2 rows"):
        read_prediction_table(path)


def test_ids_that_do_not_fit_are_shown_beside_those_that_there_are(write):
    with pytest.raises(DataError, match=r"\['r1'\]\. Its ids are like \[1, "):
        read_prediction_table(write("row_id,prediction\nr1,0\n"), truth=TRUTH)


def test_types_are_found_if_they_are_asked_for(write):
    path = write("row_id,price\n1,2.5\n2,\n")
    assert read_table(path, types=True)["price"].tolist()[0] == 2.5
    assert read_table(path)["price"].tolist() == ["2.5", ""]


def test_a_foreign_parquet_file_keeps_nothing_back(tmp_path):
    path = tmp_path / "table.parquet"
    pd.DataFrame({"row_id": [1, 2], "target": ["a", None], "prediction": ["a", "b"]}).to_parquet(
        path
    )
    with pytest.raises(DataError, match=r"column 'target'.* is missing in row \[2\]"):
        read_prediction_table(path)
