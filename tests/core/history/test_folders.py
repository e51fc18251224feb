"""Which folders are runs, and which of them is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dsf.core.errors import RunNotFoundError
from dsf.core.history import find_run, list_folders

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.history.conftest import WriteRun


def test_the_highest_version_first(write_run: WriteRun, output: Path) -> None:
    for version in ("v9", "v10", "v1", "by_hand"):
        write_run(version)
    (output / "v2").mkdir()
    (output / "cache").mkdir()
    (output / "v3").write_text("a file")
    found = [path.name for path in list_folders(output)]
    assert found == ["v10", "v9", "v2", "v1", "by_hand"]
    assert list_folders(output / "nowhere") == []


def test_a_run_is_found_by_version_folder_and_latest(
    write_run: WriteRun, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = write_run("v1"), write_run("v12")
    monkeypatch.chdir(output.parent)
    for name in ("v1", str(first), "training_output/v1"):
        assert find_run(name, output) == first
    assert find_run("latest", output) == last
    assert find_run(str(first), None) == first


def test_a_run_that_is_not_there(write_run: WriteRun, output: Path) -> None:
    write_run("v11")
    with pytest.raises(RunNotFoundError, match=r"There are: v11\. Did you mean 'v11'"):
        find_run("v111", output)
    with pytest.raises(RunNotFoundError, match=r"holds runs: name one of them, .*v11 say"):
        find_run(str(output), output)
    with pytest.raises(RunNotFoundError, match="by --output-dir"):
        find_run("v1", None)
