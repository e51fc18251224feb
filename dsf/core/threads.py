"""How the threads of torch wait for one another."""

from __future__ import annotations

import os
import time
from pathlib import Path

__all__ = ["settle_waiting"]

_LOADS = Path("/proc/loadavg")
_LOOKS = 5


def settle_waiting(loads: Path = _LOADS) -> None:
    """Let waiting threads sleep where others run beside them, unless the environment decides.

    By itself, OpenMP lets them spin for some time. On an idle machine that is right: threads that
    slept take long to wake, and the step of a small network took 10 ms instead of 5 ms. But threads
    that spin take the cores from one another as soon as anything else runs: then that step took
    22 ms instead of 13 ms, and a fit of the reference project 18 s instead of 3.6 s. OpenMP asks
    only once, when torch is loaded; call it before that.

    Args:
        loads: Where the system says how many threads run; as Linux writes it, and nobody else.
    """
    decided = "OMP_WAIT_POLICY" in os.environ or "GOMP_SPINCOUNT" in os.environ
    if not decided and not _is_idle(loads):
        os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def _is_idle(loads: Path) -> bool:
    """Say whether this thread alone runs; False where the system does not tell."""
    try:
        return min(_count_runnable(loads) for _ in range(_LOOKS)) <= 1
    except (OSError, ValueError, IndexError):
        return False


def _count_runnable(loads: Path) -> int:
    """Give the number of threads on this machine that run or could, this one among them."""
    time.sleep(0.001)  # what runs for a moment only must not count
    return int(loads.read_text(encoding="ascii").split()[3].partition("/")[0])
