"""Two models are compared wherever their answers are, and a pipeline can act on the verdict."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dsf.core.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

    Call = Callable[..., Answer]

ROWS = 200
LABELS = np.array(["no", "yes"])
QUICK = ("--iterations", "200")
CLUSTERS = ("--resample", "clusters", "--group-column")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder outside of any project: good.csv, poor.csv without truth, rows.csv."""
    monkeypatch.chdir(tmp_path)
    truth = np.arange(ROWS) % 2
    for name, step in (("good", 20), ("poor", 4)):
        answers = np.where(np.arange(ROWS) % step == 0, 1 - truth, truth)
        frame = pd.DataFrame({"row_id": np.arange(ROWS), "prediction": LABELS[answers]})
        if name == "good":
            frame["target"] = LABELS[truth]
        frame[::-1].to_csv(f"{name}.csv", index=False)
    languages = np.where(np.arange(ROWS) < 120, "de", "en")
    pd.DataFrame({"row_id": np.arange(ROWS), "language": languages}).to_csv("rows.csv", index=False)
    return tmp_path


def write_run(folder: Path, *, right: int = 20, rows: int = ROWS) -> None:
    truth = np.arange(rows) % 2
    answers = np.where(np.arange(rows) % right == 0, 1 - truth, truth)
    made = Predictions(np.arange(rows), LABELS[truth], LABELS[answers], ["no", "yes"])
    made.write(folder / "3_test" / "predictions.parquet")
    languages = np.where(np.arange(rows) < 120, "de", "en")
    frame = pd.DataFrame({"row_id": np.arange(rows), "language": languages})
    frame.to_parquet(folder / "3_test" / "rows.parquet")


def test_two_files(call: Call) -> None:
    answer = call("compare", "good.csv", "poor.csv", *QUICK)
    assert answer.code == 0, answer.err
    for told in (
        "trained   good.csv",
        "existing  poor.csv",
        "accuracy",
        "0.9500",
        "0.7500",
        "+0.2000",
        "Verdict: better",
        "on 200 rows",
        "Passes the rule: superiority.",
        "the randomness of training",
    ):
        assert told in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80
    assert "\x1b" not in answer.out


@pytest.mark.parametrize(
    ("sides", "require", "code"),
    [
        (("good.csv", "poor.csv"), "better", 0),
        (("good.csv", "poor.csv"), "not-worse", 0),
        (("poor.csv", "good.csv"), "not-worse", 3),
        (("good.csv", "good.csv"), "not-worse", 0),
        (("good.csv", "good.csv"), "better", 3),
    ],
)
def test_a_pipeline_can_require_a_verdict(
    call: Call, sides: tuple[str, str], require: str, code: int
) -> None:
    assert call("compare", *sides, *QUICK).code == 0  # whatever the verdict
    answer = call("compare", *sides, *QUICK, "--require", require)
    assert answer.code == code
    assert ("but the verdict is" in answer.err) == (code == 3)
    assert (f"Required is {require.replace('-', ' ')}, and it is " in answer.err) == (code == 0)


def test_json_and_the_file_say_the_same(call: Call, place: Path) -> None:
    answer = call("compare", "good.csv", "poor.csv", *QUICK, "--json", "--output", "out")
    said = json.loads(answer.out)
    assert said.pop("command") == "compare"
    assert said == json.loads((place / "out" / "comparison.json").read_text(encoding="utf-8"))
    assert said["names"] == {"trained": "good.csv", "eval": "poor.csv"}
    assert said["verdict"]["verdict"] == "better"
    assert list(said["differences"]) == ["accuracy", "precision", "recall", "f1"]
    assert said["bootstrap"]["n_iterations"] == 200


def test_with_json_a_verdict_that_is_not_good_enough_has_its_code_too(call: Call) -> None:
    answer = call("compare", "poor.csv", "good.csv", *QUICK, "--json", "--require", "better")
    assert answer.code == 3
    assert json.loads(answer.out)["verdict"]["verdict"] == "worse"


def test_runs_steps_and_files_go_together(call: Call, place: Path) -> None:
    write_run(place / "v1")
    write_run(place / "v2", right=4)
    for first, second in (("v1", "v2"), ("v1/3_test", "v2"), ("v1", "poor.csv")):
        answer = call("compare", first, second, *QUICK, "--json")
        assert answer.code == 0, answer.err
        said = json.loads(answer.out)
        assert said["verdict"]["verdict"] == "better"
        assert said["metrics"]["accuracy"] == {"trained": 0.95, "eval": 0.75}


def test_sides_of_one_name_are_called_by_their_paths(call: Call, place: Path) -> None:
    write_run(place / "a" / "v1")
    write_run(place / "b" / "v1")
    said = json.loads(call("compare", "a/v1", "b/v1", *QUICK, "--json").out)
    assert said["names"] == {"trained": "a/v1", "eval": "b/v1"}


