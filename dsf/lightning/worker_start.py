"""How a process that loads batches begins."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

__all__ = ["start_worker"]

_HUNG_UP = (EOFError, ConnectionError)


def start_worker(then: Callable[[int], Any] | None, worker: int) -> None:
    """Keep still about a reader that hangs up, then do what else begins a worker.

    Tensors are handed over by a thread of the worker. When a signal ends the fit in the middle of
    that, Python would print the traceback of this thread, though nothing has failed.

    Args:
        then: The ``worker_init_fn`` that was asked for, if any.
        worker: Number of the worker.
    """
    sys.excepthook = _tell_all_but_hanging_up
    if then is not None:
        then(worker)


def _tell_all_but_hanging_up(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if not issubclass(kind, _HUNG_UP):
        sys.__excepthook__(kind, error, trace)
