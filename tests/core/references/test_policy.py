"""Names are inside the allowed packages or not, and objects know what they are called."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from dsf.core.references.policy import (
    DEFAULT_PACKAGES,
    explain_outside,
    find_denied,
    is_harmless_builtin,
    name_of_object,
)


def test_a_name_is_inside_its_own_package_only() -> None:
    assert explain_outside("torch.nn.Linear", {"torch"}) is None
    assert explain_outside("torch", {"torch"}) is None
    assert "allowed package (torch)" in str(explain_outside("torchvision.ops", {"torch"}))


def test_a_package_may_be_a_part_of_one() -> None:
    assert explain_outside("ours.models.big.Net", {"ours.models"}) is None
    assert explain_outside("ours.secrets", {"ours.models"}) is not None


def test_a_misspelled_package_is_answered_with_the_right_one() -> None:
    assert str(explain_outside("torhc.nn", DEFAULT_PACKAGES)).endswith("Did you mean 'torch'?")


def test_a_prefix_denies_whole_names_only() -> None:
    assert find_denied("torch.hub.load") == "torch.hub"
    assert find_denied("torch.hubs.load") is None
    assert find_denied("torch._C._nn.linear") is None


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (os.system, "posix.system"),
        (os, "os"),
        (os.environ, "os._Environ"),
        (subprocess.run, "subprocess.run"),
        (shutil.rmtree, "shutil.rmtree"),
        (eval, "builtins.eval"),
        (functools.partial(os.system, "x"), "posix.system"),
        (os.environ.get, "collections.abc.Mapping.get"),
        (str.format, "builtins.str.format"),
        (torch.sigmoid, "torch._VariableFunctionsClass.sigmoid"),
        (torch.nn.functional.linear, "torch._C._nn.linear"),
        (torch.Tensor.sigmoid, "torch._C.TensorBase.sigmoid"),
        (torch.float32, "torch.dtype"),
        (np.exp, "numpy.exp"),
        (LogisticRegression, "sklearn.linear_model._logistic.LogisticRegression"),
        (LogisticRegression().fit, "sklearn.linear_model._logistic.LogisticRegression.fit"),
        ("text", "pkg.exposed"),
    ],
)
def test_an_object_says_what_it_is_really_called(value: Any, name: str) -> None:
    assert name_of_object(value, "pkg.exposed").replace("_collections_abc", "collections.abc") == (
        name
    )


def test_an_object_that_falsely_claims_to_be_a_builtin_goes_by_what_exposes_it() -> None:
    def helper() -> None: ...

    helper.__module__, helper.__qualname__ = "builtins", "helper"
    assert name_of_object(helper, "pkg.helper") == "pkg.helper"


def test_builtins_that_only_compute_are_harmless() -> None:
    assert is_harmless_builtin("builtins.sorted")
    for name in ("eval", "exec", "open", "compile", "__import__", "getattr", "input", "breakpoint"):
        assert not is_harmless_builtin(f"builtins.{name}")
    assert not is_harmless_builtin("torch.len")
