"""References become objects: one, or all of a tree; and all that is wrong is told at once."""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any

import pytest
import torch
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
from sklearn.linear_model import LogisticRegression

from dsf.core.errors import BadReferenceError, ConfigError, DataError
from dsf.core.references import instantiate, instantiate_tree, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EARLY = "pytorch_lightning.callbacks.EarlyStopping"

THREE_SPELLINGS = [
    {"module": "lightning.pytorch.callbacks", "func": "EarlyStopping",
     "kwargs": {"monitor": "val_loss", "patience": 7}},
    {"class_path": "pytorch_lightning.callbacks.EarlyStopping",
     "init_args": {"monitor": "val_loss", "patience": 7}},
    {"module": "pytorch_lightning.callbacks", "func": "EarlyStopping", "args": ["val_loss"],
     "kwargs": {"patience": 7}},
]  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A package that counts the calls made to it."""
    (tmp_path / "own.py").write_text(
        "from dsf.core.errors import DataError\n"
        "calls = []\n"
        "class Part:\n"
        "    def __init__(self, name='part', inner=None):\n"
        "        calls.append(name)\n"
        "        self.name, self.inner = name, inner\n"
        "def fail(): raise RuntimeError('the disk sings')\n"
        "def fail_ours(): raise DataError('no rows')\n"
        "def give(module, func, class_path=None): return (module, func, class_path)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import own

    yield own
    del sys.modules["own"]


def test_text_resolves_to_the_object_itself() -> None:
    assert resolve("torch:sigmoid") is torch.sigmoid
    assert resolve({"module": "torch.optim", "func": "AdamW"}) is torch.optim.AdamW
    assert resolve({"class_path": "torch.optim.AdamW", "init_args": {}}) is torch.optim.AdamW


def test_a_mapping_with_arguments_resolves_to_a_partial() -> None:
    made = resolve({"module": "torch.optim", "func": "AdamW", "kwargs": {"lr": 0.5}})
    assert isinstance(made, functools.partial)
    assert made.func is torch.optim.AdamW
    assert made.keywords == {"lr": 0.5}


def test_a_live_class_or_function_resolves_to_itself() -> None:
    assert resolve(torch.relu) is torch.relu
    assert resolve(LogisticRegression) is LogisticRegression


@pytest.mark.parametrize("reference", THREE_SPELLINGS)
def test_all_spellings_make_the_same(reference: Any) -> None:
    made = instantiate(reference)
    assert type(made) is EarlyStopping
    assert (made.monitor, made.patience) == ("val_loss", 7)


def test_arguments_of_the_caller_win() -> None:
    reference = {"class_path": EARLY, "init_args": {"monitor": "x", "patience": 7}}
    made = instantiate(reference, monitor="val_loss")
    assert (made.monitor, made.patience) == ("val_loss", 7)


def test_arguments_of_the_caller_are_handed_on_untouched() -> None:
    given = {"class_path": "os.system"}
    made = instantiate("sklearn.linear_model:LogisticRegression", class_weight=given)
    assert made.class_weight is given


def test_live_classes_are_called_too() -> None:
    assert instantiate(LogisticRegression, C=3.0).C == 3.0
    with pytest.raises(BadReferenceError, match=r"a\.b: 'LogisticRegression' must take .*'D'"):
        instantiate(LogisticRegression, where="a.b", D=3.0)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (3, "a.b: must be a reference such as 'pkg.module:name', not 3"),
        ("torch.os:system", "a.b: 'torch.os.system' is really 'posix.system', outside"),
        ("os:system", "a.b: 'os.system' must lie in an allowed package"),
        ("torch.nn:Lineer", "Did you mean 'Linear'?"),
        (
            {"class_path": EARLY, "init_args": {"moniter": "x"}},
            f"a.b.init_args: '{EARLY}' has no argument 'moniter'. Did you mean 'monitor'?",
        ),
        (
            {"module": "torch", "func": "os.system", "args": ["true"]},
            "a.b: 'torch.os.system' is really 'posix.system', outside",
        ),
    ],
)
def test_a_bad_reference_is_told_with_its_place(reference: Any, said: str) -> None:
    for door in (resolve, instantiate):
        with pytest.raises(BadReferenceError) as caught:
            door(reference, where="a.b")
        assert said in str(caught.value)


def test_packages_can_be_added(project: Any) -> None:
    with pytest.raises(BadReferenceError, match=r"own\.Part"):
        instantiate("own:Part")
    assert instantiate("own:Part", packages={"own"}).name == "part"


def test_a_tree_keeps_its_shape_and_its_live_objects() -> None:
    live = EarlyStopping("val_loss")
    tree = {
        "max_epochs": 3,
        "callbacks": [live, *THREE_SPELLINGS, "pytorch_lightning.callbacks:ModelCheckpoint"],
        "strategy": "torch:relu",
        "pair": ("x", {"class_path": EARLY, "init_args": {"monitor": "y"}}),
        "logger": False,
    }
    made = instantiate_tree(tree, where="trainer_config")
    assert made["callbacks"][0] is live
    assert [type(item) for item in made["callbacks"][1:]] == [EarlyStopping] * 3 + [ModelCheckpoint]
    assert made["strategy"] == "torch:relu"  # text outside a list stays text
    assert made["pair"][0] == "x"
    assert made["pair"][1].monitor == "y"
    assert (made["max_epochs"], made["logger"]) == (3, False)
    assert isinstance(tree["callbacks"][1], dict)  # the tree itself is not changed


def test_references_in_arguments_are_made_first(project: Any) -> None:
    part = {"class_path": "own.Part", "init_args": {"name": "inner"}}
    tree = {"class_path": "own.Part", "init_args": {"name": "outer", "inner": [part, "own:Part"]}}
    made = instantiate_tree(tree, packages={"own"})
    assert [item.name for item in made.inner] == ["inner", "part"]
    assert project.calls == ["inner", "part", "outer"]
    assert resolve(tree, packages={"own"})().inner[0].name == "inner"


def test_arguments_may_be_called_like_keys_of_a_reference(project: Any) -> None:
    reference = {"module": "own", "func": "give", "kwargs": {"module": 1, "func": 2}}
    assert instantiate(reference, packages={"own"}) == (1, 2, None)


def test_all_problems_of_a_tree_are_told_and_nothing_is_called(project: Any) -> None:
    tree = {
        "good": {"class_path": "own.Part"},
        "list": ["own:Prat", {"class_path": "own.Part", "init_args": {"nam": 1, "inner": {
            "module": "torch", "func": "os.system"}}}],
        "spelled": {"class_path": "Part"},
    }  # fmt: skip
    with pytest.raises(ConfigError) as caught:
        instantiate_tree(tree, where="cfg", packages={"own", "torch"})
    assert [problem.where for problem in caught.value.problems] == [
        "cfg.list.0",
        "cfg.list.1.init_args.inner",
        "cfg.list.1.init_args",
        "cfg.spelled.class_path",
    ]
    assert project.calls == []


def test_a_call_that_fails_is_told_with_its_place_and_cause(project: Any) -> None:
    with pytest.raises(BadReferenceError) as caught:
        instantiate_tree({"x": {"module": "own", "func": "fail"}}, where="a", packages={"own"})
    assert str(caught.value) == "a.x: calling 'own.fail' failed: RuntimeError: the disk sings"
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_errors_of_ours_pass_as_they_are(project: Any) -> None:
    with pytest.raises(DataError, match=r"^no rows$"):
        instantiate("own:fail_ours", packages={"own"})
