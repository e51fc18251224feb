"""What decides the rows and their parts: config, files, and code of the user's own."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.base.named_files import hash_file, list_texts, names_file
from dsf.base.project_code import hash_code
from dsf.core.config import freeze_config
from dsf.core.references import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        files |= {place: Path(text) for place, text in list_texts(reference, name) if text}
    described = freeze_config({key: dataset_config.get(key) for key in _KEYS})
    described[FILES] = {
        place: hash_file(path) for place, path in files.items() if names_file(Path(), str(path))
    }
    described[CODE] = _hash_hooks(hooks)
    plain: dict[str, Any] = json.loads(json.dumps(described))
    return plain


def _hash_hooks(hooks: Mapping[str, Any]) -> dict[str, str]:
    """Hash the user's files that hooks are written in, and those that these import."""
    found: list[Any] = [
        target.func if isinstance(target, functools.partial) else target
        for target in (resolve(hooks[name], where=f"dataset_config.hooks.{name}") for name in hooks)
    ]
    own = [one for one in found if isinstance(getattr(one, "__module__", None), str)]
    return hash_code(own, Path.cwd())
