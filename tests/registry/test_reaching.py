"""A registry that does not answer is told in time, and with the way out."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from dsf.core.errors import UserError
from dsf.registry.reaching import reach_registry
from dsf.tracking import TrackingSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.registry.conftest import Store


@pytest.fixture(autouse=True)
def _one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")


def settings_of(project: Path, port: int, patience: float = 10) -> TrackingSettings:
    uri = f"http://me:secret@127.0.0.1:{port}"
    return TrackingSettings(project=project, tracking_uri=uri, patience=patience)


@contextmanager
def server_that_says(status: int) -> Iterator[int]:
    """A server with one answer to everything; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_one_that_answers_is_reached_at_once_and_left_as_it_is(store: Store) -> None:
    file = store.settings.find_place().file
    assert file is not None
    before, begin = file.read_bytes(), time.monotonic()
    reach_registry(store.settings)
    assert time.monotonic() - begin < store.settings.patience / 2
    assert file.read_bytes() == before


def test_one_that_is_asked_must_be_able_to_say_what_is_registered(store: Store) -> None:
    with closing(sqlite3.connect(str(store.settings.find_place().file))) as other:
        other.execute("DROP TABLE registered_models")
    with pytest.raises(UserError, match="must answer before a bundle is registered, but"):
        reach_registry(store.settings)


def test_a_file_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"mlflow\.db before .*dsf-cli sync RUN"):
        reach_registry(TrackingSettings(project=tmp_path))
    assert not list(tmp_path.iterdir())


def test_nobody_answers(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UserError, match="nothing answers there") as caught:
        reach_registry(settings_of(tmp_path, port))
    assert "Nothing was registered" in str(caught.value)
    assert "dsf-cli register RUN" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_one_that_hangs_is_waited_for_no_longer_than_was_said(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begin = time.monotonic()
        with pytest.raises(UserError, match=r"no answer in 0\.5 s.*dsf-cli register RUN"):
            reach_registry(settings_of(tmp_path, silent.getsockname()[1], patience=0.5))
        assert time.monotonic() - begin < 5


def test_wrong_credentials_are_told_with_the_variables(tmp_path: Path) -> None:
    with server_that_says(401) as port, pytest.raises(UserError) as caught:
        reach_registry(settings_of(tmp_path, port))
    assert "MLFLOW_TRACKING_PASSWORD" in str(caught.value)
    assert "secret" not in str(caught.value)
