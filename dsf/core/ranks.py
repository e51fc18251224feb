"""Which of several processes of one job this is."""

from __future__ import annotations

import os

__all__ = ["process_rank"]

_RANK_VARIABLES = ("RANK", "LOCAL_RANK", "SLURM_PROCID")


def process_rank() -> int:
    """Give this process's number in its job; 0 is the one that writes.

    Read from what launchers set: torchrun (``RANK``), Lightning (``LOCAL_RANK``) and Slurm
    (``SLURM_PROCID``).
    """
    for name in _RANK_VARIABLES:
        value = os.environ.get(name, "")
        if value.isdigit():
            return int(value)
    return 0
