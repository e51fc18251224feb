"""The verbs: short, explained, and safe to type."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
STUB = """#!/bin/sh
# Stands in for dsf-cli: makes a project, or says where it was asked to run it.
if [ "$1" = new-project ]; then mkdir "$5/$2" && touch "$5/$2/new"; else pwd; fi
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the Makefile and the files that its verbs look at."""
    for name in ("Makefile", "requirements_docker.txt", "setup.py"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def _make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *words], cwd=folder, capture_output=True, text=True
    )


def _write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def test_every_verb_is_explained() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    explained = re.findall(r"^([a-z-]+):.*## \S", MAKEFILE, re.MULTILINE)
    assert sorted(phony.split()) == sorted(explained)
    needed = {"setup", "demo", "test", "test-all", "lint", "types", "docs", "golden", "lock"}
    assert needed | {"build", "system-deps", "clean"} <= set(explained)


def test_make_alone_lists_the_verbs(copy: Path) -> None:
    answer = _make(copy)
    assert answer.returncode == 0, answer.stderr
    assert "make demo " in answer.stdout
    assert "make test " in answer.stdout


def test_an_old_python_is_refused_before_anything_is_made(copy: Path) -> None:
    old = copy / "old-python"
    pretend = "import sys; sys.version_info = (3, 10, 4); sys.version = '3.10.4 (main)'; "
    _write_program(old, f'#!/bin/sh\nexec {sys.executable} -c "{pretend}exec(sys.argv[1])" "$2"\n')
    answer = _make(copy, "setup", f"PYTHON={old}")
    assert answer.returncode != 0
    assert "needs Python 3.11 or newer" in answer.stderr
    assert "is Python 3.10.4" in answer.stderr
    assert not (copy / ".venv").exists()


def test_setup_is_done_once_and_again_when_the_lock_changes(copy: Path) -> None:
    _write_program(copy / ".venv" / "bin" / "python", "#!/bin/sh\necho installing\n")
    assert "installing" in _make(copy, "setup", "UV=").stdout
    assert "installing" not in _make(copy, "setup", "UV=").stdout
    installed = (copy / ".venv" / ".installed").stat().st_mtime
    lock = copy / "requirements_docker.txt"
    lock.write_text(lock.read_text(encoding="utf-8"), encoding="utf-8")
    assert lock.stat().st_mtime >= installed
    assert "installing" in _make(copy, "setup", "UV=").stdout


def test_the_demo_never_touches_what_is_there(copy: Path) -> None:
    _write_program(copy / ".venv" / "bin" / "dsf-cli", STUB)
    (copy / ".venv" / ".installed").touch()
    mine = copy / "demo" / "1" / "digits" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    for number in (2, 3):
        answer = _make(copy, "demo")
        assert answer.returncode == 0, answer.stderr
        assert f"demo/{number}/digits" in answer.stdout
    assert [path.name for path in mine.parent.iterdir()] == ["mine.txt"]


def test_a_failure_comes_out(copy: Path) -> None:
    _write_program(copy / ".venv" / "bin" / "dsf-cli", "#!/bin/sh\nexit 2\n")
    (copy / ".venv" / ".installed").touch()
    assert _make(copy, "demo").returncode != 0


def test_ci_types_the_two_verbs() -> None:
    script = ROOT / ".ci" / "run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("make")] == ["make system-deps", "make test"]
    assert "set -euo pipefail" in lines
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", script], capture_output=True).returncode == 0
