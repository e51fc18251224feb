"""A fit that is stopped within an epoch goes on there, and ends as if never stopped."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import EarlyStopping
from torch import nn
from torch.utils.data import Dataset

from dsf.core.errors import ConfigError, RunMismatchError, TrainingError
from dsf.data.encoding import EncodedTexts
from dsf.lightning import (
    DataModule,
    LastCheckpoint,
    TokenDataModule,
    TokenRows,
    build_schedule,
    build_trainer,
)

CONFIG = {"batch_size": 4, "max_tokens": None, "num_workers": 0, "seed": 3}


def rows_of(count, seed=0):
    random = np.random.default_rng(seed)
    offsets = np.concatenate([[0], np.cumsum(random.integers(1, 10, count))])
    ids = random.integers(0, 50, offsets[-1]).astype(np.int32)
    encoded = EncodedTexts(ids=ids, offsets=offsets, truncated=0)
    return TokenRows(encoded, {"targets": random.integers(0, 3, count), "rows": np.arange(count)})


class Model(pl.LightningModule):
    """A bag of embeddings with dropout: what it becomes depends on every batch and every draw."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.bag = nn.EmbeddingBag(50, 8, mode="mean")
        self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(8, 3))
        self.seen, self.validated = [], []

    def forward(self, batch):
        starts = batch["lengths"].cumsum(0) - batch["lengths"]
        return nn.functional.cross_entropy(
            self.head(self.bag(batch["input_ids"], starts)), batch["targets"]
        )

    def training_step(self, batch, batch_idx):
        self.seen.append((self.current_epoch, batch_idx, batch["rows"].tolist()))
        return self(batch)

    def validation_step(self, batch, batch_idx):
        self.log("val_loss", self(batch), batch_size=len(batch["lengths"]))

    def on_validation_epoch_end(self):
        if not self.trainer.sanity_checking:
            self.validated.append(self.global_step)

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=0.05)
        steps = self.trainer.estimated_stepping_batches
        schedule = build_schedule(optimizer, "linear", 2, steps)
        return [optimizer], [{"scheduler": schedule, "interval": "step"}]


class StopAt(pl.Callback):
    """Ends the process's fit as a kill would: nothing more is written."""

    def __init__(self, epoch, batch, draws=7):
        self.place, self.draws = (epoch, batch), draws

    def on_train_batch_start(self, trainer, pl_module, batch, batch_idx):
        if (trainer.current_epoch, batch_idx) == self.place:
            raise InterruptedError

    def on_train_batch_end(self, trainer, pl_module, outputs, batch, batch_idx):
        torch.rand(self.draws)  # what others draw between the steps shifts no dropout


def fit(
    folder,
    *,
    resume=False,
    callbacks=(),
    pace=2,
    model=None,
    data=None,
    config=None,
    **trainer_config,
):
    model = model or Model()
    data = data or TokenDataModule(CONFIG | (config or {}), rows_of(30), rows_of(11, seed=1))
    defaults = {"max_epochs": 3, "accelerator": "cpu", "logger": False}
    trainer = build_trainer(
        defaults
        | {"enable_model_summary": False, "callbacks": [LastCheckpoint(pace), *callbacks]}
        | trainer_config,
        folder,
    )
    last = folder / "checkpoints" / "last.ckpt"
    trainer.fit(model, data, ckpt_path=last if resume else None, weights_only=True)
    return model


def read_history(folder):
    with (folder / "history.csv").open() as file:
        return list(csv.DictReader(file))


def load(folder, name="last"):
    return torch.load(folder / "checkpoints" / f"{name}.ckpt", weights_only=True)


def assert_same(one, other):
    """Two fits ended with the same history, weights, optimizer and schedule."""
    assert (one / "history.csv").read_bytes() == (other / "history.csv").read_bytes()
    for name in ("best", "last"):
        first, second = load(one, name), load(other, name)
        for part in ("state_dict", "optimizer_states", "lr_schedulers"):
            torch.testing.assert_close(first[part], second[part], rtol=0, atol=0)
        assert first["loops"]["fit_loop"] == second["loops"]["fit_loop"]


