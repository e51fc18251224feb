"""A child of the nursery does what a fresh process of Python would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.nursery import Nursery

SAID = (
    "import os, sys, pathlib; print(pathlib.Path.cwd().name, sys.argv, __name__, end='');"
    "print(os.environ['COLOUR'], 'HOME' in os.environ, end='', file=sys.stderr)"
)


@pytest.mark.parametrize(
    "words",
    [
        ("-c", SAID, "one", "two"),
        ("-c", "raise SystemExit(3)"),
        ("-c", "raise SystemExit('no more')"),
        ("-c", "import atexit; atexit.register(print, 'the end'); print('so far')"),
        ("-m", "mine", "one"),
    ],
)
def test_a_command_ends_as_with_python(
    words: tuple[str, ...], nursery: Nursery, tmp_path: Path
) -> None:
    (tmp_path / "mine.py").write_text("import sys; print(sys.argv[1:], __name__); sys.exit(5)\n")
    env = {"COLOUR": "blue", "PATH": os.environ["PATH"]}
    wanted = subprocess.run(
        [sys.executable, *words], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    found = nursery.run(*words, cwd=tmp_path, env=env)
    assert (found.returncode, found.stdout, found.stderr) == (
        wanted.returncode,
        wanted.stdout,
        wanted.stderr,
    )


def test_errors_and_signals_come_out(nursery: Nursery, tmp_path: Path) -> None:
    failed = nursery.run("-c", "1 / 0", cwd=tmp_path)
    assert failed.returncode == 1
    assert failed.stderr.endswith("ZeroDivisionError: division by zero\n")
    killed = nursery.run("-c", "import os; os.kill(os.getpid(), 9)", cwd=tmp_path)
    assert killed.returncode == -signal.SIGKILL


def test_children_know_nothing_of_each_other(nursery: Nursery, tmp_path: Path) -> None:
    for name in ("first", "second"):
        package = tmp_path / name / "trainer"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(f"import os; os.environ['SEEN'] = NAME = {name!r}\n")
        code = "import os; seen = os.environ.get('SEEN'); import trainer; print(seen, trainer.NAME)"
        assert nursery.run("-c", code, cwd=tmp_path / name).stdout == f"None {name}\n"
