"""The numbers of a fit, handed to the tracker of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytorch_lightning.loggers import Logger
from pytorch_lightning.utilities import rank_zero_only

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from dsf.tracking import Tracker

__all__ = ["RunLogger"]


class RunLogger(Logger):
    """Logs what Lightning logs, by step, into the run that is tracked.

    The config is logged with the run itself, and so are its files.

    Args:
        tracker: Of the run.
    """

    def __init__(self, tracker: Tracker) -> None:
        super().__init__()
        self.tracker = tracker

    @property
    def name(self) -> str:
        """Name of the logger."""
        return "dsf"

    @property
    def version(self) -> str:
        """There is one for a run."""
        return ""

    @property
    def experiment(self) -> Tracker:
        """What it logs to."""
        return self.tracker

    @rank_zero_only
    def log_hyperparams(
        self, params: dict[str, Any] | Namespace, *args: Any, **kwargs: Any
    ) -> None:
        """Do nothing: the run has its config."""

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Log numbers of a step."""
        self.tracker.log_metrics(metrics, step or 0)
