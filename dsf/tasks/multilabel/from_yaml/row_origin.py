"""What decides the rows and their parts: config, files, and code of the user's own."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dsf.base.project_code import hash_code
from dsf.core.config import freeze_config
from dsf.core.hashing import hash_files
from dsf.core.references import resolve

__all__ = ["CODE", "FILES", "describe_origin"]

FILES = "sha256 of files"
CODE = "sha256 of code"

_KEYS = (
    *("hooks", "text_column", "label_columns", "split_strategy", "seed"),
    *("train_ratio", "validation_ratio", "test_ratio", "encoding", "read_options"),
)


def describe_origin(dataset_config: Mapping[str, Any], source: Path | None) -> dict[str, Any]:
    """Describe it as plain data: equal descriptions, equal rows.

    Args:
        dataset_config: Section of the config. A file counts if an argument of one of its hooks
            names it, and code if a hook is written in it, or imports it, in the working folder.
        source: File that the rows are read from; ``None`` if a hook reads them.
    """
    hooks = dataset_config["hooks"]
    files = {} if source is None else {"dataset_path": source}
    for name, reference in hooks.items():
        files |= {place: Path(text) for place, text in _texts(reference, name)}
    described = freeze_config({key: dataset_config.get(key) for key in _KEYS})
    described[FILES] = {place: _hash(path) for place, path in files.items() if _is_file(path)}
    described[CODE] = _hash_hooks(hooks)
    plain: dict[str, Any] = json.loads(json.dumps(described))
    return plain


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Give every text in the arguments of a hook, with its dotted place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _texts(item, f"{place}.{index}")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a name, or with a null byte: just a text
        return False


def _hash(path: Path) -> str:
    return hash_files([path], path.parent)[path.name]


def _hash_hooks(hooks: Mapping[str, Any]) -> dict[str, str]:
    """Hash the user's files that hooks are written in, and those that these import."""
    found: list[Any] = [
        target.func if isinstance(target, functools.partial) else target
        for target in (resolve(hooks[name], where=f"dataset_config.hooks.{name}") for name in hooks)
    ]
    own = [one for one in found if isinstance(getattr(one, "__module__", None), str)]
    return hash_code(own, Path.cwd())
