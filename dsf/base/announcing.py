"""What a step is told to the processes that it starts: which run and step they take part in."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsf.base.steps import Step
    from dsf.core.run_folder import RunFolder

__all__ = ["announced", "read_announced"]

_RUN = "DSF_WORKER_RUN"
_STEP = "DSF_WORKER_STEP"


@contextmanager
def announced(run: RunFolder, step: Step) -> Iterator[None]:
    """Tell processes that the step starts what to join; take back what it left in the environment.

    Lightning's launcher, for one, leaves ranks and ports there that would mislead the next step.

    Args:
        run: The run.
        step: The step that works inside.
    """
    before = dict(os.environ)
    os.environ[_RUN] = str(run.path)
    os.environ[_STEP] = step.name
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def read_announced() -> tuple[str, str]:
    """Give the run's folder and the step's name; empty where this process was told nothing."""
    return os.environ.get(_RUN, ""), os.environ.get(_STEP, "")
