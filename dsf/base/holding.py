"""A run that a process holds while it works in it: with its config, locked, tracked."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dsf.base.completeness import check_classes
from dsf.base.joining import join_job
from dsf.base.labels_file import fill_labels
from dsf.base.opening import find_run, open_session
from dsf.base.scoring import check_scoring
from dsf.core.config import resolve_config
from dsf.core.errors import UserError
from dsf.core.ranks import process_rank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsf.base.main import Main
    from dsf.base.session import Session
    from dsf.base.steps import Step
    from dsf.core.config import Config

__all__ = ["hold_run"]


@contextmanager
def hold_run(
    project: Main, mode: str, step: Step | None = None, model_path: Path | None = None
) -> Iterator[Session]:
    """Hold the run of a project while steps work in it; ``project.run_folder`` says which it is.

    A run in which nothing was ever done is removed when the user has made a mistake. A further
    process of a job holds none: it takes part in the step of the first one, and ends.

    Args:
        project: Names the classes, the config and the run.
        mode: As :func:`dsf.base.opening.find_run` takes it.
        step: The only step that is done; ``None``: any may be.
        model_path: A file in the run's folder, if one was named.

    Raises:
        MissingHookError: If the project's classes are not whole.
        ConfigError: If the config cannot be used.
        RunError: If the run is not there, is held by another process, or is another task's.
    """
    check_classes(type(project))
    config = _settle_config(project)
    if process_rank() > 0:
        join_job(project, config, step)
    run_dir = None if project.run_dir in (None, "") else Path(project.run_dir)
    output = project.project_dir() / config["paths"]["output"]
    run = project.run_folder or find_run(output, mode, run_dir, project.resume, model_path)
    with run.locked():
        project.run_folder = run
        session = open_session(project, config, run, step)
        try:
            with session.tracked():
                yield session
        except UserError:
            if not any(one.status == "done" for one in session.record.steps.values()):
                run.discard()
                project.run_folder = None
            raise


def _settle_config(project: Main) -> Config:
    """Give the config with all that the project and its files say."""
    config = resolve_config(project.cfg or {}, schema=project.config_schema)
    if project.warm_start is not None:
        config["warm_start_config"]["source"] = str(project.warm_start)
    fill_labels(config, project.project_dir())
    check_scoring(config)
    return config
