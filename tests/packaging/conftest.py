"""Built distributions, and environments in which they are installed as a user would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 600  # seconds


@dataclass(frozen=True)
class Environment:
    """A virtual environment with dsf in it."""

    path: Path

    @property
    def python(self) -> Path:
        return self.path / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        found = list(self.path.glob("lib/python*/site-packages"))
        assert len(found) == 1
        return found[0]

    def run(
        self, *command: str | Path, cwd: Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as in a shell in which this environment is active."""
        inherited = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
        return subprocess.run(
            list(map(str, command)),
            cwd=cwd,
            env={
                **inherited,
                "PATH": f"{self.path / 'bin'}{os.pathsep}{os.environ['PATH']}",
                "VIRTUAL_ENV": str(self.path),
                **(env or {}),
            },
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=LIMIT,
        )

    def check(self, *command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
        """Run a command that must succeed; give what it printed."""
        answer = self.run(*command, cwd=cwd, env=env)
        assert answer.returncode == 0, f"{command}:\n{answer.stdout}\n{answer.stderr}"
        return answer.stdout


def _must(*command: str | Path, cwd: Path) -> None:
    answer = subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, timeout=LIMIT
    )
    assert answer.returncode == 0, f"{command}:\n{answer.stdout}\n{answer.stderr}"


def _make_environment(path: Path) -> Environment:
    if shutil.which("uv"):
        _must("uv", "venv", "--quiet", "--python", sys.executable, path, cwd=path.parent)
    else:
        # Our own pip fills it: to give each its own takes longer than to install dsf.
        _must(sys.executable, "-m", "venv", "--without-pip", path, cwd=path.parent)
    return Environment(path)


def _install(environment: Environment, *what: str | Path) -> None:
    if shutil.which("uv"):
        command = ["uv", "pip", "install", "--quiet", "--python", environment.python]
    else:
        ours = [sys.executable, "-m", "pip", "--python", environment.python]
        command = [*ours, "install", "--quiet"]
    _must(*command, *what, cwd=environment.path)


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the files that git knows, or would, so that the checkout stays clean."""
    copy = tmp_path_factory.mktemp("source")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    files = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    assert "setup.py" in files
    for name in files:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    # What an import in a checkout leaves behind must not be shipped.
    litter = copy / "templates" / "__pycache__" / "left.cpython-311.pyc"
    litter.parent.mkdir(parents=True, exist_ok=True)
    litter.write_bytes(b"litter")
    return copy


@pytest.fixture(scope="session")
def distributions(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist, and the wheel that is built from that sdist: kind → file."""
    dist = tmp_path_factory.mktemp("dist")
    _must(sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, source, cwd=source)
    (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    return {"wheel": wheel, "sdist": sdist}


@pytest.fixture(scope="session", params=["wheel", "sdist", "editable"])
def installed(
    request: pytest.FixtureRequest,
    source: Path,
    distributions: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Environment:
    """An environment that was empty, with dsf and its core requirements in it, three ways."""
    environment = _make_environment(tmp_path_factory.mktemp("env") / request.param)
    if request.param == "editable":
        _install(environment, "--editable", source)
    else:
        _install(environment, distributions[request.param])
    return environment


@pytest.fixture(scope="session")
def overlay(
    distributions: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Environment:
    """An environment with the wheel, which borrows all else from the one the tests run in.

    The wheel's own folder comes first on the path, so that its dsf is found and not the checkout's.
    """
    environment = _make_environment(tmp_path_factory.mktemp("env") / "overlay")
    _install(environment, "--no-deps", distributions["wheel"])
    borrowed = environment.site_packages / "borrowed.pth"
    borrowed.write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return environment
