"""One thing that was logged, and the line of a journal that it becomes."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from dsf.tracking.plain_data import plain_data

__all__ = ["Event", "Kind", "Status", "flatten", "from_line", "milliseconds", "to_line"]

Kind = Literal["params", "metrics", "tags", "description", "dataset", "artifact", "status"]
Status = Literal["RUNNING", "FINISHED", "FAILED", "KILLED"]

_KINDS = frozenset(get_args(Kind))
_NOT_FINITE = frozenset({"nan", "inf", "-inf"})


@dataclass(frozen=True)
class Event:
    """One thing that was logged.

    Attributes:
        kind: What it is.
        time: When, in milliseconds since 1970, UTC.
        content: By kind. ``params`` and ``tags``: name → text. ``metrics``: ``step`` and
            ``values`` (name → number, NaN and infinities too). ``description``: ``text``.
            ``dataset``: ``name, digest, source, schema, context, rows``. ``artifact``: ``path``
            (relative to the run if it lies in it), ``folder``, and ``name`` if it shall not have
            that of its path. ``status``: ``status``.
    """

    kind: Kind
    time: int
    content: Mapping[str, Any] = field(default_factory=dict)


def milliseconds(when: float | None = None) -> int:
    """Give a moment in milliseconds since 1970; the present one by default.

    Args:
        when: Seconds since 1970, as ``time.time()`` gives them.
    """
    return int((time.time() if when is None else when) * 1000)


def to_line(event: Event) -> bytes:
    """Write an event as one line of strict JSON, in UTF-8, with the line's end.

    Raises:
        TypeError: If the content is no plain data.
    """
    content = dict(event.content)
    if event.kind == "metrics":
        content["values"] = {name: _number(value) for name, value in content["values"].items()}
    data = {"kind": event.kind, "time": event.time, **content}
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8") + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair; JSON can escape it
        text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        return text.encode("ascii") + b"\n"


def from_line(line: bytes) -> Event:
    """Read what :func:`to_line` wrote.

    Raises:
        ValueError: If it is no such line.
    """
    data = json.loads(line)
    if not isinstance(data, dict) or data.get("kind") not in _KINDS:
        raise ValueError("it is no event")
    kind, at = data.pop("kind"), data.pop("time", None)
    if not isinstance(at, int):
        raise ValueError("it has no time")
    if kind == "metrics":
        values = data.get("values")
        if not isinstance(values, dict) or not isinstance(data.get("step"), int):
            raise ValueError("metrics need a step and values")
        data["values"] = {name: _float(value) for name, value in values.items()}
    return Event(kind, at, data)


def flatten(values: Mapping[str, Any], separator: str = ".") -> dict[str, str]:
    """Turn nested mappings into dotted names and texts: ``{"a": {"b": 1}}`` → ``{"a.b": "1"}``.

    Lists become JSON. An empty mapping stays as ``{}``, so that it is seen.
    """
    return dict(_pairs(values, "", separator))


def _pairs(value: Any, name: str, separator: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and (value or not name):
        for key, item in value.items():
            yield from _pairs(item, f"{name}{separator}{key}" if name else str(key), separator)
    elif isinstance(value, Mapping | list | tuple):
        yield name, json.dumps(plain_data(value), ensure_ascii=False)
    else:
        yield name, str(value)


def _number(value: Any) -> float | str:
    number = float(value)
    return number if math.isfinite(number) else str(number)


def _float(value: Any) -> float:
    if isinstance(value, str) and value not in _NOT_FINITE:
        raise ValueError(f"{value!r} is no number")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{value!r} is no number")
    return float(value)
