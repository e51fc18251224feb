"""What a step of our fit costs beside a bare torch loop and plain Lightning.

    python -m benchmarks.overhead [--rounds 5] [--rows 20000] [--epochs 2] [--batch-size 32]
                                     [--threads 1]

The three train the same networks on the same rows with the same optimizer and schedule, validate
after every epoch, and take turns in one process. Plain Lightning is what its user would write: a
module that logs the loss of every step and the accuracy, a data loader, the default checkpoint and
a CSV logger. Ours does more: four scores of both parts, best and last checkpoint written whole,
history, seeds of epochs, TensorBoard and CSV. Printed: microseconds per training step, everything
from the first batch to the last validation counted, and the ratios, round by round.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import tempfile
import time
import warnings
from typing import TYPE_CHECKING

import pytorch_lightning as pl
import torch
from pytorch_lightning.loggers import CSVLogger
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset
from torchmetrics.classification import MulticlassAccuracy

from dsf.core.config import resolve_config
from dsf.lightning import DataModule, PlModel, build_trainer

if TYPE_CHECKING:
    from collections.abc import Callable

CLASSES = 10


def make_small() -> nn.Module:
    """An embedding's worth of work: where overhead shows most."""
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, CLASSES))


def make_convolutional() -> nn.Module:
    """The network of the reference project."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.25),
        nn.Linear(64 * 4 * 4, CLASSES),
    )


NETWORKS = {"small (2,410 weights)": make_small, "reference project's": make_convolutional}


def make_rows(rows: int, seed: int) -> TensorDataset:
    """Make images that a network can learn something from."""
    generator = torch.Generator().manual_seed(seed)
    targets = torch.randint(0, CLASSES, (rows,), generator=generator)
    images = torch.randn(rows, 1, 8, 8, generator=generator)
    images.view(rows, -1)[torch.arange(rows), targets] += 2.0
    return TensorDataset(images, targets)


def make_optimizer(network: nn.Module, steps: int) -> tuple[torch.optim.Optimizer, LambdaLR]:
    """Make what all three use: fused AdamW and a linear way down."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.01, fused=True)
    return optimizer, LambdaLR(optimizer, lambda step: max(0.0, 1.0 - step / steps))


class Setting:
    """What is trained, and on what."""

    def __init__(self, make: Callable[[], nn.Module], arguments: argparse.Namespace) -> None:
        self.make = make
        self.epochs, self.batch_size = arguments.epochs, arguments.batch_size
        self.train = make_rows(arguments.rows, seed=0)
        self.validation = make_rows(max(1, arguments.rows // 10), seed=1)
        self.steps = self.epochs * -(-arguments.rows // self.batch_size)


def time_bare(setting: Setting) -> float:
    """Train by a loop that anyone could write; seconds."""
    network = setting.make().train()
    optimizer, schedule = make_optimizer(network, setting.steps)
    batches = DataLoader(setting.train, setting.batch_size, shuffle=True)
    begin = time.perf_counter()
    for _ in range(setting.epochs):
        for images, targets in batches:
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(images), targets).backward()
            optimizer.step()
            schedule.step()
        network.eval()
        with torch.no_grad():
            for images, targets in DataLoader(setting.validation, setting.batch_size):
                nn.functional.cross_entropy(network(images), targets)
        network.train()
    return time.perf_counter() - begin


class PlainModule(pl.LightningModule):
    """What a user of Lightning writes."""

    def __init__(self, network: nn.Module, steps: int) -> None:
        super().__init__()
        self.network, self.steps = network, steps
        self.accuracy = MulticlassAccuracy(CLASSES)

    def training_step(self, batch: list[Tensor], batch_idx: int) -> Tensor:
        images, targets = batch
        loss = nn.functional.cross_entropy(self.network(images), targets)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch: list[Tensor], batch_idx: int) -> None:
        images, targets = batch
        logits = self.network(images)
        self.accuracy(logits, targets)
        self.log("val_loss", nn.functional.cross_entropy(logits, targets))
        self.log("val_accuracy", self.accuracy)

    def configure_optimizers(self) -> dict[str, object]:
        optimizer, schedule = make_optimizer(self.network, self.steps)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }


class Clock(pl.Callback):
    """Takes the time from the first batch to the end of the last epoch."""

    seconds = 0.0

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        self.begin = time.perf_counter()

    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        self.seconds = time.perf_counter() - self.begin


def common_arguments(setting: Setting, clock: Clock) -> dict[str, object]:
    """Give the arguments that both Lightning fits are run with."""
    return {
        "max_epochs": setting.epochs,
        "accelerator": "cpu",
        "devices": 1,
        "callbacks": [clock],
        "enable_progress_bar": False,
        "enable_model_summary": False,
        "num_sanity_val_steps": 0,
    }


def time_plain(setting: Setting) -> float:
    """Train by plain Lightning; seconds."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        logger = CSVLogger(folder)
        trainer = pl.Trainer(
            **common_arguments(setting, clock), default_root_dir=folder, logger=logger
        )
        trainer.fit(
            PlainModule(setting.make(), setting.steps),
            DataLoader(setting.train, setting.batch_size, shuffle=True),
            DataLoader(setting.validation, setting.batch_size),
        )
    return clock.seconds


def time_ours(setting: Setting) -> float:
    """Train by ours; seconds."""
    clock = Clock()
    model_config = resolve_config(
        {"model_config": {"batch_size": setting.batch_size, "num_classes": CLASSES}}
    )["model_config"]
    scores = dict.fromkeys(("accuracy", "precision", "recall", "f1"), True)
    with tempfile.TemporaryDirectory() as folder:
        trainer = build_trainer(common_arguments(setting, clock), folder)
        trainer.fit(
            PlModel(setting.make(), model_config, scores),
            DataModule(model_config, setting.train, setting.validation),
        )
    return clock.seconds


WAYS = {"bare loop": time_bare, "plain Lightning": time_plain, "ours": time_ours}


def measure(setting: Setting, rounds: int) -> dict[str, list[float]]:
    """Let the three take turns; microseconds per step, one number a round."""
    found: dict[str, list[float]] = {name: [] for name in WAYS}
    for number in range(rounds + 1):
        for name, way in WAYS.items():
            micros = way(setting) / setting.steps * 1e6
            if number:  # the first round warms up
                found[name].append(micros)
    return found


def make_table(title: str, found: dict[str, list[float]]) -> Table:
    """Put medians and ratios side by side."""
    table = Table("way", "µs per step", "x bare loop", "x plain Lightning", title=title)
    for name, micros in found.items():
        ratios = [
            statistics.median(a / b for a, b in zip(micros, found[other], strict=True))
            for other in ("bare loop", "plain Lightning")
        ]
        table.add_row(name, f"{statistics.median(micros):.0f}", *(f"{r:.2f}" for r in ratios))
    return table


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="counted rounds")
    parser.add_argument("--rows", type=int, default=20_000, help="training rows")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--threads", type=int, default=1, help="of torch; 1 is the least noisy")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    warnings.simplefilter("ignore")
    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    console = Console()
    for title, make in NETWORKS.items():
        console.print(make_table(title, measure(Setting(make, arguments), arguments.rounds)))


if __name__ == "__main__":
    main()
