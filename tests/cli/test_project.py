"""A project is found from any folder in it, and what is wrong with it is said with its place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dsf.cli.project import find_project, load_project, run_project
from dsf.core.errors import ConfigError, MissingExtraError, ProjectError

ROOT = Path(__file__).resolve().parents[2]

MAIN = """
from dsf.base import Main

class ShopMain(Main):
    pass
"""
CONFIG = """
from dsf.core.config import resolve_config

def load(env=None, overrides=()):
    return resolve_config({"project": "shop"})
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The smallest project that can be imported, as the working folder."""
    folder = tmp_path / "shop"
    (folder / "trainer").mkdir(parents=True)
    (folder / "trainer" / "__init__.py").touch()
    (folder / "trainer" / "trainer_main.py").write_text(MAIN, encoding="utf-8")
    (folder / "trainer" / "config.py").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def _write(shop: Path, name: str, text: str) -> None:
    (shop / "trainer" / name).write_text(text, encoding="utf-8")


def test_a_project_is_found_from_below(shop: Path) -> None:
    deep = shop / "trainer" / "a" / "b"
    deep.mkdir(parents=True)
    assert find_project(deep) == shop
    assert find_project() == shop


def test_the_nearest_project_counts(shop: Path) -> None:
    inner = shop / "inner"
    (inner / "trainer").mkdir(parents=True)
    (inner / "trainer" / "trainer_main.py").touch()
    assert find_project(inner) == inner


def test_outside_a_project_it_says_what_it_looked_for_and_from_where(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as caught:
        find_project(tmp_path)
    message = str(caught.value)
    assert str(Path("trainer") / "trainer_main.py") in message
    assert str(tmp_path) in message
    assert "dsf-cli new-project" in message


def test_the_one_main_and_load_are_given(shop: Path) -> None:
    project = load_project()
    assert project.root == shop
    assert project.main_class.__name__ == "ShopMain"
    assert project.load()["project"] == "shop"


def test_the_projects_own_folder_comes_first_on_the_path(shop: Path) -> None:
    load_project()
    assert sys.path[0] == str(shop)


def test_a_main_that_is_only_imported_does_not_count(shop: Path) -> None:
    _write(shop, "other.py", "from dsf.base import Main\nclass OtherMain(Main): pass\n")
    _write(shop, "trainer_main.py", "from trainer.other import OtherMain\n" + MAIN)
    assert load_project().main_class.__name__ == "ShopMain"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (MAIN + "class SecondMain(Main): pass\n", "ShopMain, SecondMain"),
        ("from dsf.base import Main\n", "none"),
    ],
)
def test_there_must_be_exactly_one_main(shop: Path, source: str, said: str) -> None:
    _write(shop, "trainer_main.py", source)
    with pytest.raises(ProjectError, match=rf"exactly one subclass .* defines {said}\."):
        load_project()


def test_load_must_be_there(shop: Path) -> None:
    _write(shop, "config.py", "")
    with pytest.raises(ProjectError, match=r"config\.py must define load"):
        load_project()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    pass", r"config\.py: load must return the Config .* but returns nothing \(None\)"),
        (
            "    return {}",
            r"config\.py: load must return the Config .* but returns an object of dict",
        ),
        (
            "    return overrides['x']",
            r"config\.py:2: load must give the config, but raises TypeErr",
        ),
    ],
)
def test_load_must_give_a_config(shop: Path, body: str, said: str) -> None:
    _write(shop, "config.py", f"def load(env=None, overrides=()):\n{body}\n")
    with pytest.raises(ProjectError, match=said):
        load_project().load()


def test_an_error_of_dsf_inside_of_load_passes_as_it_is(shop: Path) -> None:
    source = "def load(**_): return load_config('x', overrides=[3])\n"
    _write(shop, "config.py", f"from dsf.core.config import load_config\n{source}")
    with pytest.raises(AttributeError):
        load_project().load()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\nimport dsf_absent_package\n", "model.py:2.*ModuleNotFoundError"),
        ("def f(:\n", "model.py:1.*SyntaxError"),
        ("\n\nboom\n", "model.py:3.*NameError"),
        ("import json\njson.loads('{')\n", "model.py:2.*JSONDecodeError"),
    ],
)
def test_an_error_in_the_users_code_has_its_file_and_line(
    shop: Path, source: str, said: str
) -> None:
    _write(shop, "model.py", source)
    _write(shop, "trainer_main.py", "import trainer.model\n" + MAIN)
    with pytest.raises(ProjectError, match=said):
        load_project()


def test_a_missing_training_package_is_answered_with_the_line_to_run(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torchmetrics", None)  # as if it were not installed
    _write(shop, "trainer_main.py", "import torchmetrics.classification\n" + MAIN)
    with pytest.raises(MissingExtraError) as caught:
        load_project()
    message = str(caught.value)
    assert "trainer_main.py:1" in message
    assert "dsf-cli install-trainer-packages" in message
    assert "pip install 'dsf-trainer[train]'" in message


def test_an_error_of_dsf_passes_as_it_is(shop: Path) -> None:
    source = "from dsf.core.errors import ConfigError\nraise ConfigError('wrong')\n"
    _write(shop, "trainer_main.py", source)
    with pytest.raises(ConfigError, match=r"^wrong$"):
        load_project()


def test_another_package_of_that_name_is_not_taken(shop: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "trainer"
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    (other / "trainer_main.py").write_text(MAIN, encoding="utf-8")
    (other / "config.py").write_text(CONFIG, encoding="utf-8")
    load_project(other.parent)
    with pytest.raises(ProjectError, match=r"must be imported from .*shop"):
        load_project(shop)


@pytest.mark.parametrize("way", [["-m", "trainer.trainer_main"], ["trainer/trainer_main.py"]])
def test_both_ways_to_start_the_main_file_answer_as_run_does(project: Path, way: list[str]) -> None:
    answer = subprocess.run(
        [sys.executable, *way, "--json", "--set", "metrics.f2=true"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 2
    assert json.loads(answer.stdout)["error"]["type"] == "ConfigError"
    assert "f2" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (project / "training_output").exists()


def test_run_project_takes_the_flags_of_run_and_gives_the_exit_code(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = load_project()

    def run(*flags: str) -> int:
        return run_project(found.main_class, found.load, flags)

    assert run("--resume") == 2  # there is no run to go on with
    assert run("--absent") == 2
    assert "Usage: python -m trainer.trainer_main" in capsys.readouterr().err
    assert run("--set", "model_config.trees=3") == 0
    assert "5_compare" in capsys.readouterr().out
