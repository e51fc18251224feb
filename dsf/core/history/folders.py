"""Which folders are runs, and which of them is meant by a name."""

from __future__ import annotations

from pathlib import Path

from dsf.core.atomic import storage_errors
from dsf.core.errors import RunNotFoundError
from dsf.core.run_folder import RunFolder, version_number
from dsf.core.run_record import RECORD_FILE
from dsf.core.suggestions import did_you_mean

__all__ = ["find_run", "list_folders"]

_SHOWN = 10


def list_folders(output: Path) -> list[Path]:
    """List the runs below a folder: the highest version first, those with other names last.

    A folder with another name counts if it has a ``run.json``; a version counts even without.

    Args:
        output: The folder of all runs; without one there are no runs.

    Raises:
        StorageError: If the disk does not let us read it.
    """
    if not output.is_dir():
        return []
    with storage_errors(output):
        folders = [path for path in output.iterdir() if path.is_dir()]
    found = [(version_number(path.name) or 0, path.name, path) for path in folders if _is_run(path)]
    return [path for *_, path in sorted(found, reverse=True)]


def find_run(name: str, output: Path | None) -> Path:
    """Find the run that somebody names.

    Args:
        name: A version (``v3``), ``latest``, or the folder of a run wherever it is.
        output: The folder of all runs; ``None`` if there is none here.

    Raises:
        RunNotFoundError: If there is no such run; names those that there are.
    """
    if output is not None and name == "latest":
        return RunFolder.latest(output).path
    inside = output / name if output is not None else None
    for path in (inside, Path(name)):
        if path is not None and path.is_dir() and _is_run(path.resolve()):
            return path.resolve()
    raise RunNotFoundError(f"{name!r} must be a run: {_describe(output)}{_hint(name, output)}")


def _describe(output: Path | None) -> str:
    wanted = "the folder of one"
    if output is None:
        return f"{wanted}, but is none. Name the folder of all runs by --output-dir."
    versions = [path.name for path in list_folders(output)]
    there = ", ".join(versions[:_SHOWN]) + (", …" if len(versions) > _SHOWN else "")
    return (
        f"{wanted}, `latest`, or one of those in {output}, but is none of them. "
        f"There are: {there or 'none'}."
    )


def _hint(name: str, output: Path | None) -> str:
    known = [path.name for path in list_folders(output)] if output is not None else []
    below = Path(name)
    if below.is_dir() and (runs := list_folders(below)):
        return f" {name} holds runs: name one of them, {runs[0]} say."
    return did_you_mean(name, [*known, "latest"])


def _is_run(path: Path) -> bool:
    return (path / RECORD_FILE).is_file() or version_number(path.name) is not None
