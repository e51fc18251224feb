"""A real disk of a few bytes, for what happens when it is full or read-only."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["remount", "small_disk"]


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """Mount a disk at a new folder; without the right to, the test is skipped."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def remount(place: Path, option: str) -> None:
    """Change a disk that is mounted: ``ro``, or another ``size``."""
    subprocess.run(["mount", "-o", f"remount,{option}", str(place)], check=True)
