"""Sends what a run could not send while it ran."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dsf.core.errors import RunNotFoundError
from dsf.tracking.delivery import TRIES, Delivery, Progress
from dsf.tracking.journal import TRACKING_FOLDER
from dsf.tracking.mlflow_package import load_client_class
from dsf.tracking.records import Identity
from dsf.tracking.store_errors import StoreAwayError

if TYPE_CHECKING:
    from dsf.tracking.settings import TrackingSettings

__all__ = ["Synced", "sync_run"]


@dataclass(frozen=True)
class Synced:
    """What became of a run's journal.

    Attributes:
        where: The store, without credentials.
        run_id: MLflow's id of the run; empty if it could not be made.
        events: How many were sent by this call.
        refused: How many are set aside now, those of earlier calls included.
        left: Bytes of the journal that were not sent.
        problem: Why something was left, and what to do; empty if nothing was.
    """

    where: str
    run_id: str
    events: int
    refused: int
    left: int
    problem: str


def sync_run(run_folder: Path, settings: TrackingSettings | None = None) -> Synced:
    """Send what is left of a run's journal, and try again what was set aside.

    Args:
        run_folder: The run, wherever it lies now.
        settings: Where to; ``None`` for where the run was tracked. Credentials were not kept: they
            come from MLflow's environment variables, or from these settings.

    Raises:
        RunNotFoundError: If nothing was ever tracked there.
        RunMismatchError: If the run's notes were damaged.
        ConfigError: If the address is none that MLflow can use.
        MissingExtraError: If MLflow is not installed.
        StorageError: If the run's own disk does not take the notes.
    """
    run_folder = Path(run_folder).resolve()
    folder = run_folder / TRACKING_FOLDER
    identity = Identity.read(folder) if folder.is_dir() else None
    if identity is None:
        raise RunNotFoundError(
            f"{run_folder}: must be a run that was tracked (with {TRACKING_FOLDER}/), but is not. "
            "Runs with use_mlflow: false keep nothing to send."
        )
    if settings is not None:
        identity = replace(identity, settings=settings)
    place = identity.settings.find_place()
    load_client_class(place.uri)
    delivery = Delivery(run_folder, identity)
    progress, events = _send(delivery, identity.settings.patience)
    problem = str(progress.problem or "")
    if progress.busy:
        problem = "another process sends this run just now; try again when it has ended"
    return Synced(
        where=place.shown,
        run_id=progress.run_id,
        events=events,
        refused=len(delivery.refused.read()),
        left=progress.left,
        problem=problem,
    )


def _send(delivery: Delivery, patience: float) -> tuple[Progress, int]:
    """Send, again where the store itself fails at an event: that one is set aside at last."""
    events = 0
    progress = Progress()
    for number in range(TRIES):
        progress = delivery.run(patience, again=number == 0)
        events += progress.events
        problem = progress.problem
        if not (isinstance(problem, StoreAwayError) and problem.fault_inside):
            break
    return progress, events
