"""The reference project begins with the weights of an earlier run, and with nothing else of it."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import torch

from dsf.cli.main import main as dsf_cli
from dsf.core.errors import ConfigError
from tests.e2e.conftest import KILLED, Killing
from trainer.config import load
from trainer.dataset_preparation import DigitsDatasetPreparation
from trainer.model import DigitsModel
from trainer.trainer_main import DigitsMain

if TYPE_CHECKING:
    from tests.nursery import Nursery

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "DSF__warm_start_config__source"
SETTINGS = (
    "model_config.channels=4",
    "trainer_config.max_epochs=2",
    "trainer_config.accelerator=cpu",
    "trainer_config.devices=1",
    "trainer_config.logger=false",
    "trainer_config.enable_progress_bar=false",
    "trainer_config.enable_model_summary=false",
    "bootstrap_config.n_iterations=20",
)

pytestmark = pytest.mark.filterwarnings("ignore:.*does not have many workers.*")


class FewDigits(DigitsDatasetPreparation):
    labels = (0, 1)

    def load(self):
        rows = super().load()
        return rows[rows[self.dataset_config["label_column"]].isin(self.labels)].head(160)


class OtherDigits(FewDigits):
    labels = (5, 6, 7, 8)


class FewDigitsMain(DigitsMain):
    dataset_preparation_class = FewDigits


def fit(output: Path, *settings: str, main: type[DigitsMain] = FewDigitsMain, **options: Any):
    """Fit in a new run; give the folder of the fit."""
    config = load(overrides=[*SETTINGS, f"paths.output={output}", *settings])
    return main(config, **options).execute_trainer().parents[1]


def weights_of(folder: Path, name: str = "best"):
    return torch.load(folder / "checkpoints" / f"{name}.ckpt", weights_only=True)["state_dict"]


def same(one, other) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of runs, the first of which is done."""
    folder = tmp_path_factory.mktemp("runs")
    fit(folder, "model_config.seed=7")
    return folder


def test_it_is_bit_for_bit_a_fit_whose_network_was_given_the_weights_by_hand(output):
    begun_with = weights_of(output / "v1" / "2_fit")

    class ByHand(DigitsModel):
        def define_model(self):
            model = super().define_model()
            model.load_state_dict(begun_with)
            return model

    warm = fit(output, warm_start="v1")
    by_hand = fit(output, main=type("ByHandMain", (FewDigitsMain,), {"model_class": ByHand}))
    fresh = fit(output)
    for name in ("best", "last"):
        assert same(weights_of(warm, name), weights_of(by_hand, name))
        assert not same(weights_of(warm, name), weights_of(fresh, name))
    history = [(one / "history.csv").read_bytes() for one in (warm, by_hand, fresh)]
    assert history[0] == history[1] != history[2]


def test_rates_and_epochs_are_those_of_the_config(output):
    learning = ("model_config.learning_rate=0.0125", "model_config.schedule=constant")
    warmup = "model_config.num_warmup_steps=0"
    warm = fit(output, *learning, warmup, "trainer_config.max_epochs=3", warm_start="v1")
    history = pd.read_csv(warm / "history.csv")
    assert history["epoch"].tolist() == [0, 1, 2]
    last = torch.load(warm / "checkpoints" / "last.ckpt", weights_only=True)
    [optimizer] = last["optimizer_states"]
    assert {group["lr"] for group in optimizer["param_groups"]} == {0.0125}
    assert {state["step"].item() for state in optimizer["state"].values()} == {last["global_step"]}
    assert last["global_step"] == history["step"].iloc[-1]
    assert last["hyper_parameters"]["model_config"]["learning_rate"] == 0.0125


def test_a_run_that_goes_on_with_another_rate_learns_at_that_rate(output):
    folder = fit(output, warm_start="v1")
    constant = ("model_config.schedule=constant", "model_config.num_warmup_steps=0")
    again = ("model_config.learning_rate=0.0125", "trainer_config.max_epochs=1", *constant)
    fit(output, *again, warm_start="v1", run_dir=folder.parent, resume=True)
    last = torch.load(folder / "checkpoints" / "last.ckpt", weights_only=True)
    assert {group["lr"] for group in last["optimizer_states"][0]["param_groups"]} == {0.0125}
    assert pd.read_csv(folder / "history.csv")["epoch"].tolist() == [0]


