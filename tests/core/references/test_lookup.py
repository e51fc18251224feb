"""A name leads to its object, unless the name or the object is not allowed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from dsf.core.references import DEFAULT_PACKAGES
from dsf.core.references.lookup import RefusedNameError, find_object

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package of the project's own, with all that may be wrong with one."""
    root = tmp_path / "own_package"
    root.mkdir()
    (root / "__init__.py").write_text("")
    (root / "good.py").write_text(
        "import functools, os, subprocess\n"
        "from os import system\n"
        "from builtins import eval, open, sorted\n"
        "def double(x): return 2 * x\n"
        "class Outer:\n"
        "    class Inner: pass\n"
        "shell = functools.partial(subprocess.run, shell=True)\n"
        "twice = functools.partial(double, 4)\n"
        "environ_get = os.environ.get\n"
    )
    (root / "needs.py").write_text("import a_module_that_is_not_here\n")
    (root / "broken.py").write_text("from own_package.good import nothing_of_that_name\n")
    (root / "lazy.py").write_text(
        "def __getattr__(name):\n"
        "    if name == 'Extra': raise ImportError('Extra needs the package extra')\n"
        "    raise AttributeError(name)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield "own_package"
    for name in [name for name in sys.modules if name.partition(".")[0] == "own_package"]:
        del sys.modules[name]


def refusal(name: str, *packages: str) -> str:
    with pytest.raises(RefusedNameError) as caught:
        find_object(name, packages or DEFAULT_PACKAGES)
    return str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "torch.sigmoid",
        "torch.nn.Linear",
        "torch.nn.functional.cross_entropy",
        "torch.nn.functional.linear",
        "torch.nn.functional.max_pool1d",
        "torch.Tensor.sigmoid",
        "torch.optim.AdamW",
        "torch.float32",
        "torch.Generator",
        "torch.special.expit",
        "numpy.exp",
        "numpy.random.default_rng",
        "pandas.DataFrame",
        "sklearn.metrics.f1_score",
        "sklearn.linear_model.LogisticRegression",
        "sklearn.datasets.load_digits",
        "torchmetrics.F1Score",
        "pytorch_lightning.callbacks.EarlyStopping",
    ],
)
def test_what_projects_use_is_found(name: str) -> None:
    assert find_object(name, DEFAULT_PACKAGES) is not None


def test_the_object_itself_is_given() -> None:
    assert find_object("torch.sigmoid", {"torch"}) is torch.sigmoid


@pytest.mark.parametrize(
    ("name", "real"),
    [
        ("torch.os.system", "posix.system"),
        ("torch.platform.os.popen", "os.popen"),
        ("torch.sys.modules", "sys"),
        ("torch.sys.modules.get", "sys"),
        ("torch.builtins.eval", "builtins.eval"),
        ("torch.builtins.exec", "builtins.exec"),
        ("torch.builtins.open", "io.open"),
        ("torch.importlib.import_module", "importlib.import_module"),
        ("torch.ctypes.CDLL", "ctypes.CDLL"),
        ("torch.functools.partial", "functools.partial"),
        ("torch.threading.Thread", "threading.Thread"),
        ("sklearn.base.warnings.warn", "_warnings.warn"),
        ("sklearn.metrics._scorer.partial", "functools.partial"),
    ],
)
def test_what_an_allowed_package_merely_imported_is_refused(name: str, real: str) -> None:
    assert refusal(name) == f"{name!r} is really {real!r}, outside the allowed packages"


@pytest.mark.parametrize("name", ["os.system", "posix.system", "subprocess.run", "builtins.eval"])
def test_the_standard_library_is_refused_before_it_is_imported(name: str) -> None:
    assert "must lie in an allowed package" in refusal(name)


def test_what_is_not_allowed_is_not_imported(package: str) -> None:
    assert "must lie in an allowed package" in refusal("own_package.good.double")
    assert "own_package" not in sys.modules


