"""Many samples computed in blocks, several blocks at a time."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["compute_in_blocks"]

_NUMBERS_AT_ONCE = 1_000_000


def compute_in_blocks(
    compute: Callable[[np.random.Generator, int], list[NDArray[np.float64]]],
    samples: int,
    size: int,
    seed: int,
) -> list[NDArray[np.float64]]:
    """Compute arrays of many samples, a block of them at a time.

    Each block has its own source of chance, so that the result depends on the seed and the sizes
    alone, not on how many processors there are. NumPy lets go of the interpreter while it
    computes, so that threads are enough to use them all.

    Args:
        compute: Takes a source of chance and a number of samples; gives arrays with the samples
            first.
        samples: How many samples in all.
        size: How many numbers one sample takes.
        seed: Of the chance.

    Returns:
        The arrays of all blocks, put together.
    """
    at_once = max(1, _NUMBERS_AT_ONCE // max(1, size))
    sizes = [min(at_once, samples - done) for done in range(0, samples, at_once)]

    def block(number: int) -> list[NDArray[np.float64]]:
        generator = np.random.Generator(np.random.SFC64([seed, number]))
        return compute(generator, sizes[number])

    threads = min(len(sizes), _processors())
    if threads <= 1:
        blocks = [block(number) for number in range(len(sizes))]
    else:
        with ThreadPoolExecutor(threads) as pool:
            blocks = list(pool.map(block, range(len(sizes))))
    return [np.concatenate(parts) for parts in zip(*blocks, strict=True)]


def _processors() -> int:
    """Count the processors that this process may use; not every system says which."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