def test_metrics_are_compared_and_judged(call: Call) -> None:
    line = ("--metric", "f1_micro", "--metric", "mcc", "--margin", "0.5", "--rule")
    answer = call("compare", "good.csv", "poor.csv", *QUICK, *line, "non_inferiority", "--json")
    said = json.loads(answer.out)
    assert list(said["metrics"]) == list(said["verdict"]["metrics"]) == ["f1_micro", "mcc"]
    assert (said["verdict"]["rule"], said["verdict"]["margin"]) == ("non_inferiority", 0.5)


def test_slices_come_from_a_file_or_from_the_run(call: Call, place: Path) -> None:
    write_run(place / "v1")
    slices = ("--slice", "language", "--json")
    of_file = call("compare", "good.csv", "poor.csv", *QUICK, *slices, "--rows", "rows.csv")
    of_run = call("compare", "v1", "poor.csv", *QUICK, *slices)
    for answer in (of_file, of_run):
        assert answer.code == 0, answer.err
        found = json.loads(answer.out)["slices"]
        assert [(one["value"], one["rows"]) for one in found] == [("de", 120), ("en", 80)]
    shown = call("compare", "v1", "poor.csv", *QUICK, *slices[:2]).out
    assert "language: de" in shown


def test_a_slice_that_is_named_twice_is_one(call: Call) -> None:
    twice = ("--slice", "language", "--slice", "language", "--rows", "rows.csv", "--json")
    said = json.loads(call("compare", "good.csv", "poor.csv", *QUICK, *twice).out)
    assert len(said["slices"]) == 2


def test_a_pipeline_can_require_that_every_slice_passes(call: Call) -> None:
    frame = pd.read_csv("poor.csv").sort_values("row_id")
    good = pd.read_csv("good.csv").sort_values("row_id")
    frame.loc[frame["row_id"] >= 120, "prediction"] = good.loc[good["row_id"] >= 120, "target"]
    frame.to_csv("poor.csv", index=False)
    sides = ("compare", "good.csv", "poor.csv", *QUICK)
    slices = ("--slice", "language", "--rows", "rows.csv", "--require", "better")
    assert call(*sides, *slices).code == 0
    answer = call(*sides, *slices, "--slice-rule", "non_inferiority")
    assert answer.code == 3
    assert "Required is better, but 1 slice does not pass slice_rule: language en." in answer.err


def write_config(run: Path, **sections: object) -> None:
    run.mkdir(exist_ok=True)
    (run / "config.yaml").write_text(json.dumps(sections), encoding="utf-8")


def test_a_run_is_compared_as_its_own_config_says(call: Call, place: Path) -> None:
    write_run(place / "v1")
    write_run(place / "v2", right=4)
    write_config(
        place / "v1",
        metrics={"accuracy": True, "f1": True, "mcc": False, "confusion_matrix": True},
        model_config={"average": "micro"},
        comparison_config={
            "metrics": ["f1"], "rule": "non_inferiority", "margin": 0.5, "slices": ["language"],
            "smallest_slice": 100,
        },
        bootstrap_config={
            "n_iterations": 150, "resample": "clusters", "group_column": "language", "seed": 7,
        },
    )  # fmt: skip
    for sides in (("v1", "v2"), ("v1/3_test", "poor.csv"), ("poor.csv", "v1")):
        answer = call("compare", *sides, "--json")
        assert answer.code == 0, answer.err
        said = json.loads(answer.out)
        assert list(said["metrics"]) == ["accuracy", "f1"]
        assert said["metrics"]["f1"] == said["metrics"]["accuracy"]  # micro
        assert list(said["verdict"]["metrics"]) == ["f1"]
        assert (said["verdict"]["rule"], said["verdict"]["margin"]) == ("non_inferiority", 0.5)
        assert [one["value"] for one in said["slices"]] == ["de"]
        assert (said["bootstrap"]["n_iterations"], said["bootstrap"]["seed"]) == (150, 7)
        assert said["bootstrap"]["resample"] == "clusters"
        assert "Taken from v1/config.yaml, where no option is given: metrics: accur" in answer.err
    line = ("--metric", "accuracy", "--rule", "superiority", "--resample", "rows")
    said = json.loads(call("compare", "v1", "v2", *line, *QUICK, "--json").out)
    assert list(said["metrics"]) == ["accuracy"]
    assert said["verdict"]["rule"] == "superiority"
    assert (said["bootstrap"]["n_iterations"], said["bootstrap"]["resample"]) == (200, "rows")