@pytest.mark.parametrize(
    ("name", "denied"),
    [
        ("torch.load", "torch.load"),
        ("torch.hub.load", "torch.hub"),
        ("torch.utils.collect_env.run", "torch.utils.collect_env"),
        ("torch.package.PackageImporter", "torch.package"),
        ("numpy.load", "numpy.load"),
        ("pandas.read_pickle", "pandas.read_pickle"),
        ("pytorch_lightning.cli.instantiate_class", "pytorch_lightning.cli"),
        ("dsf.core.references.resolve", "dsf.core"),
        ("dsf.cli.main.main", "dsf.cli"),
    ],
)
def test_what_could_run_any_code_is_refused_by_name(name: str, denied: str) -> None:
    assert refusal(name) == f"{name!r} must not be used: {denied!r} can run or load any code"


def test_what_could_run_any_code_is_refused_under_another_name_too() -> None:
    assert refusal("pytorch_lightning.core.module.torch.load") == (
        "'pytorch_lightning.core.module.torch.load' is really 'torch.serialization.load', and "
        "'torch.serialization' can run or load any code"
    )


@pytest.mark.parametrize(
    ("name", "real"),
    [
        ("own_package.good.system", "posix.system"),
        ("own_package.good.eval", "builtins.eval"),
        ("own_package.good.open", "io.open"),
        ("own_package.good.shell", "subprocess.run"),
        ("own_package.good.os.getcwd", "posix.getcwd"),
    ],
)
def test_ones_own_package_is_looked_at_as_well(package: str, name: str, real: str) -> None:
    assert f"is really {real!r}" in refusal(name, package)


def test_methods_of_foreign_objects_are_refused(package: str) -> None:
    assert "outside the allowed packages" in refusal("own_package.good.environ_get", package)


def test_ones_own_functions_classes_and_partials_are_found(package: str) -> None:
    assert find_object("own_package.good.double", [package])(2) == 4
    assert find_object("own_package.good.twice", [package])() == 8
    assert find_object("own_package.good.Outer.Inner", [package]).__name__ == "Inner"
    assert find_object("own_package.good.sorted", [package]) is sorted


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "torch.nn.Lineer",
            "'torch.nn.Lineer' must be there, but there is no 'Lineer' in 'torch.nn'. "
            "Did you mean 'Linear'?",
        ),
        (
            "pytorch_lightning.callbaks.EarlyStopping",
            "'pytorch_lightning.callbaks.EarlyStopping' must be there, but there is no 'callbaks' "
            "in 'pytorch_lightning'. Did you mean 'callbacks'?",
        ),
        ("torch.nn.functional", "'torch.nn.functional' must be a class or function, but is a "
         "module"),
        ("torch", "'torch' must be a class or function, but is a module"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told(name: str, said: str) -> None:
    assert refusal(name) == said


def test_a_module_that_was_never_imported_is_suggested(package: str) -> None:
    assert refusal("own_package.god.double", package).endswith("Did you mean 'good'?")


def test_a_package_that_is_not_installed_is_told() -> None:
    assert refusal("not_installed.x.y", "not_installed") == (
        "'not_installed.x.y': there is no package 'not_installed' here"
    )


def test_a_module_that_lacks_what_it_needs_is_told_as_such(package: str) -> None:
    assert refusal("own_package.needs.x", package) == (
        "'own_package.needs' cannot be imported: it needs 'a_module_that_is_not_here', "
        "not installed"
    )
    assert "nothing_of_that_name" in refusal("own_package.broken.x", package)
    assert "Extra needs the package extra" in refusal("own_package.lazy.Extra", package)


def test_a_refused_package_is_told_with_the_way_that_is_open() -> None:
    with pytest.raises(RefusedNameError) as caught:
        find_object("shutil.rmtree", DEFAULT_PACKAGES)
    assert "in trainer/ or a package beside it" in str(caught.value)
    assert "'trainer.mine:name'" in str(caught.value)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def f(:", "SyntaxError: invalid syntax"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_module_that_fails_is_named_with_its_error(package: str, source: str, said: str) -> None:
    Path(__import__(package).__path__[0], "fails.py").write_text(source)
    with pytest.raises(RefusedNameError, match=rf"'{package}\.fails' cannot be imported: {said}"):
        find_object(f"{package}.fails.name", {package})
