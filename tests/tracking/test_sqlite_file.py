"""A SQLite file is looked at before MLflow opens it."""

import os
import shutil
import sqlite3
import subprocess
import time

import pytest

from dsf.tracking.sqlite_file import check_sqlite_file
from dsf.tracking.store_errors import StoreAwayError, StoreBlockedError
from dsf.tracking.uris import find_place_of


def test_a_file_that_is_absent_or_free_is_fine(tmp_path, project):
    check_sqlite_file(find_place_of(None, tmp_path))
    assert not (tmp_path / "mlflow.db").exists()
    before = (project / "mlflow.db").read_bytes()
    check_sqlite_file(find_place_of(None, project))
    assert (project / "mlflow.db").read_bytes() == before


@pytest.mark.parametrize("how", ["EXCLUSIVE", "IMMEDIATE"])
def test_a_file_that_somebody_holds_is_waited_for(project, how):
    holding = sqlite3.connect(project / "mlflow.db")
    holding.execute(f"BEGIN {how}")
    began = time.monotonic()
    with pytest.raises(StoreAwayError, match="another process holds the database") as caught:
        check_sqlite_file(find_place_of(None, project), patience=0.3)
    assert not caught.value.fault_inside
    assert 0.3 <= time.monotonic() - began < 2
    holding.rollback()
    holding.close()
    check_sqlite_file(find_place_of(None, project), patience=0.3)


def test_a_file_of_another_kind_is_named(project):
    (project / "mlflow.db").write_bytes(b"no database at all " * 300)
    with pytest.raises(StoreBlockedError, match="must be a database of MLflow"):
        check_sqlite_file(find_place_of(None, project))


@pytest.fixture
def locked(project):
    """The database, which nobody may write to: not even root, who may write to any file."""
    file = project / "mlflow.db"
    file.chmod(0o444)
    attribute = ["chattr", "+i", str(file)]
    is_root = os.access(file, os.W_OK)
    if is_root and (not shutil.which("chattr") or subprocess.run(attribute).returncode):
        pytest.skip("needs a user, or a file system, that cannot write to a file of mode 444")
    yield file
    if is_root:
        subprocess.run(["chattr", "-i", str(file)], check=True)


def test_a_file_that_is_read_only_is_named(project, locked):
    with pytest.raises(StoreBlockedError, match=r"but is read-only\. Change its rights") as caught:
        check_sqlite_file(find_place_of(None, project))
    assert str(locked) in str(caught.value)
