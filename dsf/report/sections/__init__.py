"""The sections of a report: what a run's files hold, as the views that all its forms show."""

from __future__ import annotations

__all__: list[str] = []
