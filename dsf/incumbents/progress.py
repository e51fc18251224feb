"""A progress bar while a model is asked."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["asking"]


@contextmanager
def asking(name: str, total: int) -> Iterator[Callable[[], None]]:
    """Show how far the asking has come, on a terminal; elsewhere show nothing.

    Args:
        name: What is asked.
        total: How often it is asked.

    Yields:
        A function to call after each answer.
    """
    from rich.console import Console
    from rich.progress import Progress

    quiet = not sys.stderr.isatty()
    with Progress(console=Console(stderr=True), disable=quiet, transient=True) as progress:
        yield partial(progress.advance, progress.add_task(name, total=total))
