"""`dsf-cli ui`: MLflow's page, served to this machine until Ctrl-C, or that of the server."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

PROJECT = Path(__file__).parents[2] / "projects" / "sklearn_project"
UI = ("ui", "--no-browser")


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = Path(shutil.copytree(PROJECT, tmp_path / "tumours"))
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("project")
def test_a_server_has_its_own_page(call):
    where = ("--set", "tracking_config.tracking_uri=https://mlflow.example.org")
    done = call(*UI, *where)
    assert done.code == 0, done.err
    assert done.out == "https://mlflow.example.org\n"


@pytest.mark.usefixtures("project")
def test_a_port_that_is_taken_is_named(call):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = call(*UI, "--port", port)
    assert done.code == 2
    assert f"--port: must be free, but {port} is not" in done.err


def test_outside_of_a_project_there_is_none(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call(*UI)
    assert done.code == 2
    assert "This command works in a project" in done.err


def test_it_serves_the_database_until_it_is_stopped(project):
    command = [sys.executable, "-m", "dsf.cli", *UI, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ui:
        url = ui.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), ui.stderr.read()
        with urlopen(url, timeout=30) as page:
            assert b"MLflow" in page.read()
        ui.send_signal(signal.SIGINT)
        assert ui.wait(30) == 130
        assert "It is served until Ctrl-C." in ui.stderr.read()
    assert (project / "mlflow.db").is_file()
    with pytest.raises(URLError):
        urlopen(url, timeout=5)
