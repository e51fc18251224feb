"""What a run was made with: package versions and the state of the code."""

from __future__ import annotations

import platform
import subprocess
from importlib import metadata
from typing import TYPE_CHECKING, Any

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
    commit = _git(folder, "rev-parse", "HEAD").strip()
    if not commit:
        return None
    return {"commit": commit, "dirty": bool(_git(folder, "status", "--porcelain"))}


def git_patch(folder: Path) -> str:
    """Give what differs from the commit that ``folder`` is at, as ``git apply`` takes it.

    Files that git does not know are not in it. The text is empty where nothing differs, and outside
    a repository.
    """
    return _git(folder, "diff", "HEAD", "--binary", "--no-color", "--no-ext-diff", "--", ".")


def _git(folder: Path, *arguments: str) -> str:
    try:
        answer = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout if answer.returncode == 0 else ""
