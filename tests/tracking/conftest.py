"""A real MLflow server, stores in SQLite files, and a server that misbehaves as asked."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from dsf.tracking import TrackingSettings
from dsf.tracking.mlflow_package import load_client_class
from tests.mlflow_server import MlflowServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


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
    """What a server answers: for the end of a path, a status and a text; and after how long."""

    uri: str
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)


INFO = {
    **{"run_id": "abc", "experiment_id": "1", "lifecycle_stage": "active"},
    "artifact_uri": "mlflow-artifacts:/1/abc/artifacts",
}
RUN = {"run": {"info": INFO}}


@pytest.fixture
def misbehaving() -> Iterator[Misbehaving]:
    """A server that takes everything, but for what a test lets it answer otherwise."""
    state = Misbehaving("")

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            path = self.path.partition("?")[0]
            state.seen.append((path, body))
            time.sleep(sum(one for end, one in state.slow.items() if path.endswith(end)))
            status, text = 200, json.dumps(_usual(path))
            for key, given in state.answers.items():
                if path.endswith(key) or (key in body and path.endswith("log-batch")):
                    status, text = given
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PATCH = do_PUT = answer  # noqa: N815

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


def _drip(connection: socket.socket) -> None:
    """Begin an answer that has no end."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        connection.sendall(b" ")
        time.sleep(0.1)


def _swallow(connection: socket.socket) -> None:
    """Answer all but the upload of a file."""
    with connection.makefile("rb") as asked:
        while line := asked.readline():
            path = line.decode().split()[1].partition("?")[0]
            size = 0
            while (header := asked.readline().lower()).strip():
                if header.startswith(b"content-length:"):
                    size = int(header.partition(b":")[2])
            if "/mlflow-artifacts/" in path:
                return
            asked.read(size)
            text = json.dumps(_usual(path)).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\n\r\n"
            connection.sendall(head.encode() + text)


_SILENCES = {"mute": lambda _: None, "drip": _drip, "swallow": _swallow}


@pytest.fixture(params=_SILENCES)
def silent_uri(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server that takes every connection, and at some moment answers no more."""
    connections = []

    def talk(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the other side has gone
            _SILENCES[request.param](connection)

    def serve() -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                connection, _ = server.accept()
                connections.append(connection)
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    for connection in connections:
        connection.close()


@pytest.fixture
def make_settings(project: Path) -> Callable[..., TrackingSettings]:
    def make(**values: Any) -> TrackingSettings:
        return TrackingSettings.from_values({"patience": 20, **values}, project)

    return make
