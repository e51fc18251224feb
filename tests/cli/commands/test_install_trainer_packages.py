"""`dsf-cli install-trainer-packages` says what it does before it does it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.cli.conftest import Answer

ROOT = Path(__file__).resolve().parents[3]


def test_a_dry_run_prints_a_command_that_keeps_the_installed_torch(distribution: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "dsf.cli", "install-trainer-packages", "--dry-run"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(distribution)},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    (line,) = answer.stdout.splitlines()
    words = shlex.split(line)
    version = metadata.version("torch")
    assert f"torch=={version.partition('+')[0]}" in words
    assert "install" in words
    assert any(word.startswith("pytorch-lightning") for word in words)
    assert f"torch {version} fits and stays." in answer.stderr


def test_an_installer_that_fails_ends_with_exit_code_2(
    distribution: Path, call: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(distribution)
    failing = (sys.executable, "-c", "import sys; print('no network'); sys.exit(3)")
    monkeypatch.setattr("dsf.cli.training_packages._find_installer", lambda: failing)
    answer = call("install-trainer-packages")
    assert answer.code == 2
    assert "ended with 3" in answer.err
    assert "no network" in answer.out


def test_an_unknown_device_is_refused(call: Callable[..., Answer]) -> None:
    answer = call("install-trainer-packages", "--device", "tpu")
    assert answer.code == 2
    assert "'tpu' is not one of" in answer.err
