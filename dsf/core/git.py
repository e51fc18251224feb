"""What git says of a folder."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ask_git"]

_PATIENCE = 30  # seconds


def ask_git(folder: Path, *arguments: str) -> str | None:
    """Give git's answer; ``None`` if it refuses, takes too long, or is not installed.

    Args:
        folder: Where it is asked.
        arguments: The command and its options.

    Returns:
        As git wrote it: bytes that are no UTF-8 are surrogates, so that they can be written back.
    """
    try:
        answer = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout if answer.returncode == 0 else None
