"""A project appears whole or not at all, where it was asked for, and nothing else is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsf.cli.rendering import complete_answers, render_project
from dsf.core.errors import ProjectError, StorageError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A template with what must not come along: compiled files, caches and hooks."""
    folder = tmp_path / "template"
    inner = folder / "{{cookiecutter.project_name}}" / "trainer"
    (inner / "__pycache__").mkdir(parents=True)
    (inner / "__pycache__" / "model.cpython-311.pyc").write_bytes(b"\xff\x00")
    (inner / "model.pyo").write_bytes(b"\xff\x00")
    (inner.parent / ".ruff_cache").mkdir()
    (inner.parent / ".ruff_cache" / "1").write_bytes(b"\xff\x00")
    (inner / "model.py").write_text("class {{ cookiecutter.class_prefix }}Model: ...\n")
    (folder / "cookiecutter.json").write_text(
        json.dumps({"project_name": "x", "class_prefix": "", "package_name": "", "dsf_version": ""})
    )
    (folder / "hooks").mkdir()
    (folder / "hooks" / "post_gen_project.py").write_text("raise SystemExit('a hook ran')\n")
    return folder


def _answers(name: str) -> dict[str, str]:
    return complete_answers({"project_name": name})


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_answers_are_completed() -> None:
    answers = complete_answers({"project_name": "my-new-project", "task": "digits"})
    assert answers["package_name"] == "my_new_project"
    assert answers["class_prefix"] == "MyNewProject"
    assert answers["task"] == "digits"
    with pytest.raises(ProjectError):
        complete_answers({"project_name": "../evil"})


def test_only_the_template_is_rendered(template: Path, tmp_path: Path) -> None:
    made = render_project(template, _answers("my-shop"), tmp_path / "new" / "place")
    assert made == tmp_path / "new" / "place" / "my-shop"
    assert _files(made) == {"trainer/model.py"}
    assert (made / "trainer" / "model.py").read_text() == "class MyShopModel: ...\n"
    assert [path.name for path in made.parent.iterdir()] == ["my-shop"]


@pytest.fixture
def layered(template: Path) -> Path:
    """A template with two tasks, of which one lays two folders over the template."""
    overlays = template.parent / "overlays"
    for name, files in {
        "text": {"trainer/model.py": "text\n", "trainer/more.py": "{{ cookiecutter.task }}\n"},
        "ner": {"trainer/more.py": "ner\n", ".hidden": "ner\n"},
    }.items():
        for file, content in files.items():
            path = overlays / name / "{{cookiecutter.project_name}}" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
    variables = json.loads((template / "cookiecutter.json").read_text())
    variables |= {"task": ["digits", "ner", "pos"]}
    variables |= {"_overlays": {"digits": [], "ner": ["text", "ner"], "pos": ["text"]}}
    (template / "cookiecutter.json").write_text(json.dumps(variables))
    return template


@pytest.mark.parametrize(
    ("task", "files"),
    [
        (None, {"trainer/model.py": "class MyShopModel: ...\n"}),
        ("digits", {"trainer/model.py": "class MyShopModel: ...\n"}),
        ("pos", {"trainer/model.py": "text\n", "trainer/more.py": "pos\n"}),
        (
            "ner",
            {"trainer/model.py": "text\n", "trainer/more.py": "ner\n", ".hidden": "ner\n"},
        ),
    ],
)
def test_the_folders_of_a_task_lie_over_the_template_in_their_order(
    layered: Path, tmp_path: Path, task: str | None, files: dict[str, str]
) -> None:
    chosen = {} if task is None else {"task": task}
    made = render_project(layered, _answers("my-shop") | chosen, tmp_path / "out")
    assert {name: (made / name).read_text() for name in _files(made)} == files
    assert "trainer/more.py" not in _files(layered / "{{cookiecutter.project_name}}")


