"""The chain: what is done is not done again, what changed is, and runs are found as promised."""

import copy
import json
import logging
import os
import subprocess
import sys

import pandas as pd
import pytest
from pydantic import Field

from dsf.core.config import ProjectConfig, Section, load_config
from dsf.core.errors import (
    ConfigError,
    HookRaisedError,
    RunMismatchError,
    RunNotFoundError,
)
from dsf.core.run_record import RunRecord

FOLDERS = {"1_split", "2_fit", "3_test", "4_eval", "5_compare", "6_export"}

STEPS = ["split", "fit", "test", "eval", "compare", "export"]


def statuses(folder):
    return {name: step.status for name, step in RunRecord.read(folder).steps.items()}


def change(cfg, **changes):
    changed = copy.deepcopy(cfg)
    for path, value in changes.items():
        section, key = path.split("__")
        changed.setdefault(section, {})[key] = value
    return changed


@pytest.fixture
def skipped(caplog):
    """Names of the steps that were skipped since the last call."""
    caplog.set_level(logging.INFO, logger="dsf")

    def read():
        names = [line.split()[0] for line in caplog.messages if "skipped" in line]
        caplog.clear()
        return names

    return read


def test_a_run_is_a_folder_of_finished_steps(plain_main, cfg, tmp_path):
    comparison = plain_main(cfg).run()
    run = tmp_path / "out" / "v1"
    names = {path.name for path in run.iterdir()}
    assert names == FOLDERS | {"run.json", "config.yaml", "run.lock"}
    assert statuses(run) == dict.fromkeys(STEPS, "done")
    assert comparison["accuracy"]["trained"] == pytest.approx(4 / 6)
    assert comparison["accuracy"]["eval"] == pytest.approx(2 / 6)
    assert comparison["confusion_matrix"]["trained"] == {"tp": 0, "tn": 4, "fp": 0, "fn": 2}
    assert (run / "5_compare" / "report.html").stat().st_size > 1000
    record = RunRecord.read(run)
    assert record.task == "words"
    assert record.versions["python"] == sys.version.split()[0]


@pytest.mark.usefixtures("finished")
def test_every_run_is_a_new_version(plain_main, cfg, tmp_path):
    for _ in range(2):
        plain_main(cfg).run()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"v1", "v2", "v3"}


def test_a_finished_run_that_goes_on_does_nothing(plain_main, cfg, skipped):
    first = plain_main(cfg).run()
    assert skipped() == []
    assert plain_main(cfg, resume=True).run() == first
    assert skipped() == STEPS


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"model_config__learning_rate": 0.5}, ["split", "eval"]),
        ({"model_config__seed": 7}, []),
        ({"dataset_config__test_ratio": 0.15, "dataset_config__train_ratio": 0.7}, []),
        ({"metrics__f1": False}, ["split"]),
        ({"eval_config__url": "x"}, ["split", "fit", "test"]),
        ({"model_config__num_workers": 2}, STEPS),
        ({"trainer_config__max_epochs": 9}, ["split", "eval"]),
    ],
)
@pytest.mark.usefixtures("finished")
def test_a_changed_config_runs_what_it_touches(plain_main, cfg, skipped, caplog, changes, expected):
    plain_main(change(cfg, **changes), resume=True).run()
    listed = [line for line in caplog.messages if line.startswith("config ")]
    path = next(iter(changes)).replace("__", ".")
    assert any(path in line for line in listed)
    found = skipped()
    # A step that ran again with the same outcome lets those after it stand.
    loose = ("test", "compare", "export")
    assert [name for name in found if name not in loose] == [
        name for name in expected if name not in loose
    ]


def test_single_steps_work_in_the_latest_run(plain_main, cfg, tmp_path):
    plain_main(cfg).run_step("split")
    for name in STEPS[1:]:
        plain_main(cfg).run_step(name)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["v1"]
    assert statuses(tmp_path / "out" / "v1") == dict.fromkeys(STEPS, "done")


def test_the_calls_of_the_tutorial(plain_main, parts, cfg, tmp_path):
    main_class = plain_main(cfg=cfg, dataset_path=None)
    model_path = main_class.execute_trainer()
    plain_main(cfg).run()  # a later run, so that the model's path decides

    main_class_test = plain_main(cfg=cfg, test_dataset_path=None)
    test_results = main_class_test.execute_test(model_path=model_path)
    main_class_eval = plain_main(cfg=cfg, test_dataset_path=None)
    eval_results = main_class_eval.execute_eval()
    comparison_results = parts["Comparison"](
        test_results=test_results,
        eval_results=eval_results,
        metrics_config={"accuracy": True, "f1": False, "confusion_matrix": True},
    ).compare()

    assert model_path == tmp_path / "out" / "v1" / "2_fit" / "model.json"
    assert statuses(tmp_path / "out" / "v1")["test"] == "done"
    assert set(comparison_results) == {"accuracy", "confusion_matrix"}
    assert set(comparison_results["accuracy"]) == {"trained", "eval"}


def test_a_comparison_without_results_says_so(parts):
    for results in ((None, {}), ({}, None), (None, None)):
        comparison = parts["Comparison"](*results, metrics_config={"f1": True})
        assert comparison.compare() == "No test results found."


@pytest.mark.usefixtures("finished")
def test_other_test_rows(plain_main, cfg, tmp_path):
    rows = pd.DataFrame({"x": range(4), "label": ["yes", "no", "yes", "yes"]})
    rows.to_csv(tmp_path / "more.csv", index=False)
    other = {"test_dataset_path": tmp_path / "more.csv"}
    assert plain_main(cfg, **other).execute_test()["accuracy"] == 0.25
    with pytest.raises(RunMismatchError, match="different ones"):
        plain_main(cfg).compare()
    assert plain_main(cfg, **other).execute_eval()["accuracy"] == 0.75
    assert plain_main(cfg).compare()["accuracy"] == {"trained": 0.25, "eval": 0.75}


