"""Files and folders that are whole or not there.

A reader never sees half a file, and the old one stays until the new one is complete, whatever
stops the writer: an exception, a full disk or ``kill -9``.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "WORK_SUFFIX",
    "atomic_path",
    "is_storage_error",
    "publish_folder",
    "remove_work_files",
    "storage_errors",
    "write_bytes",
    "write_json",
    "write_text",
]

WORK_SUFFIX = ".work"
"""Ending of everything that is not finished yet. Such a file or folder may be thrown away."""

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission was denied",
    errno.EPERM: "the operation is not permitted",
    errno.EFBIG: "the file is larger than allowed",
}


def is_storage_error(error: OSError) -> bool:
    """Whether an error comes from a full, read-only or forbidden disk."""
    return error.errno in _REASONS


@contextlib.contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn the errors of a full, read-only or forbidden disk into a :class:`StorageError`.

    Args:
        path: What is being written; named in the message.

    Raises:
        StorageError: In place of the ``OSError``; other errors pass unchanged.
    """
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0)
        if reason is None:
            raise
        where = error.filename or path
        raise StorageError(
            f"{where} must be open to us to read and write, but {reason}. Nothing that was "
            "finished is lost. Make room, or choose another place (paths.output)."
        ) from error


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to, and move it to ``path`` when the block succeeds.

    Args:
        path: The file to make or replace. Its folder is made when absent.

    Yields:
        A path in the same folder, so that the final move is one rename.
    """
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            prefix=f".{path.stem}.", suffix=path.suffix + WORK_SUFFIX, dir=path.parent
        )
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            _sync(temporary)
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
            _sync(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``, whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: Path, content: str) -> None:
    r"""Write ``content`` to ``path`` as UTF-8 with ``\\n`` line ends, whole or not at all."""
    write_bytes(path, content.encode("utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Write ``content`` to ``path`` as indented JSON, whole or not at all.

    Raises:
        ValueError: If a number is not finite; JSON has no word for it.
    """
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def publish_folder(work: Path, final: Path) -> None:
    """Put the finished folder ``work`` in the place of ``final``.

    An older ``final`` is moved aside first and removed last. Killed between the two moves, the
    folder is absent, never half: its step simply runs again.

    Args:
        work: The folder that is complete. It is gone afterwards.
        final: Where it belongs, in the same parent folder.
    """
    with storage_errors(final):
        _sync_tree(work)
        old = final.with_name(f".{final.name}.old{WORK_SUFFIX}")
        shutil.rmtree(old, ignore_errors=True)
        if final.exists():
            final.rename(old)
        work.rename(final)
        _sync(final.parent)
        shutil.rmtree(old, ignore_errors=True)


def remove_work_files(folder: Path) -> None:
    """Remove the temporary files that a killed writer left anywhere below ``folder``."""
    for left_over in folder.rglob(f".*{WORK_SUFFIX}"):
        if left_over.is_dir():
            shutil.rmtree(left_over, ignore_errors=True)
        else:
            left_over.unlink(missing_ok=True)


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    """Ask the system to put a file or a folder on the disk."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows cannot open a folder; its renames are journalled.
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system without fsync
            raise
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
