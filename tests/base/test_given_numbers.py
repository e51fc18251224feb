"""What a hook gives is a number, an array, or refused by its name."""

import json
import math

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dsf.base.outcome import as_predictions, keep_outcome
from dsf.core.config import resolve_config
from dsf.core.errors import HookResultError
from dsf.data import LabelLayout

ROWS = pd.DataFrame({"row_id": [0, 1], "y": ["a", "b"]})
LAYOUT = LabelLayout("single", ("y",))
NAMES = {"label_names": ["a", "b"]}


class Project:
    """Answers with what it is given."""

    def execute(self):
        """Do nothing; named in errors."""


def keep(given, folder):
    config = resolve_config({"bootstrap_config": {"n_iterations": 5}})
    config["model_config"] |= NAMES
    return keep_outcome(Project(), given, ROWS, LAYOUT, config, folder)


def read(answers):
    return as_predictions(Project(), answers, ROWS, LAYOUT, NAMES)


def test_numbers_of_numpy_and_torch_become_plain_ones(tmp_path):
    numbers = {
        "f1": np.float32(0.5),
        "loss": torch.tensor(0.25, dtype=torch.bfloat16),
        "labels": {np.int64(3): {"f1": np.array([0.5])}, "names": ("a", None), "why": "few rows"},
        "rows": 3,
    }
    kept = keep(numbers, tmp_path)
    assert kept["labels"] == {3: {"f1": 0.5}, "names": ["a", None], "why": "few rows"}
    assert (kept["f1"], kept["loss"], kept["rows"]) == (0.5, 0.25, 3)
    assert json.loads((tmp_path / "metrics.json").read_text("utf-8"))["labels"]["3"] == {"f1": 0.5}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("nan"), "a is nan"),
        (np.float64("-inf"), "a is -inf"),
        (torch.tensor(float("nan")), "a is nan"),
        ("high", "a is 'high'"),
        (None, "a is None"),
        (np.arange(2), "a is array([0, 1])"),
        (torch.ones(2), "a is tensor([1., 1.])"),
        (1j, "a is 1j"),
        ([0.5, 0.25, 1], "a is [0.5, 0.25, …]"),
        ({"b": range(2)}, "a.b is range(0, 2)"),
        ({"b": {"c": float("inf")}}, "a.b.c is inf"),
        ({"b": [1.0, float("nan")]}, "a.b[1] is nan"),
        ({"b": np.arange(2)}, "a.b is array([0, 1])"),
        ({("b", "c"): 1.0}, "a has the name ['b', 'c']"),
        ({"b": pd.Series(range(99))}, "a.b is 0 0 1 1 2 2"),
    ],
)
def test_what_is_no_number_is_named_with_its_hook_and_place(value, said, tmp_path):
    with pytest.raises(HookResultError, match=r"Project\.execute \(.*test_given_numbers") as caught:
        keep({"a": value, "f1": 0.5}, tmp_path)
    assert f"must return finite numbers, or dicts of them, but {said}" in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_all_that_are_none_are_told_at_once(tmp_path):
    with pytest.raises(HookResultError, match=r"but a is None, b is nan, c\.d is nan\.$"):
        keep({"a": None, "b": math.nan, "ok": 1, "c": {"d": math.nan}}, tmp_path)


@pytest.mark.parametrize(
    "answers",
    [
        [[0.5, 0.5], [1.0]],
        [["a", "b"], ["b", "a"]],
        [{"a": 0.5}, {"b": 0.5}],
        [["a"], ["b", "b"]],
        torch.ones(2, 2).to_sparse(),
        object(),
        None,
    ],
)
def test_what_is_no_array_of_answers_is_refused(answers):
    with pytest.raises(HookResultError, match=r"Project\.execute \(.*test_given_numbers"):
        read(answers)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_a_tensor_is_an_array(dtype):
    chances = torch.tensor([[0.75, 0.25], [0.5, 0.5]], dtype=dtype, requires_grad=True)
    assert read(chances).probabilities.tolist() == [[0.75, 0.25], [0.5, 0.5]]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_probabilities_in_bfloat16_sum_to_1_again(first):
    exact = torch.tensor([[share, 1 - share] for share in first], dtype=torch.float64)
    found = read(exact.to(torch.bfloat16)).probabilities
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(found, exact, atol=2**-7)


def test_what_is_no_probability_stays_none_in_bfloat16():
    with pytest.raises(HookResultError, match="must lie between 0 and 1"):
        read(torch.tensor([[2.0, -1.5], [0.5, 0.5]], dtype=torch.bfloat16))
    with pytest.raises(HookResultError, match="of a row must sum to 1"):
        read(torch.tensor([[0.5, 0.25], [0.5, 0.5]], dtype=torch.bfloat16))
