"""A signal of the system ends a block in order, wherever the program is when it comes."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import time

import pytest

from dsf.cli.signals import SignalExit, SignalWatch


def _send(number: int = signal.SIGTERM) -> None:
    os.kill(os.getpid(), number)
    time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_becomes_an_exit_with_its_code(number: signal.Signals) -> None:
    with pytest.raises(SignalExit) as caught, SignalWatch() as watch:
        _send(number)
    assert caught.value.code == watch.exit_code == 128 + number
    assert (watch.number, watch.name) == (number, number.name)
    assert signal.getsignal(number) is signal.SIG_DFL


def test_the_same_signal_sent_twice_does_not_disturb_the_end() -> None:
    cleaned: list[bool] = []

    def work() -> None:
        try:
            _send()
        finally:
            _send()
            cleaned.append(True)

    with pytest.raises(SignalExit), SignalWatch():
        work()
    assert cleaned


def test_a_signal_that_came_where_exceptions_are_ignored_comes_again() -> None:
    class Late:
        def __del__(self) -> None:
            _send()

    def work() -> None:
        late = Late()
        del late
        time.sleep(30)

    begin = time.monotonic()
    with pytest.raises(SignalExit), SignalWatch():
        work()
    assert time.monotonic() - begin < 10


def test_other_exceptions_that_python_ignores_are_shown_as_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken:
        def __del__(self) -> None:
            raise ValueError("odd")

    seen: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: seen.append(unraisable.exc_value))
    with SignalWatch():
        broken = Broken()
        del broken
    assert [str(error) for error in seen] == ["odd"]


def test_an_object_that_the_signal_left_half_made_complains_to_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class HalfMade:
        def __init__(self) -> None:
            self.itself = self  # only the garbage collector ends it
            _send()
            self.workers = 1

        def __del__(self) -> None:
            self.workers -= 1

    seen: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: seen.append(unraisable.exc_value))
    with SignalWatch() as watch, contextlib.suppress(SignalExit):
        HalfMade()
    gc.collect()
    assert watch.number == signal.SIGTERM
    assert not seen


def test_a_signal_that_is_ignored_or_handled_by_others_is_left_alone() -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: seen.append(number))
    hangup = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with SignalWatch() as watch:
            _send(signal.SIGTERM)
            _send(signal.SIGHUP)
        assert seen == [signal.SIGTERM]
        assert watch.number == 0
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGHUP, hangup)


def test_a_fork_ends_by_the_signal_itself() -> None:
    with SignalWatch():
        child = os.fork()
        if child == 0:
            try:
                time.sleep(30)
            finally:
                os._exit(1)
        time.sleep(0.05)
        os.kill(child, signal.SIGTERM)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGTERM


def test_outside_of_the_main_thread_nothing_is_watched() -> None:
    handlers: list[object] = []

    def work() -> None:
        with SignalWatch():
            handlers.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert handlers == [signal.SIG_DFL]
