"""An orderly end when the system asks for one: SIGTERM and SIGHUP, as Ctrl-C."""

from __future__ import annotations

import _thread
import contextlib
import gc
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType, TracebackType

__all__ = ["SignalExit", "SignalWatch"]

_NAMES = ("SIGTERM", "SIGHUP")  # Windows has no SIGHUP
# GNU timeout, for one, sends the same signal twice: to its child and to its group.
_SAME = 1.0  # seconds
_PAUSE = 0.05  # seconds until a signal whose exception came to nothing is sent again


class SignalExit(SystemExit):
    """Raised where the program is when a signal arrives, so that everything is cleaned up.

    A ``SystemExit``, because Lightning and others let that pass, and steps call it interrupted.
    """

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)


class SignalWatch(contextlib.AbstractContextManager["SignalWatch"]):
    """Turns the first signal of its block into a :class:`SignalExit`.

    A signal that is ignored, as under nohup, or handled by somebody else is left as it is.
    Lightning puts a handler of its own around ours during a fit, and calls both. Where Python
    ignores exceptions, in a destructor or around a fork, the signal is sent once more. What a
    destructor complains of after the signal is not shown: its object may be half made.

    Attributes:
        number: The signal that came; 0 while none has.
    """

    def __init__(self) -> None:
        self.number = 0
        self._when = 0.0
        self._ignored = False
        self._process = os.getpid()
        self._watched: list[int] = []

    def __enter__(self) -> SignalWatch:
        if threading.current_thread() is threading.main_thread():
            for name in _NAMES:
                number = getattr(signal, name, None)
                if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                    signal.signal(number, self._stop)
                    self._watched.append(number)
        self._hook = sys.unraisablehook
        sys.unraisablehook = self._note_unraisable
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.number:
            gc.collect()  # what the signal left half made goes while nobody listens
        sys.unraisablehook = self._hook
        watched, self._watched = self._watched, []
        for number in watched:
            signal.signal(number, signal.SIG_DFL)

    @property
    def name(self) -> str:
        """Name of the signal that came, for example ``SIGTERM``."""
        return signal.Signals(self.number).name

    @property
    def exit_code(self) -> int:
        """What a shell gives for a process that the signal ended."""
        return 128 + self.number

    def _stop(self, number: int, _: FrameType | None) -> None:
        if os.getpid() != self._process:  # a fork: it has nothing to keep and nothing to say
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            return
        now = time.monotonic()
        same = bool(self.number) and now - self._when < _SAME
        if self._ignored or not same:
            self.number, self._when, self._ignored = number, now, False
            raise SignalExit(number)

    def _note_unraisable(self, unraisable: sys.UnraisableHookArgs) -> None:
        if not isinstance(unraisable.exc_value, SignalExit):
            if not self.number:
                self._hook(unraisable)
            return
        if self._watched and threading.current_thread() is threading.main_thread():
            signal.signal(self.number, self._stop)  # Lightning's handler has been told already
        # No threading.Thread: it takes locks that the interrupted code may hold.
        _thread.start_new_thread(self._send_again, ())

    def _send_again(self) -> None:
        time.sleep(_PAUSE)
        if self._watched:
            self._ignored = True
            os.kill(self._process, self.number)
