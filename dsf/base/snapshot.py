"""How a run stood before a step was tried, so that a failed try changes nothing."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from dsf.core.atomic import write_bytes
from dsf.core.run_folder import CONFIG_FILE

if TYPE_CHECKING:
    from dsf.core.run_folder import RunFolder
    from dsf.core.run_record import RunRecord

__all__ = ["Snapshot"]


class Snapshot:
    """Remembers ``config.yaml`` and what is recorded of the steps.

    Args:
        run: The run.
        record: What is recorded of it; put right in place by :meth:`restore`.
    """

    def __init__(self, run: RunFolder, record: RunRecord) -> None:
        self._file = run.path / CONFIG_FILE
        self._content = self._file.read_bytes()
        self._record = record
        self._config_hash = record.config_hash
        self._steps = copy.deepcopy(record.steps)

    def restore(self, step: str) -> None:
        """Put everything back, but keep that a step failed if it had never been done."""
        write_bytes(self._file, self._content)
        self._record.config_hash = self._config_hash
        failed = self._record.steps[step]
        self._record.steps = self._steps
        if step not in self._steps or self._steps[step].status != "done":
            self._record.steps[step] = failed
