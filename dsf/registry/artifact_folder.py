"""The folder of this machine in which MLflow keeps files, if it is one."""

from __future__ import annotations

from pathlib import Path

from dsf.tracking.folders import local_folder

__all__ = ["artifact_folder"]


def artifact_folder(location: str) -> Path | None:
    """Give the folder that a location of MLflow names.

    Args:
        location: A ``file:`` URI or a path, as whoever made the experiment has written it.

    Returns:
        ``None`` of a location that is not on this machine.
    """
    return local_folder(location) or (Path(location) if location.startswith("/") else None)
