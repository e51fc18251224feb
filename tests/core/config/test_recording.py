"""A live object is written down by its class and its arguments."""

from __future__ import annotations

import datetime
import enum
import functools
import json
import random
from pathlib import Path, PurePosixPath
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
from pytorch_lightning.loggers import CSVLogger, TensorBoardLogger
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from dsf.core.config.recording import record
from dsf.core.references import instantiate, resolve


class Color(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Part:
    def __init__(self, size: int, inner: Any = None, *rest: Any, lost: int = 1, **more: Any):
        self.size = size
        self._inner = inner
        self.extra = "no argument"

    @property
    def lost(self) -> int:
        raise AssertionError("a property must not be run")

    def method(self) -> None: ...


class Slotted:
    __slots__ = ("_b", "a", "c")

    def __init__(self, a: int, b: int, c: int = 0) -> None:
        self.a, self._b = a, b


HERE = __name__


@pytest.mark.parametrize(
    ("value", "recorded"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (0.5, 0.5),
        ("text", "text"),
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.float64(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("x"), "x"),
        (np.array([1, 2]), [1, 2]),
        (torch.tensor([0.5, 2.0]), [0.5, 2.0]),
        (torch.tensor(3), 3),
        (Color.RED, "red"),
        (Level.HIGH, 3),
        (Path("a") / "b", "a/b"),
        (PurePosixPath("/x"), "/x"),
        ((1, (2,)), [1, [2]]),
        ({10, 9, -1, 0.5}, [-1, 0.5, 9, 10]),
        (frozenset("hgfedcba"), list("abcdefgh")),
        ({"a", 1, None, (2,)}, [1, "a", [2], None]),
        (MappingProxyType({"a": (1,)}), {"a": [1]}),
        ({1: 2, np.int64(3): 4, None: 5, 0.5: 6}, {1: 2, "3": 4, "None": 5, "0.5": 6}),
        (datetime.timedelta(hours=25), {"days": 1, "seconds": 3600}),
        (datetime.date(2026, 11, 21), "2026-11-21"),
        (Part, f"{HERE}:Part"),
        (len, "builtins:len"),
        (json, "json"),
        (torch.nn.functional.cross_entropy, "torch.nn.functional:cross_entropy"),
        (torch.nn.functional.max_pool1d, "torch.nn.functional:max_pool1d"),
        (torch.nn.functional.linear, "torch.nn.functional:linear"),
        (torch.sigmoid, "torch:sigmoid"),
        (np.mean, "numpy:mean"),
        (torch.optim.AdamW, "torch.optim.adamw:AdamW"),
    ],
)
def test_values(value: Any, recorded: Any) -> None:
    made = record(value)
    assert made == recorded
    assert type(made) is type(recorded)
    json.dumps(made)


@pytest.mark.parametrize(
    "function",
    [torch.sigmoid, torch.nn.functional.linear, torch.nn.functional.gelu, torch.special.expit,
     torch.nn.functional.max_pool1d, torch.optim.AdamW, np.mean, LogisticRegression],
)  # fmt: skip
def test_what_is_recorded_of_a_function_leads_back_to_it(function: Any) -> None:
    assert resolve(record(function)) is function


def test_a_function_of_a_private_module_goes_by_its_shortest_public_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "recorded_package"
    package.mkdir()
    (package / "_impl.py").write_text("def f(): ...\ndef hidden(): ...\n")
    (package / "__init__.py").write_text("from recorded_package._impl import f\n")
    (package / "again.py").write_text("from recorded_package._impl import f as a\n")
    monkeypatch.syspath_prepend(tmp_path)
    import recorded_package.again

    assert record(recorded_package.f) == "recorded_package:f"
    assert record(recorded_package._impl.hidden) == "recorded_package._impl:hidden"


def test_an_object_is_its_class_and_the_arguments_it_keeps() -> None:
    assert record(Part(3, Part(4))) == {
        "class_path": f"{HERE}.Part",
        "init_args": {
            "size": 3,
            "inner": {"class_path": f"{HERE}.Part", "init_args": {"size": 4, "inner": None}},
        },
    }
    assert record(Slotted(1, 2))["init_args"] == {"a": 1, "b": 2}


def test_a_partial_is_its_function_and_arguments() -> None:
    made = functools.partial(torch.optim.AdamW, Path("x"), lr=np.float32(0.5))
    assert record(made) == {
        "module": "torch.optim.adamw",
        "func": "AdamW",
        "args": ["x"],
        "kwargs": {"lr": 0.5},
    }


def test_a_method_names_its_class() -> None:
    assert record(Part(1).method) == f"{HERE}:Part.method"


def test_objects_that_know_each_other_are_recorded() -> None:
    outer = Part(1)
    outer._inner = [outer, {"again": outer}]
    assert record(outer)["init_args"]["inner"] == [None, {"again": None}]


def test_an_object_that_stands_twice_is_recorded_twice() -> None:
    part = Part(1)
    assert record([part, part]) == [record(part), record(part)]


@pytest.mark.parametrize("value", [object(), SimpleNamespace(a=1), random.Random(1), iter([])])
def test_what_does_not_tell_its_arguments_is_at_least_named(value: Any) -> None:
    made = record(value)
    assert made["class_path"].endswith(type(value).__name__)
    json.dumps(made)


@pytest.mark.parametrize(
    "live",
    [
        EarlyStopping("val_loss", patience=7, mode="min"),
        ModelCheckpoint(monitor="val_loss", save_top_k=2, filename="x"),
        LogisticRegression(C=3.0),
        Pipeline([("a", LogisticRegression(C=3.0))]),
    ],
    ids=lambda live: type(live).__name__,
)
def test_parts_of_lightning_and_sklearn_come_back_equal(live: Any) -> None:
    made = record(live)
    json.dumps(made)
    if not isinstance(live, Pipeline):  # its steps are pairs, and JSON knows only lists
        assert record(instantiate(made)) == made


def test_recording_a_logger_makes_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    for logger in (CSVLogger(folder, name="n"), TensorBoardLogger(folder, name="n")):
        assert record(logger)["init_args"]["name"] == "n"
    assert not folder.exists()


def test_recording_is_the_same_twice() -> None:
    assert record(EarlyStopping("a", patience=3)) == record(EarlyStopping("a", patience=3))
    assert record(EarlyStopping("a", patience=3)) != record(EarlyStopping("a", patience=4))