def test_other_labels_begin_with_a_new_head(output):
    main = type("OtherDigitsMain", (FewDigitsMain,), {"dataset_preparation_class": OtherDigits})
    with pytest.raises(ConfigError) as caught:
        fit(output, warm_start="v1", main=main)
    assert [str(one) for one in caught.value.problems] == [
        "model_config.label_names: was [0, 1] there, is [5, 6, 7, 8] here",
        "network.7.weight: has the shape (2, 128) there, (4, 128) here",
        "network.7.bias: has the shape (2,) there, (4,) here",
    ]
    layers = "warm_start_config.parts=[network.0, network.2]"
    still = "model_config.learning_rate=1e-30"
    warm = fit(output, layers, still, warm_start="v1", main=main)
    begun, older = weights_of(warm), weights_of(output / "v1" / "2_fit")
    assert torch.allclose(begun["network.2.weight"], older["network.2.weight"], atol=1e-20)
    assert begun["network.7.weight"].shape == (4, 128)
    kept = json.loads((warm / "fit.json").read_text())["warm_start"]
    assert kept["parts"] == ["network.0", "network.2"]
    assert kept["anew"] == []


def call(output: Path, command: str, *words: str) -> int:
    settings = [word for one in (*SETTINGS, f"paths.output={output}") for word in ("--set", one)]
    return dsf_cli([*command.split(), *settings, *words])


def test_the_command_line_begins_with_a_version_and_refuses_another_network(
    tmp_path, monkeypatch, capfd
):
    monkeypatch.chdir(ROOT)
    one = ("--set", "trainer_config.max_epochs=1")
    assert call(tmp_path, "split") == 0
    assert call(tmp_path, "fit", *one) == 0
    capfd.readouterr()
    wider = ("--set", "model_config.channels=5")
    assert call(tmp_path, "run", "--warm-start-run-id", "v1", *one, *wider) == 2
    said = capfd.readouterr().err
    assert "model_config.channels: was 4 there, is 5 here" in said
    assert "network.0.weight: has the shape (4, 1, 3, 3) there, (5, 1, 3, 3) here" in said
    assert "--warm-start-run-id v1" in said  # how to go on
    assert not (tmp_path / "v2" / "2_fit").exists()
    again = ("--run-dir", str(tmp_path / "v2"), "--warm-start-run-id", "v1")
    assert call(tmp_path, "step fit", *again, *one) == 0
    assert call(tmp_path, "step test", *again, *one) == 0
    capfd.readouterr()
    assert call(tmp_path, "run", "--resume", *again, *one) == 0
    assert "fit      skipped" in capfd.readouterr().err


# ------------------------------------------------------------------ killed fits


@pytest.fixture(scope="module")
def older(output: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run to begin with, which may be put aside."""
    folder = tmp_path_factory.mktemp("older") / "v1"
    return Path(shutil.copytree(output / "v1", folder))


@pytest.fixture(scope="module")
def warm_run(nursery: Nursery, older: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that began with another one, and that nothing happened to."""
    run = tmp_path_factory.mktemp("undisturbed_warm") / "v1"
    assert nursery.do(run, {SOURCE: str(older)})["exit"] == 0, nursery.log.read_text()
    return run


def test_a_killed_fit_goes_on_from_its_own_checkpoint(nursery, older, warm_run, tmp_path):
    killing = Killing(nursery, warm_run, tmp_path, "fit", env={SOURCE: str(older)})
    events = killing.events()
    kept = json.loads((warm_run / "2_fit" / "fit.json").read_text())["warm_start"]
    assert kept["run"] == str(older)
    [begun] = killing.renames(events, "warm_start.json")
    first, second, _ = killing.renames(events, "last.ckpt")
    killing.kill_and_go_on([begun, begun + 1, first], events)
    death = killing.kill(kill_at=second)
    assert death.exit == KILLED == -signal.SIGKILL
    aside = older.with_name("aside")
    older.rename(aside)  # whoever read the weights again would miss it
    try:
        killing.go_on(death, to_the_end=False)
    finally:
        aside.rename(older)
