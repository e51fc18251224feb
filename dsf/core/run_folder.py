"""One folder per run, ``training_output/v1, v2, …``: allocated without a race, locked in use."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from dsf.core.atomic import WORK_SUFFIX, remove_work_files, storage_errors
from dsf.core.errors import RunLockedError, RunNotFoundError, StorageError
from dsf.core.run_record import RECORD_FILE, RunRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["CONFIG_FILE", "RunFolder", "version_number"]

CONFIG_FILE = "config.yaml"
_LOCK_FILE = "run.lock"
_VERSION = re.compile(r"v([1-9][0-9]*)")


class RunFolder:
    """The place of one run on the disk.

    Args:
        path: An existing folder. Make one with :meth:`create`, find one with :meth:`latest`,
            :meth:`open` or :meth:`holding`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._lock = FileLock(self.path / _LOCK_FILE, timeout=0)

    @classmethod
    def create(cls, output: Path) -> RunFolder:
        """Make the next version below ``output``; two callers never get the same one.

        Args:
            output: The folder of all runs; made when absent.

        Raises:
            StorageError: If no folder can be made there.
        """
        _make_folder(output)
        with storage_errors(output):
            number = max(_versions(output), default=0) + 1
            while True:
                try:
                    (output / f"v{number}").mkdir()
                except FileExistsError:  # somebody else was faster
                    number += 1
                else:
                    return cls(output / f"v{number}")

    @classmethod
    def create_at(cls, path: Path) -> RunFolder:
        """Use ``path`` for a new run.

        Raises:
            RunNotFoundError: If there is something in it already.
            StorageError: If no folder can be made there.
        """
        _make_folder(path)
        with storage_errors(path):
            used = any(path.iterdir())
        if used:
            raise RunNotFoundError(
                f"{path}: a new run needs an empty folder, but this one is in use. "
                "Name another folder, or go on with this run by --resume."
            )
        return cls(path)

    @classmethod
    def latest(cls, output: Path) -> RunFolder:
        """Find the run with the highest version number below ``output``.

        Raises:
            RunNotFoundError: If there is none.
        """
        versions = _versions(output)
        if not versions:
            raise RunNotFoundError(
                f"{output}: a run (v1, v2, …) must be here, but there is none. "
                "Start one with `dsf-cli run`."
            )
        return cls(output / f"v{max(versions)}")

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Use the run at ``path``.

        Raises:
            RunNotFoundError: If no run is there.
        """
        started = (path / RECORD_FILE).is_file() or version_number(path.name)
        if not (path.is_dir() and started):
            raise RunNotFoundError(
                f"{path}: a run folder (with {RECORD_FILE}) must be here, but is not."
            )
        return cls(path)

    @classmethod
    def holding(cls, file: Path) -> RunFolder | None:
        """Find the run that a file, a checkpoint say, lies in; ``None`` if it lies in none."""
        for folder in file.resolve().parents:
            if (folder / RECORD_FILE).is_file():
                return cls(folder)
        return None

    @property
    def version(self) -> str:
        """The folder's name, for example ``v3``."""
        return self.path.name

    def work_folder(self, folder: str) -> Path:
        """Where a step writes until it is complete."""
        return self.path / f"{folder}{WORK_SUFFIX}"

    def read_record(self) -> RunRecord | None:
        """Read ``run.json``; ``None`` if the run was stopped before it was written."""
        return RunRecord.read(self.path) if (self.path / RECORD_FILE).is_file() else None

    def discard(self) -> None:
        """Remove a run that has come to nothing: our own files, and the folder if that empties it.

        Files of anybody else stay, since the folder may have been named by hand.
        """
        remove_work_files(self.path)
        for name in (RECORD_FILE, CONFIG_FILE, _LOCK_FILE):
            (self.path / name).unlink(missing_ok=True)
        if not any(self.path.iterdir()):
            self.path.rmdir()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the run for this process; may be nested. The system frees it when we die.

        Raises:
            RunLockedError: If another process holds it.
        """
        try:
            with storage_errors(self.path):
                self._lock.acquire()
        except Timeout:
            raise RunLockedError(
                f"{self.path}: only one process may work in a run, but another one does now. "
                "Wait for it, or start a new run."
            ) from None
        try:
            yield
        finally:
            self._lock.release()


def version_number(name: str) -> int | None:
    """Give the number of a version, 3 of ``v3``; ``None`` if the name is of none."""
    match = _VERSION.fullmatch(name)
    return int(match[1]) if match else None


def _make_folder(path: Path) -> None:
    """Make a folder and those above it, unless it is there.

    Raises:
        StorageError: If it cannot be made, whatever the reason: the path is the user's choice.
    """
    try:
        with storage_errors(path):
            path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        # os.path, since pathlib's own raises for a name that is too long.
        blocking = [one for one in (path, *path.parents) if os.path.isfile(one)]  # noqa: PTH113
        reason = f"no folder can be made there ({error.strerror or error})"
        if blocking:
            reason = f"{blocking[0]} is a file"
        raise StorageError(
            f"{path} must be a folder, or a place for one, but {reason}. Move what is there out "
            "of the way, or name another place: paths.output in the config, or --run-dir."
        ) from error


def _versions(output: Path) -> list[int]:
    if not output.is_dir():
        return []
    numbers = (version_number(path.name) for path in output.iterdir() if path.is_dir())
    return [number for number in numbers if number is not None]
