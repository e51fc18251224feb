"""Where the weights lie that a fit begins with: from the name in the config to a file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.base.decisions import FIT_FILE
from dsf.base.stamp import Stamp
from dsf.base.steps.step import FIT_FOLDER
from dsf.base.tracking_choice import make_settings
from dsf.core.bundle import WEIGHTS_FILE, Bundle
from dsf.core.bundle_manifest import MANIFEST_FILE
from dsf.core.errors import ConfigError, Problem
from dsf.core.run_folder import RunFolder, version_number
from dsf.core.run_record import RECORD_FILE, RunRecord
from dsf.registry import REGISTRY_CACHE, Registry, parse_model_uri
from dsf.tracking import find_run_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dsf.registry import RegisteredVersion

__all__ = ["SOURCE_KEY", "WAYS", "Lookup", "StartingPoint", "find_starting_point", "is_alias"]

SOURCE_KEY = "warm_start_config.source"


@dataclass(frozen=True)
class StartingPoint:
    """The file of a model.

    Attributes:
        path: The file: a checkpoint, or ``model.safetensors``.
        run: Folder of the run that it lies in; ``None`` if it lies in none.
        registered: Address of the registered version that it is of: ``models:/NAME/3``.
    """

    path: Path
    run: Path | None
    registered: str | None = None


@dataclass(frozen=True)
class Lookup:
    """What is looked up, and where.

    Attributes:
        name: What ``warm_start_config.source`` says.
        root: Folder of the project, which paths are relative to.
        config: The resolved config.
    """

    name: str
    root: Path
    config: Mapping[str, Any]

    @property
    def output(self) -> Path:
        """Folder of the project's runs."""
        output: Path = self.root / self.config["paths"]["output"]
        return output


def find_starting_point(asked: Lookup) -> StartingPoint:
    """Find the file that a name stands for.

    Args:
        asked: What is looked up.

    Raises:
        ConfigError: If it stands for nothing, or for a run whose fit is not done.
        RunMismatchError: If the record of the run cannot be read.
        UserError: If it is a registered model, and the registry does not answer or has none.
    """
    name, root, output = asked.name, asked.root, asked.output
    for way in WAYS.values():
        found = way(asked)
        if found is not None:
            return found
    versions = sorted(path.name for path in output.glob("v*") if version_number(path.name))
    there = f"Versions here: {', '.join(versions) or 'none'}"
    raise _error(
        "must be a version of this project (v3), the folder of a run, the file of a model or a "
        f"folder with {WEIGHTS_FILE}, relative to {root}, a registered model "
        f"(models:/NAME@champion) or MLflow's id of a run, but {name!r} is none of them. {there}."
    )


def is_alias(name: str) -> bool:
    """Whether a name stands for a registered model by an alias, which may be another's tomorrow."""
    parsed = parse_model_uri(name)
    return parsed is not None and not parsed[1].isdecimal()


def _find_version(asked: Lookup) -> StartingPoint | None:
    """Take a version of this project for the model that its fit left."""
    run = asked.output / asked.name
    is_there = version_number(asked.name) and (run / RECORD_FILE).is_file()
    return _model_of(run) if is_there else None


def _find_path(asked: Lookup) -> StartingPoint | None:
    """Take a path for what lies there."""
    path = asked.root / Path(asked.name).expanduser()
    try:
        if (path / RECORD_FILE).is_file():
            return _model_of(path)
        if (path / MANIFEST_FILE).is_file():
            Bundle.open(path)  # refuses what is not what was exported
        file = path / WEIGHTS_FILE if path.is_dir() else path
        if not file.is_file():
            return None
    except (OSError, ValueError):  # too long for a path, or with a null byte: it is none
        return None
    run = RunFolder.holding(file)
    return StartingPoint(file.resolve(), None if run is None else run.path)


def _find_tracked(asked: Lookup) -> StartingPoint | None:
    """Take MLflow's id of a run for the model of that run, if it lies here, or was registered."""
    if re.fullmatch(r"[0-9a-f]{32}", asked.name) is None:
        return None
    settings = make_settings(asked.config, asked.root)
    for run in sorted(asked.output.glob("v*")):
        if find_run_id(run, settings) == asked.name:
            return _model_of(run)
    registry = Registry(settings)
    found = registry.find_of_run(asked.name)
    if found is None:
        raise _error(
            f"must be MLflow's id of a run that lies in {asked.output}, or whose bundle is "
            f"registered in {registry.place.shown}, but {asked.name} is none. `dsf-cli history` "
            "lists the runs here, `dsf-cli registry list` the models."
        )
    return _fetch(registry, found, asked.output)


def _find_registered(asked: Lookup) -> StartingPoint | None:
    """Take the address of a registered model for the network in its bundle."""
    parsed = parse_model_uri(asked.name)
    if parsed is None:
        return None
    registry = Registry(make_settings(asked.config, asked.root))
    return _fetch(registry, registry.find(*parsed), asked.output)


def _fetch(registry: Registry, version: RegisteredVersion, output: Path) -> StartingPoint:
    """Fetch the bundle of a version, once; it lies in no run."""
    folder = registry.download_bundle(version, output / REGISTRY_CACHE)
    return StartingPoint((folder / WEIGHTS_FILE).resolve(), None, version.uri)


WAYS: dict[str, Callable[[Lookup], StartingPoint | None]] = {
    "version": _find_version,
    "registered": _find_registered,
    "tracked": _find_tracked,
    "path": _find_path,
}
"""How a name is looked up, in this order; each gives ``None`` if the name is none of its kind."""


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
