"""How the threads of torch wait for one another."""

from __future__ import annotations

import os

__all__ = ["let_threads_sleep"]


def let_threads_sleep() -> None:
    """Let waiting threads sleep instead of spin, unless the environment says otherwise.

    Spinning threads take the cores from one another as soon as anything else runs: a fit of the
    reference project took 18 s instead of 3.6 s beside one busy process on two cores. OpenMP reads
    this once, when torch is loaded; call it before that.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
