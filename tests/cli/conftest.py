"""Calls of the command line inside this process, and projects to call it in."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dsf.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SKLEARN_PROJECT = ROOT / "tests" / "projects" / "sklearn_project"


@pytest.fixture(autouse=True)
def signals_are_heard() -> Iterator[None]:
    """Undo what nohup or a background shell has set: ignored signals, which children inherit."""
    ordinary = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}
    ignored = [number for number in ordinary if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, ordinary[number])
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@dataclass(frozen=True)
class Answer:
    """What a call came to."""

    code: int
    out: str
    err: str


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """``dsf-cli`` with its arguments, errors answered as on a terminal."""

    def run(*arguments: str | Path) -> Answer:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Answer(code, out, err)

    return run


@pytest.fixture(autouse=True)
def _forget_projects() -> Iterator[None]:
    """Every project's package is called trainer: put the one in use away while others are tried."""
    path = list(sys.path)
    in_use = _take_projects()
    yield
    sys.path[:] = path
    _take_projects()
    sys.modules.update(in_use)


def _take_projects() -> dict[str, ModuleType]:
    """Take what is imported of a project out of ``sys.modules``, and give it."""
    names = [name for name in sys.modules if name.partition(".")[0] == "trainer"]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A real project without torch, as the working folder."""
    folder = tmp_path / "tumours"
    shutil.copytree(SKLEARN_PROJECT, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="session")
def distribution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for ``sys.path`` in which dsf-trainer counts as installed, as setup.py says."""
    folder = tmp_path_factory.mktemp("distribution")
    subprocess.run(
        [sys.executable, "setup.py", "--quiet", "egg_info", "--egg-base", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return folder
