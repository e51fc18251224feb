"""What git knows of the way from one commit to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.git import ask_git

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["find_changes_in_git"]


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
            ask_git(folder, "cat-file", "-e", f"{one}^{{commit}}") is not None for one in (old, new)
        ):
            command = ("--no-pager", "diff", "--no-color", "--stat=78", old, new)
            found = (ask_git(folder, *command) or "").rstrip("\n")
            return found.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return ""
