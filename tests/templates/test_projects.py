"""A generated project is a product: clean in every check that it sets up for itself.

That its tests and its run pass is tested from the wheel, for every task, in
tests/packaging/test_every_task.py.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from dsf.cli.rendering import complete_answers, render_project
from dsf.cli.templates import list_templates
from dsf.core.names import MAX_LENGTH
from dsf.tasks.table import TASKS

ROOT = Path(__file__).resolve().parents[2]

# Names of different lengths: where a line breaks, and in which order names stand, depends on them.
NAMES = ["a", "digits", "Zoo2", "my-new-project", "a" * MAX_LENGTH]
# The text tasks share their files; that of the longest name stands for them.
ALL_NAMES = ("digits", "intent_classification")
RENDERED = [
    (template.name, task, name)
    for template in list_templates().values()
    for task in template.variables["task"]
    for name in (NAMES if task in ALL_NAMES else NAMES[-1:])
]
ONLY_DSFS = ("huggingface_hub", "matplotlib", "mlflow", "rich", "sqlalchemy", "transformers")
EACH_TASK = [*{project[:2]: project for project in RENDERED}.values()]


def _render(template: str, task: str, name: str, place: Path) -> Path:
    answers = complete_answers({"project_name": name, "task": task})
    return render_project(list_templates()[template].path, answers, place)


def _check(project: Path, *command: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def _leave_alone_what_it_does_not_import(project: Path) -> None:
    """Spare mypy three thousand modules that only dsf imports, and of which dsf shows no type."""
    imported = set()
    for file in project.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            imported |= {name.partition(".")[0] for name in names}
    assert {"dsf", "torch"} <= imported
    spared = [f"{name}.*" for name in ONLY_DSFS if name not in imported]
    with (project / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[tool.mypy.overrides]]\nmodule = {spared}\nfollow_imports = "skip"\n')


def test_there_are_projects_to_check() -> None:
    assert ("project", "digits", "digits") in RENDERED
    assert {task for _, task, _ in EACH_TASK} >= {"digits", *TASKS}


@pytest.mark.parametrize(("template", "task", "name"), RENDERED)
def test_style_and_format_are_clean(template: str, task: str, name: str, tmp_path: Path) -> None:
    project = _render(template, task, name, tmp_path)
    _check(project, "ruff", "check", "--no-cache", ".")
    _check(project, "ruff", "format", "--no-cache", "--check", ".")


@pytest.mark.parametrize(
    "projects",
    [
        pytest.param([RENDERED[0]], id="the shortest name"),
        pytest.param([one for one in EACH_TASK if one[1] in ("digits", "ner")], id="two tasks"),
        pytest.param(EACH_TASK, id="all tasks", marks=pytest.mark.slow),
    ],
)
def test_types_are_clean(projects: list[tuple[str, str, str]], tmp_path: Path) -> None:
    """One cache for all, kept between runs: most of the time goes into the types of torch."""
    cache = ROOT / ".mypy_cache" / "rendered"
    for template, task, name in projects:
        project = _render(template, task, name, tmp_path / template / task)
        _leave_alone_what_it_does_not_import(project)
        # Of an installed dsf mypy reports nothing; of the checkout's it would, but for this option.
        _check(project, "mypy", "--follow-imports=silent", "--cache-dir", str(cache))


@pytest.mark.parametrize(("template", "task", "name"), EACH_TASK)
def test_every_file_can_be_read(template: str, task: str, name: str, tmp_path: Path) -> None:
    project = _render(template, task, name, tmp_path)
    readers = {".yml": yaml.safe_load, ".yaml": yaml.safe_load, ".toml": tomllib.loads}
    seen = set()
    for path in project.rglob("*"):
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n") or path.suffix == ".conllu", path  # as the format asks
        assert "{{" not in text.replace("${{", ""), path
        if path.suffix in readers:
            assert readers[path.suffix](text), path
            seen.add(path.suffix)
    assert seen == set(readers)


@pytest.mark.parametrize(("template", "task", "name"), EACH_TASK)
def test_links_of_the_readme_lead_somewhere(
    template: str, task: str, name: str, tmp_path: Path
) -> None:
    project = _render(template, task, name, tmp_path)
    links = re.findall(r"\]\(([^)#]+)\)", (project / "README.md").read_text(encoding="utf-8"))
    assert len(links) > 5
    assert [link for link in links if not (project / link).exists()] == []


def test_make_lists_its_verbs_and_test_installs_nothing_when_pytest_is_there(
    tmp_path: Path,
) -> None:
    project = _render("project", "digits", "my-shop", tmp_path)

    def make(*words: str) -> str:
        answer = subprocess.run(
            ["make", f"PYTHON={sys.executable}", *words],
            cwd=project,
            capture_output=True,
            text=True,
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    listed = re.findall(r"^  make ([a-z]+) ", make(), re.MULTILINE)
    assert {"setup", "test", "run", "lint", "types"} <= set(listed)
    (project / "pytest.py").write_text("import json; print(json.dumps(['pytest ran']))\n")
    shown = make("test")
    assert json.dumps(["pytest ran"]) in shown
    assert "pip install" not in shown
