"""How a process gets hold of a run: a new one, the latest, or one that goes on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from dsf import __version__
from dsf.base.session import Session
from dsf.base.steps import REGISTER, STEPS
from dsf.core.atomic import remove_work_files, write_text
from dsf.core.config import (
    Config,
    diff_configs,
    dump_config,
    freeze_config,
    hash_config,
    read_frozen_config,
)
from dsf.core.environment import git_state, package_versions
from dsf.core.errors import RunMismatchError
from dsf.core.run_folder import CONFIG_FILE, RunFolder, version_number
from dsf.core.run_record import RECORD_FILE, RunRecord, now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from dsf.base.main import Main
    from dsf.base.steps import Step

__all__ = ["find_run", "open_session"]

log = logging.getLogger("dsf")


def find_run(
    output: Path, mode: str, run_dir: Path | None, resume: bool, model_path: Path | None
) -> RunFolder:
    """Find or make the run to work in.

    Args:
        output: Folder of all runs.
        mode: ``new``: a run that is not there yet; ``start``: a new one, or the one at
            ``run_dir``; ``latest``: one that is there.
        run_dir: The run's folder, or its version such as ``v3``, if it was named.
        resume: Go on with the run at ``run_dir``, or the latest.
        model_path: A file in the run's folder, if one was named.

    Raises:
        RunNotFoundError: If the run is not there, or must not be there but is.
    """
    if run_dir is not None:
        run_dir = _place(run_dir, output)
        exists = run_dir.is_dir() and RunFolder(run_dir).read_record() is not None
        fresh = mode == "new" or (mode == "start" and not exists)
        return RunFolder.create_at(run_dir) if fresh and not resume else RunFolder.open(run_dir)
    if resume:
        return RunFolder.latest(output)
    if mode in ("new", "start"):
        return RunFolder.create(output)
    holding = RunFolder.holding(model_path) if model_path else None
    return holding or RunFolder.latest(output)


def _place(named: Path, output: Path) -> Path:
    """Take a version for the run of that name, if there is one and no such folder is here."""
    is_version = version_number(str(named)) is not None and not named.exists()
    return output / named if is_version and (output / named / RECORD_FILE).is_file() else named


def open_session(
    project: Main, config: Config, run: RunFolder, step: Step | None = None
) -> Session:
    """Begin a run, or go on with it: check that it is ours, list what differs, record the config.

    Args:
        project: Names the project's classes.
        config: The resolved config.
        run: The run; locked by the caller.
        step: The only one that is done; ``None``: any may be.

    Raises:
        RunMismatchError: If the run was made for another task.
    """
    remove_work_files(run.path)
    record = run.read_record()
    if record is None:
        record = _new_record(project, config)
        log.info("run      %s", run.path)
    else:
        log.info("run      %s goes on", run.path)
        _check_task(record, config, run)
        if step is not REGISTER:  # which changes nothing of the run
            _list_differences(run, config)
        record.versions = package_versions()
    if not (run.path / CONFIG_FILE).is_file():
        write_text(run.path / CONFIG_FILE, dump_config(config))
        record.config_hash = hash_config(config)
    record.write(run.path)
    return Session(project, config, run, record)


def _new_record(project: Main, config: Config) -> RunRecord:
    return RunRecord(
        dsf_version=__version__,
        created=now(),
        project=config["project"],
        task=config["task"],
        seed=config["model_config"]["seed"],
        config_hash=hash_config(config),
        git=git_state(project.project_dir()),
        versions=package_versions(),
    )


def _check_task(record: RunRecord, config: Config, run: RunFolder) -> None:
    if record.task != config["task"]:
        raise RunMismatchError(
            f"{run.path}: a run must go on with its own task, but it was made for "
            f"{record.task!r} and the config says {config['task']!r}. Start a new run."
        )


def _list_differences(run: RunFolder, config: Config) -> None:
    """Say what differs from the config the run was made with, and which steps that touches."""
    path = run.path / CONFIG_FILE
    if not path.is_file():
        return
    old = read_frozen_config(path)
    for change in diff_configs(old, freeze_config(config)):
        steps = ", ".join(_touched(change.path)) or "no step"
        log.info("config   %s: %s -> %s (touches %s)", change.path, change.old, change.new, steps)


def _touched(path: str) -> Iterable[str]:
    """Name the steps that a config path decides, and those that rest on them."""
    touched: list[str] = []
    for step in STEPS.values():
        if step.is_decided_by(path) or set(step.after) & set(touched):
            touched.append(step.name)
    return touched