@pytest.mark.parametrize("kind", ["file", "folder", "empty folder", "dangling link"])
def test_what_exists_is_never_touched(template: Path, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "out"
    place.mkdir()
    target = place / "my-shop"
    if kind == "file":
        target.write_text("mine")
    elif kind == "dangling link":
        target.symlink_to(tmp_path / "absent")
    else:
        target.mkdir()
        if kind == "folder":
            (target / "mine").touch()
    before = sorted(path.name for path in place.rglob("*"))
    with pytest.raises(ProjectError, match="my-shop must not exist"):
        render_project(template, _answers("my-shop"), place)
    assert sorted(path.name for path in place.rglob("*")) == before
    assert not (tmp_path / "absent").exists()


def test_nothing_half_written_stays_after_an_error(template: Path, tmp_path: Path) -> None:
    (template / "{{cookiecutter.project_name}}" / "zz.py").write_text("{{ cookiecutter.absent }}")
    with pytest.raises(Exception, match="absent"):
        render_project(template, _answers("my-shop"), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_a_killed_call_left_is_removed_once_it_is_old(template: Path, tmp_path: Path) -> None:
    old, recent, other = (
        tmp_path / name for name in (".my-shop.a.work", ".my-shop.b.work", ".x.work")
    )
    for folder in (old, recent, other):
        folder.mkdir()
    hours_ago = time.time() - 2 * 3600
    os.utime(old, (hours_ago, hours_ago))
    os.utime(other, (hours_ago, hours_ago))
    render_project(template, _answers("my-shop"), tmp_path)
    assert not old.exists()
    assert recent.exists()
    assert other.exists()


def test_a_place_that_cannot_be_written_is_named(template: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"file.* must be writable, but: .*--output-dir"):
        render_project(template, _answers("my-shop"), tmp_path / "file" / "below")


_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from dsf.cli.rendering import complete_answers, render_project
from dsf.core.errors import StorageError
import cookiecutter.main

template, place = map(Path, sys.argv[1:])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    render_project(template, complete_answers({"project_name": "my-shop"}), place)
except StorageError as error:
    sys.exit(f"StorageError: {error}")
"""


def test_a_disk_that_is_full_leaves_nothing(template: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk: writes fail in the same way."""
    big = template / "{{cookiecutter.project_name}}" / "trainer" / "big.txt"
    big.write_text("{{ 'x' * 5000 }}")
    place = tmp_path / "out"
    answer = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(template), str(place)],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert "StorageError" in answer.stderr
    assert "No project was made" in answer.stderr
    assert list(place.iterdir()) == []


def test_home_is_neither_needed_nor_written(tmp_path: Path) -> None:
    """Cookiecutter would keep a replay file there."""
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o555)
    absent = tmp_path / "absent"
    for place, where in (("one", home), ("two", absent)):
        answer = subprocess.run(
            [
                *(sys.executable, "-m", "dsf.cli", "new-project", "my-shop", "--no-input"),
                *("--output-dir", str(tmp_path / place)),
            ],
            cwd=ROOT,
            env={
                **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
                "HOME": str(where),
                "COOKIECUTTER_CONFIG": str(tmp_path / "not-there.yaml"),
            },
            capture_output=True,
            text=True,
        )
        assert answer.returncode == 0, answer.stderr
        assert (tmp_path / place / "my-shop" / "README.md").is_file()
    assert list(home.iterdir()) == []
    assert not absent.exists()


names = st.one_of(
    st.text(max_size=20), st.from_regex(r"(\.\./|/|[a-z_.-]|\\){1,12}", fullmatch=True)
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=names)
def test_no_name_leads_out_of_the_folder(name: str, template: Path, tmp_path: Path) -> None:
    place = tmp_path / "out"
    try:
        made = render_project(template, _answers(name), place)
    except ProjectError:
        return
    assert made.parent == place
    assert {path.name for path in tmp_path.iterdir()} == {"out", "template"}
