"""Encoded texts on disk: whole or not there, and read by memory map."""

from __future__ import annotations

import errno
import json
import shutil
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from dsf.core.atomic import WORK_SUFFIX, publish_folder, storage_errors
from dsf.core.hashing import hash_value
from dsf.data.encoding.encoded_texts import EncodedTexts
from dsf.data.encoding.encoded_words import EncodedWords

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsf.data.encoding.plain_tokenizer import PlainTokenizer

__all__ = ["cache_key", "encode_once"]

_Encoded = TypeVar("_Encoded", EncodedTexts, EncodedWords)

_FACTS = "encoding.json"
_LAYOUT = 2  # raised when the cached files change, or what is put into them
_RACES = (errno.EEXIST, errno.ENOENT, errno.ENOTEMPTY)


def cache_key(plain: PlainTokenizer, **decisive: Any) -> str:
    """Name the folder of encoded texts by all that decides what is in it.

    Args:
        plain: The tokenizer.
        **decisive: The hash of the texts, and every setting that changes the answer.
    """
    import tokenizers

    tokenizer = {"library": tokenizers.__version__, "tokenizer": plain.tokenizer.to_str()}
    return hash_value({"layout": _LAYOUT, **tokenizer, **decisive})


def encode_once(folder: Path, kind: type[_Encoded], encode: Callable[[], _Encoded]) -> _Encoded:
    """Give what a folder has, or encode and put it there; two processes may do so at once.

    Args:
        folder: Named by :func:`cache_key`; complete as soon as it is there.
        kind: What it holds.
        encode: Makes it.

    Returns:
        Arrays on read-only memory maps.

    Raises:
        StorageError: If the disk is full, read-only or not ours.
    """
    encoded = _load(folder, kind)
    if encoded is None:
        _store(encode(), folder, kind)
        encoded = _load(folder, kind)
    if encoded is None:  # another process removed it, or the disk lies
        return encode()
    return encoded


def _load(folder: Path, kind: type[_Encoded]) -> _Encoded | None:
    """Open what was stored; ``None`` if it is absent or damaged."""
    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        arrays: dict[str, Any] = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in facts["arrays"]
        }
        if {name: _describe(array) for name, array in arrays.items()} != facts["arrays"]:
            return None
        return kind(**arrays, **facts["numbers"])
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None


def _store(encoded: _Encoded, folder: Path, kind: type[_Encoded]) -> None:
    with storage_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        prefix = f".{folder.name[:16]}."
        work = Path(tempfile.mkdtemp(prefix=prefix, suffix=WORK_SUFFIX, dir=folder.parent))
        try:
            _write(encoded, work)
            _publish(work, folder, kind)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _write(encoded: _Encoded, work: Path) -> None:
    """Write each array into a file, and what must be in them into another."""
    facts: dict[str, dict[str, Any]] = {"arrays": {}, "numbers": {}}
    for field in fields(encoded):
        value = getattr(encoded, field.name)
        if isinstance(value, np.ndarray):
            np.save(work / f"{field.name}.npy", value)
            facts["arrays"][field.name] = _describe(value)
        else:
            facts["numbers"][field.name] = value
    (work / _FACTS).write_text(json.dumps(facts) + "\n", encoding="utf-8")
    work.chmod(0o755)


def _publish(work: Path, folder: Path, kind: type[_Encoded]) -> None:
    """Put the folder in its place, unless another process with the same texts was faster."""
    if _load(folder, kind) is not None:
        return
    try:
        publish_folder(work, folder)
    except OSError as error:
        # Those that come at once move each other's folder. One of them stays, as good as ours.
        if error.errno not in _RACES:
            raise


def _describe(array: np.ndarray) -> list[Any]:
    return [array.dtype.str, list(array.shape)]
