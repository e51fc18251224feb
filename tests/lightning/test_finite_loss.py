"""A fit whose loss is no number any more stops, says why, and spoils nothing."""

import pytest
import pytorch_lightning as pl
import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset

from dsf.core.errors import TrainingError
from dsf.lightning import PlModel, build_trainer


class BadAt(pl.Callback):
    """Spoils the weights at a step, as a step that was too large does."""

    def __init__(self, step):
        self.step = step

    def on_train_batch_start(self, trainer, pl_module, batch, batch_idx):
        if trainer.global_step == self.step:
            with torch.no_grad():
                next(iter(pl_module.parameters())).fill_(float("nan"))


def steps_of(caught):
    """Give the epoch and the step that the message names."""
    words = str(caught.value).replace(",", " ").split()
    return int(words[words.index("epoch") + 1]), int(words[words.index("step") + 1])


def test_a_learning_rate_that_is_too_large_is_suspected(fit, make_model, tmp_path):
    with pytest.raises(TrainingError) as caught:
        fit(model=make_model(learning_rate=1e30, schedule="constant"), max_epochs=1000)
    message = str(caught.value)
    assert message.startswith("The loss must be a finite number, but is ")
    assert "in epoch 0, step " in message
    assert "(learning rate 1e+30)" in message
    assert "model_config.learning_rate: may be too large" in message
    assert "loss_function: must not divide by 0" in message
    assert "precision" not in message
    assert not list(tmp_path.rglob("*.ckpt"))


@pytest.mark.parametrize(
    ("value", "word"), [(float("nan"), "nan"), (float("inf"), "infinity"), (-1e400, "infinity")]
)
@pytest.mark.parametrize("part", ["training", "validation"])
def test_rows_that_cannot_be_computed_with_are_named(fit, sets, value, word, part):
    sets[part == "validation"].tensors[0][7, 2] = value
    with pytest.raises(TrainingError) as caught:
        fit()
    message = str(caught.value)
    assert f"{part} rows: must be finite numbers, but rows [7] hold {word}. Mend the" in message
    assert "learning_rate:" not in message
    assert "The val_loss must" in message if part == "validation" else "The loss must" in message


def test_the_first_bad_step_is_named_and_the_epoch_before_is_kept(fit, tmp_path):
    last = tmp_path / "checkpoints" / "last.ckpt"
    with pytest.raises(TrainingError) as caught:
        fit(max_epochs=9, callbacks=[BadAt(step=13)])  # five steps an epoch
    assert steps_of(caught) == (2, 14)
    checkpoint = torch.load(last, weights_only=True)
    assert checkpoint["epoch"] == 1
    assert all(weight.isfinite().all() for weight in checkpoint["state_dict"].values())
    assert (tmp_path / "history.csv").read_text().count("\n") == 3


@pytest.mark.parametrize(
    ("pace", "looks_at"),
    [(1, 3), (2, 5), (20, 5)],  # the second look that finds a bad loss; or the epoch's end
)
def test_two_bad_looks_in_a_row_stop_at_once(fit, pace, looks_at):
    steps = []

    class Count(pl.Callback):
        def on_train_batch_start(self, trainer, pl_module, batch, batch_idx):
            steps.append(batch_idx)

    with pytest.raises(TrainingError) as caught:
        fit(callbacks=[BadAt(step=1), Count()], log_every_n_steps=pace)
    assert steps_of(caught) == (0, 2)
    assert len(steps) == looks_at


def test_a_single_bad_batch_ends_the_fit_with_its_epoch(fit, make_model, model_config):
    """Mixed precision may skip a step whose numbers were too large."""

    class SkipsOne(PlModel):
        def training_step(self, batch, batch_idx):
            loss = super().training_step(batch, batch_idx)
            return torch.tensor(torch.inf, requires_grad=True) if batch_idx == 1 else loss

    model = SkipsOne(make_model().network, model_config, {})
    with pytest.raises(TrainingError, match="but is inf in epoch 0, step 2 ") as caught:
        fit(model=model, log_every_n_steps=1)
    assert "no nan or infinity was found" in str(caught.value)
    assert model.trainer.global_step == 5


class Plain(pl.LightningModule):
    """Somebody's own module: it gives a loss and logs only ``val_loss``."""

    def __init__(self, by_hand=False):
        super().__init__()
        self.layer, self.automatic_optimization = nn.Linear(4, 3), not by_hand

    def training_step(self, batch, batch_idx):
        loss = nn.functional.cross_entropy(self.layer(batch[0]), batch[1])
        if self.automatic_optimization:
            return loss
        optimizer = self.optimizers()
        optimizer.zero_grad()
        self.manual_backward(loss)
        optimizer.step()
        return None

    def validation_step(self, batch, batch_idx):
        self.log("val_loss", nn.functional.cross_entropy(self.layer(batch[0]), batch[1]))

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.1)


@pytest.mark.parametrize(("by_hand", "name"), [(False, "loss"), (True, "val_loss")])
def test_any_module_is_watched(fit, by_hand, name):
    fit(model=Plain(by_hand))
    with pytest.raises(TrainingError, match=f"The {name} must be a finite number, but is nan in"):
        fit(model=Plain(by_hand), callbacks=[BadAt(step=2)], max_epochs=9)


class Stream(IterableDataset):
    """Rows that come only in a row, as dicts; the last batches are bad."""

    def __iter__(self):
        for number in range(40):
            bad = torch.nan if number >= 24 else 0.0
            yield {"inputs": torch.full((4,), bad), "target": number % 3}


def test_a_stream_of_rows_is_looked_at_by_the_batch(tmp_path):
    class OfDicts(Plain):
        validation_step = pl.LightningModule.validation_step

        def training_step(self, batch, batch_idx):
            return super().training_step((batch["inputs"], batch["target"]), batch_idx)

    settings = {"accelerator": "cpu", "logger": False, "log_every_n_steps": 1}
    settings |= {"enable_model_summary": False, "limit_val_batches": 0, "max_epochs": 1}
    trainer = build_trainer(settings, tmp_path)
    with pytest.raises(TrainingError, match=r"training rows: .* but a batch holds nan"):
        trainer.fit(OfDicts(), DataLoader(Stream(), batch_size=8))


def test_a_small_range_of_numbers_is_suspected(fit, tmp_path):
    settings = {"precision": "16-true", "callbacks": [BadAt(step=1)]}
    with pytest.raises(TrainingError, match=r"trainer_config\.precision: '16-true' ends at 65504"):
        fit(**settings)


def test_many_bad_rows_are_cut_short(fit, sets):
    sets[0].tensors[0][2:] = torch.nan
    sets[0].tensors[0][5] = torch.inf
    with pytest.raises(TrainingError, match=r"rows \[2, 3, 4, 5, 6, …\] hold infinity and nan"):
        fit()