def stop_and_go_on(folder, place, **options):
    with pytest.raises(InterruptedError):
        fit(folder, callbacks=[StopAt(*place)], **options)
    moved = folder.with_name("moved")
    folder.rename(moved)  # a run may be moved in between
    return moved, fit(moved, resume=True, **options)


@pytest.mark.parametrize("accumulate", [1, 2])
@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("place", [(0, 5), (1, 0), (1, 3), (2, 7)])
def test_a_fit_goes_on_in_the_middle_of_an_epoch(tmp_path, place, workers, accumulate):
    options = {"config": {"num_workers": workers}, "accumulate_grad_batches": accumulate}
    whole = fit(tmp_path / "whole", **options)
    moved, resumed = stop_and_go_on(tmp_path / "stopped", place, **options)
    assert_same(tmp_path / "whole", moved)
    assert resumed.seen == whole.seen[-len(resumed.seen) :]
    repeated = len(resumed.seen) - (len(whole.seen) - (8 * place[0] + place[1]))
    assert 0 <= repeated < 2 * accumulate  # learned again: less than the pace


@pytest.mark.parametrize("place", [(0, 12), (1, 6), (1, 12), (2, 15)])
def test_it_does_so_when_the_number_of_batches_changes(tmp_path, place):
    options = {"config": {"max_tokens": 14}, "accumulate_grad_batches": 2}
    whole = fit(tmp_path / "whole", **options)
    assert [sum(seen[0] == epoch for seen in whole.seen) for epoch in range(3)] == [15, 14, 16]
    moved, resumed = stop_and_go_on(tmp_path / "stopped", place, **options)
    assert_same(tmp_path / "whole", moved)
    assert resumed.seen == whole.seen[-len(resumed.seen) :]


def test_it_does_so_again_and_again(tmp_path):
    fit(tmp_path / "whole")
    folder = tmp_path / "stopped"
    for count, place in enumerate([(0, 3), (0, 6), (0, 7), (1, 1), (1, 4), (2, 2)]):
        with pytest.raises(InterruptedError):
            fit(folder, callbacks=[StopAt(*place)], resume=count > 0)
    fit(folder, resume=True)
    assert_same(tmp_path / "whole", folder)


def test_saving_within_an_epoch_changes_nothing_else(tmp_path):
    fit(tmp_path / "often", pace=1)
    fit(tmp_path / "rarely", pace=None)
    assert_same(tmp_path / "often", tmp_path / "rarely")


@pytest.mark.parametrize("accumulate", [1, 2])
@pytest.mark.parametrize("place", [(1, 4), (1, 5)])
def test_validation_within_an_epoch_is_not_left_out(tmp_path, place, accumulate):
    options = {"val_check_interval": 4, "accumulate_grad_batches": accumulate, "pace": 1}
    whole = fit(tmp_path / "whole", **options)
    moved, resumed = stop_and_go_on(tmp_path / "stopped", place, **options)
    assert_same(tmp_path / "whole", moved)
    assert resumed.validated == whole.validated[-len(resumed.validated) :]
    # What followed upon the fourth batch is done again, unless the fifth was learned from.
    done_again = 4 if place == (1, 4) or accumulate == 2 else 3
    assert len(resumed.validated) == done_again


def test_a_last_step_within_an_epoch_ends_it(tmp_path):
    for pace in (1, None):
        fit(tmp_path / str(pace), max_epochs=9, max_steps=11, pace=pace)
    assert load(tmp_path / "1")["global_step"] == 11
    assert_same(tmp_path / "1", tmp_path / "None")


def test_early_stopping_counts_on(tmp_path):
    def options():
        stop = EarlyStopping("val_loss", patience=1, min_delta=9.0, mode="min")
        return {"max_epochs": 9, "callbacks": [stop]}

    fit(tmp_path / "whole", **options())
    again = options()
    again["callbacks"].append(StopAt(1, 5))
    with pytest.raises(InterruptedError):
        fit(tmp_path / "stopped", **again)
    fit(tmp_path / "stopped", resume=True, **options())
    assert len(read_history(tmp_path / "whole")) == 2
    assert_same(tmp_path / "whole", tmp_path / "stopped")


