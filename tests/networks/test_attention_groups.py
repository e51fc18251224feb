"""Attention in groups gives what attention on padded rows gives."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from dsf.networks.attention_groups import AttentionGroups, attend_in_groups

HARDLY = 1e-9  # so little dropout that nothing is dropped; its way of attending is taken


def attend_each_row(parts: tuple[Tensor, ...], lengths: list[int]) -> Tensor:
    rows = [torch.split(part.transpose(0, 1), lengths, dim=1) for part in parts]
    attend = torch.nn.functional.scaled_dot_product_attention
    return torch.cat([attend(*row).transpose(0, 1) for row in zip(*rows, strict=True)])


def make_parts(tokens: int, heads: int) -> tuple[Tensor, Tensor, Tensor]:
    torch.manual_seed(tokens)
    query, key, value = torch.randn(3, tokens, heads, 4, dtype=torch.float64).unbind()
    return query.requires_grad_(), key.requires_grad_(), value.requires_grad_()


@pytest.mark.parametrize("dropout", [0.0, HARDLY])
@given(
    lengths=st.lists(st.integers(1, 5) | st.integers(1, 70), min_size=1, max_size=40),
    heads=st.sampled_from([1, 2, 12]),
)
@settings(max_examples=60, deadline=None)
def test_rows_attend_to_themselves(lengths: list[int], heads: int, dropout: float) -> None:
    parts = make_parts(sum(lengths), heads)
    groups = AttentionGroups.of(np.array(lengths), heads)
    answers = attend_in_groups(parts, groups, dropout=dropout)
    expected = attend_each_row(parts, lengths)
    torch.testing.assert_close(answers, expected)
    weights = torch.randn_like(expected)
    found = torch.autograd.grad((answers * weights).sum(), parts)
    wanted = torch.autograd.grad((expected * weights).sum(), parts)
    torch.testing.assert_close(found, wanted)


def test_like_lengths_share_a_group_and_others_do_not() -> None:
    same = AttentionGroups.of(np.full(32, 12), 12)
    assert (same.shapes, same.masks) == (((32 * 12, 12),), (None,))
    mixed = AttentionGroups.of(np.array([5, 60] * 16), 12)
    assert mixed.shapes == ((16 * 12, 5), (16 * 12, 60))
    assert mixed.masks == (None, None)
    few = AttentionGroups.of(np.array([5, 6, 7]), 12)
    assert few.shapes == ((3 * 12, 7),)


def test_dropout_drops_attention() -> None:
    parts = make_parts(50, 2)
    groups = AttentionGroups.of(np.array([20, 30]), 2)
    torch.manual_seed(0)
    first = attend_in_groups(parts, groups, dropout=0.5)
    assert not torch.allclose(first, attend_in_groups(parts, groups))


def test_a_number_that_is_none_stays_in_its_row() -> None:
    parts = make_parts(12, 1)
    with torch.no_grad():
        parts[2][0] = torch.nan
    answers = attend_in_groups(parts, AttentionGroups.of(np.array([3, 9]), 1), dropout=HARDLY)
    assert answers[:3].isnan().all()
    assert answers[3:].isfinite().all()


@pytest.mark.parametrize("dropout", [0.0, 0.1])
def test_sixteen_bits_stay_sixteen(dropout: float) -> None:
    parts = torch.randn(3, 12, 2, 4, dtype=torch.bfloat16).requires_grad_()
    groups = AttentionGroups.of(np.array([3, 9]), 2)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        query, key, value = parts.unbind()
        answers = attend_in_groups((query, key, value), groups, dropout=dropout)
    (gradient,) = torch.autograd.grad(answers.sum(), parts)
    assert answers.dtype == gradient.dtype == torch.bfloat16
    assert gradient.isfinite().all()
