"""Files that a run keeps until they are sent, whatever they are called in the store."""

from __future__ import annotations

import hashlib
import posixpath
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dsf.core.atomic import WORK_SUFFIX, is_storage_error
from dsf.tracking.mlflow_limits import plain_text
from dsf.tracking.store_errors import EventRefusedError, StoreAwayError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["called", "kept_name"]

_DIGITS = 24  # of a hash: no two names of a run have the same
_SEEN = 40  # characters of a name's end, for people who look into the folder
_NOT_SEEN = re.compile(r"[^A-Za-z0-9_.-]")


def kept_name(name: str) -> str:
    """Give the name under which a file is kept: one that any disk takes, and no other file has.

    The store has folders, long names and names like ``notes`` beside ``notes/a.txt``; of the disk
    nothing of that is asked. A name gives the same one each time, in each process.

    Args:
        name: The file's place in the store.
    """
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    return f"{mark}_{_NOT_SEEN.sub('_', posixpath.basename(name))[-_SEEN:]}"


@contextmanager
def called(path: Path, name: str) -> Iterator[Path]:
    """Give a kept file under another name, since MLflow calls a file in the store as on the disk.

    Args:
        path: The file.
        name: What it shall be called; empty for its own name.

    Raises:
        EventRefusedError: If no file of this disk can be called so.
        StoreAwayError: If the disk takes nothing now.
    """
    if not name:
        yield path
        return
    try:
        temporary = TemporaryDirectory(prefix=".", suffix=WORK_SUFFIX, dir=path.parent)
    except OSError as error:
        raise _disk_away(path, error) from error
    with temporary as folder:
        other = Path(folder, plain_text(name))
        try:
            _link(path, other)
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and is_storage_error(error):
                raise _disk_away(path, error) from error
            raise EventRefusedError(
                f"a file must have a name that this disk takes, but {_short(name)!r} is none "
                f"({type(error).__name__}); its content is kept in {path}"
            ) from error
        yield other


def _disk_away(path: Path, error: OSError) -> StoreAwayError:
    return StoreAwayError(f"{path.parent} takes no file now ({error.strerror})")


def _link(path: Path, other: Path) -> None:
    try:
        other.hardlink_to(path)
    except OSError:  # a disk without links; a name that can be none fails once more
        shutil.copyfile(path, other)


def _short(name: str) -> str:
    return name if len(name) <= 2 * _SEEN else f"{name[: 2 * _SEEN]}…"
