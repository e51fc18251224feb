"""`dsf-cli train` with the users' YAML: from the file to a report, and going on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import torch

from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.inference import Predictor

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

LONGER = ("--set", "trainer_config.kwargs.max_epochs=2")
UNREGISTERED = ("--set", "trainer_config.mlflow_config=null")  # once before and once after it


def history(run: str = "v1") -> pd.DataFrame:
    return pd.read_csv(Path("training_output") / run / "2_fit" / "history.csv")


def read(name: str, run: str = "v1") -> Any:
    return json.loads((Path("training_output") / run / name).read_text(encoding="utf-8"))


def checkpoint(path: str) -> dict[str, Any]:
    content: dict[str, Any] = torch.load(path, weights_only=True)
    return content


@pytest.mark.usefixtures("workplace")
def test_the_yaml_trains_and_tests_and_goes_on(call: Callable[..., Answer]) -> None:
    first = call("train", "--file-path", "conf.yaml")
    assert first.code == 0, first.err
    assert first.err.count("'mlruns' is a folder: MLflow 3 keeps runs in a database") == 1
    check_results()
    check_tracked()
    assert "registered: models:/TMLC/1, the challenger of TMLC" in first.out
    check_registered("1")

    again = call("train", "--file-path", "conf.yaml", "--check-point", "True")
    assert again.code == 0, again.err
    assert "is finished: it goes on only if max_epochs grows" in again.err
    assert len(history()) == 1

    more = (*LONGER, *UNREGISTERED)
    grown = call("train", "--file-path", "conf.yaml", "--check-point", "True", *more)
    assert grown.code == 0, grown.err
    assert history()["step"].tolist() == [16, 32]
    assert [path.name for path in Path("training_output").iterdir()] == ["v1"]

    last = "training_output/v1/2_fit/checkpoints/last.ckpt"  # goes on with the run that it lies in
    same = call("train", "--file-path", last, "--check-point", "True")
    assert same.code == 0, same.err
    assert same.err.count("skipped") == 6
    assert [path.name for path in Path("training_output").iterdir()] == ["v1"]

    other = ("--set", "trainer_config.data_module_config.dataset.batch_size=7")
    refused = call("train", "--file-path", "conf.yaml", "--check-point", "True", *more, *other)
    assert refused.code == 2
    assert "model_config.batch_size: 5 -> 7" in refused.err

    check_checkpoint_alone(call)


def check_results() -> None:
    rates = read("3_test/rates.json")
    assert rates["metrics"]["number_samples"] == 9
    assert {"tpr_avg", "fnr_error_bars_lower", "epoch_loss"} <= set(rates["metrics"])
    assert set(rates["labels"]) == {"toxic"}
    names = set(history().columns)
    assert {"train_loss", "val_loss", "val_epoch_loss", "train_epoch_loss"} <= names
    assert {"learning_rate", "val_f1", "val_tnr_error_bars_upper", "val_number_samples"} <= names
    assert set(read("5_compare/comparison.json")["metrics"]["f1"]) >= {"trained", "eval"}
    assert Path("state.bin").is_file()
    assert any(Path("tensorboard_logdir/run_name").rglob("events*"))
    assert sorted(path.name for path in Path("dirpath").iterdir()) == [
        "checkpoint.ckpt",
        "last.ckpt",
    ]
    kept = checkpoint("dirpath/checkpoint.ckpt")
    config = kept["hyper_parameters"]["config"]
    assert config["register_config"]["description"] == "This is a description"
    assert kept["state_dict"]["objective._extra_state"].shape == (1,)
    tested = MultiLabelPredictions.read(Path("training_output/v1/3_test/predictions.parquet"))
    best = checkpoint("training_output/v1/2_fit/checkpoints/best.ckpt")
    assert best["optimizer_states"][0]["param_groups"][0]["fused"]  # AdamW as it comes
    assert best["state_dict"]["objective._extra_state"].tolist() == tested.thresholds.tolist()


def check_tracked() -> None:
    """The run is in the database that took the place of the folder."""
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{Path('mlruns/mlflow.db').resolve()}")
    experiment = client.get_experiment_by_name("experiment_name")
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.status == "FINISHED"
    assert {"val_f1", "train_loss_step", "test_f1"} <= run.data.metrics.keys()
    steps = [one.step for one in client.get_metric_history(run.info.run_id, "val_f1")]
    assert steps == [15]


def check_registered(number: str) -> None:
    """The version has what the YAML says, and copies lie where it wants them."""
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{Path('mlruns/mlflow.db').resolve()}")
    version = client.get_model_version_by_alias("TMLC", "challenger")
    assert str(version.version) == number
    assert version.description == "This is a description"
    assert version.tags["one"] == "1"
    assert Predictor("model/bundle", "cpu").predict(["you are a fool"])["labels"].notna().all()
    assert Path("model/mode.safetensors").is_file()
    assert Path("model/tokenizer/tokenizer.json").is_file()


def check_checkpoint_alone(call: Callable[..., Answer]) -> None:
    """A checkpoint, taken away from its run, begins a new one where it stood."""
    shutil.copy("training_output/v1/2_fit/checkpoints/last.ckpt", "moved.ckpt")
    shutil.rmtree("training_output")
    Path("conf.yaml").unlink()
    refused = call("train", "--file-path", "moved.ckpt")
    assert refused.code == 2
    assert "--check-point: must be True" in refused.err
    alone = call("train", "--file-path", "moved.ckpt", "--check-point", "True", "--json")
    assert alone.code == 0, alone.err
    assert json.loads(alone.out)["steps"]["compare"]["status"] == "done"
    before = checkpoint("moved.ckpt")["state_dict"]
    after = checkpoint("training_output/v1/2_fit/checkpoints/last.ckpt")["state_dict"]
    assert all(torch.equal(before[name], after[name]) for name in before)


@pytest.mark.usefixtures("workplace")
def test_mistakes_end_with_2_and_leave_nothing(call: Callable[..., Answer]) -> None:
    size = "trainer_config.lightning_module_config.model.hidden_size=768"
    answer = call("train", "--file-path", "conf.yaml", "--set", size)
    assert answer.code == 2
    assert "must be 32, that of the encoder 'scratch:encoder', not 768" in answer.err
    assert not Path("training_output").exists()
    answer = call("train", "--file-path", "config.yaml")
    assert answer.code == 2
    assert "In its folder are: conf.yaml" in answer.err
    answer = call("train", "--file-path", "conf.yaml", "--check-point", "True")
    assert answer.code == 2
    assert "there is none. Start one first, without --check-point." in answer.err
    Path("broken.ckpt").write_bytes(b"PK")
    answer = call("train", "--file-path", "broken.ckpt", "--check-point", "True")
    assert answer.code == 2
    assert "must be a whole checkpoint" in answer.err
    torch.save({"state_dict": {}}, "foreign.ckpt")
    answer = call("train", "--file-path", "foreign.ckpt", "--check-point", "True")
    assert answer.code == 2
    assert "that `dsf-cli train` has left" in answer.err
