"""A further process of a job: it takes part in the step that the first process runs, and ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from dsf.base.session import WORKER_RUN, WORKER_STEP, Session
from dsf.base.steps import STEPS
from dsf.core.errors import RunNotFoundError
from dsf.core.ranks import process_rank
from dsf.core.run_folder import RunFolder

if TYPE_CHECKING:
    from dsf.base.main import Main
    from dsf.base.steps import Step
    from dsf.core.config import Config

__all__ = ["join_job"]


def join_job(project: Main, config: Config, step: Step | None) -> NoReturn:
    """Take part in the step that the first process of this job runs, then end.

    Args:
        project: Names the project's classes.
        config: The resolved config.
        step: Which step; ``None``: what the environment says.

    Raises:
        RunNotFoundError: If nothing says which run and step that is.
    """
    run_dir = os.environ.get(WORKER_RUN) or project.run_dir
    name = os.environ.get(WORKER_STEP) or (step.name if step else "")
    if not run_dir or not name:
        raise RunNotFoundError(
            f"process {process_rank()} of a job must be told which run it works in, but was "
            "not. Split first, then start every process with `dsf-cli step fit --run-dir DIR`."
        )
    run = RunFolder.open(Path(run_dir))
    record = run.read_record()
    if record is None:
        raise RunNotFoundError(f"{run.path}: the run must be begun first, but is not.")
    Session(project, config, run, record).assist(STEPS[name])
    raise SystemExit(0)
