"""Batches of tokens: every row where it belongs, on every process, in every epoch."""

import numpy as np
import pytest
import pytorch_lightning as pl
import torch
from torch import nn

from dsf.core.errors import ConfigError, DataError, ProjectError
from dsf.data.encoding import EncodedTexts
from dsf.lightning import TokenDataModule, TokenRows, build_trainer


def rows_of(count, seed=0):
    """Rows of 1 to 9 tokens; the target of a row is its number."""
    random = np.random.default_rng(seed)
    lengths = random.integers(1, 10, count)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    ids = random.integers(0, 50, offsets[-1]).astype(np.int32)
    encoded = EncodedTexts(ids=ids, offsets=offsets, truncated=0)
    return TokenRows(encoded, {"targets": np.arange(count)}, {"parts": np.arange(len(ids))})


@pytest.fixture
def config():
    return {"batch_size": 4, "max_tokens": None, "num_workers": 0, "seed": 3}


def numbers(loader):
    return [batch["targets"].tolist() for batch in loader]


def flat(batches):
    return [row for batch in batches for row in batch]


class Watching(pl.LightningModule):
    """Learns next to nothing, and keeps which rows it saw in which epoch."""

    def __init__(self):
        super().__init__()
        self.network = nn.EmbeddingBag(50, 1)
        self.seen, self.validated = {}, {}

    def training_step(self, batch, batch_idx):
        self.seen.setdefault(self.current_epoch, []).append(batch["targets"].tolist())
        ends = batch["lengths"].cumsum(0)
        return self.network(batch["input_ids"], ends - batch["lengths"]).square().mean()

    def validation_step(self, batch, batch_idx):
        self.validated.setdefault(self.current_epoch, []).append(batch["targets"].tolist())

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


def fit(data, folder, **trainer_config):
    model = Watching()
    config = {"max_epochs": 3, "accelerator": "cpu", "logger": False, "num_sanity_val_steps": 0}
    trainer = build_trainer(
        config | {"enable_model_summary": False, "enable_checkpointing": False} | trainer_config,
        folder,
    )
    trainer.fit(model, data)
    return model


def test_a_batch_holds_its_rows_one_after_the_other(config):
    rows = rows_of(10)
    for batch in TokenDataModule(config, rows).train_dataloader():
        pieces = batch["input_ids"].split(batch["lengths"].tolist())
        parts = batch["parts"].split(batch["lengths"].tolist())
        for row, piece, part in zip(batch["targets"].tolist(), pieces, parts, strict=True):
            assert piece.tolist() == rows.encoded[row].tolist()
            assert part[0] == rows.encoded.offsets[row]
        assert batch["input_ids"].dtype == batch["lengths"].dtype == torch.int64


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("max_tokens", [None, 14])
def test_a_fit_sees_every_row_once_in_every_epoch(config, tmp_path, workers, max_tokens):
    config |= {"num_workers": workers, "max_tokens": max_tokens}
    train, validation = rows_of(30), rows_of(11, seed=1)
    model = fit(TokenDataModule(config, train, validation), tmp_path)
    assert [sorted(flat(model.seen[epoch])) for epoch in range(3)] == [list(range(30))] * 3
    assert len({str(batches) for batches in model.seen.values()}) == 3
    assert [flat(model.validated[epoch]) for epoch in range(3)] == [list(range(11))] * 3
    counts = [len(batches) for batches in model.seen.values()]
    assert counts == ([8, 8, 8] if max_tokens is None else [15, 14, 16])  # fewer, then more
    again = fit(TokenDataModule(config | {"num_workers": 0}, train, validation), tmp_path)
    assert again.seen == model.seen


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.filterwarnings("ignore:You requested to overfit:UserWarning")
def test_an_overfit_learns_the_same_whole_batches_again(config, tmp_path, workers):
    data = TokenDataModule(config | {"num_workers": workers}, rows_of(30), rows_of(40, seed=1))
    model = fit(data, tmp_path, overfit_batches=2)
    first, *others = model.seen.values()
    assert [len(batch) for batch in first] == [4, 4]
    assert others == [first, first]
    assert [len(batch) for batch in model.validated[2]] == [16, 16]


def test_an_order_by_length_gives_batches_of_like_rows(config):
    rows = rows_of(200)
    spread = {}
    for order in ("random", "length"):
        loader = TokenDataModule(config | {"batch_order": order}, rows).train_dataloader()
        batches = [batch["lengths"] for batch in loader]
        assert sum(len(batch) for batch in batches) == 200
        spread[order] = sum(int(batch.max() - batch.min()) for batch in batches)
    assert spread["length"] < spread["random"] / 5


@pytest.mark.parametrize("part", ["val", "test"])
def test_validation_and_test_give_large_batches_in_order(config, part):
    data = TokenDataModule(config, None, rows_of(40), rows_of(40))
    found = numbers(getattr(data, f"{part}_dataloader")())
    assert flat(found) == list(range(40))
    assert [len(batch) for batch in found] == [16, 16, 8]


class Process:
    """Stands for the trainer of one of several processes: all that the data module asks it."""

    def __init__(self, world, rank):
        self.world_size, self.global_rank, self.current_epoch, self.training = world, rank, 0, False
        self.strategy = pl.strategies.SingleDeviceStrategy("cpu")


@pytest.mark.parametrize("count", [4, 5, 30, 101])
@pytest.mark.parametrize("max_tokens", [None, 20])
def test_processes_share_the_rows(config, count, max_tokens):
    config |= {"max_tokens": max_tokens}
    trained, validated = [], []
    for rank in range(4):
        data = TokenDataModule(config, rows_of(count), rows_of(count))
        data.trainer = Process(4, rank)
        trained.append(numbers(data.train_dataloader()))
        validated.append(numbers(data.val_dataloader()))
    assert len({len(batches) for batches in trained}) == 1  # each waits for the others
    assert set(flat(flat(trained))) == set(range(count))
    assert sorted(flat(flat(validated))) == list(range(count))
    assert all(validated)  # a process without a batch would leave the others waiting


def test_what_does_not_fit_is_refused(config):
    rows = rows_of(10)
    with pytest.raises(ConfigError, match="max_tokens: must be at least"):
        TokenDataModule(config | {"max_tokens": 2}, rows).train_dataloader()
    short = TokenRows(rows.encoded, {"targets": np.arange(9)})
    with pytest.raises(DataError, match=r"targets: must have one entry for each row \(10\)"):
        TokenDataModule(config, short).train_dataloader()
    with pytest.raises(ProjectError, match="must hold validation rows"):
        TokenDataModule(config, rows).val_dataloader()
