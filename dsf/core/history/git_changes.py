"""What git knows of the way from one commit to another."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["find_changes_in_git"]

_SECONDS = 20


def find_changes_in_git(folders: Iterable[Path], old: str, new: str) -> str:
    """Give ``git diff --stat`` of two commits; empty if they are equal or git does not know both.

    Args:
        folders: Where a repository may be; the first that holds both commits is asked.
        old: A commit.
        new: Another one.
    """
    if not old or not new or old == new or old.startswith("-") or new.startswith("-"):
        return ""
    for folder in folders:
        if all(
            _git(folder, "cat-file", "-e", f"{one}^{{commit}}") is not None for one in (old, new)
        ):
            return _git(folder, "--no-pager", "diff", "--no-color", "--stat=78", old, new) or ""
    return ""


def _git(folder: Path, *arguments: str) -> str | None:
    """Give what git says; ``None`` if it is not there or refuses."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.rstrip("\n") if answer.returncode == 0 else None
