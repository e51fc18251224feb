"""A thread that sends a journal while others go on, and says what they should know."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from dsf.core.errors import DsfError, MissingExtraError
from dsf.tracking.delivery import Delivery, Progress
from dsf.tracking.mlflow_package import load_client_class
from dsf.tracking.store_errors import StoreBlockedError

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.tracking.records import Identity

__all__ = ["Sender"]

_LOG = logging.getLogger("dsf")
_PAUSE = 2.0  # seconds between two passes
_LOOK = 0.5  # seconds between two looks at whether the thread still lives
_LONGEST_PAUSE = 60.0  # seconds, while the store is away


class Sender:
    """Sends one run's journal in the background. It never raises into whoever logs.

    No method may be called in a process that was forked off: its locks may be held for good there.

    Args:
        run_folder: The run.
        identity: Which run it is, and where it is tracked.
    """

    def __init__(self, run_folder: Path, identity: Identity) -> None:
        self._delivery = Delivery(run_folder, identity)
        self._folder = run_folder
        self._uri = identity.settings.find_place().uri
        self._wake = threading.Event()
        self._closed = False
        self._passes = threading.Condition()
        self._begun = 0
        self._ended = 0
        self._thread: threading.Thread | None = None
        self._is_away = False
        self._is_busy = False
        self._told_refused = False

    def start(self) -> None:
        """Begin to send; a second call does nothing."""
        if self._thread is not None:
            return
        try:
            load_client_class(self._uri)
        except MissingExtraError as error:
            _LOG.warning("%s\n%s", error, self._way_out())
            self._closed = True
            return
        self._thread = threading.Thread(target=self._work, name="dsf-tracking", daemon=True)
        self._thread.start()

    def flush(self, patience: float) -> bool:
        """Send what was logged up to now, if the store answers.

        Args:
            patience: Seconds to wait at most.

        Returns:
            Whether all of it is there.
        """
        deadline = time.monotonic() + patience
        with self._passes:
            wanted = self._begun + 1
            self._wake.set()
            while self._ended < wanted and self._is_alive():
                rest = deadline - time.monotonic()
                if rest <= 0:
                    break
                self._passes.wait(min(_LOOK, rest))
        while (left := self._delivery.left()) and self._is_busy and time.monotonic() < deadline:
            time.sleep(0.05)  # another process sends just now
        return not left

    def close(self, patience: float) -> bool:
        """Send what is left, as :meth:`flush` does, and stop."""
        done = self.flush(patience) if self._is_alive() else not self._delivery.left()
        self._closed = True
        self._wake.set()
        return done

    def _is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive() and not self._closed

    def _work(self) -> None:
        pause = _PAUSE
        while not self._closed:
            self._wake.wait(pause)
            self._wake.clear()
            with self._passes:
                self._begun += 1
                number = self._begun
            well = self._pass()
            with self._passes:
                self._ended = number
                self._passes.notify_all()
            pause = _PAUSE if well else min(pause * 2, _LONGEST_PAUSE)

    def _pass(self) -> bool:
        try:
            progress = self._delivery.run()
        except (DsfError, OSError) as error:  # our own disk: the journal will say so to who logs
            self._tell(f"{type(error).__name__}: {error}")
            return False
        self._is_busy = progress.busy
        if progress.refused:
            self._tell_refused(progress)
        if progress.problem is not None:
            self._tell(
                str(progress.problem), blocked=isinstance(progress.problem, StoreBlockedError)
            )
            return False
        if self._is_away and not progress.busy:
            self._is_away = False
            _LOG.warning("The tracking store is back: all that was logged meanwhile is there now.")
        return True

    def _tell(self, reason: str, *, blocked: bool = False) -> None:
        if self._is_away:
            return
        self._is_away = True
        what = "takes nothing" if blocked else "does not answer"
        _LOG.warning("The tracking store %s: %s\n%s", what, reason, self._way_out())

    def _tell_refused(self, progress: Progress) -> None:
        if self._told_refused:
            return
        self._told_refused = True
        _LOG.warning(
            "The tracking store refused something that was logged: %s. It is kept in %s; all else "
            "is sent. Try again by `dsf-cli sync %s`.",
            progress.reason,
            self._delivery.refused.path,
            self._folder,
        )

    def _way_out(self) -> str:
        return (
            f"The run goes on. All that is logged is kept in {self._delivery.journal.path}; it is "
            f"sent when the store takes it, or later by `dsf-cli sync {self._folder}`."
        )
