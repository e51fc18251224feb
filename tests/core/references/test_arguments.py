"""Arguments are held against a signature before anything is called."""

from __future__ import annotations

import functools
from typing import Any

import pytest
import torch

from dsf.core.references.arguments import check_arguments


def target(first: int, second: int = 2, *, third: int) -> int:
    return first + second + third


def anything(*args: Any, **kwargs: Any) -> None: ...


def only_by_position(x: int, /) -> int:
    return x


def said(function: Any, *args: Any, runtime: Any = (), complete: bool = True, **given: Any) -> str:
    problems = check_arguments(
        function,
        "pkg.f",
        args,
        given,
        where="a.b",
        key="kwargs",
        runtime=runtime,
        complete=complete,
    )
    return "\n".join(map(str, problems))


def test_arguments_that_fit() -> None:
    assert said(target, 1, third=3) == ""
    assert said(target, third=3, runtime=["first"]) == ""
    assert said(anything, 1, 2, x=3, runtime=["y"]) == ""
    assert said(torch.sigmoid, 1, 2, 3, whatever=4) == ""  # in C, it does not tell
    assert said(functools.partial(target, 1), third=3) == ""


def test_each_unknown_argument_is_told() -> None:
    assert said(target, first=1, thrid=3, x=4) == (
        "a.b.kwargs: 'pkg.f' has no argument 'thrid'. Did you mean 'third'?\n"
        "a.b.kwargs: 'pkg.f' has no argument 'x'. It takes: first, second, third."
    )
    assert said(lambda: None, zzz=1).endswith("It takes: none.")


def test_what_the_caller_adds_must_be_taken() -> None:
    assert said(target, first=1, third=3, runtime=["labels"]) == (
        "a.b: 'pkg.f' must take the argument 'labels'"
    )


def test_missing_arguments_are_told_if_no_more_can_come() -> None:
    assert said(target) == "a.b.kwargs: 'pkg.f' needs a value for 'first', 'third'"
    assert said(target, 1) == "a.b.kwargs: 'pkg.f' needs a value for 'third'"
    assert said(target, complete=False) == ""


def test_too_many_and_double_arguments_are_told() -> None:
    assert "too many positional arguments" in said(target, 1, 2, 3, third=4)
    assert "multiple values for argument 'first'" in said(target, 1, first=1, third=2)
    assert "has no argument 'x'" in said(only_by_position, x=1)


def test_what_cannot_be_called_takes_no_arguments() -> None:
    assert said(torch.float32, x=1) == "a.b: 'pkg.f' must be a class or function to take arguments"


@pytest.mark.parametrize("given", [{"trust_remote_code": True}, {"trust_remote_code": "yes"}])
def test_foreign_code_is_not_trusted(given: dict[str, Any]) -> None:
    assert "a.b.kwargs.trust_remote_code: must not be" in said(anything, **given)


def test_pickles_are_not_trusted() -> None:
    assert "a.b.kwargs.weights_only: must not be False" in said(anything, weights_only=False)
    assert said(anything, weights_only=True, trust_remote_code=False) == ""
    assert said(anything, weights_only=None) == ""
