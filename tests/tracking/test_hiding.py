"""Nothing secret is shown or kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.tracking.hiding import hide_credentials, scrub


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("https://host:5000/path", "https://host:5000/path"),
        ("https://user:s3cr3t@host:5000/path", "https://host:5000/path"),
        ("https://token@host", "https://host"),
        ("https://us%40er:p%40ss@host/x?a=1", "https://host/x?a=1"),
        ("http://host/?api_key=abcdef&a=1#f", "http://host/?a=1#f"),
        ("http://host/?token=abcdef", "http://host/"),
        ("postgresql://u:p@ss@db/mlflow?sslmode=require", "postgresql://db/mlflow?sslmode=require"),
        ("mysql+pymysql://u:pw@db/x?ssl_password=hush", "mysql+pymysql://db/x"),
        ("sqlite:////abs/mlflow.db", "sqlite:////abs/mlflow.db"),
        ("file:///abs/folder", "file:///abs/folder"),
        ("mlruns", "mlruns"),
        ("http://[broken:s3cr3t@host", "http://host"),
    ],
)
def test_credentials_are_left_out(uri, shown):
    assert hide_credentials(uri) == shown


secrets = st.text("abcdefghijkl0123456789%_", min_size=6, max_size=20)


@given(secrets, secrets)
def test_no_message_keeps_a_secret(password, key):
    uri = f"https://robot:{password}@host/?access_key={key}"
    message = f"could not reach {uri}: {password!r} and {key!r} are wrong"
    said = scrub(message, uri)
    assert password not in said
    assert key not in said
    assert "could not reach https://host/" in said


def test_passwords_of_the_environment_are_hidden(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "hush-hush")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "")
    assert scrub("no hush-hush here", "http://host") == "no *** here"
