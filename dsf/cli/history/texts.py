"""Numbers, moments and states as the tables of `dsf-cli history` write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.decimals import as_decimal, as_difference, as_duration
from dsf.core.history import read_moment

if TYPE_CHECKING:
    from datetime import datetime

    from dsf.core.history import RunSummary
    from dsf.core.measures import Measure

__all__ = [
    "write_age",
    "write_commit",
    "write_ends",
    "write_moment",
    "write_number",
    "write_seconds",
    "write_status",
    "write_value",
]

_PLACES_OF_ENDS = 3
_COMPARE = "compare"
_AT = {"failed": "at", "interrupted": "in", "killed": "in", "running": "in"}
_LONGEST = 60


def write_number(value: float | None, *, signed: bool = False) -> str:
    """Write a number as the report does; nothing for none."""
    if value is None:
        return ""
    return as_difference(value) if signed else as_decimal(value)


def write_ends(measure: Measure | None) -> str:
    """Write an interval, ``0.957 to 0.968``: a decimal less, for room; nothing without one."""
    if measure is None or measure.ends is None:
        return ""
    lower, upper = (as_decimal(end, _PLACES_OF_ENDS) for end in measure.ends)
    return f"{lower} to {upper}"


def write_seconds(seconds: float | None) -> str:
    """Write a duration as the report does; nothing for none."""
    return "" if seconds is None else as_duration(seconds)


def write_age(created: str | None, now: datetime) -> str:
    """Write how long ago something was, in its largest unit: ``5 min``, ``3 h``, ``12 d``."""
    moment = read_moment(created) if created else None
    if moment is None:
        return ""
    seconds = max(0.0, (now - moment).total_seconds())
    for size, unit, limit in ((60, "min", 60 * 60), (3600, "h", 48 * 3600)):
        if seconds < limit:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds // 86400)} d"


def write_moment(created: str | None) -> str:
    """Write a moment to the minute, as it was recorded: UTC."""
    moment = read_moment(created) if created else None
    return moment.strftime("%Y-%m-%d %H:%M") if moment else created or ""


def write_status(run: RunSummary) -> str:
    """Say how a run stands, and at which step if it is not whole."""
    if run.status in _AT:
        return f"{run.status} {_AT[run.status]} {run.step}"
    compared = run.record is not None and _COMPARE in run.record.steps
    return f"done up to {run.step}" if run.status == "done" and not compared else run.status


def write_commit(git: dict[str, Any] | None) -> str:
    """Write a commit in short, with a star if files differed from it."""
    if not git or not git.get("commit"):
        return ""
    return str(git["commit"])[:8] + ("*" if git.get("dirty") else "")


def write_value(value: Any) -> str:
    """Write any value of a config in one line, a long one in part; nothing for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    text = value if isinstance(value, str) else _compact(value)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _compact(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, default=str)
