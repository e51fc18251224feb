"""MLflow's own page over a store that no server stands before."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from dsf.core.errors import ConfigError, DsfError, Problem
from dsf.tracking.mlflow_package import load_client_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsf.tracking.uris import Place

__all__ = ["open_page"]

_HOST = "127.0.0.1"
_PAUSE = 0.2  # seconds between two looks
_PATIENCE = 120.0  # seconds; a cold start on a busy machine takes half a minute
_GRACE = 5.0  # seconds to end by itself
_LIGHT = {
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # else it starts ten processes
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
}


@contextmanager
def open_page(place: Place, port: int = 5000) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve MLflow's page to this machine alone, for as long as the block lasts.

    Args:
        place: The store that is shown.
        port: Where; 0 takes a free one.

    Yields:
        The page's address, and the process that serves it.

    Raises:
        ConfigError: If the port is taken.
        DsfError: If the server ends before it answers.
        MissingExtraError: If MLflow is not installed.
    """
    load_client_class(place.uri)
    port = _find_port(port)
    # By the environment: arguments of a process can be read by all users of a machine.
    store = {"MLFLOW_BACKEND_STORE_URI": place.uri}
    artifacts = ["--default-artifact-root", place.artifacts] if place.artifacts else []
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "mlflow", "server", "--workers", "1"),
            *("--host", _HOST, "--port", str(port), *artifacts),
        ],
        env=os.environ | _LIGHT | store,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for us: we end it in order
    )
    try:
        url = f"http://{_HOST}:{port}"
        _wait(url, process)
        yield url, process
    finally:
        _end(process)


def _find_port(port: int) -> int:
    """Give the port, or a free one for 0.

    Raises:
        ConfigError: If it is taken.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HOST, port))
        except OSError as error:
            message = f"must be free, but {port} is not ({error.strerror}). Name another one."
            raise ConfigError("The page cannot be served.", [Problem("--port", message)]) from error
        found: int = listener.getsockname()[1]
        return found


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers.

    Raises:
        DsfError: If it ends before, or never does.
    """
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise DsfError(
                f"MLflow's server must answer at {url}, but ended with code {process.returncode}. "
                "Start it by hand to see why: mlflow server --help."
            )
        try:
            with urlopen(f"{url}/health", timeout=_GRACE):
                return
        except (URLError, OSError):
            time.sleep(_PAUSE)
    raise DsfError(f"MLflow's server must answer at {url} within {_PATIENCE:.0f} s, but does not.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server with all the processes that it has started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(_GRACE)
            break
        except subprocess.TimeoutExpired:
            continue
