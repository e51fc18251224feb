"""One pass over a journal: whatever was not sent yet is sent, in order."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from dsf.tracking.journal import TRACKING_FOLDER, Entry, Journal
from dsf.tracking.mlflow_limits import MAX_METRICS
from dsf.tracking.mlflow_store import MlflowStore
from dsf.tracking.records import Identity, Sent, SentRecord
from dsf.tracking.refused import Refused, RefusedEvents
from dsf.tracking.store_errors import EventRefusedError, StoreAwayError, StoreBlockedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dsf.tracking.events import Event

__all__ = ["TRIES", "Delivery", "Progress"]

_LOCK_FILE = "sending.lock"
TRIES = 4
"""How often an event is tried at which the store itself fails, although it answers otherwise."""

_SPLIT = {"metrics": "values", "params": "params", "tags": "tags"}


@dataclass
class Progress:
    """What one pass did.

    Attributes:
        events: How many were sent.
        refused: How many were set aside.
        left: Bytes of the journal that were not sent.
        problem: Why it stopped early; ``None`` if it did not.
        reason: Why the last event was set aside; empty if none was.
        busy: Whether another process sends just now, so that nothing was done here.
        run_id: MLflow's id of the run, where known.
    """

    events: int = 0
    refused: int = 0
    left: int = 0
    problem: StoreAwayError | StoreBlockedError | None = None
    reason: str = ""
    busy: bool = False
    run_id: str = ""


class Delivery:
    """Sends the journal of one run to its store. Only one process does so at a time.

    Args:
        run_folder: The run.
        identity: Which run it is, and where it is tracked.

    Attributes:
        events: How many were sent by now, in all passes.
    """

    def __init__(self, run_folder: Path, identity: Identity) -> None:
        folder = run_folder / TRACKING_FOLDER
        self.journal = Journal(folder)
        self.refused = RefusedEvents(folder)
        self.events = 0
        self._store = MlflowStore(run_folder, identity)
        self._record = SentRecord(folder)
        self._lock = folder / _LOCK_FILE
        self._where = self._store.place.shown
        self._failed_at = -1
        self._failures = 0
        self._asked = 0.0
        self._sends_file = False

    def silence(self) -> float:
        """Seconds since the store was last asked for something, if it did not answer yet; else 0.

        To be read by another thread than the one that sends.
        """
        asked = self._asked
        return time.monotonic() - asked if asked else 0.0

    @property
    def sends_file(self) -> bool:
        """Whether what it was asked for is to take a file, which may last."""
        return self._sends_file

    @property
    def where(self) -> str:
        """The store, without credentials."""
        return self._where

    def sent(self) -> Sent:
        """Say how far the journal was sent, by whomever."""
        return self._record.read(self._where)

    def left(self) -> int:
        """Bytes of the journal that were not sent."""
        return max(0, self.journal.size() - self.sent().offset)

    def run(self, patience: float = 0, *, again: bool = False) -> Progress:
        """Send what is left.

        Args:
            patience: Seconds to wait for another process that sends.
            again: Whether what was set aside is tried once more, before all else.

        Raises:
            StorageError: If the run's own disk does not take the notes.
            MissingExtraError: If MLflow is not installed.
        """
        progress = Progress()
        if not self.left() and not (again and self.refused.read()):
            progress.run_id = self.sent().run_id
            return progress
        try:
            with FileLock(self._lock, timeout=patience):
                self._asked = time.monotonic()
                self._send_all(progress, again=again)
        except Timeout:
            progress.busy = True
        except (StoreAwayError, StoreBlockedError) as problem:
            progress.problem = problem
        finally:
            self._asked = 0.0
        progress.left = self.left()
        progress.run_id = self.sent().run_id
        return progress

    def _send_all(self, progress: Progress, *, again: bool) -> None:
        known = self.sent()
        sent = self._store.open_run(known)
        if sent != known:
            self._record.write(self._where, sent)
        if again:
            self._send_refused(progress)
        for batch in _batches(self.journal.read(sent.offset)):
            try:
                self._send_batch([one.event for one in batch if one.event is not None], progress)
            except StoreAwayError as error:
                if not self._blames_event(error, sent.offset):
                    raise
                for one in batch:
                    if one.event is not None:
                        self._send_carefully(one.event, progress)
            for one in batch:
                if one.event is None:
                    self._set_aside(None, "the line is no event", progress, one.line)
            sent = replace(sent, offset=batch[-1].end)
            self._record.write(self._where, sent)

    def _send(self, events: list[Event]) -> None:
        """Send events of one kind, and note since when the store has it in hand."""
        self._sends_file = events[0].kind == "artifact"
        self._asked = time.monotonic()
        try:
            self._store.send(events)
            self.events += len(events)
        finally:
            self._sends_file = False
            self._asked = time.monotonic()

    def _send_batch(self, events: list[Event], progress: Progress) -> None:
        """Send events of one kind; of those, only what is refused by itself is set aside."""
        if not events:
            return
        try:
            self._send(events)
        except EventRefusedError as error:
            self._store.confirm()
            parts = _halves(events)
            if not parts:
                self._set_aside(events[0], str(error), progress)
                return
            for part in parts:
                self._send_batch(part, progress)
        else:
            progress.events += len(events)

    def _send_carefully(self, event: Event, progress: Progress) -> None:
        """Send an event at which the store may fail: then it is set aside."""
        for part in _pieces(event):
            try:
                self._send([part])
            except (EventRefusedError, StoreAwayError) as error:
                self._store.confirm()
                self._set_aside(part, str(error), progress)
            else:
                progress.events += 1

    def _blames_event(self, error: StoreAwayError, offset: int) -> bool:
        """Whether the store failed so often at one place that the event must be the reason."""
        if not error.fault_inside:
            return False
        self._failures = self._failures + 1 if self._failed_at == offset else 1
        self._failed_at = offset
        if self._failures < TRIES:
            return False
        self._store.confirm()
        return True

    def _send_refused(self, progress: Progress) -> None:
        kept: list[Refused] = []
        waiting = self.refused.read()
        for number, one in enumerate(waiting):
            try:
                if one.event is None:
                    kept.append(one)
                    continue
                self._send([one.event])
                progress.events += 1
            except EventRefusedError as error:
                kept.append(one._replace(where=self._where, reason=str(error)))
            except (StoreAwayError, StoreBlockedError):
                self.refused.replace([*kept, *waiting[number:]])
                raise
        self.refused.replace(kept)

    def _set_aside(
        self, event: Event | None, reason: str, progress: Progress, line: bytes = b""
    ) -> None:
        self.refused.add(event, self._where, reason, line)
        progress.refused += 1
        progress.reason = reason


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Put metrics that follow each other together, as many as one request takes."""
    batch: list[Entry] = []
    count = 0
    for entry in entries:
        is_metrics = entry.event is not None and entry.event.kind == "metrics"
        size = len(entry.event.content["values"]) if entry.event and is_metrics else 0
        if batch and (not is_metrics or not count or count + size > MAX_METRICS):
            yield batch
            batch, count = [], 0
        batch.append(entry)
        count += size
    if batch:
        yield batch


def _halves(events: list[Event]) -> list[list[Event]]:
    """Split what was refused; empty if it is one thing alone."""
    if len(events) > 1:
        middle = len(events) // 2
        return [events[:middle], events[middle:]]
    pieces = _pieces(events[0])
    return [[piece] for piece in pieces] if len(pieces) > 1 else []


def _pieces(event: Event) -> list[Event]:
    """Split an event of several names into one for each."""
    key = _SPLIT.get(event.kind)
    if key is None or len(event.content[key]) < 2:
        return [event]
    return [
        replace(event, content={**event.content, key: {name: value}})
        for name, value in event.content[key].items()
    ]
