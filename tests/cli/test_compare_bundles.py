"""A bundle is compared by its answers to rows that a file, or the other side's run, has."""

import json

import numpy as np
import pandas as pd
import pytest

from dsf.inference import Predictor
from tests.tiny_bundles import TASKS, TinyBundles
from tests.tiny_tabular import Tabular

pytestmark = pytest.mark.filterwarnings("ignore:.*does not have many workers.*")

QUICK = ("--iterations", "200", "--json")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    return TinyBundles(tmp_path_factory.mktemp("bundles"))


@pytest.fixture(autouse=True)
def _outside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write_run(made, folder, *, with_rows=True):
    """The test step of the run that a bundle comes from."""
    found = made.answer(made.rows)
    found.write(folder / "3_test" / "predictions.parquet")
    if with_rows:
        kept = made.rows[["row_id", "text", "urgency"]]
        kept.to_parquet(folder / "3_test" / "rows.parquet")


def read(answer):
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def differences(comparison):
    return [one["difference"] for one in comparison["differences"].values()]


@pytest.mark.parametrize("task", TASKS)
def test_a_bundle_answers_as_its_run_did(bundles, call, tmp_path, task):
    made = bundles(task)
    write_run(made, tmp_path / "v1")
    found = read(call("compare", made.bundle.folder, "v1", *QUICK))
    assert found["names"] == {"trained": "bundle", "eval": "v1"}
    assert found["rows"] == len(made.rows)
    assert found["verdict"]["verdict"] in ("not worse", "undecided")
    assert set(differences(found)) == {0.0}


@pytest.mark.parametrize("task", TASKS)
def test_two_bundles_are_asked_about_the_rows_of_a_file(bundles, call, task):
    made = bundles(task)
    made.rows.to_parquet("rows.parquet")
    sides = (made.bundle.folder, made.bundle.folder)
    found = read(call("compare", *sides, "--rows", "rows.parquet", *QUICK))
    assert found["rows"] == len(made.rows)
    assert set(differences(found)) == {0.0}


def test_a_bundle_is_compared_as_its_own_config_says(bundles, call):
    made = bundles("intent_classification")
    made.rows.to_parquet("rows.parquet")
    answer = call(
        "compare", made.bundle.folder, made.bundle.folder, "--rows", "rows.parquet", *QUICK
    )
    wanted = {name for name, one in made.config["metrics"].items() if one}
    assert set(read(answer)["metrics"]) == wanted - {"confusion_matrix"}
    assert "training_config.json, where no option is given: metrics:" in answer.err


def test_a_csv_of_texts_and_labels_will_do(bundles, call):
    """Columns by other names, no ids, and labels that one of the sides does not know."""
    made = bundles("intent_classification")
    rows = made.rows[["text", "intent"]].rename(columns={"text": "message", "intent": "label"})
    rows.loc[:4, "label"] = "complain"
    rows.to_csv("rows.csv", index=False)
    answers = pd.DataFrame({"row_id": np.arange(len(rows)), "prediction": rows["label"]})
    answers.to_csv("old.csv", index=False)
    columns = ("--text-column", "message", "--column", "target=label", "--metric", "accuracy")
    side = ("compare", made.bundle.folder, "old.csv", "--rows", "rows.csv")
    found = read(call(*side, *columns, *QUICK))
    accuracy = found["metrics"]["accuracy"]
    assert accuracy["eval"] == 1.0
    wanted = np.asarray(made.answer(made.rows).predictions) == rows["label"].to_numpy()
    assert accuracy["trained"] == pytest.approx(wanted.mean())


def test_what_is_true_may_come_from_a_file_of_predictions(bundles, call):
    made = bundles("multilabel")
    made.rows[["row_id", "text"]].to_csv("rows.csv", index=False)
    table = made.answer(made.rows).to_frame()
    table.attrs.clear()
    table.iloc[::-1].to_csv("old.csv", index=False)
    found = read(call("compare", made.bundle.folder, "old.csv", "--rows", "rows.csv", *QUICK))
    assert found["rows"] == len(table)
    assert set(differences(found)) == {0.0}


def test_numbers_are_read_from_the_split_and_learned_rows_are_noted(call, tmp_path):
    """Beside its predictions a run keeps no wide table; its split has it."""
    made = Tabular("single", tmp_path)
    bundle = made.export()
    run = tmp_path / "v1"
    Predictor(bundle.folder).predict_rows(made.rows).write(run / "3_test" / "predictions.parquet")
    made.rows[["row_id"]].to_parquet(run / "3_test" / "rows.parquet")
    (run / "1_split").mkdir()
    made.rows.to_parquet(run / "1_split" / "test.parquet")
    found = read(call("compare", bundle.folder, "v1", *QUICK))
    assert set(differences(found)) == {0.0}
    (note,) = [one for one in found["notes"] if "has learned from" in one]
    assert "10 of the 40 test rows" in note


def test_what_the_user_can_mend_ends_with_2(bundles, call, tmp_path):
    made, other = bundles("intent_classification"), bundles("pos")
    made.rows.drop(columns="intent").to_parquet("rows.parquet")
    write_run(other, tmp_path / "v1")
    bundle, rows = made.bundle.folder, ("--rows", "rows.parquet")
    answers = {"row_id": made.rows["row_id"], "prediction": made.rows["intent"]}
    pd.DataFrame(answers).to_csv("old.csv", index=False)
    for line, told in (
        ((bundle, "old.csv"), "must be asked about rows: name their file by --rows"),
        ((bundle, bundle, *rows), "the columns intent must say what is true of the rows"),
        ((bundle, "old.csv", *rows), "column 'target': must be there for the truth"),
        ((bundle, "v1"), "must be of the same kind on both sides, but are single and tags"),
    ):
        answer = call("compare", *line)
        assert (answer.code, told in answer.err) == (2, True), answer.err
    (bundle / "labels.json").rename(bundle / "labels.gone")
    try:
        answer = call("compare", bundle, "v1")
        assert answer.code == 2
        assert "labels.json: must be in the bundle, but is missing" in answer.err
    finally:
        (bundle / "labels.gone").rename(bundle / "labels.json")