def test_a_metric_of_a_projects_own_is_left_out_where_it_cannot_be_imported(
    call: Call, place: Path
) -> None:
    write_run(place / "v1")
    own = {"accuracy": True, "gain": "trainer.metrics:gain"}
    write_config(place / "v1", metrics=own)
    answer = call("compare", "v1", "poor.csv", *QUICK)
    assert answer.code == 0, answer.err
    assert "Note: Left out: gain, a metric of the project's own." in answer.out
    write_config(place / "v1", metrics=own, comparison_config={"metrics": ["gain"]})
    answer = call("compare", "v1", "poor.csv", *QUICK)
    assert answer.code == 2
    assert "must be metrics that can be computed here, but not gain" in answer.err


def test_a_metric_of_a_projects_own_is_found_from_outside_of_the_project(
    call: Call, place: Path
) -> None:
    run = place / "mine" / "training_output" / "v1"
    write_run(run)
    write_config(run, metrics={"gain": "trainer.gains:gain"})
    package = place / "mine" / "trainer"
    package.mkdir()
    for name in ("__init__.py", "trainer_main.py"):
        (package / name).write_text("")
    (package / "gains.py").write_text("def gain(targets, predictions): return 1.0\n")
    answer = call("compare", run, "poor.csv", *QUICK, "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["metrics"] == {"gain": {"trained": 1.0, "eval": 1.0}}


def test_slices_of_a_run_that_kept_no_such_column_are_refused(call: Call, place: Path) -> None:
    write_run(place / "v1")
    write_config(place / "v1", comparison_config={"slices": ["channel"]})
    answer = call("compare", "v1", "poor.csv")
    assert answer.code == 2
    assert "'channel' is none of ['row_id', 'language']" in answer.err


def test_two_runs_must_have_answered_the_same_rows(call: Call, place: Path) -> None:
    write_run(place / "v1")
    write_run(place / "v2", right=4)
    rows = pd.read_parquet(place / "v2" / "3_test" / "rows.parquet")
    rows.loc[3:5, "language"] = "fr"
    rows.to_parquet(place / "v2" / "3_test" / "rows.parquet")
    for sides in (("v1", "v2"), ("v1/3_test", "v2/3_test")):
        answer = call("compare", *sides, *QUICK)
        assert answer.code == 2
        assert "column 'language': must be the same on both sides" in answer.err
        assert "differs in 3 rows: [3, 4, 5]" in answer.err
    file = "v2/3_test/predictions.parquet"
    assert call("compare", "v1", file, *QUICK).code == 0  # of a file its ids alone are known
    for run in ("v1", "v2"):
        (place / run / "run.json").write_text('{"data_hash": "c0ffee"}')
    assert call("compare", "v1", "v2", *QUICK).code == 0
    (place / "v2" / "run.json").write_text('{"data_hash": "beef"}')
    assert call("compare", "v1", "v2", *QUICK).code == 2
    (place / "v2" / "3_test" / "rows.parquet").unlink()
    answer = call("compare", "v1", "v2", *QUICK, "--json")
    assert answer.code == 0
    assert "ids mean the same rows on both sides: v2 kept no rows" in answer.out


def test_groups_are_drawn_whole(call: Call, place: Path) -> None:
    frame = pd.DataFrame({"row_id": np.arange(ROWS), "document": np.arange(ROWS) // 10})
    frame.to_csv("documents.csv", index=False)
    line = ("--resample", "clusters", "--group-column", "document", "--rows", "documents.csv")
    said = json.loads(call("compare", "good.csv", "poor.csv", *QUICK, *line, "--json").out)
    assert said["bootstrap"]["resample"] == "clusters"
    assert said["differences"]["accuracy"]["test"] == "permutation"
    within = ("--resample", "stratified", "--percentile", "5", "--json")
    said = json.loads(call("compare", "good.csv", "poor.csv", *QUICK, *within).out)
    assert (said["bootstrap"]["resample"], said["bootstrap"]["percentile"]) == ("stratified", 5)


def test_rows_of_one_side_are_refused_or_left_out(call: Call) -> None:
    pd.read_csv("poor.csv").iloc[:150].to_csv("fewer.csv", index=False)
    answer = call("compare", "good.csv", "fewer.csv", *QUICK)
    assert answer.code == 2
    assert "50 rows were answered by the trained model alone" in answer.err
    answer = call("compare", "good.csv", "fewer.csv", *QUICK, "--common-rows")
    assert answer.code == 0
    assert "Note: Only the 150 rows that both models answered are compared" in answer.out
    turned = call("compare", "fewer.csv", "good.csv", *QUICK, "--common-rows")
    assert turned.code == 0, turned.err


def test_columns_may_be_called_otherwise(call: Call) -> None:
    for name in ("good", "poor"):
        frame = pd.read_csv(f"{name}.csv")
        frame.rename(columns={"row_id": "id", "prediction": "label"}).to_csv(
            f"{name}.csv", index=False
        )
    names = ("--column", "row_id=id", "--column", "prediction=label")
    slices = ("--slice", "language", "--rows", "rows.csv")
    answer = call("compare", "good.csv", "poor.csv", *QUICK, *names, *slices)
    assert answer.code == 0, answer.err
    wrong = call("compare", "good.csv", "poor.csv", "--column", "id=x", "--column", "target")
    assert wrong.code == 2
    assert "id=x, target" in wrong.err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("good.csv",), "two models must be named, or none for the step of a run."),
        (("good.csv", "none"), "none: a run, a step's folder, a bundle or a file must be here"),
        (("good.csv", "."), "predictions must be in the folder"),
        (("poor.csv", "poor.csv"), "column 'target': must be there for the truth"),
        (("good.csv", "rows.csv"), "column 'prediction' or 'prediction_<label>'"),
        (("good.csv", "poor.csv", "--metric", "acuracy"), "Did you mean 'accuracy'?"),
        (("good.csv", "poor.csv", "--percentile", "50"), "percentile: must lie between 0 and 100"),
        (("good.csv", "poor.csv", "--iterations", "0"), "n_iterations: must be at least 1"),
        (("good.csv", "poor.csv", "--margin", "-1"), "--margin"),
        (("good.csv", "poor.csv", "--slice", "language"), "need the rows: name them by --rows"),
        (("good.csv", "poor.csv", "--slice", "l", "--rows", "rows.csv"), "'l' is none of"),
        (("good.csv", "poor.csv", "--resample", "clusters"), "needs --group-column"),
        (
            ("good.csv", "poor.csv", *CLUSTERS, "l", "--rows", "rows.csv"),
            "'l' is none of row_id, language",
        ),
        (("good.csv", "poor.csv", "--group-column", "l"), "only with --resample clusters"),
        (("good.csv", "poor.csv", "--rows", "rows.csv"), "--group-column or a bundle"),
        (("good.csv", "poor.csv", "--rows", "nope.csv"), "'nope.csv' does not exist"),
        (("good.csv", "poor.csv", "--text-column", "t"), "only with --slice length or a bundle"),
        (("good.csv", "poor.csv", "--slice-rule", "superiority"), "--slice-rule: only with --sli"),
        (("good.csv", "poor.csv", "--margin", "nan"), "must be a finite number, but is nan"),
        (("good.csv", "poor.csv", "--margin", "inf"), "must be a finite number, but is inf"),
        (("good.csv", "poor.csv", "--alpha", "1"), "--alpha"),
        (("good.csv", "poor.csv", "--metric", "confusion_matrix"), "confusion_matrix is a table"),
        (
            ("good.csv", "poor.csv", "--metric", "roc_auc"),
            "good.csv and poor.csv has no columns probability_<label>",
        ),
        (("good.csv", "poor.csv", "--run-dir", "v1"), "--run-dir: only for the step of a run"),
        (("--metric", "f1"), "--metric: only for two models that are named"),
    ],
)
def test_what_the_user_can_mend_ends_with_2(call: Call, line: tuple[str, ...], told: str) -> None:
    answer = call("compare", *line)
    assert answer.code == 2
    assert told in answer.err


