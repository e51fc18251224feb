"""Copies of a bundle, or of parts of it, where a config wants them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from dsf.core.atomic import atomic_path, publish_folder, storage_errors
from dsf.core.bundle import TOKENIZER_FOLDER, WEIGHTS_FILE
from dsf.core.bundle_manifest import MANIFEST_FILE
from dsf.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["check_copies", "copy_bundle"]

_SUFFIX = ".safetensors"
_TOKENIZER = "tokenizer.json"
_BUNDLE = "bundle"


def check_copies(export_config: Mapping[str, Any], root: Path) -> None:
    """Check, before anything is computed, that copies of the bundle have a place.

    Args:
        export_config: Section of the config.
        root: Folder of the project, which paths are relative to.

    Raises:
        ConfigError: If something of one's own would be replaced, or the network is wanted in a
            format that is not written; lists all.
    """
    problems = []
    for key, mark in (("artifact_folder", MANIFEST_FILE), ("tokenizer_path", _TOKENIZER)):
        folder = _folder(export_config, key, root)
        if folder is not None and not _is_free(folder, mark):
            message = (
                f"must be absent, empty or an older copy (with {mark}), for what is there would be "
                f"replaced, but {folder} is something else. Name another folder."
            )
            problems.append(Problem(f"export_config.{key}", message))
    file = _place(export_config, "model_path", root)
    if file is not None and file.suffix != _SUFFIX:
        message = f"must end in {_SUFFIX}, the format of a bundle's network, but is {file.name!r}."
        problems.append(Problem("export_config.model_path", message))
    if problems:
        raise ConfigError("Copies of the bundle have no place.", problems)


def copy_bundle(bundle: Path, export_config: Mapping[str, Any], root: Path) -> None:
    """Put copies of a bundle where a config wants them; each is there whole or not at all.

    Args:
        bundle: The bundle.
        export_config: Section of the config.
        root: Folder of the project, which paths are relative to.

    Raises:
        ConfigError: As :func:`check_copies`.
        StorageError: If the disk does not let us write.
    """
    check_copies(export_config, root)
    for key, source in (("artifact_folder", bundle), ("tokenizer_path", bundle / TOKENIZER_FOLDER)):
        folder = _folder(export_config, key, root)
        if folder is not None:
            _copy_folder(source, folder)
    file = _place(export_config, "model_path", root)
    if file is not None:
        with storage_errors(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            with atomic_path(file) as work:
                shutil.copyfile(bundle / WEIGHTS_FILE, work)


def _place(export_config: Mapping[str, Any], key: str, root: Path) -> Path | None:
    given = export_config[key]
    return None if given is None else root / given


def _folder(export_config: Mapping[str, Any], key: str, root: Path) -> Path | None:
    """Give the folder that is written; the artifact folder may hold other things as well."""
    folder = _place(export_config, key, root)
    return folder / _BUNDLE if folder is not None and key == "artifact_folder" else folder


def _is_free(folder: Path, mark: str) -> bool:
    if not folder.exists() or (folder / mark).is_file():
        return True
    return folder.is_dir() and not any(folder.iterdir())


def _copy_folder(source: Path, folder: Path) -> None:
    work = folder.with_name(f".{folder.name}.copy")
    with storage_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(source, work)
        publish_folder(work, folder)
