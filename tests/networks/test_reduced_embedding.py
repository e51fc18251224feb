"""Training the rows that occur gives what training the full table gives."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn

from dsf.core.errors import ConfigError
from dsf.networks import ReducedEmbedding, TextEncoder, reduce_embedding, restore_embedding

if TYPE_CHECKING:
    from collections.abc import Callable

    from transformers import PreTrainedModel

    Build = Callable[..., PreTrainedModel]

IDS = torch.tensor([5, 6, 7, 5, 9, 10, 31])
LENGTHS = torch.tensor([4, 3])


def _step(encoder: TextEncoder, optimizer: Any, ids: torch.Tensor) -> None:
    encoder(ids, LENGTHS).sin().sum().backward()
    nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()


def _adamw(model: nn.Module, **options: Any) -> torch.optim.AdamW:
    return torch.optim.AdamW(model.parameters(), lr=1e-2, **options)


def _follow_lr(optimizer: Any) -> torch.optim.lr_scheduler.LambdaLR:
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(step, 6 - step) / 3)


@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("family", ["bert", "roberta", "distilbert"])
def test_it_is_training_the_full_table(
    build: Build, family: str, decay: float, fused: bool
) -> None:
    # float64, so that only a mistake can make a difference.
    whole = build(family).double().eval()
    part = copy.deepcopy(whole)
    before = whole.get_input_embeddings().weight.detach().clone()
    reduced = reduce_embedding(part, IDS).eval()
    assert reduced.weight.shape[0] == 6
    encoders = [TextEncoder(whole), TextEncoder(part)]
    optimizers = [_adamw(one, weight_decay=decay, fused=fused) for one in (whole, part)]
    reduced.follow(optimizers[1])
    schedules = [_follow_lr(one) for one in optimizers]
    for number in range(6):
        for encoder, optimizer, schedule in zip(encoders, optimizers, schedules, strict=True):
            _step(encoder, optimizer, IDS if number % 2 else IDS.flip(0))
            schedule.step()
    expected, found = whole.state_dict(), part.state_dict()
    assert list(found) == list(expected)
    for name, weight in expected.items():
        torch.testing.assert_close(found[name], weight, atol=1e-9, rtol=1e-9, msg=name)
    changed = (before != whole.get_input_embeddings().weight).any(dim=1)
    assert changed.sum() == (39 if decay else 6)  # the row of padding is 0 and stays 0
    # Tokens that were not trained are read as the full table has them.
    strange = torch.tensor([1, 2, 5, 20, 21, 30, 31]).clamp(min=2)
    torch.testing.assert_close(encoders[1](strange, LENGTHS), encoders[0](strange, LENGTHS))
    restore_embedding(part)
    assert isinstance(part.get_input_embeddings(), nn.Embedding)
    torch.testing.assert_close(encoders[1](strange, LENGTHS), encoders[0](strange, LENGTHS))


def test_it_goes_on_where_it_was_saved(build: Build) -> None:
    model = build("bert").double().eval()
    reduced = reduce_embedding(model, IDS)
    optimizer = _adamw(model, weight_decay=0.1)
    reduced.follow(optimizer)
    encoder = TextEncoder(model)
    for _ in range(2):
        _step(encoder, optimizer, IDS)
    saved = copy.deepcopy((model.state_dict(), optimizer.state_dict()))
    other = build("bert").double().eval()
    again = reduce_embedding(other, IDS)
    second = _adamw(other, weight_decay=0.1)
    again.follow(second)
    other.load_state_dict(saved[0])
    second.load_state_dict(saved[1])
    for one, stepper in ((encoder, optimizer), (TextEncoder(other), second)):
        _step(one, stepper, IDS)
    for name, weight in model.state_dict().items():
        torch.testing.assert_close(other.state_dict()[name], weight, atol=1e-12, rtol=0)


def test_a_step_without_gradient_shrinks_nothing() -> None:
    table = torch.randn(8, 4)
    reduced = ReducedEmbedding(table, torch.tensor([1, 2]))
    optimizer = _adamw(reduced, weight_decay=0.5)
    reduced.follow(optimizer)
    optimizer.step()
    assert torch.equal(reduced.full_table(), table)


def test_a_strange_token_stops_training() -> None:
    reduced = ReducedEmbedding(torch.randn(8, 4), torch.tensor([1, 2]))
    with pytest.raises(ValueError, match=r"reduced to, but got \[5, 7\] and 0 more"):
        reduced(torch.tensor([1, 7, 5]))


def test_the_row_of_padding_gets_no_gradient() -> None:
    reduced = ReducedEmbedding(torch.randn(8, 4), torch.tensor([0, 3]), padding_idx=3)
    reduced(torch.tensor([0, 3])).sum().backward()
    assert reduced.weight.grad is not None
    assert reduced.weight.grad.tolist() == [[1.0] * 4, [0.0] * 4]


@pytest.mark.parametrize("kept", [[], [-1], [8]])
def test_tokens_that_cannot_be(kept: list[int]) -> None:
    with pytest.raises(ValueError, match="must be from 0 to 7"):
        ReducedEmbedding(torch.randn(8, 4), torch.tensor(kept, dtype=torch.int64))


def test_other_optimizers_are_refused() -> None:
    reduced = ReducedEmbedding(torch.randn(8, 4), torch.tensor([1]))
    reduced.follow(torch.optim.Adam(reduced.parameters()))
    for wrong in (
        torch.optim.Adam(reduced.parameters(), weight_decay=0.1),
        torch.optim.SGD(reduced.parameters()),
    ):
        with pytest.raises(ConfigError, match="must be AdamW, or Adam without weight decay"):
            reduced.follow(wrong)
    with pytest.raises(ValueError, match="must train the weight"):
        reduced.follow(_adamw(nn.Linear(2, 2)))


def test_a_table_of_another_size_is_refused() -> None:
    reduced = ReducedEmbedding(torch.randn(8, 4), torch.tensor([1]))
    with pytest.raises(RuntimeError, match=r"full table of shape \(8, 4\), not \(9, 4\)"):
        reduced.load_state_dict({"weight": torch.randn(9, 4)})
