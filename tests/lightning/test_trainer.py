"""What is added to ``pl.Trainer``: checkpoints, history, seeds, the right side, resume."""

import csv

import pytest
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint

from dsf.core.errors import ConfigError, RunMismatchError
from dsf.lightning import BestCheckpoint, build_tester, build_trainer


def read_history(folder):
    with (folder / "history.csv").open() as file:
        return list(csv.DictReader(file))


def test_a_fit_leaves_best_and_last_and_a_history(fit, tmp_path):
    trainer = fit()
    names = sorted(path.name for path in (tmp_path / "checkpoints").iterdir())
    assert names == ["best.ckpt", "last.ckpt"]
    rows = read_history(tmp_path)
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    assert [row["step"] for row in rows] == ["5", "10", "15"]
    wanted = {"learning_rate", "train_loss", "val_loss", "train_accuracy", "val_f1"}
    assert wanted <= rows[0].keys()
    best = min(float(row["val_loss"]) for row in rows)
    assert float(trainer.checkpoint_callback.best_model_score) == pytest.approx(best)


def test_loggers_write_into_the_run(fit, tmp_path):
    fit(logger=True, log_every_n_steps=1)
    assert list((tmp_path / "tensorboard").glob("events.out.tfevents.*"))
    assert (tmp_path / "csv" / "metrics.csv").is_file()


def test_a_configured_checkpoint_is_kept_in_the_run(fit, tmp_path):
    own = ModelCheckpoint(monitor="val_f1", mode="max", filename="mine")
    trainer = fit(callbacks=[own])
    assert trainer.checkpoint_callback is own
    names = sorted(path.name for path in (tmp_path / "checkpoints").iterdir())
    assert names == ["last.ckpt", "mine.ckpt"]


@pytest.mark.parametrize(
    ("callback", "message"),
    [
        (EarlyStopping("val_loss", mode="max"), "'val_loss' with mode 'min', but has 'max'"),
        (BestCheckpoint("val_accuracy", mode="min"), "'val_accuracy' with mode 'max'"),
    ],
)
def test_the_wrong_side_is_refused(tmp_path, callback, message):
    with pytest.raises(ConfigError, match=message):
        build_trainer({"callbacks": [callback], "logger": False}, tmp_path)


def test_early_stopping_stops(fit):
    trainer = fit(
        max_epochs=200,
        callbacks=[EarlyStopping("val_loss", patience=2, min_delta=0.5, mode="min")],
    )
    assert trainer.current_epoch == 3


def test_a_test_uses_one_process_and_no_fit_callbacks(tmp_path):
    config = {"devices": 4, "strategy": "ddp", "callbacks": [EarlyStopping("val_loss")]}
    tester = build_tester(config | {"accelerator": "cpu"}, tmp_path)
    assert tester.num_devices == 1
    assert not tester.early_stopping_callbacks
    assert not tester.checkpoint_callbacks


def test_the_same_seed_gives_the_same_weights(fit, tmp_path):
    def weights(folder):
        fit(folder=tmp_path / folder)
        path = tmp_path / folder / "checkpoints" / "last.ckpt"
        return torch.load(path, weights_only=True)["state_dict"]

    first, second = weights("a"), weights("b")
    assert all(torch.equal(first[name], second[name]) for name in first)


class StopAfter(pl.Callback):
    """Ends the process's fit as a kill would: nothing more is written."""

    def __init__(self, epoch):
        self.epoch = epoch

    def on_train_epoch_start(self, trainer, pl_module):
        if trainer.current_epoch == self.epoch:
            raise InterruptedError


@pytest.mark.parametrize("epoch", [0, 1, 2, 4])
def test_a_fit_that_goes_on_ends_as_if_never_stopped(fit, tmp_path, epoch):
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    fit(folder=whole, max_epochs=5)
    with pytest.raises(InterruptedError):
        fit(folder=stopped, max_epochs=5, callbacks=[StopAfter(epoch)])
    moved = tmp_path / "moved"  # a run may be moved in between
    stopped.mkdir(exist_ok=True)
    stopped.rename(moved)
    last = moved / "checkpoints" / "last.ckpt"
    trainer = fit(folder=moved, max_epochs=5, resume_from=last if last.is_file() else None)

    assert trainer.current_epoch == 5
    assert (whole / "history.csv").read_bytes() == (moved / "history.csv").read_bytes()
    for name in ("best.ckpt", "last.ckpt"):
        one, other = (
            torch.load(folder / "checkpoints" / name, weights_only=True)["state_dict"]
            for folder in (whole, moved)
        )
        assert all(torch.equal(one[key], other[key]) for key in one)


def test_all_checkpoints_of_an_epoch_know_its_history(fit, tmp_path):
    own = ModelCheckpoint(dirpath=tmp_path / "own", filename="own", save_last=True)
    fit(callbacks=[BestCheckpoint(), own])
    for name in ("checkpoints/best.ckpt", "checkpoints/last.ckpt", "own/own.ckpt", "own/last.ckpt"):
        kept = torch.load(tmp_path / name, weights_only=True)
        assert kept["callbacks"]["History"]["rows"][-1]["step"] == kept["global_step"], name


def test_a_fit_with_no_epoch_left_has_the_history_of_its_checkpoint(fit, tmp_path):
    fit(folder=tmp_path / "first")
    fit(folder=tmp_path / "other", resume_from=tmp_path / "first" / "checkpoints" / "last.ckpt")
    first, other = (tmp_path / folder / "history.csv" for folder in ("first", "other"))
    assert other.read_bytes() == first.read_bytes()


def test_a_fit_that_had_stopped_early_stays_stopped(fit, tmp_path):
    stop = {"callbacks": [EarlyStopping("val_loss", patience=2, min_delta=0.5, mode="min")]}
    fit(max_epochs=50, **stop)
    before = (tmp_path / "history.csv").read_bytes()
    stop = {"callbacks": [EarlyStopping("val_loss", patience=2, min_delta=0.5, mode="min")]}
    fit(max_epochs=50, resume_from=tmp_path / "checkpoints" / "last.ckpt", **stop)
    assert (tmp_path / "history.csv").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04 half a checkpoint"])
def test_a_fit_does_not_go_on_from_a_damaged_checkpoint(fit, tmp_path, content):
    last = tmp_path / "last.ckpt"
    last.write_bytes(content)
    with pytest.raises(RunMismatchError, match=r"last\.ckpt: must be a whole .* Take it away"):
        fit(resume_from=last)


def test_deterministic_fits_do_not_fill_new_memory(fit):
    try:
        fit(deterministic=True)
        assert torch.are_deterministic_algorithms_enabled()
        assert not torch.utils.deterministic.fill_uninitialized_memory
    finally:
        torch.use_deterministic_algorithms(False)
