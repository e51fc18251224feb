"""The metrics, a file each: answers in, a statistic out."""

from __future__ import annotations

__all__: list[str] = []
