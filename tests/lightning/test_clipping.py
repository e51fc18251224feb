"""Clipping within the step does what torch's own does."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn

from dsf.lightning.clipping import clip_within_step

if TYPE_CHECKING:
    from collections.abc import Iterable


class Foreign(torch.optim.Optimizer):
    """Calls itself fused, and knows nothing of a scale."""

    def __init__(self, parameters: Iterable[nn.Parameter]) -> None:
        super().__init__(parameters, {"fused": True})


def make_net() -> nn.Module:
    torch.manual_seed(1)
    net = nn.Sequential(nn.Linear(7, 300), nn.ReLU(), nn.Linear(300, 3))
    net(torch.randn(9, 7)).square().sum().backward()
    return net


@pytest.mark.parametrize(
    "kind", [torch.optim.AdamW, torch.optim.Adam, torch.optim.SGD, torch.optim.Adagrad]
)
@pytest.mark.parametrize("longest", [0.1, 5.0, 1e9])
def test_weights_and_gradients_are_those_of_torch(
    kind: type[torch.optim.Optimizer], longest: float
) -> None:
    net = make_net()
    other = copy.deepcopy(net)
    for mine, theirs in zip(net.parameters(), other.parameters(), strict=True):
        assert mine.grad is not None
        theirs.grad = mine.grad.clone()
    options: dict[str, object] = {"lr": 0.1, "fused": True}
    ours = kind(net.parameters(), **options)
    assert clip_within_step(ours, longest)
    ours.step()
    nn.utils.clip_grad_norm_(other.parameters(), longest)
    kind(other.parameters(), **options).step()
    for mine, theirs in zip(net.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs)
        torch.testing.assert_close(mine.grad, theirs.grad)


def test_the_next_step_is_clipped_by_its_own_length() -> None:
    net = make_net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.0, fused=True)
    for size in (100.0, 1e-4):
        for parameter in net.parameters():
            parameter.grad = torch.full_like(parameter, size)
        before = float(nn.utils.get_total_norm([one.grad for one in net.parameters()]))
        assert clip_within_step(optimizer, 1.0)
        optimizer.step()
        after = float(nn.utils.get_total_norm([one.grad for one in net.parameters()]))
        assert after == pytest.approx(min(before, 1.0), rel=1e-4)


@pytest.mark.parametrize("case", ["not fused", "float64", "no gradient", "not of torch"])
def test_what_it_cannot_do_is_left_to_torch(case: str) -> None:
    net = make_net()
    if case == "float64":
        net.zero_grad()
        net = net.double()
        net(torch.randn(9, 7, dtype=torch.float64)).sum().backward()
    if case == "no gradient":
        net.zero_grad()
    optimizer = torch.optim.AdamW(net.parameters(), fused=case != "not fused")
    if case == "not of torch":
        optimizer = Foreign(net.parameters())
    before = [None if one.grad is None else one.grad.clone() for one in net.parameters()]
    assert not clip_within_step(optimizer, 0.1)
    after = [one.grad for one in net.parameters()]
    assert all(
        (one is None and other is None) or torch.equal(one, other)
        for one, other in zip(before, after, strict=True)
    )
