"""Lightning's remarks that tell our users nothing."""

from __future__ import annotations

import logging
import warnings

__all__ = ["hush"]

_WARNINGS = (
    r".*does not have many workers.*",  # rows in memory are faster without
    r".*isinstance\(treespec, LeafSpec\).*",  # Lightning's own use of torch
    r"Checkpoint directory .* exists and is not empty.*",  # that is how a fit goes on
    r"The number of training batches .* is smaller than the logging interval.*",
    r"Experiment logs directory .* exists and is not empty.*",
    r"It is recommended to use `self\.log.*sync_dist=True.*",  # torchmetrics has done it
    r"You're resuming from a checkpoint that ended before the epoch ended.*",
)


class _NoAdvertisements(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return "litlogger" not in record.getMessage() and "litmodels" not in record.getMessage()


def hush() -> None:
    """Leave out remarks that are no news; everything else is still said."""
    for pattern in _WARNINGS:
        warnings.filterwarnings("ignore", pattern)
    for name in ("pytorch_lightning", "pytorch_lightning.utilities.rank_zero"):
        logger = logging.getLogger(name)
        if not any(isinstance(one, _NoAdvertisements) for one in logger.filters):
            logger.addFilter(_NoAdvertisements())
