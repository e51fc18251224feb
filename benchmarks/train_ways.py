"""The ways to fine-tune an encoder on labelled texts: ours, and what a good user would write.

Each runs in a process of its own. It is given a :class:`Setting`, and a pipe through which it is
told when to go on, or through which it says what it scored.
"""

from __future__ import annotations

import contextlib
import os
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    import pandas as pd

WEIGHT_DECAY, WARMUP, BETAS, EPSILON, LONGEST_GRADIENT = 0.01, 0.1, (0.9, 0.999), 1e-8, 1.0


@dataclass(frozen=True)
class Setting:
    """What is the same for all ways.

    Attributes:
        data: File of the training rows.
        validation: File of the validation rows; ``None`` takes a part of the others.
        columns: Names of the text column and of the label column.
        rows: Most training rows to take; ``None`` for all.
        encoder: As ``model_config.encoder``; of a package or a folder.
        pooling: As ``model_config.pooling``; only ours has a choice.
        epochs: Length of the fit that the learning rate is planned for.
        batch_size: Rows in a step.
        learning_rate: Peak.
        max_length: Most tokens of a text.
        bf16: Whether matrix products are done in bf16.
        gpu: Whether to use one; then also ``torch.compile``.
        seed: Of everything.
        warmup: Steps before the clock starts.
        steps: Steps of a round.
        accuracy: Fit to the end and score, instead of taking the time.
    """

    data: str
    validation: str | None
    columns: tuple[str, str]
    rows: int | None
    encoder: str
    pooling: str
    epochs: int
    batch_size: int
    learning_rate: float
    max_length: int
    bf16: bool
    gpu: bool
    seed: int
    warmup: int
    steps: int
    accuracy: bool


class RoundsEnded(Exception):  # noqa: N818
    """The rounds are over."""


class Pace(Protocol):
    """What a way tells of its progress."""

    def step(self) -> None: ...

    def score(self, accuracy: float) -> None: ...


class Rounds:
    """Takes the time of a number of steps whenever it is told to."""

    def __init__(self, pipe: Connection, setting: Setting) -> None:
        self.pipe, self.setting = pipe, setting
        self.left = setting.warmup
        self.begin = self.used = 0.0

    def step(self) -> None:
        """Count a step; at the end of a round, say how long it took and wait for the next."""
        self.left -= 1
        if self.left:
            return
        self._wait_for_device()
        took, used = time.perf_counter() - self.begin, time.process_time() - self.used
        self.pipe.send({"seconds": took, "processor": used, "memory": read_peak()})
        if not self.pipe.recv():
            raise RoundsEnded
        self.left = self.setting.steps
        self.begin, self.used = time.perf_counter(), time.process_time()

    def score(self, accuracy: float) -> None: ...

    def _wait_for_device(self) -> None:
        if self.setting.gpu:
            import torch

            torch.cuda.synchronize()


class Scores:
    """Says what was scored after each epoch."""

    def __init__(self, pipe: Connection, setting: Setting) -> None:
        self.pipe = pipe

    def step(self) -> None: ...

    def score(self, accuracy: float) -> None:
        """Tell the accuracy of the validation rows after an epoch."""
        self.pipe.send({"accuracy": accuracy})


def read_peak() -> float:
    """Give the most memory that this process held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_child(pipe: Connection, way: str, setting: Setting, threads: int) -> None:
    """Fit one way."""
    import logging
    import warnings

    if way == "ours":
        import dsf.base  # noqa: F401  (says how threads wait, which torch reads when it is loaded)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ |= {"HF_HOME": folder, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}
        import torch
        import transformers

        torch.set_num_threads(threads)
        warnings.simplefilter("ignore")
        transformers.utils.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
        pace: Pace = Scores(pipe, setting) if setting.accuracy else Rounds(pipe, setting)
        with contextlib.suppress(RoundsEnded):
            WAYS[way](setting, read_parts(setting), pace)


def read_parts(setting: Setting) -> dict[str, pd.DataFrame]:
    """Read training and validation rows by our reader; text and label are called so."""
    from dsf.data import split_rows
    from dsf.data.readers import ColumnNames, read_rows

    text, label = setting.columns
    names = ColumnNames(text=text, labels=(label,))
    new = {text: "text", label: "label"}
    rows = read_rows(setting.data, columns=names).rename(columns=new)
    if setting.validation:
        validation = read_rows(setting.validation, columns=names).rename(columns=new)
    else:
        shares = {"train": 0.85, "validation": 0.1, "test": 0.05}
        parts = split_rows(rows, shares, label_column="label")
        rows, validation = parts["train"], parts["validation"]
    if setting.rows and setting.rows < len(rows):
        rows = rows.sample(n=setting.rows, random_state=0)
    return {
        "train": rows.reset_index(drop=True),
        "validation": validation.reset_index(drop=True),
    }


def encode(
    rows: pd.DataFrame, names: list[str], tokenizer: Any, max_length: int
) -> list[dict[str, Any]]:
    """Encode texts as the tokenizer's user does: once, without padding."""
    texts = tokenizer(rows["text"].tolist(), truncation=True, padding=False, max_length=max_length)
    numbers = {name: number for number, name in enumerate(names)}
    return [
        {**{key: texts[key][row] for key in texts}, "labels": numbers[label]}
        for row, label in enumerate(rows["label"])
    ]


def train_ours(setting: Setting, parts: dict[str, pd.DataFrame], pace: Pace) -> None:
    """Fit as a project of the task ``intent_classification`` does."""
    from benchmarks.train_lightning import fit_ours

    fit_ours(setting, parts, pace)


def train_plain(setting: Setting, parts: dict[str, pd.DataFrame], pace: Pace) -> None:
    """Fit by Lightning, each batch padded to its longest text."""
    from benchmarks.train_lightning import fit_plain

    fit_plain(setting, parts, pace, padding=True)


def train_padded(setting: Setting, parts: dict[str, pd.DataFrame], pace: Pace) -> None:
    """Fit by Lightning, all texts padded to ``max_length``."""
    from benchmarks.train_lightning import fit_plain

    fit_plain(setting, parts, pace, padding="max_length", fused=None)


def train_trainer(setting: Setting, parts: dict[str, pd.DataFrame], pace: Pace) -> None:
    """Fit by the Trainer of transformers."""
    from benchmarks.train_trainer import fit_trainer

    fit_trainer(setting, parts, pace)


def train_grouped(setting: Setting, parts: dict[str, pd.DataFrame], pace: Pace) -> None:
    """Fit by the Trainer of transformers, texts of like length in a batch."""
    from benchmarks.train_trainer import fit_trainer

    fit_trainer(setting, parts, pace, sampling="group_by_length")


def train_trainer_padded(setting: Setting, parts: dict[str, pd.DataFrame], pace: Pace) -> None:
    """Fit by the Trainer of transformers, all texts padded to ``max_length``."""
    from benchmarks.train_trainer import fit_trainer

    fit_trainer(setting, parts, pace, padding="max_length")


WAYS: dict[str, Callable[[Setting, dict[str, pd.DataFrame], Pace], Any]] = {
    "ours": train_ours,
    "a1": train_trainer,
    "a2": train_grouped,
    "b": train_plain,
    "c1": train_trainer_padded,
    "c2": train_padded,
}


def place_of(encoder: str) -> str:
    """Give the folder of an encoder, for those who know only folders."""
    from dsf.networks import find_source

    return str(Path(find_source(encoder).place))
