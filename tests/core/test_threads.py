"""Waiting threads sleep where others run beside them, unless the environment decides."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from dsf.core.threads import settle_waiting

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _nothing_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT"):
        monkeypatch.setenv(name, "")  # so that what a test leaves is taken away again
        monkeypatch.delenv(name)


@pytest.fixture
def loads(tmp_path: Path) -> Path:
    return tmp_path / "loadavg"


def settled() -> tuple[str | None, str | None]:
    return os.environ.get("OMP_WAIT_POLICY"), os.environ.get("GOMP_SPINCOUNT")


def test_an_idle_machine_is_left_alone(loads: Path) -> None:
    loads.write_text("1.80 0.54 1.05 1/78 8149\n")  # the minutes before do not count
    settle_waiting(loads)
    assert settled() == (None, None)


@pytest.mark.parametrize("said", ["0.00 0.54 1.05 2/78 8149\n", "0.1 0.1", "a b c d/e", ""])
def test_beside_others_or_where_nothing_is_known_they_sleep(loads: Path, said: str) -> None:
    loads.write_text(said)
    settle_waiting(loads)
    assert settled() == ("PASSIVE", None)


def test_where_the_system_has_no_such_file_they_sleep(loads: Path) -> None:
    settle_waiting(loads)
    assert settled() == ("PASSIVE", None)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("OMP_WAIT_POLICY", "ACTIVE", ("ACTIVE", None)),
        ("GOMP_SPINCOUNT", "7", (None, "7")),
    ],
)
def test_the_environment_decides(
    loads: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    found: tuple[str | None, str | None],
) -> None:
    loads.write_text("0.00 0.54 1.05 2/78 8149\n")
    monkeypatch.setenv(name, value)
    settle_waiting(loads)
    assert settled() == found
