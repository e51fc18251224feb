"""The run that a command is given by its folder."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.core.run_folder import RunFolder

__all__ = ["locate_version", "open_run"]


def open_run(path: Path, command: str) -> RunFolder:
    """Open a run; of the folder of all runs, or of a project, name the latest one.

    Args:
        path: What was typed: its folder, or its version in the project around us.
        command: What to type again with the latest one.

    Raises:
        RunNotFoundError: If no run is there.
    """
    from dsf.core.errors import RunNotFoundError
    from dsf.core.run_folder import RunFolder

    path = locate_version(path)
    try:
        return RunFolder.open(path)
    except RunNotFoundError as error:
        latest = _latest_below(path)
        if latest is None:
            raise
        raise RunNotFoundError(
            f"{error} The latest run below it is {latest}: `{command} {quote(str(latest))}`."
        ) from error


def locate_version(named: Path) -> Path:
    """Take a version such as ``v3`` for its run in the project around us, if that has it."""
    from dsf.cli.history.output_folder import find_output_or_none
    from dsf.core.run_folder import version_number

    if named.exists() or version_number(str(named)) is None:
        return named
    output = find_output_or_none(None)
    return named if output is None or not (output / named).is_dir() else output / named


def _latest_below(path: Path) -> Path | None:
    """Find the latest run in a folder, or in one of the folders in it; ``None`` without any."""
    from dsf.core.errors import RunNotFoundError
    from dsf.core.run_folder import RunFolder
    from dsf.core.run_record import RECORD_FILE

    folders = sorted(one for one in path.iterdir() if one.is_dir()) if path.is_dir() else []
    for folder in [path, *folders]:
        try:
            latest = RunFolder.latest(folder).version
        except RunNotFoundError:
            continue
        if (folder / latest / RECORD_FILE).is_file():
            return folder / latest
    return None
