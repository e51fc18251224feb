"""What a run asks of its machine: CPU, memory, disk, network and GPU, logged now and then."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from dsf.core.errors import DsfError
from dsf.core.extras import require_extra
from dsf.tracking.mlflow_package import load_client_class

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["SystemMetrics"]

_LOG = logging.getLogger("dsf")
_PREFIX = "system/"
_MONITORS = "mlflow.system_metrics.metrics"
_KINDS = {
    "cpu_monitor": "CPUMonitor",
    "disk_monitor": "DiskMonitor",
    "network_monitor": "NetworkMonitor",
    "gpu_monitor": "GPUMonitor",
}
_FEATURE = "Logging what a run asks of its machine (tracking_config.system_metrics)"


class SystemMetrics:
    """Looks at the machine in a thread of its own, as MLflow's own monitors do.

    Only one process looks for a run at a time.

    Args:
        log: Takes the numbers of each look, by name.
        lock: A file that whoever looks holds.
        interval: Seconds between two looks.
    """

    def __init__(
        self, log: Callable[[Mapping[str, float]], None], lock: Path, interval: float
    ) -> None:
        self._log = log
        self._lock = FileLock(lock, timeout=0, thread_local=False)
        self._interval = interval
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look.

        Raises:
            MissingExtraError: If a package that it takes is not installed.
        """
        require_extra("track", module="psutil", feature=_FEATURE)
        load_client_class("http:")
        try:
            self._lock.acquire()
        except Timeout:
            return
        monitors = _make_monitors()
        self._thread = threading.Thread(
            target=self._look, args=(monitors,), name="dsf-system-metrics", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(self._interval)
            self._lock.release()
            self._thread = None

    def _look(self, monitors: list[Any]) -> None:
        while not self._stop.wait(self._interval):
            numbers: dict[str, float] = {}
            for monitor in monitors:
                monitor.collect_metrics()
                numbers |= monitor.aggregate_metrics()
                monitor.clear_metrics()
            try:
                self._log({f"{_PREFIX}{name}": value for name, value in numbers.items()})
            except (DsfError, OSError) as error:  # the disk of the run; a thread has nobody to tell
                _LOG.warning("The use of the machine is not logged any more: %s", error)
                return


def _make_monitors() -> list[Any]:
    """Make the monitors that work here; without a GPU there is none for it."""
    monitors = []
    for file, name in _KINDS.items():
        module = require_extra("track", module=f"{_MONITORS}.{file}", feature=_FEATURE)
        try:
            monitors.append(getattr(module, name)())
        except (ImportError, RuntimeError) as error:  # no GPU, or nothing that can read it
            _LOG.debug("%s is not looked at: %s", name, error)
    return monitors
