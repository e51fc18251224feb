"""Templates are found wherever dsf is, and each can ask for what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsf.cli.templates import find_template, list_templates
from dsf.core.errors import ProjectError

ROOT = Path(__file__).resolve().parents[2]


def test_every_folder_with_a_cookiecutter_file_is_a_template() -> None:
    wanted = {path.parent.name for path in (ROOT / "templates").glob("*/cookiecutter.json")}
    assert "project" in wanted
    assert set(list_templates()) == wanted
    assert find_template("project").path.samefile(ROOT / "templates" / "project")


def test_an_unknown_template_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ProjectError, match=r"one of .*project.*, but got 'projct'"):
        find_template("projct")


@pytest.mark.parametrize("name", list_templates())
def test_questions_are_complete(name: str) -> None:
    questions = {question.name: question for question in find_template(name).questions()}
    assert {"project_name", "task"} <= set(questions)
    assert questions["project_name"].rule == "project_name"
    assert questions["task"].choices
    for question in questions.values():
        assert question.title
        assert question.text.strip()
        assert "dsf-cli new-project" in question.error
        question.check(question.default)
