"""An optional package that is missing is named together with the line that installs it."""

from __future__ import annotations

import math
import sys
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from dsf.core.errors import MissingExtraError, UserError
from dsf.core.extras import EXTRAS, explain_missing, require_extra

if TYPE_CHECKING:
    from pathlib import Path


def test_an_installed_module_is_returned() -> None:
    assert require_extra("train", module="math", feature="Training") is math


def test_a_dotted_name_gives_the_module_at_its_end() -> None:
    found = require_extra("train", module="importlib.metadata", feature="Training")
    assert found is metadata


@pytest.mark.parametrize("module", ["dsf_absent_package", "dsf_absent_package.sub", "json.absent"])
def test_a_missing_module_answers_with_the_line_to_run(module: str) -> None:
    with pytest.raises(MissingExtraError) as caught:
        require_extra("export", module=module, feature="ONNX export")
    message = str(caught.value)
    assert message.startswith("ONNX export needs the package ")
    assert module.split(".", maxsplit=1)[0] in message
    assert message.splitlines()[-1].strip() == "pip install 'dsf-trainer[export]'"
    assert isinstance(caught.value, UserError)


def test_a_broken_package_is_not_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installing the extra would not help: the error of the package itself must come out."""
    (tmp_path / "dsf_broken_package.py").write_text("import dsf_absent_package\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError) as caught:
        require_extra("train", module="dsf_broken_package", feature="Training")
    assert caught.value.name == "dsf_absent_package"
    assert "dsf_broken_package" not in sys.modules


def test_an_unknown_extra_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match=r"must be one of .*extra='exprot'"):
        require_extra("exprot", module="math", feature="ONNX export")


@pytest.mark.parametrize(
    ("package", "extra"),
    [("torch", "train"), ("pandas.core", "train"), ("mlflow", "track"), ("onnxruntime", "export")],
)
def test_a_failed_import_elsewhere_is_explained(package: str, extra: str) -> None:
    error = ModuleNotFoundError(f"No module named {package!r}", name=package)
    answer = explain_missing(error, "The project")
    assert extra in EXTRAS
    assert answer is not None
    assert str(answer).startswith(f"The project needs the package {package.split('.')[0]!r}")
    assert str(answer).endswith(f"pip install 'dsf-trainer[{extra}]'")


@pytest.mark.parametrize(
    "error",
    [ModuleNotFoundError(name="trainer.dta"), ModuleNotFoundError(), ImportError(name="torch")],
)
def test_what_no_extra_brings_is_not_explained_away(error: ImportError) -> None:
    assert explain_missing(error, "The project") is None