def test_the_rest_of_an_epoch_is_not_mixed_with_other_batches(tmp_path):
    with pytest.raises(InterruptedError):
        fit(tmp_path, callbacks=[StopAt(1, 5)])
    with pytest.raises(RunMismatchError, match=r"stopped after batch 4 of an epoch"):
        fit(tmp_path, resume=True, config={"batch_size": 5})
    fit(tmp_path, resume=True)
    assert len(read_history(tmp_path)) == 3


def test_between_epochs_the_batches_may_change(tmp_path):
    fit(tmp_path, max_epochs=1)
    fit(tmp_path, max_epochs=2, resume=True, config={"batch_size": 5})
    assert [row["step"] for row in read_history(tmp_path)] == ["8", "14"]


def test_a_state_with_a_bad_loss_is_not_kept(tmp_path):
    class Breaks(Model):
        def training_step(self, batch, batch_idx):
            loss = super().training_step(batch, batch_idx)
            return loss * float("nan") if (self.current_epoch, batch_idx) == (1, 2) else loss

    with pytest.raises(TrainingError, match="must be a finite number"):
        fit(tmp_path, model=Breaks(), pace=1)
    kept = load(tmp_path)
    assert kept["global_step"] == 10
    assert all(bool(value.isfinite().all()) for value in kept["state_dict"].values())


class NoisyRows(Dataset):
    """Rows that draw a part of themselves while they are loaded."""

    def __len__(self):
        return 30

    def __getitem__(self, row):
        return {"x": torch.randn(4) + row, "row": row}


class Plain(Model):
    """Learns from rows of numbers."""

    def __init__(self):
        super().__init__()
        self.bag = nn.Linear(4, 8)

    def forward(self, batch):
        return self.head(self.bag(batch["x"])).square().mean()

    def training_step(self, batch, batch_idx):
        self.seen.append((self.current_epoch, batch_idx, batch["row"].tolist()))
        return self(batch)

    def validation_step(self, batch, batch_idx):
        self.log("val_loss", self.head[1].weight.sum(), batch_size=1)


@pytest.mark.parametrize("place", [(0, 3), (1, 0), (2, 7)])
def test_rows_of_any_kind_go_on_too(tmp_path, place):
    def options():
        return {"model": Plain(), "data": DataModule(CONFIG, NoisyRows(), NoisyRows())}

    whole = fit(tmp_path / "whole", **options())
    with pytest.raises(InterruptedError):
        fit(tmp_path / "stopped", callbacks=[StopAt(*place, draws=0)], **options())
    resumed = fit(tmp_path / "stopped", resume=True, **options())
    assert_same(tmp_path / "whole", tmp_path / "stopped")
    assert resumed.seen == whole.seen[-len(resumed.seen) :]
    assert len(resumed.seen) < len(whole.seen)


@pytest.mark.parametrize("place", [(0, 3), (1, 4)])
def test_the_scores_of_an_epoch_count_its_rows_from_before(request, tmp_path, place):
    fit_model = request.getfixturevalue("fit")
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    fit_model(folder=whole, callbacks=[LastCheckpoint(2)])
    with pytest.raises(InterruptedError):
        fit_model(folder=stopped, callbacks=[LastCheckpoint(2), StopAt(*place, draws=0)])
    last = stopped / "checkpoints" / "last.ckpt"
    fit_model(folder=stopped, callbacks=[LastCheckpoint(2)], resume_from=last)
    assert "train_accuracy" in read_history(whole)[0]
    assert_same(whole, stopped)


@pytest.mark.slow
def test_several_processes_go_on_together(tmp_path):
    def run(*words):
        return subprocess.run(
            [sys.executable, str(Path(__file__).with_name("ddp_fit.py")), *map(str, words)],
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    assert run(tmp_path / "whole", "new").returncode == 0
    stopped = run(tmp_path / "stopped", "new", 1, 6)
    assert "InterruptedError" in stopped.stderr
    assert load(tmp_path / "stopped")["TokenDataModule"]["batch"] == 4
    assert run(tmp_path / "stopped", "resume").returncode == 0
    assert_same(tmp_path / "whole", tmp_path / "stopped")


@pytest.mark.parametrize("pace", [0, -3])
def test_a_pace_below_one_is_refused(pace):
    with pytest.raises(ConfigError, match="every_n_train_steps: must be at least 1"):
        LastCheckpoint(pace)
