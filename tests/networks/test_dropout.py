"""Cheap dropout drops what it should, and leaves the mean."""

import pytest
import torch
from torch import nn

from dsf.networks.dropout import Dropout, drop, use_cheap_dropout


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9])
def test_it_drops_the_share_and_keeps_the_mean(share: float) -> None:
    torch.manual_seed(1)
    dropped = drop(torch.ones(1001, 999), share)
    error = (share * (1 - share) / dropped.numel()) ** 0.5
    assert abs(float((dropped == 0).double().mean()) - share) < 5 * error + 2**-17
    assert abs(float(dropped.double().mean()) - 1) < 5 * error / (1 - share)
    assert len(set(dropped.flatten().tolist())) == 2


def test_neighbours_are_dropped_independently() -> None:
    torch.manual_seed(1)
    gone = (drop(torch.ones(2_000_000), 0.1) == 0).double()
    for distance in range(1, 9):
        both = float((gone[distance:] * gone[:-distance]).mean())
        assert abs(both - 0.01) < 5 * (0.01 / len(gone)) ** 0.5


def test_gradients_are_dropped_with_the_values() -> None:
    values = torch.randn(7, 13, requires_grad=True)
    dropped = drop(values, 0.3)
    dropped.sum().backward()  # type: ignore[no-untyped-call]
    assert values.grad is not None
    torch.testing.assert_close(values.grad * values.detach(), dropped.detach())


def test_a_seed_decides() -> None:
    values = torch.ones(500)
    torch.manual_seed(3)
    first, other = drop(values, 0.5), drop(values, 0.5)
    torch.manual_seed(3)
    assert torch.equal(drop(values, 0.5), first)
    assert not torch.equal(other, first)


@pytest.mark.parametrize(("share", "left"), [(0.0, 1.0), (1.0, 0.0), (1e-9, 1.0)])
def test_ends_of_the_scale(share: float, left: float) -> None:
    assert torch.equal(drop(torch.ones(50), share), torch.full((50,), left))


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16, torch.float64])
def test_the_type_stays(kind: torch.dtype) -> None:
    assert drop(torch.ones(3, 5, dtype=kind), 0.1).dtype == kind


def test_it_takes_the_place_of_torchs_own() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Dropout(0.4), nn.ReLU())).eval()
    names = list(model.state_dict())
    use_cheap_dropout(model)
    found = [one for one in model.modules() if isinstance(one, nn.Dropout)]
    assert [(type(one), one.p, one.training) for one in found] == [(Dropout, 0.4, False)]
    assert list(model.state_dict()) == names
    values = torch.randn(5, 2)
    assert torch.equal(model(values), model(values))
