"""One process at a time registers a bundle of a run; one that is killed gives way."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from dsf.registry.turns import one_at_a_time
from dsf.tracking import TrackingSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLDER = """
import sys
from pathlib import Path
from dsf.registry.turns import one_at_a_time
from dsf.tracking import TrackingSettings

with one_at_a_time(TrackingSettings(project=Path(sys.argv[1])), "run"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(project: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the run until it is killed, or its stdin is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, project],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)


def test_a_second_process_waits_and_says_so_until_the_first_is_gone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings, came = TrackingSettings(project=tmp_path), threading.Event()

    def wait() -> None:
        with one_at_a_time(settings, "run"):
            came.set()

    with caplog.at_level("INFO", "dsf"), holder(tmp_path) as first:
        second = threading.Thread(target=wait, daemon=True)
        second.start()
        assert not came.wait(1.0)
        assert "another process registers a bundle of the same run" in caplog.text
        first.kill()
        assert came.wait(10)
        second.join(10)


def test_nobody_waits_for_another_run_or_another_store(tmp_path: Path) -> None:
    here, there = tmp_path, tmp_path / "other"
    with holder(here):
        for project, run in ((here, "another"), (there, "run")):
            came = threading.Event()
            with one_at_a_time(TrackingSettings(project=project), run):
                came.set()
            assert came.is_set()


def test_the_lock_is_no_file_of_the_project(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    with one_at_a_time(TrackingSettings(project=project), "run"):
        assert not list(project.iterdir())
        (lock,) = tmp_path.glob("*.lock")
        assert lock.name.startswith("dsf-register-")


def lock_of(settings: TrackingSettings, folder: Path) -> str:
    """Name of the file that is the lock while we hold a run."""
    with one_at_a_time(settings, "run"):
        (lock,) = folder.glob("*.lock")
    lock.unlink(missing_ok=True)
    return lock.name


@pytest.mark.parametrize(
    ("uri", "same", "other"),
    [
        ("http://localhost:80", "HTTP://127.0.0.1/", "http://localhost:5000"),
        ("https://ann:a@mlflow.example.org/ml", "https://MLflow.example.org:443/ml/", "https://x"),
        ("postgresql://ann:a@db/runs", "postgresql://bob:b@db/runs", "postgresql://db/others"),
        ("sqlite:///mlflow.db", "sqlite:///linked/../mlflow.db", "sqlite:///other.db"),
    ],
)
def test_a_store_is_the_same_however_it_is_written_and_whatever_the_user_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uri: str, same: str, other: str
) -> None:
    names = []
    for user, address in (("ann", uri), ("bob", same), ("ann", other)):
        monkeypatch.setenv("LOGNAME", user)
        names.append(lock_of(TrackingSettings(tmp_path, tracking_uri=address), tmp_path))
    assert names[0] == names[1] != names[2]
