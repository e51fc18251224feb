"""Lightning's ``MLFlowLogger`` as configs name it, logging into the run that dsf tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from lightning_fabric.loggers.logger import rank_zero_experiment
from pytorch_lightning import loggers
from pytorch_lightning.utilities import rank_zero_only

from dsf.tracking import JournalClient, current_tracker

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from dsf.tracking import Tracker

__all__ = ["MLFlowLogger"]


class MLFlowLogger(loggers.MLFlowLogger):
    """Stands in the place of Lightning's where a config names that one.

    Lightning's would make a run of its own, wait for the server at every step, and end the fit when
    the server does. This one hands its numbers to the tracker of the run, which keeps them until
    they can be sent. Where nothing is tracked, it does nothing.

    ``experiment_name``, ``tracking_uri``, ``run_name``, ``tags`` and ``artifact_location`` are read
    from the config before anything is tracked; what ``tracking_config`` says is stronger.
    ``log_model`` is read from there too: the checkpoints are logged when the fit is done, from
    where they lie in the run.

    Args:
        experiment_name: As Lightning's.
        run_name: As Lightning's.
        tracking_uri: As Lightning's.
        tags: As Lightning's.
        save_dir: As Lightning's.
        log_model: Whether the checkpoints that the fit has kept in the run are logged as
            artifacts, ``best/best.ckpt`` say; ``"all"`` means the same.
        prefix: What the names of numbers begin with.
        artifact_location: As Lightning's.
        run_id: Not used: a run of dsf has one of its own.
        synchronous: Not used: nothing waits.
    """

    def __init__(
        self,
        experiment_name: str = "lightning_logs",
        run_name: str | None = None,
        tracking_uri: str | None = None,
        tags: dict[str, Any] | None = None,
        save_dir: str | None = "./mlruns",
        log_model: Literal[True, False, "all"] = False,
        prefix: str = "",
        artifact_location: str | None = None,
        run_id: str | None = None,
        synchronous: bool | None = None,
    ) -> None:
        # Not Lightning's own: it wants MLflow at once, tracked or not.
        loggers.Logger.__init__(self)
        self.given = {
            "experiment_name": experiment_name,
            "run_name": run_name,
            "tracking_uri": tracking_uri,
            "tags": tags,
            "save_dir": save_dir,
            "artifact_location": artifact_location,
            "log_model": log_model,
        }
        self._prefix = prefix
        self._has_waited = False

    @property
    def tracker(self) -> Tracker:
        """The tracker of the run that is at work; a config may make its loggers before the run."""
        return current_tracker()

    @property
    def name(self) -> str:
        """Name of the experiment."""
        return str(self.given["experiment_name"])

    @property
    @rank_zero_experiment
    def experiment(self) -> JournalClient:
        """What code calls as MLflow's client: what it logs goes into the run, by the journal.

        In a process of another rank than 0 it takes every call and does nothing, as Lightning's
        does there: what each rank logs would be logged several times.
        """
        return JournalClient(self.tracker)

    @property
    def run_id(self) -> str:
        """MLflow's id of the run; empty while MLflow does not answer, or where nothing is tracked.

        It is given when the run is first sent. Whoever asks first waits for that, once, and no
        longer than the patience of the settings. A process of another rank than 0 sends nothing
        and waits for nothing: it has the id when the one of rank 0 has it.
        """
        if not self.tracker.run_id:
            self._wait_once()
        return self.tracker.run_id

    @rank_zero_only
    def _wait_once(self) -> None:
        """Let the run be sent, since nothing else gives it an id."""
        if not self._has_waited:
            self._has_waited = True
            self.tracker.flush()

    @property
    def version(self) -> str:
        """There is one for a run."""
        return ""

    @property
    def save_dir(self) -> None:
        """Lightning's other files stay in the run's folder."""
        return

    @rank_zero_only
    def log_hyperparams(self, params: dict[str, Any] | Namespace) -> None:
        """Do nothing: the run has its config."""

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Log numbers of a step."""
        begin = f"{self._prefix}{self.LOGGER_JOIN_CHAR}" if self._prefix else ""
        numbers = {f"{begin}{name}": one for name, one in metrics.items()}
        self.tracker.log_metrics(numbers, step or 0)

    @rank_zero_only
    def finalize(self, status: str = "success") -> None:
        """Do nothing: how the run ends is not for the fit to say."""

    def after_save_checkpoint(self, checkpoint_callback: Any) -> None:
        """Do nothing: the checkpoints stay where they are."""
