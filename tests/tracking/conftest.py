"""A real MLflow server, stores in SQLite files, and a server that misbehaves as asked."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from dsf.tracking import TrackingSettings
from dsf.tracking.mlflow_package import load_client_class

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 90.0  # seconds for a server to start; a busy machine needs some 15

# The server and its worker end when whoever started them does, however that one ends.
WATCHED = """
import os, signal, subprocess, sys
subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
sys.stdin.read()
os.killpg(0, signal.SIGKILL)
"""


class MlflowServer:
    """A server over a SQLite file; it may be killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.uri = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = {
            "--backend-store-uri": f"sqlite:///{self.folder / 'mlflow.db'}",
            "--artifacts-destination": str(self.folder / "artifacts"),
            "--host": "127.0.0.1",
            "--port": str(self.port),
            "--workers": "1",
        }
        command = [sys.executable, "-c", WATCHED, sys.executable, "-m", "mlflow", "server"]
        for pair in options.items():
            command.extend(pair)
        quiet = {
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "DO_NOT_TRACK": "true",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        }
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**os.environ, **quiet},
                cwd=self.folder,
                start_new_session=True,
            )
        self._wait()

    def kill(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.communicate()
            self._process = None

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.uri}/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        self.kill()
        log = (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"no MLflow server after {PATIENCE} s:\n{log[-3000:]}")


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    server = MlflowServer(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of MLflow with nothing in it; making one takes more than a second."""
    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    uri = f"sqlite:///{path}"
    load_client_class(uri)(uri)
    return path


@pytest.fixture(autouse=True)
def _no_variables_of_users(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MLFLOW_TRACKING")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "5")


@pytest.fixture
def project(tmp_path: Path, new_database: Path) -> Path:
    """A project whose default store is there."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(new_database, folder / "mlflow.db")
    return folder


@pytest.fixture
def run_folder(project: Path) -> Path:
    folder = project / "training_output" / "v1"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def settings(project: Path) -> TrackingSettings:
    return TrackingSettings(project=project, patience=20)


@dataclass
class Misbehaving:
    """What a server answers: for the end of a path, a status and a text."""

    uri: str
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)


RUN = {"run": {"info": {"run_id": "abc", "experiment_id": "1", "lifecycle_stage": "active"}}}


@pytest.fixture
def misbehaving() -> Iterator[Misbehaving]:
    """A server that takes everything, but for what a test lets it answer otherwise."""
    state = Misbehaving("")

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            path = self.path.partition("?")[0]
            state.seen.append((path, body))
            status, text = 200, json.dumps(_usual(path))
            for key, given in state.answers.items():
                if path.endswith(key) or (key in body and path.endswith("log-batch")):
                    status, text = given
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PATCH = answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        state.uri = f"http://127.0.0.1:{server.server_address[1]}"
        yield state
        server.shutdown()


def _usual(path: str) -> dict[str, Any]:
    if path.endswith("experiments/get-by-name"):
        return {"experiment": {"experiment_id": "1", "lifecycle_stage": "active"}}
    if path.endswith(("runs/create", "runs/get")):
        return RUN
    return {}


@pytest.fixture
def make_settings(project: Path) -> Callable[..., TrackingSettings]:
    def make(**values: Any) -> TrackingSettings:
        return TrackingSettings.from_values({"patience": 20, **values}, project)

    return make
