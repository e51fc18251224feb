"""What validation rows settled, carried in the file of the model itself.

A checkpoint that is copied elsewhere must answer there as it did here. Torch writes a model as a
zip archive with one folder, and reads its own entries there; so ours lie beside them, and no torch
is needed.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from typing import TYPE_CHECKING

from dsf.core.atomic import atomic_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["carry_files", "read_carried"]

_ENTRY = re.compile(r"[^/]+/dsf/(\d+)/(.*)")
"""Each time that files are carried they get the next number: entries of an archive stay."""


def carry_files(model_path: Path, files: Iterable[Path]) -> None:
    """Put files into a model's file, in place of those that it carries; whole or not at all.

    A model that is no zip archive is left alone: it needs the files beside it.

    Args:
        model_path: File of the model.
        files: What it is to carry; those that are not there are left out.
    """
    if not zipfile.is_zipfile(model_path):
        return
    wanted = {path.name: path.read_bytes() for path in files if path.is_file()}
    if wanted == (read_carried(model_path) or {}):
        return
    with atomic_path(model_path) as temporary:
        shutil.copyfile(model_path, temporary)
        with zipfile.ZipFile(temporary, "a") as archive:
            folder = _folder(archive, max(_entries(archive), default=0) + 1)
            archive.writestr(folder, b"")  # nothing may be what there is to carry
            for name, content in wanted.items():
                archive.writestr(f"{folder}{name}", content)


def read_carried(model_path: Path) -> dict[str, bytes] | None:
    """Give the files that a model carries: name → content; ``None`` if it never carried any.

    Args:
        model_path: File of the model.
    """
    if not zipfile.is_zipfile(model_path):
        return None
    with zipfile.ZipFile(model_path) as archive:
        entries = _entries(archive)
        if not entries:
            return None
        last = max(entries)
        return {name: archive.read(_folder(archive, last) + name) for name in entries[last]}


def _folder(archive: zipfile.ZipFile, number: int) -> str:
    """Name the folder in which the files lie that were carried as number so and so."""
    return f"{archive.namelist()[0].partition('/')[0]}/dsf/{number}/"


def _entries(archive: zipfile.ZipFile) -> dict[int, list[str]]:
    """List our entries by their number."""
    found: dict[int, list[str]] = {}
    for name in archive.namelist():
        if entry := _ENTRY.fullmatch(name):
            names = found.setdefault(int(entry[1]), [])
            names += [entry[2]] if entry[2] else []
    return found
