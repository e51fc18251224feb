"""The tracker that writes a journal first, and sends it to MLflow behind everybody's back."""

from __future__ import annotations

import logging
import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.atomic import atomic_path, storage_errors
from dsf.core.errors import MissingExtraError, UserError
from dsf.tracking.events import Event, Kind, Status, flatten, milliseconds
from dsf.tracking.journal import TRACKING_FOLDER, Journal
from dsf.tracking.kept_files import kept_name
from dsf.tracking.mlflow_limits import is_plain_path
from dsf.tracking.records import Identity, find_run_id
from dsf.tracking.sender import Sender
from dsf.tracking.system_metrics import SystemMetrics
from dsf.tracking.tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dsf.tracking.settings import TrackingSettings

__all__ = ["JournalTracker"]

_FILES = "files"
_SYSTEM_LOCK = "system_metrics.lock"
_LOG = logging.getLogger("dsf")


class JournalTracker(Tracker):
    """Appends all that is logged to ``RUN/tracking/journal.jsonl``, and sends it to MLflow.

    Nothing that is logged waits for the store. Any number of trackers, in any number of processes,
    may log into one run: they share its journal, and one of them sends.

    Args:
        run_folder: The run.
        settings: Where it is tracked.
    """

    def __init__(self, run_folder: Path, settings: TrackingSettings) -> None:
        self.run_folder = Path(run_folder).resolve()
        self.settings = settings
        self._journal = Journal(self.run_folder / TRACKING_FOLDER)
        self._sender: Sender | None = None
        self._system: SystemMetrics | None = None
        self._process = os.getpid()
        self._known: dict[tuple[str, int], float] | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever logged in this run."""
        return self._journal.size() == 0

    @property
    def where(self) -> str:
        """The store, without credentials."""
        return self.settings.find_place().shown

    @property
    def run_id(self) -> str:
        """MLflow's id of the run; empty while nothing was sent."""
        return find_run_id(self.run_folder, self.settings)

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Log parameters; see :class:`Tracker`."""
        if params:
            self._log("params", {"params": flatten(params)})

    def log_metrics(self, metrics: Mapping[str, Any], step: int, when: float | None = None) -> None:
        """Log numbers; see :class:`Tracker`."""
        values = {str(name): float(value) for name, value in metrics.items()}
        known = self._read_known()
        new = {name: one for name, one in values.items() if known.get((name, int(step))) != one}
        if new:
            self._log("metrics", {"step": int(step), "values": new}, when)

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags; see :class:`Tracker`."""
        if tags:
            self._log("tags", {"tags": {str(name): str(value) for name, value in tags.items()}})

    def describe(self, text: str) -> None:
        """Set the run's description; see :class:`Tracker`."""
        self._log("description", {"text": text})

    def log_dataset(
        self,
        name: str,
        *,
        digest: str,
        source: str = "",
        schema: Mapping[str, str] | None = None,
        context: str = "",
        rows: int | None = None,
    ) -> None:
        """Log which rows were used; see :class:`Tracker`."""
        content = {"name": name, "digest": digest, "source": source, "context": context}
        self._log("dataset", {**content, "schema": dict(schema or {}), "rows": rows})

    def log_artifact(self, path: Path, folder: str = "") -> None:
        """Log a file or a folder; see :class:`Tracker`."""
        place = Path(path).resolve()
        if place.is_relative_to(self.run_folder):
            place = place.relative_to(self.run_folder)  # the run may be moved before it is sent
        self._log("artifact", {"path": place.as_posix(), "folder": folder})

    def log_file(self, name: str, write: Callable[[Path], None]) -> None:
        """Keep a file below ``RUN/tracking/files``, and log it; see :class:`Tracker`."""
        if not is_plain_path(name):
            raise UserError(
                f"The name of an artifact must be like plots/errors.png, but is {name!r}."
            )
        kept = Path(TRACKING_FOLDER, _FILES, kept_name(name))
        path = self.run_folder / kept
        with storage_errors(path), atomic_path(path) as work:
            write(work)
        folder, last = posixpath.split(name)
        self._log("artifact", {"path": kept.as_posix(), "folder": folder, "name": last})

    def set_status(self, status: Status) -> None:
        """Say how the run stands; see :class:`Tracker`."""
        self._log("status", {"status": status})

    def flush(self, patience: float | None = None) -> bool:
        """Wait until all was sent, but not for long; see :class:`Tracker`."""
        if os.getpid() != self._process:
            return False
        return self._open().flush(self._patience(patience))

    def close(self) -> None:
        """Flush, and stop; see :class:`Tracker`."""
        if self._sender is not None and os.getpid() == self._process:
            if self._system is not None:
                self._system.stop()
            self._sender.close(self._patience(None))

    def _read_known(self) -> Mapping[tuple[str, int], float]:
        """Give the numbers that earlier processes have logged, by name and step.

        A fit that goes on does the steps since its last checkpoint again, and comes to the same
        numbers: they are there already.
        """
        if self._known is None:
            self._known = {
                (name, entry.event.content["step"]): value
                for entry in self._journal.read()
                if entry.event is not None and entry.event.kind == "metrics"
                for name, value in entry.event.content["values"].items()
            }
        return self._known

    def _patience(self, given: float | None) -> float:
        return self.settings.patience if given is None else given

    def _log(self, kind: Kind, content: Mapping[str, Any], when: float | None = None) -> None:
        if os.getpid() == self._process:  # a worker that was forked off only writes
            self._open()
        self._journal.append(Event(kind, milliseconds(when), content))

    def _open(self) -> Sender:
        """Begin to send, at the first call: a constructor only stores."""
        if self._sender is None:
            identity = Identity.open(self.run_folder / TRACKING_FOLDER, self.settings)
            self._write_settings(identity)
            self._sender = Sender(self.run_folder, identity)
            self._sender.start()
            self._watch_system(identity)
        return self._sender

    def _watch_system(self, identity: Identity) -> None:
        """Log the use of the machine, by seconds since the run began."""
        if not self.settings.system_metrics:
            return

        def log(numbers: Mapping[str, float]) -> None:
            self.log_metrics(numbers, step=(milliseconds() - identity.started) // 1000)

        lock = self.run_folder / TRACKING_FOLDER / _SYSTEM_LOCK
        self._system = SystemMetrics(log, lock, self.settings.system_metrics_interval)
        try:
            self._system.start()
        except MissingExtraError as error:
            _LOG.warning("%s\nThe run goes on without.", error)

    def _write_settings(self, identity: Identity) -> None:
        before, now = identity.before, self.settings
        note = now.find_place().note
        if note and (before is None or before.tracking_uri != now.to_values()["tracking_uri"]):
            _LOG.info("%s", note)
        if now.tags and (before is None or dict(before.tags) != dict(now.tags)):
            self._journal.append(Event("tags", milliseconds(), {"tags": dict(now.tags)}))
        if now.description and (before is None or before.description != now.description):
            content = {"text": now.description}
            self._journal.append(Event("description", milliseconds(), content))