def test_rows_that_were_split_before(plain_main, cfg, tmp_path):
    paths = {}
    for part, labels in (
        ("training", ["no", "no", "yes"]),
        ("validation", ["no", "yes"]),
        ("test_dataset", ["yes", "no", "no"]),
    ):
        path = tmp_path / f"{part}.csv"
        pd.DataFrame({"label": labels}).to_csv(path, index=False)
        paths[f"{part}_path"] = path
    plain_main(cfg, **paths).run()
    split = json.loads((tmp_path / "out" / "v1" / "1_split" / "split.json").read_text())
    assert split["strategy"] == "predefined"
    assert split["rows"] == {"train": 3, "validation": 2, "test": 3}
    with pytest.raises(ConfigError, match="validation_path: must be given with training_path"):
        plain_main(cfg, training_path=paths["training_path"]).run()


def test_a_failed_step_is_recorded_and_tried_again(plain_main, parts, cfg, tmp_path):
    class Fails(parts["Evaluation"]):
        def execute(self):
            raise ZeroDivisionError("no incumbent today")

    main = type("FailingMain", (plain_main,), {"evaluation_class": Fails})
    with pytest.raises(HookRaisedError) as caught:
        main(cfg).run()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    record = RunRecord.read(tmp_path / "out" / "v1")
    assert record.steps["eval"].status == "failed"
    assert "no incumbent today" in record.steps["eval"].error
    assert not (tmp_path / "out" / "v1" / "4_eval").exists()
    plain_main(cfg, resume=True).run()
    assert statuses(tmp_path / "out" / "v1")["eval"] == "done"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_an_interrupted_step_is_recorded_and_goes_on(plain_main, parts, cfg, tmp_path, stop):
    class Interrupted(parts["Train"]):
        def execute(self):
            raise stop

    main = type("InterruptedMain", (plain_main,), {"train_class": Interrupted})
    with pytest.raises(stop):
        main(cfg).run()
    assert statuses(tmp_path / "out" / "v1")["fit"] == "interrupted"
    plain_main(cfg, resume=True).run()
    assert statuses(tmp_path / "out" / "v1") == dict.fromkeys(STEPS, "done")


def test_steps_want_the_steps_before(plain_main, cfg, tmp_path):
    with pytest.raises(RunNotFoundError, match="there is none"):
        plain_main(cfg).execute_test()
    plain_main(cfg).split()
    for name, needed in (("test", "fit"), ("eval", None), ("compare", "test")):
        if needed is None:
            plain_main(cfg).run_step(name)
            continue
        with pytest.raises(RunNotFoundError, match=f"{needed} must be done first.*{needed}"):
            plain_main(cfg).run_step(name)


def test_a_named_folder_is_used(plain_main, cfg, tmp_path):
    named = tmp_path / "elsewhere" / "mine"
    plain_main(cfg, run_dir=named).run()
    assert statuses(named) == dict.fromkeys(STEPS, "done")
    with pytest.raises(RunNotFoundError, match=r"needs an empty folder.*--resume"):
        plain_main(cfg, run_dir=named).run()
    plain_main(cfg, run_dir=named, resume=True).run()
    with pytest.raises(RunNotFoundError, match="a run folder"):
        plain_main(cfg, run_dir=tmp_path / "nothing", resume=True).run()


def test_the_base_knows_no_engine():
    code = (
        "import sys, dsf.base;"
        "print([name for name in ('torch', 'pytorch_lightning', 'mlflow', 'sklearn')"
        " if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert found.strip() == "[]"


def test_a_secret_of_the_environment_stays_out_of_the_run(plain_main, cfg, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP_TOKEN", "hush-hush")
    path = tmp_path / "config.yaml"
    path.write_text("eval_config: {token: '${env:SHOP_TOKEN}'}\n")
    config = load_config(path, overrides=[f"paths.output={tmp_path / 'out'}"])
    assert config["eval_config"]["token"] == "hush-hush"
    plain_main(config).run()
    plain_main(config, resume=True).run()
    written = [file.read_bytes() for file in (tmp_path / "out").rglob("*") if file.is_file()]
    assert written
    assert not any(b"hush-hush" in content for content in written)


def test_a_project_may_have_a_schema_of_its_own(plain_main, cfg):
    class ShopSection(Section):
        shelves: int = Field(default=3)

    class ShopConfig(ProjectConfig):
        shop: ShopSection = Field(default_factory=ShopSection)

    main = type("ShopMain", (plain_main,), {"config_schema": ShopConfig})
    main(cfg | {"shop": {"shelves": 4}}).run()
    with pytest.raises(ConfigError, match=r"shop\.shelves"):
        main(cfg | {"shop": {"shelves": "many"}}).run()
    with pytest.raises(ConfigError, match="shop"):
        plain_main(cfg | {"shop": {"shelves": 4}}).run()


def test_how_threads_wait_is_settled_before_torch_is_there():
    environment = {name: value for name, value in os.environ.items() if name != "GOMP_SPINCOUNT"}
    environment.pop("OMP_WAIT_POLICY", None)
    code = (
        "import dsf.base, os, sys; print(os.environ.get('OMP_WAIT_POLICY'), 'torch' in sys.modules)"
    )
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        said = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        busy.kill()
        busy.wait()
    assert said.stdout.split() == ["PASSIVE", "False"]
