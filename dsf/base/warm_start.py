"""A fit that begins with the weights of another model, and with nothing else of it."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.base.named_files import hash_file
from dsf.base.starting_point import (
    SOURCE_KEY,
    Lookup,
    StartingPoint,
    find_starting_point,
    is_alias,
)
from dsf.base.steps.step import FIT_FOLDER, SPLIT_FILE, SPLIT_FOLDER
from dsf.core.atomic import WORK_SUFFIX, write_json
from dsf.core.config import read_frozen_config
from dsf.core.errors import ConfigError, Problem, UserError
from dsf.core.ranks import process_rank
from dsf.core.run_folder import CONFIG_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dsf.base.model import Model

__all__ = [
    "WARM_START_FILE",
    "WarmStart",
    "begin_warm",
    "check_warm_start",
    "hash_warm_start",
    "is_encoder",
    "read_warm_start",
]

log = logging.getLogger("dsf")

WARM_START_FILE = "warm_start.json"
"""In the folder of a fit: what it began with. A fit that goes on needs the other model no more."""


@dataclass(frozen=True)
class WarmStart:
    """What a fit begins with.

    Attributes:
        source: As the config names it.
        path: The file of the model: a checkpoint, or ``model.safetensors``.
        sha256: Of its content.
        run: Folder of the run that it lies in; ``None`` if it lies in none.
        task: What that run learned; ``None`` if nothing says so.
        model_config: That run's section, with its ``label_names``; ``None`` if it lies in none.
        parts: Beginnings of the names of the weights to take; ``None``: all.
        allow_differences: Whether what does not fit may begin at random.
        registered: Address of the registered version that it is of: ``models:/NAME/3``.
    """

    source: str
    path: Path
    sha256: str
    run: Path | None = None
    task: str | None = None
    model_config: Mapping[str, Any] | None = None
    parts: tuple[str, ...] | None = None
    allow_differences: bool = False
    registered: str | None = None


def check_warm_start(config: Mapping[str, Any], root: Path, run: Path) -> None:
    """Check, before anything is computed, that what a fit is to begin with is there and of use.

    Args:
        config: The resolved config.
        root: Folder of the project.
        run: Folder of the run that is to be fitted.

    Raises:
        ConfigError: If it is not there, is this run itself, or learned another task.
    """
    if config["warm_start_config"]["source"] is None or _recorded_hash(config, run) is not None:
        return
    _find(config, root, run)


def hash_warm_start(config: Mapping[str, Any], root: Path, run: Path) -> str | None:
    """Hash the file that a fit begins with; ``None`` if it begins with a fresh model.

    A fit of this run that began with it keeps its hash even when the file is gone, or an alias has
    gone over to another version.

    Args:
        config: The resolved config.
        root: Folder of the project.
        run: Folder of the run.

    Raises:
        ConfigError: If the file is not there, and no fit of this run began with it.
    """
    source, recorded = config["warm_start_config"]["source"], _recorded_hash(config, run)
    if source is None:
        return None
    if recorded is not None and is_alias(str(source)):
        return recorded  # a champion of today is not the one that the fit began with
    try:
        return hash_file(_locate(config, root, run).path)
    except UserError:
        if recorded is None:
            raise
        return recorded


def begin_warm(
    model: Model, config: Mapping[str, Any], root: Path, run: Path, folder: Path
) -> None:
    """Give a new model the weights that the config names, if it names any, and keep from where.

    Args:
        model: The project's; its model is made if it is not yet.
        config: The resolved config.
        root: Folder of the project.
        run: Folder of the run.
        folder: Where the fit writes.

    Raises:
        ConfigError: If the file is not there, or does not fit the model.
        HookError: If the model can begin with nothing.
    """
    if config["warm_start_config"]["source"] is None:
        return
    start = _find(config, root, run)
    anew = model.get_begun(start)
    if process_rank() != 0:
        return
    content = {
        "source": start.source,
        "registered": start.registered,
        "run": None if start.run is None else _name(start.run, root),
        "file": _name(start.path, root),
        "sha256": start.sha256,
        "parts": None if start.parts is None else list(start.parts),
        "anew": list(anew),
    }
    write_json(folder / WARM_START_FILE, content)
    what = "weights" if start.parts is None else ", ".join(start.parts)
    log.info("fit      begins with %s of %s", what, start.path)


def read_warm_start(folder: Path) -> dict[str, Any] | None:
    """Give what :func:`begin_warm` kept in the folder of a fit; ``None`` if it began fresh.

    Args:
        folder: ``2_fit`` of a run.
    """
    return _read(folder / WARM_START_FILE) or None


def is_encoder(parts: Sequence[str] | None) -> bool:
    """Say whether parts are of an encoder alone, whose weights know no labels."""
    return parts is not None and all("encoder" in part.split(".") for part in parts)


def _find(config: Mapping[str, Any], root: Path, run: Path) -> WarmStart:
    """Read all that is known of what a fit begins with, and refuse another task's labels."""
    section, found = config["warm_start_config"], _locate(config, root, run)
    task, model_config = _describe(found)
    parts = section["parts"]
    if task is not None and task != config["task"] and not is_encoder(parts):
        raise _error(
            f"must be a model of this task, {config['task']!r}, but {found.path} learned "
            f"{task!r}. Take its encoder alone, by warm_start_config.parts: [encoder], or name "
            "another model."
        )
    return WarmStart(
        source=str(section["source"]),
        path=found.path,
        sha256=hash_file(found.path),
        run=found.run,
        registered=found.registered,
        task=task,
        model_config=model_config,
        parts=None if parts is None else tuple(parts),
        allow_differences=section["allow_differences"],
    )


def _locate(config: Mapping[str, Any], root: Path, run: Path) -> StartingPoint:
    name = str(config["warm_start_config"]["source"])
    found = find_starting_point(Lookup(name, root, config))
    if found.run is not None and found.run.resolve() == run.resolve():
        raise _error(
            f"must be another run, but {name!r} is the one that is to be fitted, {run}. To go on "
            "with it, leave this out and use --resume."
        )
    return found


def _describe(found: StartingPoint) -> tuple[str | None, dict[str, Any] | None]:
    """Give the task and the ``model_config`` that a model was made with, as its run has them.

    A bundle, which lies in no run, has them in files of its own.
    """
    if found.run is None or not (found.run / CONFIG_FILE).is_file():
        names = ("metadata.json", "training_config.json")
        metadata, config = (_read(found.path.with_name(name)) for name in names)
        return metadata.get("task") or None, config.get("model_config")
    frozen = read_frozen_config(found.run / CONFIG_FILE)
    model_config = dict(frozen["model_config"])
    split = found.run / SPLIT_FOLDER / SPLIT_FILE
    if model_config.get("label_names") is None:
        model_config["label_names"] = _read(split).get("label_names")
    return frozen.get("task"), model_config


def _recorded_hash(config: Mapping[str, Any], run: Path) -> str | None:
    """Give the hash of what a fit of this run began with, if it bears the same name."""
    for folder in (f"{FIT_FOLDER}{WORK_SUFFIX}", FIT_FOLDER):
        content = read_warm_start(run / folder)
        if content and content["source"] == str(config["warm_start_config"]["source"]):
            return str(content["sha256"])
    return None


def _name(path: Path, root: Path) -> str:
    """Name a path relative to the project if it lies there, so that the project may move."""
    root = root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _read(path: Path) -> dict[str, Any]:
    """Read a file of JSON; one that is not there says nothing."""
    if not path.is_file():
        return {}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _error(message: str) -> ConfigError:
    return ConfigError("The fit cannot begin with that model.", [Problem(SOURCE_KEY, message)])
