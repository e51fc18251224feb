"""Thirteen optimizers by name, weight decay where it belongs, references as well."""

import pytest
import torch
from torch import nn

from dsf.core.errors import ConfigError
from dsf.lightning.optimizers import OPTIMIZERS, build_optimizer, group_parameters


def make_network():
    return nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.Linear(8, 2))


def make_config(**changes):
    return {"optimizer": "AdamW", "learning_rate": 0.01, "weight_decay": 0.0} | changes


def test_there_are_the_thirteen_of_torch():
    assert len(OPTIMIZERS) == 13


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_every_optimizer_lowers_a_loss(name):
    torch.manual_seed(0)
    network = nn.EmbeddingBag(5, 1, sparse=True) if name == "SparseAdam" else make_network()
    inputs = torch.tensor([[0, 1], [2, 3]]) if name == "SparseAdam" else torch.randn(16, 4)
    optimizer = build_optimizer(network, make_config(optimizer=name))

    def compute():
        optimizer.zero_grad()
        loss = (network(inputs) - 1.0).square().mean()
        loss.backward()
        return loss

    first = float(compute().detach())
    for _ in range(20):
        optimizer.step(compute)
    assert float(compute().detach()) < first


def test_biases_and_norms_do_not_decay():
    network = make_network()
    decayed, spared = group_parameters(network, 0.1)
    assert decayed["weight_decay"] == 0.1
    assert [one.ndim for one in decayed["params"]] == [2, 2]
    assert spared["weight_decay"] == 0.0
    assert len(spared["params"]) == 4


def test_frozen_parameters_are_left_out():
    network = make_network()
    network[0].requires_grad_(False)
    groups = group_parameters(network, 0.1)
    assert sum(len(group["params"]) for group in groups) == 4


def test_a_reference_makes_the_optimizer():
    choice = {"module": "torch.optim", "func": "SGD", "kwargs": {"momentum": 0.9}}
    optimizer = build_optimizer(make_network(), make_config(optimizer=choice, weight_decay=0.1))
    assert isinstance(optimizer, torch.optim.SGD)
    assert optimizer.defaults["momentum"] == 0.9
    assert {group["weight_decay"] for group in optimizer.param_groups} == {0.0, 0.1}


def test_an_unknown_name_gets_a_suggestion():
    with pytest.raises(ConfigError, match=r"not 'AdmW'.*AdamW"):
        build_optimizer(make_network(), make_config(optimizer="AdmW"))


def test_a_decay_that_cannot_be_is_refused():
    with pytest.raises(ConfigError, match="must be 0 with LBFGS"):
        build_optimizer(make_network(), make_config(optimizer="LBFGS", weight_decay=0.1))
