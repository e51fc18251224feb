"""A further process of a job: it takes part in the step that the first process runs, and ends."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from dsf.base.announcing import announced, read_announced
from dsf.base.stamper import Stamper
from dsf.base.steps import STEPS, StepContext
from dsf.core.errors import RunNotFoundError
from dsf.core.ranks import process_rank
from dsf.core.run_folder import RunFolder

if TYPE_CHECKING:
    from dsf.base.main import Main
    from dsf.base.stamp import Stamp
    from dsf.base.steps import Step
    from dsf.core.config import Config

__all__ = ["join_job"]

_PATIENCE = 120.0  # seconds
_PAUSE = 0.1  # seconds


def join_job(project: Main, config: Config, step: Step | None) -> NoReturn:
    """Take part in the step that the first process of this job runs, then end.

    Args:
        project: Names the project's classes.
        config: The resolved config.
        step: Which step; ``None``: what the environment says.

    Raises:
        RunNotFoundError: If nothing says which run and step that is.
    """
    told_run, told_step = read_announced()
    run_dir = told_run or project.run_dir
    name = told_step or (step.name if step else "")
    if not run_dir or not name:
        raise RunNotFoundError(
            f"process {process_rank()} of a job must be told which run it works in, but was "
            "not. Split first, then start every process with `dsf-cli step fit --run-dir DIR`."
        )
    run = RunFolder.open(Path(run_dir))
    if run.read_record() is None:
        raise RunNotFoundError(f"{run.path}: the run must be begun first, but is not.")
    _assist(project, config, run, STEPS[name])
    raise SystemExit(0)


def _assist(project: Main, config: Config, run: RunFolder, step: Step) -> None:
    """Take part in a step that the first process runs and records."""
    stamp, work = Stamper(project, config, run).make(step), run.work_folder(step.folder)
    if _wait_for(stamp, run.path / step.folder, work):
        with announced(run, step):
            step.perform(StepContext(project, config, run.path, work, {}))


def _wait_for(stamp: Stamp, final: Path, work: Path) -> bool:
    """Wait until the first process has made the step's folder; say if there is work to do."""
    for _ in range(int(_PATIENCE / _PAUSE)):
        if stamp.is_that_of(final):
            return False
        if stamp.is_that_of(work):
            return True
        time.sleep(_PAUSE)
    raise RunNotFoundError(
        f"{work}: the first process of the job must begin the step within {_PATIENCE:.0f} s, but "
        "has not. Look at what it says."
    )
