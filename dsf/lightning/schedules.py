"""Learning rates over a fit, counted in optimizer steps."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

from torch.optim.lr_scheduler import LambdaLR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch.optim import Optimizer

__all__ = ["SCHEDULES", "build_schedule", "warmup_steps"]


def _linear(progress: float) -> float:
    return max(0.0, 1.0 - progress)


def _cosine(progress: float) -> float:
    return 0.5 * (1.0 + math.cos(math.pi * min(1.0, progress)))


SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": lambda _progress: 1.0,
    "cosine": _cosine,
    "linear": _linear,
}
"""Name → share of the learning rate after the warm-up, by progress from 0 to 1."""


def build_schedule(
    optimizer: Optimizer, name: str, num_warmup_steps: int, total_steps: int
) -> LambdaLR:
    """Make a schedule: a linear rise from 0, then the named way down to the last step.

    Args:
        optimizer: Its learning rates are scaled.
        name: A name in :data:`SCHEDULES`.
        num_warmup_steps: Length of the rise, in optimizer steps.
        total_steps: Length of the fit, in optimizer steps.
    """
    share = partial(_share, SCHEDULES[name], num_warmup_steps, max(1, total_steps))
    return LambdaLR(optimizer, share)


def warmup_steps(model_config: Mapping[str, Any], total_steps: int) -> int:
    """Give the length of the rise: ``num_warmup_steps``, or ``warmup_share`` of all steps.

    Args:
        model_config: Section of the config.
        total_steps: Length of the fit, in optimizer steps.
    """
    steps: int = model_config["num_warmup_steps"]
    return steps or round(float(model_config.get("warmup_share") or 0.0) * total_steps)


def _share(decay: Callable[[float], float], warmup: int, total: int, step: int) -> float:
    if step < warmup:
        return step / warmup
    return decay((step - warmup) / max(1, total - warmup))