def test_a_folder_of_runs_says_which_there_are(call: Call, place: Path) -> None:
    write_run(place / "training_output" / "v3")
    answer = call("compare", "training_output", "poor.csv")
    assert "Name one of the runs in it: v3." in answer.err


def test_the_step_of_a_run_can_require_a_verdict(call: Call, project: Path) -> None:
    for step in ("split", "fit", "test", "eval"):
        assert call(step, "--set", "model_config.trees=3").code == 0
    answer = call("compare", "--set", "model_config.trees=3", "--require", "better")
    report = project / "training_output" / "v1" / "5_compare" / "comparison.json"
    verdict = json.loads(report.read_text(encoding="utf-8"))["verdict"]["verdict"]
    assert answer.code == (0 if verdict == "better" else 3)
    assert f"report: {report.with_name('report.html')}" in answer.out


@pytest.mark.parametrize("side", ["good", "poor"])
@pytest.mark.parametrize(("label", "written"), [("yes", "Yes"), ("yes", "yes "), ("1", "1.0")])
def test_a_label_that_is_written_otherwise_decides_nothing(
    call: Call, side: str, label: str, written: str
) -> None:
    for name in ("good", "poor"):
        frame = pd.read_csv(f"{name}.csv", dtype=str).replace("yes", label)
        if name == side:
            frame["prediction"] = frame["prediction"].replace(label, written)
        frame.to_csv(f"{name}.csv", index=False)
    answer = call("compare", "good.csv", "poor.csv", *QUICK, "--require", "better")
    assert answer.code == 2
    assert f"{side}.csv" in answer.err
    assert f"the file has {written!r} in" in answer.err
    assert f"where {label!r} is known" in answer.err
