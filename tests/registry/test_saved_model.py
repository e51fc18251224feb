"""A bundle saved as a model of MLflow: all of it, nothing pickled, nothing of this machine."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from dsf.core.bundle import Bundle
from dsf.core.errors import DataError
from dsf.registry.mlflow_modules import load_mlflow_module
from dsf.registry.saved_model import forbid_pickle, save_served_bundle
from tests.registry.conftest import save_pickled

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tiny_bundles import Made, TinyBundles


@pytest.fixture(scope="module")
def made(bundles: TinyBundles) -> Made:
    return bundles("multilabel")


def test_it_has_all_that_serving_takes(made: Made, tmp_path: Path) -> None:
    model = save_served_bundle(made.bundle, made.rows, tmp_path / "model", "# Late trains\n")
    folder = tmp_path / "model"
    assert Bundle.open(folder / "artifacts" / "bundle").hash == made.bundle.hash
    assert model.metadata["dsf_bundle"] == made.bundle.hash
    assert (folder / "README.md").read_text() == "# Late trains\n"
    assert (folder / "served_bundle.py").is_file()
    assert [path.suffix for path in (folder / "code").iterdir()] == [".whl"]
    example = json.loads((folder / "input_example.json").read_text())
    assert example["columns"] == ["text"]
    assert [row[0] for row in example["data"]] == made.rows["text"].tolist()[:2]


def test_nothing_is_pickled_and_nothing_pickled_will_be_read(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION")
    save_served_bundle(made.bundle, made.rows, tmp_path / "model")
    assert os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] == "false"
    files = [path for path in (tmp_path / "model").rglob("*") if path.is_file()]
    assert len(files) > 10
    assert not [path for path in files if path.suffix in (".pkl", ".pickle", ".pt", ".bin")]
    assert not [path for path in files if path.read_bytes()[:1] == b"\x80"]
    assert not (tmp_path / "model" / "README.md").exists()


def test_nothing_of_this_machine_is_in_it(made: Made, tmp_path: Path) -> None:
    save_served_bundle(made.bundle, made.rows, tmp_path / "model")
    text = (tmp_path / "model" / "MLmodel").read_text()
    source = os.fspath(made.folder.parent.parent)
    assert "served_bundle.py" in text
    assert not [place for place in (source, str(tmp_path), "dsf-model-") if place in text]
    assert "dsf/registry" not in text


def test_neither_a_lock_file_nor_the_environment_is_touched(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project's uv.lock would take the place of the requirements."""
    (tmp_path / "uv.lock").write_text("version = 1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\nversion = '1'\n")
    monkeypatch.chdir(tmp_path)
    before = dict(os.environ)
    save_served_bundle(made.bundle, made.rows, tmp_path / "model")
    assert not (tmp_path / "model" / "uv.lock").exists()
    changed = {name for name in {*before, *os.environ} if before.get(name) != os.environ.get(name)}
    assert changed <= {"TORCHINDUCTOR_CACHE_DIR"}  # torch's


@pytest.mark.parametrize("name", ["my bundle", "a#b%20c", "日本"])
def test_the_folder_may_have_any_name(made: Made, name: str, tmp_path: Path) -> None:
    shutil.copytree(made.bundle.folder, tmp_path / name)
    save_served_bundle(Bundle.open(tmp_path / name), made.rows, tmp_path / "model")
    assert Bundle.open(tmp_path / "model" / "artifacts" / "bundle").hash == made.bundle.hash


def test_rows_that_cannot_be_answered_are_named(made: Made, tmp_path: Path) -> None:
    rows = made.rows.assign(text=["", *made.rows["text"][1:]])
    with pytest.raises(DataError, match="row 0: must be a text"):
        save_served_bundle(made.bundle, rows, tmp_path / "model")
    with pytest.raises(DataError, match="rows: must be one at least"):
        save_served_bundle(made.bundle, rows.head(0), tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_mlflow_refuses_what_is_pickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION")
    save_pickled(tmp_path / "pickled")
    forbid_pickle()
    with pytest.raises(Exception, match="using pickle is disallowed"):
        load_mlflow_module("mlflow.pyfunc").load_model(str(tmp_path / "pickled"))


def test_who_has_settled_that_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "true")
    forbid_pickle()
    assert os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] == "true"
