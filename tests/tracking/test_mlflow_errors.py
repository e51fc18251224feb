"""What MLflow raises is sorted by what becomes of the event."""

import errno

import pytest
import requests
from mlflow.exceptions import MlflowException, RestException

from dsf.tracking.mlflow_errors import explain
from dsf.tracking.store_errors import EventRefusedError, StoreAwayError, StoreBlockedError
from dsf.tracking.uris import Place

PLACE = Place("https://me:s3cr3t@host", "https://host")


def of_http(status):
    response = requests.Response()
    response.status_code = status
    return requests.HTTPError(f"{status} of https://me:s3cr3t@host", response=response)


def of_rest(code):
    return RestException({"error_code": code, "message": "s3cr3t"})


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MlflowException("(sqlite3.OperationalError) database is locked"), "away"),
        (MlflowException("API request to https://me:s3cr3t@host failed with exception x"), "away"),
        (requests.ConnectionError(request=requests.Request()), "away"),
        (of_http(503), "away"),
        (of_rest("REQUEST_LIMIT_EXCEEDED"), "away"),
        (of_rest("TEMPORARILY_UNAVAILABLE"), "away"),
        (MlflowException("API request failed: too many 500 error responses"), "fault"),
        (of_rest("INTERNAL_ERROR"), "fault"),
        (of_http(500), "fault"),
        (OverflowError("too large"), "fault"),
        (of_rest("INVALID_PARAMETER_VALUE"), "refused"),
        (of_rest("RESOURCE_DOES_NOT_EXIST"), "refused"),
        (of_http(413), "refused"),
        (PermissionError(errno.EACCES, "s3cr3t"), "refused"),
        (of_http(401), "MLFLOW_TRACKING_TOKEN"),
        (of_rest("PERMISSION_DENIED"), "MLFLOW_TRACKING_TOKEN"),
        (MlflowException("x failed with error code 404 != 200. Body: s3cr3t"), "not as an MLflow"),
        (MlflowException("Detected out-of-date database schema (found x)"), "mlflow db upgrade"),
        (Exception("attempt to write a readonly database"), "rights of the file"),
        (MlflowException("API request: certificate verify failed"), "REQUESTS_CA_BUNDLE"),
        (ModuleNotFoundError("No module named 'psycopg2'"), "psycopg2"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_every_error_has_its_consequence(error, expected):
    found = explain(error, PLACE)
    kinds = {"away": StoreAwayError, "fault": StoreAwayError, "refused": EventRefusedError}
    assert type(found) is kinds.get(expected, StoreBlockedError)
    if isinstance(found, StoreAwayError):
        assert found.fault_inside == (expected == "fault")
    elif isinstance(found, StoreBlockedError):
        assert expected in str(found)
        assert "https://host" in str(found)
    assert "s3cr3t" not in str(found)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Failed to establish a new connection: [Errno 111]", "nothing answers there"),
        ("Failed to resolve 'host'", "there is no host of that name, or no network"),
        ("Read timed out. (read timeout=5)", "it takes too long to answer"),
        ("('Connection aborted.', RemoteDisconnected('Remote end closed connection", "broke"),
    ],
)
def test_why_nobody_answers_is_told_in_a_few_words(said, told):
    essay = f"API request to https://me:s3cr3t@host failed with exception Pool({'x' * 300} {said})"
    found = explain(MlflowException(essay), PLACE)
    assert type(found) is StoreAwayError
    assert not found.fault_inside
    assert str(found).startswith("https://host: ")
    assert told in str(found)
    assert len(str(found)) < 80
