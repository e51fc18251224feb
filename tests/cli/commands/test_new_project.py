"""`dsf-cli new-project` asks or is told, and ends with what to type next."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner

import dsf
from dsf.cli.commands.new_project import command

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

TRAINER = {
    *("trainer_main.py", "config.py", "config.yaml", "data.py", "model.py", "train.py", "test.py"),
    *("comparison.py", "evaluation.py", "dataset_preparation.py", "__init__.py"),
    *("pl_wrapper/data_module.py", "pl_wrapper/plmodule.py", "pl_wrapper/network_module.py"),
}
OUTER = {
    *("README.md", "Makefile", "Dockerfile", ".dockerignore", ".gitignore", "pyproject.toml"),
    *("requirements.txt", "requirements_dev.txt", ".pre-commit-config.yaml", ".dsf-project.yaml"),
    *(".github/workflows/ci.yml", "tests/test_run.py", "tests/test_hooks.py"),
}
TEXT_TASKS = ("intent_classification", "text_classification", "multilabel", "ner", "pos")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_project_has_all_its_files(call: Callable[..., Answer], here: Path) -> None:
    answer = call("new-project", "my-shop", "--no-input")
    assert answer.code == 0, answer.err
    made = here / "my-shop"
    missing = [name for name in OUTER if not (made / name).is_file()]
    missing += [name for name in TRAINER if not (made / "trainer" / name).is_file()]
    assert missing == []
    assert not list(made.rglob("__pycache__"))
    texts = [path.read_text(encoding="utf-8") for path in made.rglob("*") if path.is_file()]
    assert len(texts) > 25
    assert not [text for text in texts if "cookiecutter" in text]
    assert not [text for text in texts if re.search(r"\bDigits[A-Z]", text)]


def test_it_ends_with_the_next_commands(call: Callable[..., Answer], here: Path) -> None:
    answer = call("new-project", "my-shop", "--no-input", "--output-dir", "some where")
    assert answer.out.splitlines()[0] == f"Made my-shop in {here / 'some where' / 'my-shop'}"
    assert [line.strip() for line in answer.out.partition("Next:")[2].split("\n") if line] == [
        "cd 'some where/my-shop'",
        "make test",
        "python -m trainer.trainer_main",
    ]


def test_the_answers_are_kept(call: Callable[..., Answer], here: Path) -> None:
    call("new-project", "my-shop", "--no-input")
    kept = yaml.safe_load((here / "my-shop" / ".dsf-project.yaml").read_text(encoding="utf-8"))
    assert kept == {
        "template": "project",
        "template_version": "1",
        "dsf_version": dsf.__version__,
        "answers": {
            "project_name": "my-shop",
            "package_name": "my_shop",
            "class_prefix": "MyShop",
            "task": "digits",
        },
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["../evil"], "Try 'evil'"),
        (["/etc"], "Try 'etc'"),
        (["random"], "standard library"),
        (["my-shop", "--task", "dogits"], f"one of digits, {', '.join(TEXT_TASKS)}, but got"),
        (["my-shop", "--template", "absent"], "one of project"),
        (["--no-input"], "NAME must be given"),
    ],
)
def test_a_wrong_call_writes_nothing(
    arguments: list[str], said: str, call: Callable[..., Answer], here: Path
) -> None:
    answer = call("new-project", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert list(here.iterdir()) == []


def test_help_lists_what_can_be_chosen(call: Callable[..., Answer]) -> None:
    told = " ".join(call("new-project", "--help").out.split())
    assert "--task TASK What it learns at first [default: digits]. Choices: digits, " in told
    assert "intent_classification, text_classification, multilabel, ner, pos." in told
    assert "--template NAME Which template. [default: project] Choices: project." in told


def test_a_second_project_of_that_name_is_refused(call: Callable[..., Answer], here: Path) -> None:
    call("new-project", "my-shop", "--no-input")
    (here / "my-shop" / "mine.txt").write_text("mine")
    answer = call("new-project", "my-shop", "--no-input")
    assert answer.code == 2
    assert str(here / "my-shop") in answer.err
    assert (here / "my-shop" / "mine.txt").read_text() == "mine"


def test_without_a_name_it_asks_until_one_is_allowed(here: Path) -> None:
    result = CliRunner().invoke(command, [], input="class\nmy-shop\nnerr\nner\n")
    assert result.exit_code == 0, result.output
    assert "keyword of Python" in result.output
    assert "Answer with a name like my-shop" in result.output
    assert "Choices: digits, intent_classification" in result.output
    assert "but got 'nerr'" in result.output
    assert (here / "my-shop" / "data" / "sample.iob2").is_file()


@pytest.mark.parametrize("task", TEXT_TASKS)
def test_a_text_task_has_the_same_files_and_a_sample(
    task: str, call: Callable[..., Answer], here: Path
) -> None:
    answer = call("new-project", "my-shop", "--task", task)
    assert answer.code == 0, answer.err
    made = here / "my-shop"
    missing = [name for name in OUTER if not (made / name).is_file()]
    missing += [name for name in TRAINER if not (made / "trainer" / name).is_file()]
    assert missing == []
    section = yaml.safe_load((made / "trainer" / "config.yaml").read_text(encoding="utf-8"))
    assert section["task"] == task
    sample = made / section["dataset_config"]["dataset_path"]
    assert sample.is_file()
    assert sample.relative_to(made).as_posix() in (made / "README.md").read_text(encoding="utf-8")
    texts = [path.read_text(encoding="utf-8") for path in made.rglob("*") if path.is_file()]
    assert not [text for text in texts if "cookiecutter" in text]
    assert not [text for text in texts if re.search(r"\bDigits[A-Z]|handwritten", text)]


def test_input_that_ends_is_no_answer(
    call: Callable[..., Answer], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path("/dev/null").open(encoding="utf-8") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        answer = call("new-project")
    assert answer.code == 2
    assert "--no-input" in answer.err
    assert list(here.iterdir()) == []
