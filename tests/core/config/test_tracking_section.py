"""Where a run is logged to: addresses that can be, tags, and no secrets."""

from __future__ import annotations

import pytest

from dsf.core.config import dump_config, load_config, resolve_config
from dsf.core.errors import ConfigError


def resolve(**keys):
    return resolve_config({"tracking_config": keys})["tracking_config"]


def problems(**keys):
    with pytest.raises(ConfigError) as caught:
        resolve(**keys)
    return [f"{one.where} {one.message}" for one in caught.value.problems]


def test_nothing_is_wanted_by_default():
    found = resolve()
    assert found["use_mlflow"] is None
    assert found["tracking_uri"] is None
    assert found["tags"] == {}


@pytest.mark.parametrize(
    "uri",
    [
        "mlruns",
        "../others/mlruns",
        "C:\\runs",
        "file:mlruns",
        "file:///data/mlruns",
        "sqlite:///mlflow.db",
        "postgresql://writer@database/mlflow",
        "postgresql+psycopg2://database/mlflow",
        "http://127.0.0.1:5000",
        "databricks-uc://profile",
        "https://mlflow.example.org/tracking",
    ],
)
def test_a_folder_a_database_or_a_server(uri):
    assert resolve(tracking_uri=uri)["tracking_uri"] == uri


@pytest.mark.parametrize("key", ["tracking_uri", "artifact_location"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (["https://u:s3cret@x"], "a list"),
        ({"at": "https://u:s3cret@x"}, "a mapping"),
        (7, "a number. Put it in quotes"),
        (True, "true"),
        (b"s3cret", "bytes"),
        ("", "''"),
    ],
)
def test_no_message_shows_what_an_address_is(key, value, shown):
    (told,) = problems(**{key: value})
    assert told.startswith(f"tracking_config.{key} must be text")
    assert told.endswith(f", not {shown}")


def test_no_message_shows_a_section_that_is_an_address():
    with pytest.raises(ConfigError) as caught:
        resolve_config({"tracking_config": "https://u:s3cret@x"})
    assert "s3cret" not in str(caught.value)
    assert "must be a section with keys" in str(caught.value)


@pytest.mark.parametrize("uri", ["ftp://host/x", "s3://bucket/mlruns"])
def test_other_addresses_are_refused(uri):
    (told,) = problems(tracking_uri=uri)
    assert told.startswith("tracking_config.tracking_uri must be a folder or begin with one of")


@pytest.mark.parametrize(
    ("uri", "instead"),
    [
        ("https://ann:s3cret@mlflow.example.org", "MLFLOW_TRACKING_PASSWORD"),
        ("https://s3cret@mlflow.example.org", "MLFLOW_TRACKING_TOKEN"),
        ("postgresql://ann:s3cret@database/mlflow", "${env:NAME}"),
    ],
)
def test_a_password_is_not_written_down_and_not_repeated(uri, instead):
    (told,) = problems(tracking_uri=uri)
    assert "must hold no password" in told
    assert instead in told
    assert "s3cret" not in told


def test_a_password_may_come_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("STORE", "postgresql://ann:s3cret@database/mlflow")
    file = tmp_path / "config.yaml"
    file.write_text("tracking_config: {tracking_uri: '${env:STORE}'}\n")
    config = load_config(file)
    assert config["tracking_config"]["tracking_uri"] == "postgresql://ann:s3cret@database/mlflow"
    assert "s3cret" not in dump_config(config)


def test_an_address_without_a_host():
    assert problems(tracking_uri="http://") == [
        "tracking_config.tracking_uri must name a host after http://, but names none."
    ]
    assert "its host can be none" in problems(tracking_uri="http://[::1")[0]


def test_all_that_is_wrong_is_told_at_once():
    told = problems(patience=0, tags={"a": [1]}, use_mlflow="sometimes", log_metrics=True)
    keys = sorted(one.split(" ")[0] for one in told)
    assert keys == [
        "tracking_config.log_metrics",
        "tracking_config.patience",
        "tracking_config.tags.a",
        "tracking_config.use_mlflow",
    ]
