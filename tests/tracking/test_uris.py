"""Every spelling of a place becomes one that MLflow takes."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from dsf.core.errors import ConfigError
from dsf.tracking.uris import find_place_of


def test_the_default_is_a_file_in_the_project(tmp_path):
    place = find_place_of(None, tmp_path)
    assert place.uri == place.shown == f"sqlite:///{tmp_path}/mlflow.db"
    assert place.file == tmp_path / "mlflow.db"
    assert place.artifacts == (tmp_path / "mlartifacts").as_uri()
    assert place.note == ""


def test_the_environment_is_asked_before_the_default(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://host:1")
    assert find_place_of(None, tmp_path).uri == "http://host:1"
    assert find_place_of("http://other:1", tmp_path).uri == "http://other:1"


@pytest.mark.parametrize(
    ("given", "file"),
    [
        ("mlruns", "mlruns/mlflow.db"),
        ("./mlruns/", "mlruns/mlflow.db"),
        ("file:mlruns", "mlruns/mlflow.db"),
        ("file:./mlruns", "mlruns/mlflow.db"),
        ("file://{root}/a%20b", "a b/mlflow.db"),
        ("file://localhost{root}/x", "x/mlflow.db"),
        ("{root}/elsewhere", "elsewhere/mlflow.db"),
        ("runs.db", "runs.db"),
        ("sqlite:///mlflow.db", "mlflow.db"),
        ("sqlite:///deep/x.db?timeout=3", "deep/x.db"),
        ("sqlite:///{root}/x.db", "x.db"),
        ("sqlite+pysqlite:///x.db", "x.db"),
    ],
)
def test_places_on_this_machine(tmp_path, given, file, monkeypatch):
    monkeypatch.chdir("/")  # the working folder does not count
    place = find_place_of(given.format(root=tmp_path), tmp_path)
    assert place.file == tmp_path / file
    assert place.uri == f"sqlite:///{tmp_path / file}"
    assert place.artifacts == (Path(tmp_path / file).parent / "mlartifacts").as_uri()


def test_a_folder_is_said_to_become_a_file(tmp_path):
    place = find_place_of("mlruns", tmp_path)
    assert f"{tmp_path}/mlruns/mlflow.db" in place.note
    assert "migrate-filestore" not in place.note


def test_an_old_store_in_the_folder_is_named_with_the_way_over(tmp_path):
    old = tmp_path / "mlruns" / "0"
    old.mkdir(parents=True)
    (old / "meta.yaml").write_text("name: Default\n")
    note = find_place_of("mlruns", tmp_path).note
    assert f"mlflow migrate-filestore --source {tmp_path}/mlruns" in note


@pytest.mark.parametrize(
    "uri", ["http://host:5000", "https://host/path", "postgresql://db/x", "databricks://profile"]
)
def test_addresses_stay_as_they_are(tmp_path, uri):
    place = find_place_of(uri, tmp_path)
    assert (place.uri, place.shown, place.file, place.artifacts) == (uri, uri, None, None)


def test_credentials_are_for_mlflow_alone(tmp_path):
    place = find_place_of("https://me:s3cr3t@host", tmp_path)
    assert place.uri == "https://me:s3cr3t@host"
    assert place.shown == "https://host"
    assert "s3cr3t" not in repr(place)


@pytest.mark.parametrize(
    ("location", "expected"),
    [("files", "file://{root}/files"), ("s3://bucket/x", "s3://bucket/x")],
)
def test_artifacts_go_where_they_are_told_to(tmp_path, location, expected):
    for uri in (None, "http://host"):
        place = find_place_of(uri, tmp_path, location)
        assert place.artifacts == expected.format(root=tmp_path)


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("ftp://me:s3cr3t@host", "begins with ftp:"),
        ("sqlite://", "gone with the process"),
        ("sqlite:///:memory:", "gone with the process"),
        ("file://other-host/x", "other-host"),
        ("http://me:s3cr3t@", "names none"),
        ("http://me:s3cr3t@host:99999", "port"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path, uri, said):
    with pytest.raises(ConfigError, match=said) as caught:
        find_place_of(uri, tmp_path)
    assert "tracking_config.tracking_uri" in str(caught.value)
    assert "s3cr3t" not in str(caught.value)


def test_a_folder_may_have_any_name(tmp_path):
    """MLflow's database layer reads percent signs in addresses; those of names are names."""
    project = tmp_path / "50%20off #1"
    project.mkdir()
    for given in (
        None,
        "sqlite:///mlflow.db",
        f"sqlite:///{project}/mlflow.db".replace("%", "%25"),
    ):
        place = find_place_of(given, project, None)
        assert place.file == project / "mlflow.db"
        assert make_url(place.uri).database == str(place.file)
