"""Three spellings of a reference are told from plain data, and checked without an import."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from dsf.core.references import check_spelling, is_reference, reference_name


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("torch.nn.functional:relu", True),
        ("torch:sigmoid", True),
        ("torch:Tensor.sigmoid", True),
        ({"module": "torch", "func": "sigmoid"}, True),
        ({"class_path": "torch.nn.Linear"}, True),
        ({"class_path": "torch.nn.Linear", "int_args": {}}, True),
        ("torch.nn.Linear", False),
        ("AdamW", False),
        ("12:30", False),
        ("C:\\rows.csv", False),
        ("https://example.org", False),
        ({"module": "torch"}, False),
        ({"a": 1}, False),
        (["torch:relu"], False),
        (3, False),
        (None, False),
    ],
)
def test_what_is_spelled_as_a_reference(value: Any, expected: bool) -> None:
    assert is_reference(value) is expected


@pytest.mark.parametrize(
    "value",
    [
        "lightning.pytorch.callbacks:EarlyStopping",
        {"module": "lightning.pytorch.callbacks", "func": "EarlyStopping", "kwargs": {}},
        {"class_path": "lightning.pytorch.callbacks.EarlyStopping"},
        {"class_path": "pytorch_lightning.callbacks:EarlyStopping"},
    ],
)
def test_all_spellings_name_the_same(value: Any) -> None:
    assert reference_name(value) == "pytorch_lightning.callbacks.EarlyStopping"
    assert check_spelling(value) == []


def test_the_alias_of_fabric() -> None:
    assert reference_name("lightning.fabric.loggers:CSVLogger") == (
        "lightning_fabric.loggers.CSVLogger"
    )


def test_the_alias_of_the_components_of_the_multilabel_task() -> None:
    value = {"module": "tmlc.components.metrics", "func": "calculate_metrics"}
    assert reference_name(value) == ("dsf.tasks.multilabel.components.metrics.calculate_metrics")
    assert check_spelling(value) == []
    assert reference_name("tmlc.other:name") == "tmlc.other.name"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("AdamW", "a.b: must be a reference such as 'pkg.module:name', not 'AdamW'"),
        ("torch.nn.Linear", "a.b: must be a reference such as 'pkg.module:name', not "
         "'torch.nn.Linear'. Did you mean 'torch.nn:Linear'?"),
        (3, "a.b: must be a reference such as 'pkg.module:name', not 3"),
        ({"func": "x"}, "a.b: a reference has the keys module, func, args, kwargs, but 'module' "
         "is missing"),
        ({"module": "m", "func": "f", "kwarg": {}}, "a.b.kwarg: is not a key of a reference. "
         "Did you mean 'kwargs'?"),
        ({"class_path": "m.C", "init_args": [1]}, "a.b.init_args: must be arguments by name, not "
         "[1]"),
        ({"class_path": "m.C", "init_args": {1: 2}}, "a.b.init_args: the name of an argument must "
         "be text, not 1"),
        ({"module": "m", "func": "f", "args": 3}, "a.b.args: must be a list of arguments, not 3"),
        ({"class_path": "Class"}, "a.b.class_path: must be a dotted name such as "
         "'pkg.module.Class', not 'Class'"),
        ({"module": 3, "func": "f"}, "a.b.module: must be a dotted name such as 'pkg.module', not "
         "3"),
        ({"module": "m", "func": "f()"}, "a.b.func: must be a dotted name such as 'name', not "
         "'f()'"),
        ("torch.hub:load", "a.b: must not name 'torch.hub': it can run or load any code"),
        ("torch:Tensor.__init__", "a.b: must not use names that begin with '__', as "
         "'torch.Tensor.__init__'"),
        ({"module": "m", "func": "f", "kwargs": {"x": [{"class_path": "C"}]}},
         "a.b.kwargs.x.0.class_path: must be a dotted name such as 'pkg.module.Class', not 'C'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(value: Any, said: str) -> None:
    (problem,) = check_spelling(value, "a.b")
    assert str(problem) == said


def test_all_problems_are_told() -> None:
    value = {"class_path": "C", "args": [], "init_args": {"x": {"module": "m.", "func": "f"}}}
    assert [problem.where for problem in check_spelling(value, "a")] == [
        "a.args",
        "a.class_path",
        "a.init_args.x.module",
    ]


def test_nothing_is_imported() -> None:
    code = (
        "import sys; from dsf.core.references import check_spelling, is_reference\n"
        "check_spelling({'class_path': 'torch.nn.Linear', 'init_args': {}})\n"
        "print(sorted({'torch', 'numpy', 'pandas', 'pytorch_lightning'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.strip() == "[]", answer.stderr
