"""dsf in an environment that has nothing but its core requirements."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import dsf
from dsf.tasks.table import TASKS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.packaging.conftest import Environment

_NAMES = """
import importlib.util, json
names = ["dsf", "trainer", "tests", "templates", "benchmarks"]
print(json.dumps([name for name in names if importlib.util.find_spec(name)]))
"""


@pytest.fixture(scope="module")
def project(installed: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("projects")
    installed.check("dsf-cli", "new-project", "my-shop", "--no-input", cwd=folder)
    return folder / "my-shop"


def test_the_command_answers(installed: Environment, tmp_path: Path) -> None:
    assert dsf.__version__ in installed.check("dsf-cli", "--version", cwd=tmp_path)


def test_only_our_name_can_be_imported(installed: Environment, tmp_path: Path) -> None:
    assert json.loads(installed.check("python", "-c", _NAMES, cwd=tmp_path)) == ["dsf"]


def test_nothing_heavy_came_along(installed: Environment) -> None:
    present = {path.name for path in installed.site_packages.iterdir()}
    assert not present & {"torch", "pytorch_lightning", "pandas", "numpy", "sklearn", "mlflow"}


def test_a_project_is_made_whole(project: Path, source: Path) -> None:
    """Dotfiles too: they are what packagers forget."""
    names = {path.name for path in project.iterdir()}
    assert {".gitignore", ".github", ".pre-commit-config.yaml", ".dsf-project.yaml"} <= names
    assert (project / "trainer" / "trainer_main.py").is_file()
    assert not list(project.rglob("__pycache__"))
    (template,) = (source / "templates" / "project").glob("{{*")
    wanted = sum(path.is_file() for path in template.rglob("*"))
    assert wanted > 10
    assert sum(path.is_file() for path in project.rglob("*")) >= wanted


@pytest.mark.parametrize("task", sorted(TASKS))
def test_a_project_of_a_text_task_has_its_sample(
    installed: Environment, task: str, tmp_path: Path
) -> None:
    installed.check("dsf-cli", "new-project", "my-mail", "--task", task, cwd=tmp_path)
    made = tmp_path / "my-mail"
    (sample,) = (made / "data").iterdir()
    assert f"dataset_path: data/{sample.name}" in (made / "trainer" / "config.yaml").read_text()
    assert f"dsf.tasks.{task} import" in (made / "trainer" / "test.py").read_text()
    assert (made / ".github" / "workflows" / "ci.yml").is_file()


def test_what_is_missing_is_said_with_the_line_that_installs_it(
    installed: Environment, project: Path
) -> None:
    answer = installed.run("dsf-cli", "run", cwd=project)
    assert answer.returncode == 2, answer.stderr
    assert "pip install 'dsf-trainer[train]'" in answer.stderr
    assert "Traceback" not in answer.stderr
    by_hand = installed.run("python", "-m", "trainer.trainer_main", cwd=project)
    assert by_hand.returncode == 1
    assert "pip install 'dsf-trainer[train]'" in by_hand.stderr
    assert not (project / "training_output").exists()
