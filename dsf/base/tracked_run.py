"""The MLflow run behind a run, for who has to name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsf.core.errors import UserError

if TYPE_CHECKING:
    from dsf.tracking import JournalTracker, TrackingSettings

__all__ = ["TrackedRun", "find_tracked_run"]


@dataclass(frozen=True)
class TrackedRun:
    """Where a run is tracked.

    Attributes:
        settings: The store.
        run_id: MLflow's id of the run.
    """

    settings: TrackingSettings
    run_id: str


def find_tracked_run(tracker: JournalTracker) -> TrackedRun:
    """Wait until all that was logged is in the store, and say which run it is there.

    Raises:
        UserError: If the store does not take it within the patience of the settings.
    """
    tracker.flush()
    run_id = tracker.run_id
    if not run_id:
        raise UserError(
            f"{tracker.where}: the run must be there before its model is registered, but the store "
            f"has not taken it: `dsf-cli sync {tracker.run_folder}` says why. Nothing is lost: "
            f"`dsf-cli register {tracker.run_folder}` tries again; give it the same --name and "
            "--set as now."
        )
    return TrackedRun(tracker.settings, run_id)
