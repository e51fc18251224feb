"""What a run was made with: package versions and the state of the code."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import TYPE_CHECKING, Any

from dsf.core.git import ask_git

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["git_patch", "git_state", "installed_packages", "package_versions"]

_PACKAGES = (
    "dsf-trainer",
    "numpy",
    "pandas",
    "pyarrow",
    "scikit-learn",
    "torch",
    "pytorch-lightning",
    "torchmetrics",
    "transformers",
    "tokenizers",
)


def package_versions() -> dict[str, str]:
    """Give the versions of Python and of the packages that decide results, where installed."""
    versions = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return versions


def installed_packages() -> list[str]:
    """Give all that is installed as the lines of a requirements file, sorted."""
    found = {
        f"{one.metadata['Name']}=={one.version}"
        for one in metadata.distributions()
        if one.metadata["Name"]  # a folder that was half removed has none
    }
    return sorted(found, key=str.lower)


def git_state(folder: Path) -> dict[str, Any] | None:
    """Give the commit that ``folder`` is at, and whether files differ from it.

    Returns:
        ``{"commit": …, "dirty": …}``, or ``None`` outside a repository, before the first commit
        or without git.
    """
    commit = (ask_git(folder, "rev-parse", "HEAD") or "").strip()
    if not commit:
        return None
    return {"commit": commit, "dirty": bool(ask_git(folder, "status", "--porcelain"))}


def git_patch(folder: Path) -> str:
    """Give what differs from the commit that ``folder`` is at, as ``git apply`` takes it.

    Files that git does not know are not in it. The text is empty where nothing differs, and outside
    a repository.
    """
    command = ("diff", "HEAD", "--binary", "--no-color", "--no-ext-diff", "--", ".")
    return ask_git(folder, *command) or ""
