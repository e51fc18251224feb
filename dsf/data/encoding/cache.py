"""Encoded texts on disk: whole or not there, and read by memory map."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import numpy as np

from dsf.core.atomic import WORK_SUFFIX, publish_folder, storage_errors
from dsf.data.encoding.encoded_texts import EncodedTexts

__all__ = ["load_encoded", "store_encoded"]

_IDS, _OFFSETS, _FACTS = "ids.npy", "offsets.npy", "encoding.json"


def load_encoded(folder: Path) -> EncodedTexts | None:
    """Open encoded texts that were stored.

    Args:
        folder: Where :func:`store_encoded` put them.

    Returns:
        Texts on read-only memory maps, or ``None`` if they are absent or damaged.
    """
    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        ids, offsets = _map(folder / _IDS), _map(folder / _OFFSETS)
        truncated = int(facts["truncated"])
        whole = ids.dtype == np.int32 and len(offsets) > 0 and offsets[-1] == len(ids)
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None
    return EncodedTexts(ids, offsets, truncated) if whole else None


def store_encoded(encoded: EncodedTexts, folder: Path) -> None:
    """Write encoded texts; two processes may do so at once.

    Args:
        encoded: What to write.
        folder: Made or replaced; complete as soon as it is there.

    Raises:
        StorageError: If the disk is full, read-only or not ours.
    """
    with storage_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        prefix = f".{folder.name[:16]}."
        work = Path(tempfile.mkdtemp(prefix=prefix, suffix=WORK_SUFFIX, dir=folder.parent))
        try:
            np.save(work / _IDS, encoded.ids)
            np.save(work / _OFFSETS, encoded.offsets)
            facts = json.dumps({"rows": len(encoded), "truncated": encoded.truncated})
            (work / _FACTS).write_text(facts + "\n", encoding="utf-8")
            work.chmod(0o755)
            _publish(work, folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _publish(work: Path, folder: Path) -> None:
    try:
        publish_folder(work, folder)
    except OSError:
        # Another process with the same texts was faster; its folder is as good as ours.
        if load_encoded(folder) is None:
            raise


def _map(path: Path) -> np.ndarray:
    array: np.ndarray = np.load(path, mmap_mode="r", allow_pickle=False)
    return array
