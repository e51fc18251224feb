"""Where numbers and bundles go: MLflow, or nowhere."""

from __future__ import annotations

from dsf.tracking.checking import check_store
from dsf.tracking.current import current_tracker, tracking_with
from dsf.tracking.events import Status
from dsf.tracking.journal import TRACKING_FOLDER
from dsf.tracking.journal_client import JournalClient
from dsf.tracking.journal_tracker import JournalTracker
from dsf.tracking.records import find_run_id
from dsf.tracking.settings import TrackingSettings, check_values
from dsf.tracking.syncing import Synced, sync_run
from dsf.tracking.tracker import NoTracker, Tracker
from dsf.tracking.uris import Place

__all__ = [
    "TRACKING_FOLDER",
    "JournalClient",
    "JournalTracker",
    "NoTracker",
    "Place",
    "Status",
    "Synced",
    "Tracker",
    "TrackingSettings",
    "check_store",
    "check_values",
    "current_tracker",
    "find_run_id",
    "sync_run",
    "tracking_with",
]
