"""Rates by layer, freezing, and the recipes of the families."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from dsf.core.errors import ConfigError
from dsf.networks import (
    TextClassifier,
    TextEncoder,
    count_layers,
    find_recipe,
    freeze_layers,
    group_by_layer,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from transformers import PreTrainedModel

    Build = Callable[..., PreTrainedModel]

FAMILIES = ("albert", "bert", "distilbert", "electra", "roberta", "xlm-roberta")


@pytest.mark.parametrize("family", FAMILIES)
def test_each_layer_is_slower_than_the_one_above(build: Build, family: str) -> None:
    network = TextClassifier(TextEncoder(build(family)), {"x": 2})
    layers = 1 if family == "albert" else 2
    assert count_layers(network) == layers
    groups = group_by_layer(network, learning_rate=1.0, layer_decay=0.5, weight_decay=0.1)
    rate = {id(one): group["lr"] for group in groups for one in group["params"]}
    decay = {id(one): group["weight_decay"] for group in groups for one in group["params"]}
    assert set(rate) == {id(one) for one in network.parameters()}
    for name, weight in network.named_parameters():
        assert decay[id(weight)] == (0.1 if weight.ndim > 1 else 0.0), name
    assert rate[id(network.heads[0].weight)] == 1.0
    words = network.encoder.model.get_input_embeddings().weight
    assert rate[id(words)] == 0.5 ** (layers + 1)
    expected = {0.5**power for power in range(layers + 2)}
    assert set(rate.values()) == expected
    torch.optim.AdamW(groups)


def test_frozen_layers_get_no_gradient(build: Build) -> None:
    network = TextClassifier(TextEncoder(build("bert")), {"x": 2}, pooling="pooler")
    freeze_layers(network, 1)
    network(torch.tensor([4, 5, 6]), torch.tensor([3]))["x"].sum().backward()
    learning = {name for name, one in network.named_parameters() if one.grad is not None}
    assert not [name for name in learning if "embeddings" in name or ".layer.0." in name]
    assert [name for name in learning if ".layer.1." in name]
    groups = group_by_layer(network, learning_rate=1.0, layer_decay=0.5)
    assert sum(len(group["params"]) for group in groups) == len(learning)
    freeze_layers(network, 0)
    assert network.encoder.model.encoder.layer[0].output.dense.weight.requires_grad


@pytest.mark.parametrize("layers", [-1, 3])
def test_layers_that_are_not_there(build: Build, layers: int) -> None:
    with pytest.raises(ConfigError, match=f"from 0 to the encoder's 2, not {layers}"):
        freeze_layers(build("bert"), layers)


@pytest.mark.parametrize("factor", [0.0, 1.5])
def test_a_factor_that_cannot_be(build: Build, factor: float) -> None:
    with pytest.raises(ConfigError, match=f"at most 1, not {factor}"):
        group_by_layer(build("bert"), learning_rate=1.0, layer_decay=factor)


@pytest.mark.parametrize(
    ("family", "betas", "weight_decay", "max_grad_norm", "dropout"),
    [
        ("bert", (0.9, 0.999), 0.01, 1.0, 0.1),
        ("roberta", (0.9, 0.98), 0.1, None, 0.1),
        ("xlm-roberta", (0.9, 0.98), 0.1, None, 0.1),
        ("albert", (0.9, 0.999), 0.0, 1.0, 0.0),
    ],
)
def test_recipes_follow_the_table(
    family: str,
    betas: tuple[float, float],
    weight_decay: float,
    max_grad_norm: float | None,
    dropout: float,
) -> None:
    recipe = find_recipe(family)
    assert (recipe.betas, recipe.weight_decay) == (betas, weight_decay)
    assert (recipe.max_grad_norm, recipe.dropout) == (max_grad_norm, dropout)
    assert (recipe.learning_rate, recipe.epsilon, recipe.warmup_share) == (2e-5, 1e-6, 0.1)


def test_a_family_without_recipe() -> None:
    with pytest.raises(ConfigError, match="not 'xlnet'"):
        find_recipe("xlnet")
