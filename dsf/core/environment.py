"""What a run was made with: package versions and the state of the code."""

from __future__ import annotations

import platform
import subprocess
from importlib import metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["git_state", "package_versions"]

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


def git_state(folder: Path) -> dict[str, Any] | None:
    """Give the commit that ``folder`` is at, and whether files differ from it.

    Returns:
        ``{"commit": …, "dirty": …}``, or ``None`` outside a repository, before the first commit
        or without git.
    """
    commit = _git(folder, "rev-parse", "HEAD")
    if not commit:
        return None
    return {"commit": commit, "dirty": bool(_git(folder, "status", "--porcelain"))}


def _git(folder: Path, *arguments: str) -> str:
    try:
        answer = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
