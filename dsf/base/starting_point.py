"""Where the weights lie that a fit begins with: from the name in the config to a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dsf.base.decisions import FIT_FILE
from dsf.base.stamp import Stamp
from dsf.base.steps.step import FIT_FOLDER
from dsf.core.bundle import WEIGHTS_FILE
from dsf.core.errors import ConfigError, Problem
from dsf.core.run_folder import RunFolder, version_number
from dsf.core.run_record import RECORD_FILE, RunRecord

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SOURCE_KEY", "WAYS", "StartingPoint", "find_starting_point"]

SOURCE_KEY = "warm_start_config.source"


@dataclass(frozen=True)
class StartingPoint:
    """The file of a model.

    Attributes:
        path: The file: a checkpoint, or ``model.safetensors``.
        run: Folder of the run that it lies in; ``None`` if it lies in none.
    """

    path: Path
    run: Path | None


def find_starting_point(name: str, root: Path, output: Path) -> StartingPoint:
    """Find the file that a name stands for.

    Args:
        name: What ``warm_start_config.source`` says.
        root: Folder of the project, which paths are relative to.
        output: Folder of the project's runs.

    Raises:
        ConfigError: If it stands for nothing, or for a run whose fit is not done.
        RunMismatchError: If the record of the run cannot be read.
    """
    for way in WAYS.values():
        found = way(name, root, output)
        if found is not None:
            return found
    versions = sorted(path.name for path in output.glob("v*") if version_number(path.name))
    there = f"Versions here: {', '.join(versions) or 'none'}"
    raise _error(
        "must be a version of this project (v3), the folder of a run, the file of a model or a "
        f"folder with {WEIGHTS_FILE}, relative to {root}, but {name!r} is none of them. {there}."
    )


def _find_version(name: str, root: Path, output: Path) -> StartingPoint | None:
    """Take a version of this project for the model that its fit left."""
    del root
    is_there = version_number(name) and (output / name / RECORD_FILE).is_file()
    return _model_of(output / name) if is_there else None


def _find_path(name: str, root: Path, output: Path) -> StartingPoint | None:
    """Take a path for what lies there."""
    del output
    path = root / Path(name).expanduser()
    try:
        if (path / RECORD_FILE).is_file():
            return _model_of(path)
        file = path / WEIGHTS_FILE if path.is_dir() else path
        if not file.is_file():
            return None
    except (OSError, ValueError):  # too long for a path, or with a null byte: it is none
        return None
    run = RunFolder.holding(file)
    return StartingPoint(file.resolve(), None if run is None else run.path)


WAYS: dict[str, Callable[[str, Path, Path], StartingPoint | None]] = {
    "version": _find_version,
    "path": _find_path,
}
"""How a name is looked up, in this order: takes the name, the project's folder and that of its
runs; gives ``None`` if the name is none of its kind."""


def _model_of(folder: Path) -> StartingPoint:
    """Find the model that the fit of a run left, as the run's own records say."""
    run = folder.resolve()
    record, fit = RunRecord.read(run).steps.get("fit"), run / FIT_FOLDER
    status = "not begun" if record is None else record.status
    stamp = Stamp.read(fit)
    if status != "done" or stamp is None or not (fit / FIT_FILE).is_file():
        raise _error(
            f"must be a run whose fit is done, but that of {run} is {status}. Finish it by "
            f"`dsf-cli fit --run-dir {run}`, or name the file of a checkpoint."
        )
    model = fit / str(json.loads((fit / FIT_FILE).read_text(encoding="utf-8"))["model"])
    spoiled = [str(fit / name) for name in stamp.spoiled(fit)]
    if spoiled or not model.is_file():
        raise _error(
            f"must be a run whose files are as its fit left them, but changed or removed since: "
            f"{', '.join(spoiled or [str(model)])}. Do its fit again by "
            f"`dsf-cli fit --run-dir {run}`, or name the file of a checkpoint."
        )
    return StartingPoint(model.resolve(), run)


def _error(message: str) -> ConfigError:
    return ConfigError("The fit has nothing to begin with.", [Problem(SOURCE_KEY, message)])
