"""One seed for everything random in this process."""

from __future__ import annotations

import random
import sys

__all__ = ["seed_process"]


def seed_process(seed: int) -> None:
    """Seed Python, numpy and torch. A library that is not imported is left alone.

    Args:
        seed: From 0 to 2**32 - 1.
    """
    random.seed(seed)
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed(seed)
    if (torch := sys.modules.get("torch")) is not None:
        torch.manual_seed(seed)
