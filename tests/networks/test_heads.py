"""Heads on encoders, and their files."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING

import pytest
import torch
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
)

from dsf.core.errors import ConfigError
from dsf.networks import (
    MultiLabelClassifier,
    TextClassifier,
    TextEncoder,
    TokenClassifier,
    find_source,
    load_encoder,
    load_network_weights,
    load_tokenizer,
    save_network,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from transformers import PreTrainedModel, PreTrainedTokenizerFast

    Build = Callable[..., PreTrainedModel]

FAMILIES = ("albert", "bert", "camembert", "distilbert", "electra", "roberta", "xlm-roberta")
IDS = torch.tensor([5, 6, 7, 8, 9, 10, 11, 12, 13])
LENGTHS = torch.tensor([4, 2, 3])


@pytest.mark.parametrize("pooling", ["cls", "mean", "pooler"])
def test_each_row_is_read_alone(build: Build, pooling: str) -> None:
    network = TextClassifier(
        TextEncoder(build("bert")), {"intent": 3, "tone": 2}, pooling=pooling
    ).eval()
    scores = network(IDS, LENGTHS)
    assert {name: one.shape for name, one in scores.items()} == {"intent": (3, 3), "tone": (3, 2)}
    alone = network(IDS[4:6], LENGTHS[1:2])
    for name, one in scores.items():
        torch.testing.assert_close(one[1:2], alone[name], atol=1e-5, rtol=1e-5)


def test_poolings_are_what_they_say(build: Build) -> None:
    encoder = TextEncoder(build("bert").eval())
    hidden = encoder(IDS, LENGTHS)
    found = {
        pooling: TextClassifier(copy.deepcopy(encoder), {"x": 2}, pooling=pooling).embed(
            IDS, LENGTHS
        )
        for pooling in ("cls", "mean", "pooler")
    }
    torch.testing.assert_close(found["cls"], hidden[[0, 4, 6]], atol=2e-5, rtol=1e-5)
    torch.testing.assert_close(found["mean"][1], hidden[4:6].mean(0))
    theirs = encoder.model(input_ids=IDS[4:6][None]).pooler_output
    torch.testing.assert_close(found["pooler"][1:2], theirs, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("pooling", ["cls", "mean", "pooler"])
def test_every_weight_has_a_part_in_the_loss(build: Build, pooling: str) -> None:
    """Or else training with several processes stops."""
    networks = (
        TextClassifier(TextEncoder(build("bert")), {"x": 2}, pooling=pooling),
        TokenClassifier(TextEncoder(build("bert")), 2),
    )
    for network in networks:
        answer = network(IDS, LENGTHS)
        (answer["x"] if isinstance(answer, dict) else answer).sum().backward()
        without = [name for name, weight in network.named_parameters() if weight.grad is None]
        assert without == []


def test_a_network_learns(build: Build) -> None:
    torch.manual_seed(0)
    network = TextClassifier(TextEncoder(build("bert", initializer_range=0.1)), {"x": 2})
    optimizer = torch.optim.AdamW(network.parameters(), lr=5e-3)
    targets = torch.tensor([0, 1, 0])
    for _ in range(30):
        loss = torch.nn.functional.cross_entropy(network(IDS, LENGTHS)["x"], targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert network.eval()(IDS, LENGTHS)["x"].argmax(1).equal(targets)


@pytest.mark.parametrize(
    ("family", "pooling", "message"),
    [("distilbert", "pooler", "a distilbert model has no pooler"), ("bert", "men", "'mean'")],
)
def test_a_pooling_that_cannot_be(build: Build, family: str, pooling: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        TextClassifier(TextEncoder(build(family)), {"x": 2}, pooling=pooling)


@pytest.mark.parametrize("family", FAMILIES)
def test_transformers_loads_a_tagger(
    build: Build, tokenizer: PreTrainedTokenizerFast, tmp_path: Path, family: str
) -> None:
    network = TokenClassifier(TextEncoder(build(family)), 3).eval()
    save_network(network, tmp_path, {"tags": ["O", "B-x", "I-x"]}, tokenizer)
    loaded, info = AutoModelForTokenClassification.from_pretrained(
        tmp_path, output_loading_info=True
    )
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    assert loaded.config.id2label == {0: "O", 1: "B-x", 2: "I-x"}
    theirs = loaded.eval()(input_ids=IDS[:4][None]).logits[0]
    torch.testing.assert_close(network(IDS, LENGTHS)[:4], theirs, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("family", ["albert", "bert", "camembert", "roberta", "xlm-roberta"])
def test_transformers_loads_a_classifier(
    build: Build, tokenizer: PreTrainedTokenizerFast, tmp_path: Path, family: str
) -> None:
    network = MultiLabelClassifier(TextEncoder(build(family)), 3, pooling="pooler").eval()
    save_network(network, tmp_path, {"labels": ["a", "b", "c"]}, tokenizer)
    loaded, info = AutoModelForSequenceClassification.from_pretrained(
        tmp_path, output_loading_info=True
    )
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    assert loaded.config.problem_type == "multi_label_classification"
    theirs = loaded.eval()(input_ids=IDS[:4][None]).logits
    torch.testing.assert_close(network(IDS, LENGTHS)[:1], theirs, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("family", ["bert", "distilbert", "electra", "mpnet"])
def test_any_other_network_keeps_its_encoder_and_its_heads(
    build: Build, tokenizer: PreTrainedTokenizerFast, tmp_path: Path, family: str
) -> None:
    outputs = {"intent": 3, "tone.of voice": 2}
    network = TextClassifier(TextEncoder(build(family)), outputs, pooling="mean").eval()
    labels = {"intent": ["a", "b", "c"], "tone.of voice": ["d", "e"]}
    save_network(network, tmp_path, labels, tokenizer)
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    assert config["dsf_pooling"] == "mean"
    assert config["dsf_outputs"]["tone.of voice"] == ["d", "e"]
    again = AutoModel.from_pretrained(tmp_path).eval()
    other = TextClassifier(TextEncoder(again), outputs, pooling="mean").eval()
    assert torch.equal(other.embed(IDS, LENGTHS), network.embed(IDS, LENGTHS))
    load_network_weights(other, tmp_path)
    for name, scores in network(IDS, LENGTHS).items():
        assert torch.equal(other(IDS, LENGTHS)[name], scores)


def test_what_is_saved_is_an_encoder_with_its_tokenizer(
    build: Build, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    network = TextClassifier(TextEncoder(build("bert")), {"stars": 2}, pooling="pooler")
    save_network(network, tmp_path, {"stars": [1, 5]}, tokenizer)
    assert find_source(str(tmp_path)).has_weights
    assert AutoConfig.from_pretrained(tmp_path).id2label == {0: "1", 1: "5"}
    loaded = dict(load_encoder(str(tmp_path)).named_parameters())
    for name, weight in network.encoder.model.named_parameters():
        assert torch.equal(loaded[name], weight), name
    again = load_tokenizer(str(tmp_path))
    assert again("what time")["input_ids"] == tokenizer("what time")["input_ids"]


def test_weights_of_another_network_are_refused(
    build: Build, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    network = TokenClassifier(TextEncoder(build("bert")), 3)
    save_network(network, tmp_path, {"tags": ["a", "b"]}, tokenizer)
    with pytest.raises(ConfigError, match=r"classifier.weight: .*\(4, 32\), not \(3, 32\)"):
        load_network_weights(TokenClassifier(TextEncoder(build("bert")), 4), tmp_path)
