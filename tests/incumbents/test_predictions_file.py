"""A file of predictions: found by id, or refused with every fault."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import DataError, IncumbentError
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.incumbents import PredictionsFile

NAMES = ["cancel", "return", "track"]


def rows_of(ids=(10, 20, 30)):
    labels = [NAMES[at % 3] for at in range(len(ids))]
    orders = [f"A-{row}" for row in ids]
    return pd.DataFrame({"row_id": list(ids), "order": orders, "text": "x", "label": labels})


def write(folder, table, name="old.csv"):
    path = folder / name
    if path.suffix == ".parquet":
        table.to_parquet(path)
    else:
        table.to_csv(path, index=False)
    return path


def faults(path, rows=None, labels=NAMES, fitted=None, **options):
    incumbent = PredictionsFile(path, **options)
    if fitted is not None:
        incumbent.fit(fitted)
    with pytest.raises(IncumbentError) as caught:
        incumbent.predict(rows_of() if rows is None else rows, labels)
    return [problem.message for problem in caught.value.problems]


@given(st.permutations([10, 20, 30, 40, 50]))
def test_answers_are_found_by_id_in_any_order(order):
    import tempfile
    from pathlib import Path

    answers = {row: NAMES[row // 10 % 3] for row in order}
    table = pd.DataFrame({"row_id": order, "prediction": [answers[row] for row in order]})
    with tempfile.TemporaryDirectory() as folder:
        incumbent = PredictionsFile(write(Path(folder), table))
        incumbent.fit(rows_of([40, 50]))
        found = incumbent.predict(rows_of(), NAMES)
    assert found.row_ids.tolist() == [10, 20, 30]
    assert found.predictions.tolist() == [answers[row] for row in (10, 20, 30)]


@pytest.mark.parametrize("name", ["old.csv", "old.parquet"])
def test_probabilities_come_with_the_labels(tmp_path, name):
    table = pd.DataFrame(
        {
            "order": ["A-30", "A-20", "A-10"],
            "probability_track": [0.6, 0.1, 0.0],
            "probability_cancel": [0.4, 0.2, 1.0],
            "probability_return": [0.0, 0.7, 0.0],
        }
    )
    found = PredictionsFile(write(tmp_path, table, name), id_column="order").predict(
        rows_of(), NAMES
    )
    assert found.predictions.tolist() == ["cancel", "return", "track"]
    np.testing.assert_allclose(found.probabilities, [[1, 0, 0], [0.2, 0.7, 0.1], [0.4, 0, 0.6]])


def test_everything_that_is_wrong_with_ids_is_said_at_once(tmp_path):
    table = pd.DataFrame({"row_id": [10, 10, 77, 20], "prediction": ["cancel"] * 4})
    assert faults(write(tmp_path, table)) == [
        "must answer every row, but row_id ['30'] are missing (1 id).",
        "must answer a row once, but row_id ['10'] repeat (1 id).",
        "must answer rows of the data set only, but row_id ['77'] are unknown (1 id).",
    ]


def test_rows_that_repeat_an_id_cannot_be_joined(tmp_path):
    table = pd.DataFrame({"order": ["A-10"], "prediction": ["cancel"]})
    rows = rows_of().assign(order="A-10")
    told = faults(write(tmp_path, table), rows, id_column="order")
    assert told == [
        "must be joined by what tells rows apart, but order ['A-10'] repeat in them (1 id)."
    ]


def test_labels_and_probabilities_are_checked(tmp_path):
    table = pd.DataFrame(
        {
            "row_id": [10, 20, 30],
            "prediction": ["cancel", "refund", "track"],
            "probability_cancel": [1.0, 0.5, 0.5],
            "probability_track": [0.0, 0.5, 0.9],
        }
    )
    assert "but is 'refund' in 1 row (row_id [20])" in faults(write(tmp_path, table))[0]
    table["prediction"] = "track"
    told = faults(write(tmp_path, table))
    assert told[0].startswith("of a row must sum to 1, but row_id [30] sum to [1.4]")


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"id": [1]}, "must have a column 'row_id', but has ['id']"),
        ({"row_id": [10, 20, 30]}, "must have the columns ['prediction', 'probability_<label>']"),
        (
            {"row_id": [10, 20, 30], "prediction": ["track", None, "track"]},
            "must have a prediction in every row, but rows [2], counted from 1 below the header",
        ),
    ],
)
def test_columns_that_are_needed(tmp_path, columns, told):
    assert told in faults(write(tmp_path, pd.DataFrame(columns)))[0]


def test_a_file_that_is_none_is_named(tmp_path):
    incumbent = PredictionsFile(tmp_path / "old.csv")
    with pytest.raises(IncumbentError, match=r"old\.csv: a file of predictions must be here"):
        incumbent.predict(rows_of(), NAMES)
    for name, content in (("old.parquet", "no table"), ("empty.csv", ""), ("old.txt", "row_id")):
        (tmp_path / name).write_text(content)
        with pytest.raises(DataError, match=name):
            PredictionsFile(tmp_path / name).predict(rows_of(), NAMES)


def test_an_id_is_text_as_it_stands(tmp_path):
    (tmp_path / "old.csv").write_text("order,prediction\n007,track\n7,cancel\n")
    rows = rows_of([1, 2]).assign(order=["7", "007"])
    found = PredictionsFile(tmp_path / "old.csv", id_column="order").predict(rows, NAMES)
    assert found.predictions.tolist() == ["cancel", "track"]


def test_ids_that_became_floats_are_the_same(tmp_path):
    table = pd.DataFrame({"row_id": [30.0, 10.0, 20.0], "prediction": ["track", *NAMES[:2]]})
    path = write(tmp_path, table, "old.parquet")
    found = PredictionsFile(path).predict(rows_of(), NAMES)
    assert found.predictions.tolist() == [*NAMES[:2], "track"]
    rows = rows_of().astype({"row_id": float})
    table = pd.DataFrame({"row_id": [10, 20, 30], "prediction": NAMES})
    found = PredictionsFile(write(tmp_path, table)).predict(rows, NAMES)
    assert found.predictions.tolist() == NAMES


def test_a_label_may_be_called_none(tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("row_id,prediction\n10,None\n20,NA\n30,NA\n")
    found = PredictionsFile(path).predict(rows_of().assign(label="NA"), ["NA", "None"])
    assert found.predictions.tolist() == ["None", "NA", "NA"]


IDS = np.array([10, 20, 30])
SINGLE = Predictions.from_probabilities(
    IDS, np.array(NAMES), np.array([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0, 0, 1.0]]), NAMES
)
MANY = MultiLabelPredictions(
    IDS,
    np.array([[1, 0], [0, 1], [0, 0]]),
    np.array([[0.9, 0.4], [0.2, 0.3], [0.5, 0.1]]),
    np.array([0.5, 0.35]),
    ["late", "late_again"],
    np.array([[1, 1], [0, 0], [0, 1]]),
)
OUTPUTS = MultiOutputPredictions(
    {
        "intent": SINGLE,
        "intent_of": Predictions(IDS, np.array(["a"] * 3), np.array(["a"] * 3), ["a"]),
    }
)
TAGS = TagPredictions(
    IDS,
    ["to Oslo"] * 3,
    [[0, 3]] * 3,
    [["to", "Oslo"]] * 3,
    [["O", "B-city"]] * 3,
    [["O", "B-city"], ["O", "O"], ["B-city", "O"]],
    [[0.9, 0.8], [1.0, 0.25], [0.5, 0.5]],
    ["O", "B-city", "I-city"],
    "iob2",
)
BOTH = rows_of().assign(intent=NAMES, intent_of="a")
SETS = rows_of().assign(late=[1, 0, 0], late_again=[0, 1, 0])
TAGGED = rows_of().assign(
    text="to Oslo", tokens=[["to", "Oslo"]] * 3, starts=[[0, 3]] * 3, tags=[["O", "B-city"]] * 3
)
CASES = [
    (SINGLE, rows_of(), NAMES, {}),
    (
        MANY,
        SETS,
        ["late", "late_again"],
        {"label_kind": "multilabel", "label_columns": ["late", "late_again"]},
    ),
    (
        OUTPUTS,
        BOTH,
        {"intent": NAMES, "intent_of": ["a"]},
        {"label_kind": "multi_output", "label_columns": ["intent", "intent_of"]},
    ),
    (TAGS, TAGGED, ["O", "B-city", "I-city"], {"label_kind": "tags", "tag_scheme": "iob2"}),
]


@pytest.mark.parametrize(("written", "rows", "labels", "options"), CASES)
def test_what_a_run_wrote_reads_back(tmp_path, written, rows, labels, options):
    written.write(tmp_path / "predictions.parquet")
    found = PredictionsFile(tmp_path / "predictions.parquet", **options).predict(rows, labels)
    pd.testing.assert_frame_equal(found.to_frame(), written.to_frame(), check_like=True)


def test_tags_of_a_csv_file_are_json_or_words(tmp_path):
    path = tmp_path / "old.csv"
    path.write_text('row_id,prediction\n10,"[""O"", ""B-city""]"\n20,O O\n30,B-city O\n')
    found = PredictionsFile(path, **CASES[3][3]).predict(TAGGED, CASES[3][2])
    assert [list(row) for row in found.predictions] == [
        ["O", "B-city"],
        ["O", "O"],
        ["B-city", "O"],
    ]


def test_columns_of_sets_are_checked(tmp_path):
    options = CASES[1][3]
    table = pd.DataFrame({"row_id": IDS, "prediction_late": [1, 0, 2]})
    told = faults(write(tmp_path, table), SETS, CASES[1][2], **options)
    assert "must have the columns ['prediction_late_again']" in told[0]
    table["prediction_late_again"] = 0
    told = faults(write(tmp_path, table), SETS, CASES[1][2], **options)
    assert "must have 0 or 1 in the columns of predictions, but rows [3], counted" in told[0]
