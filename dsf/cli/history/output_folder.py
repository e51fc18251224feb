"""Where the runs are that `dsf-cli history` lists, found without importing the project."""

from __future__ import annotations

import os
from pathlib import Path

import click

from dsf.cli.project import find_project
from dsf.core.errors import ConfigError, ProjectError, RunNotFoundError
from dsf.core.history import list_folders

__all__ = ["find_output", "find_output_or_none", "inherited_output"]

_CONFIG = Path("trainer") / "config.yaml"
_DEFAULT = "training_output"
_VARIABLE = "DSF__paths__output"


def find_output(named: Path | None) -> Path:
    """Find the folder of all runs.

    Args:
        named: A folder of runs, or of a project; ``None``: that of the project around the working
            folder, or else the runs in the working folder.

    Raises:
        RunNotFoundError: If the named folder is not there.
        ProjectError: If none is named and there is no project and no run here.
    """
    if named is not None:
        if not named.is_dir():
            raise RunNotFoundError(
                f"--output-dir must be the folder of all runs, or of a project, but {named} is "
                f"{'no folder' if named.exists() else 'not there'}."
            )
        return _output_in(named.resolve())
    try:
        return _output_of(find_project())
    except ProjectError as error:
        output = _output_in(Path.cwd())
        if list_folders(output):
            return output
        raise ProjectError(f"{error} Or name the folder of the runs by --output-dir.") from error


def find_output_or_none(named: Path | None) -> Path | None:
    """Find the folder of all runs, as :func:`find_output`; ``None`` where there is none here."""
    try:
        return find_output(named)
    except ProjectError:
        return None


def _output_in(folder: Path) -> Path:
    """Give the folder itself if runs lie in it, or else where those of a project lie."""
    if list_folders(folder):
        return folder
    if (folder / _CONFIG).is_file():
        return _output_of(folder)
    return folder / _DEFAULT if (folder / _DEFAULT).is_dir() else folder


def _output_of(project: Path) -> Path:
    """Read ``paths.output``: a variable beats the file of the environment, that the config."""
    environment = os.environ.get("DSF_ENV")
    files = [_CONFIG]
    if environment:
        files.insert(0, _CONFIG.with_name(f"config.{environment}.yaml"))
    named = os.environ.get(_VARIABLE) or next(
        filter(None, (_read_output(project / file) for file in files)), _DEFAULT
    )
    return project / named


def _read_output(path: Path) -> str | None:
    """Read it from one file; a config that cannot be read must not hide the runs."""
    from dsf.core.yaml_file import read_yaml_file

    try:
        paths = read_yaml_file(path).data.get("paths")
    except ConfigError:
        return None
    output = paths.get("output") if isinstance(paths, dict) else None
    return output if isinstance(output, str) else None


def inherited_output(named: Path | None) -> Path | None:
    """Give ``--output-dir`` of a command, or else that of the group in front of it."""
    parent = click.get_current_context().parent
    if named is None and parent is not None:
        named = parent.params.get("output_dir")
    return named
