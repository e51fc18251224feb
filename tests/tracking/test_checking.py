"""A store that cannot be used is named before anything is trained."""

import logging
import socket
import sqlite3
import time

import pytest

from dsf.core.errors import ConfigError
from dsf.tracking import check_store
from tests.small_disk import remount, small_disk


def test_a_store_that_is_there(settings, caplog):
    assert check_store(settings)
    assert caplog.text == ""


def test_a_store_that_is_made(make_settings, project):
    assert check_store(make_settings(tracking_uri="mlruns"))
    assert (project / "mlruns" / "mlflow.db").is_file()


def test_a_server(mlflow_server, make_settings):
    assert check_store(make_settings(tracking_uri=mlflow_server.uri))


def test_nobody_listens(make_settings, caplog):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        uri = f"http://me:s3cr3t@127.0.0.1:{free.getsockname()[1]}"
    assert not check_store(make_settings(tracking_uri=uri))
    assert "dsf-cli sync RUN" in caplog.text
    assert "s3cr3t" not in caplog.text


def test_a_server_that_never_answers_is_waited_for_a_while(make_settings, caplog):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings = make_settings(
            tracking_uri=f"http://127.0.0.1:{silent.getsockname()[1]}", patience=0.5
        )
        began = time.monotonic()
        assert not check_store(settings)
        assert time.monotonic() - began < 3
    assert "no answer in 0.5 s" in caplog.text


@pytest.mark.parametrize("status", [401, 403])
def test_wrong_credentials(make_settings, misbehaving, status):
    misbehaving.answers["experiments/search"] = (status, "You are not authenticated.")
    uri = misbehaving.uri.replace("//", "//me:s3cr3t@")
    with pytest.raises(ConfigError, match="MLFLOW_TRACKING_PASSWORD") as caught:
        check_store(make_settings(tracking_uri=uri))
    assert "s3cr3t" not in str(caught.value)
    assert misbehaving.seen[0][0] == "/api/2.0/mlflow/experiments/search"


@pytest.mark.parametrize(
    ("status", "text"), [(404, "no such page"), (405, "x"), (501, "x"), (200, "<html>hello</html>")]
)
def test_an_address_of_something_else(make_settings, misbehaving, status, text):
    misbehaving.answers["experiments/search"] = (status, text)
    with pytest.raises(ConfigError, match="not as an MLflow server"):
        check_store(make_settings(tracking_uri=misbehaving.uri))


def test_a_server_with_trouble_may_recover(make_settings, misbehaving, caplog):
    misbehaving.answers["experiments/search"] = (503, "starting")
    assert not check_store(make_settings(tracking_uri=misbehaving.uri))
    assert "kept in the run's folder" in caplog.text


def test_a_file_that_is_no_database(settings, project):
    (project / "mlflow.db").write_text("hello, I am a note. " * 100)
    with pytest.raises(ConfigError, match="must be a database of MLflow"):
        check_store(settings)


def test_a_database_of_a_newer_mlflow(settings, project):
    with sqlite3.connect(project / "mlflow.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'fffffffffff0'")
    connection.close()
    with pytest.raises(ConfigError, match="another version of MLflow"):
        check_store(settings)


def test_a_place_that_cannot_be_made(make_settings, project):
    (project / "file").write_text("x")
    with pytest.raises(ConfigError, match=r"file is a file"):
        check_store(make_settings(tracking_uri="sqlite:///file/deep/mlflow.db"))
    with pytest.raises(ConfigError, match=r"file is a file"):
        check_store(make_settings(artifact_location="file/artifacts"))


def test_a_read_only_place(make_settings, project, new_database):
    with small_disk(project / "disk", "8m") as place:
        (place / "mlflow.db").write_bytes(new_database.read_bytes())
        remount(place, "ro")
        for values in ({"tracking_uri": "disk"}, {"artifact_location": "disk/artifacts"}):
            with pytest.raises(ConfigError, match="Read-only"):
                check_store(make_settings(**values))


def test_a_database_that_another_process_holds_may_be_freed(make_settings, project, caplog):
    with sqlite3.connect(project / "mlflow.db") as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with caplog.at_level(logging.WARNING, "dsf"):
            assert not check_store(make_settings(patience=0.5))
    connection.close()
    assert "another process holds the database). The run goes on" in caplog.text
