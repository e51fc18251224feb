"""Nan and infinity are found in whatever a row is made of."""

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from dsf.lightning.bad_rows import find_bad_rows, name_bad_numbers

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    "wrap",
    [
        lambda number: number,
        lambda number: np.float32(number),
        lambda number: np.array([[0.0, number]], dtype=np.float16),
        lambda number: torch.tensor([1.0, number], dtype=torch.bfloat16),
        lambda number: {"inputs": {"x": torch.tensor(number)}, "label": 3},
        lambda number: (["a text", torch.arange(3)], number),
    ],
)
def test_a_bad_number_is_found_in_a_row_of_any_kind(wrap):
    assert name_bad_numbers(wrap(1.5)) == ""
    assert name_bad_numbers(wrap(NAN)) == "nan"
    assert name_bad_numbers(wrap(INF)) == name_bad_numbers(wrap(-INF)) == "infinity"


def test_what_is_no_number_is_passed_over():
    row = ("nan", None, 3, True, torch.tensor([1, 2]), np.array(["inf"]), object())
    assert name_bad_numbers(row) == ""


def loader_of(values):
    return DataLoader(TensorDataset(torch.tensor(values)), batch_size=2, shuffle=True)


def test_rows_are_numbered_as_in_the_data_set_whatever_the_order_of_the_batches():
    assert list(find_bad_rows(loader_of([0.0, NAN, 1.0, INF]))) == [(1, "nan"), (3, "infinity")]


def test_several_loaders_are_looked_through():
    loaders = {"a": [loader_of([1.0]), loader_of([NAN])], "b": loader_of([1.0, INF])}
    assert list(find_bad_rows(loaders)) == [(0, "nan"), (1, "infinity")]
    assert list(find_bad_rows([None, iter([1.0])])) == []


def test_it_does_not_look_for_ever():
    assert list(find_bad_rows(loader_of([NAN] * 9), seconds=-1)) == []
