"""`dsf-cli train` with a checkpoint of another run: best model, history, rows and settings."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.conftest import Answer

MODULE = "trainer_config.lightning_module_config"
DATA = "trainer_config.data_module_config"
EPOCHS = "trainer_config.kwargs.max_epochs"
UPHILL = (  # the loss grows, so that the first epoch is the best
    f"{MODULE}.optimizer={{module: torch.optim, func: SGD, kwargs: {{lr: 0.05, maximize: true}}}}"
)
EVERY = "trainer_config.callbacks.1.kwargs.save_top_k=-1"  # or last.ckpt is that of the best epoch
OWN = """
from pathlib import Path
import pytorch_lightning as pl

class StopOnce(pl.Callback):
    def on_train_epoch_start(self, trainer, pl_module):
        if trainer.current_epoch == 2 and not Path("stopped").exists():
            Path("stopped").touch()
            raise KeyboardInterrupt
"""
BEGIN = (f"{DATA}.state_file=null", "trainer_config.loggers=[]", UPHILL, EVERY)
LAST = "dirpath/last.ckpt"

Train = "Callable[..., Answer]"


@pytest.fixture
def train(workplace: Path, call: Callable[..., Answer]) -> Train:
    """Train without state file and loggers, until the first epoch that is not the best."""
    assert workplace == Path.cwd()

    def do(file: str, *settings: str) -> Answer:
        of_yaml = file == "conf.yaml"
        begin = [*BEGIN, f"{EPOCHS}=2"]
        options = [*(begin if of_yaml else []), *settings]
        words = [word for setting in options for word in ("--set", setting)]
        goes_on = () if of_yaml else ("--check-point", "True")
        return call("train", "--file-path", file, *goes_on, *words)

    return do


def fit_of(run: str) -> Path:
    return Path("training_output") / run / "2_fit"


def history(run: str) -> pd.DataFrame:
    return pd.read_csv(fit_of(run) / "history.csv")


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def weights(path: Path | str) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = torch.load(path, weights_only=True)["state_dict"]
    return found


def same(one: Path | str, other: Path | str) -> bool:
    first, second = weights(one), weights(other)
    return all(torch.equal(first[name], second[name]) for name in first)


def test_a_new_run_has_the_best_model_and_the_history_of_the_old_one(train: Train) -> None:
    assert train("conf.yaml").code == 0
    described = read(fit_of("v1") / "fit.json")
    assert (described["epochs"], described["best"]["epoch"]) == (2, 0)
    answer = train(LAST)
    assert answer.code == 0, answer.err
    check_copy_of_first("v2")
    assert "nothing left to train: the 2 epochs that were done" in answer.err
    assert "is gone" not in answer.err

    shutil.rmtree("training_output")  # the YAML's own checkpoint of the same epoch is left
    assert train(LAST).code == 0
    best = fit_of("v1") / "checkpoints" / "best.ckpt"
    assert same(best, "dirpath/checkpoint.ckpt")
    assert not same(best, LAST)

    shutil.rmtree("training_output")
    Path("dirpath/checkpoint.ckpt").unlink()
    check_that_the_loss_is_told(train)


def check_copy_of_first(run: str) -> None:
    first, other = fit_of("v1"), fit_of(run)
    assert (other / "history.csv").read_bytes() == (first / "history.csv").read_bytes()
    assert read(other / "fit.json") == read(first / "fit.json")
    assert same(first / "checkpoints" / "best.ckpt", other / "checkpoints" / "best.ckpt")
    tested = [read(folder.parent / "3_test" / "metrics.json") for folder in (first, other)]
    assert tested[0] == tested[1]


def check_that_the_loss_is_told(train: Train) -> None:
    """The best model is nowhere: the checkpoint is the best one, as long as none is better."""
    answer = train(LAST, f"{EPOCHS}=3", f"{MODULE}.optimizer.kwargs.lr=0.01")
    assert answer.code == 0, answer.err
    assert "the best model that" in answer.err
    assert history("v1")["epoch"].tolist() == [0, 1, 2]
    assert history("v1")["learning_rate"].tolist() == pytest.approx([0.05, 0.05, 0.01])
    best = read(fit_of("v1") / "fit.json")["best"]
    assert best == {"epoch": 1, "monitor": "val_loss", "score": history("v1")["val_loss"][1]}
    rates = read(fit_of("v1").parent / "3_test" / "rates.json")
    assert rates["metrics"]["number_samples"] == 9


def test_other_rows_are_refused_and_leave_nothing(train: Train) -> None:
    assert train("conf.yaml", f"{EPOCHS}=1").code == 0
    path = Path("data/toxic_multi_class.csv")
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "c999,Nice.,0,0\n", encoding="utf-8")
    refused = train(LAST, f"{DATA}.state_file=other.bin")
    assert refused.code == 2
    assert "the data set is another one: the hash of all its rows" in refused.err
    assert "or train anew with the YAML file" in refused.err
    assert [folder.name for folder in Path("training_output").iterdir()] == ["v1"]
    assert not Path("other.bin").exists()
    shutil.copy(path, "moved.csv")
    Path("moved.csv").write_text(text, encoding="utf-8")  # the same rows, elsewhere
    moved = train(LAST, f"{DATA}.load_data.kwargs.file_path=moved.csv")
    assert moved.code == 0, moved.err


def test_another_split_is_refused_before_anything_is_removed(
    train: Train, call: Callable[..., Answer]
) -> None:
    assert train("conf.yaml", f"{EPOCHS}=1").code == 0
    before = sorted(path for path in fit_of("v1").rglob("*"))
    for setting, told in {
        f"{DATA}.split.kwargs.random_state=7": "dataset_config.seed: 42 -> 7",
        f"{DATA}.split={{module: numpy, func: array_split}}": "dataset_config.hooks.split",
    }.items():
        words = [word for option in (*BEGIN, setting) for word in ("--set", option)]
        refused = call("train", "--file-path", "conf.yaml", "--check-point", "True", *words)
        assert refused.code == 2
        assert told in refused.err
        assert "start a new run with --check-point False" in refused.err
        assert sorted(path for path in fit_of("v1").rglob("*")) == before


def test_the_command_that_goes_on_does_so(
    workplace: Path, train: Train, call: Callable[..., Answer], own: str
) -> None:
    stopping = f"trainer_config.callbacks.0={{class_path: {own}.StopOnce}}"
    assert train("conf.yaml", f"{EPOCHS}=1", stopping).code == 0
    stopped = train(LAST, f"{EPOCHS}=3")
    assert stopped.code == 130, stopped.err
    command = next(line.strip() for line in stopped.err.splitlines() if "dsf-cli train" in line)
    assert command == (
        "dsf-cli train --file-path training_output/v2/2_fit.work/checkpoints/last.ckpt "
        f"--check-point True --set {EPOCHS}=3"
    )
    went_on = call(*command.split()[1:])
    assert went_on.code == 0, went_on.err
    assert "fit      goes on where it was stopped" in went_on.err
    assert history("v2")["epoch"].tolist() == [0, 1, 2]
    assert sorted(folder.name for folder in Path("training_output").iterdir()) == ["v1", "v2"]
    assert (workplace / "stopped").exists()


@pytest.fixture
def own(workplace: Path) -> Iterator[str]:
    """A module of the user's in the working folder."""
    name = f"own_{workplace.name}"
    (workplace / f"{name}.py").write_text(OWN, encoding="utf-8")
    yield name
    sys.modules.pop(name, None)
