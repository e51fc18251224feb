"""The rows of each part of the data, and what the audit of the split found."""

from __future__ import annotations

from typing import Any

from dsf.report.sections.audit_view import audit_view

__all__ = ["data_view"]

_PARTS = ("train", "validation", "test")
_TABLE_UP_TO = 60
"""Labels; the counts of more stay in their file."""


def data_view(split: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give what is shown of the data; ``None`` if nothing was split.

    Args:
        split: The content of ``split.json``.
    """
    if not split or not split.get("rows"):
        return None
    parts = sorted(split["rows"], key=lambda part: _PARTS.index(part) if part in _PARTS else 9)
    labels = split.get("labels") or {}
    names = list(dict.fromkeys(name for part in parts for name in labels.get(part, {})))
    known = _flat(split.get("label_names") or ())
    names.sort(key=lambda name: known.index(name) if name in known else len(known))
    shown = names if len(names) <= _TABLE_UP_TO else []
    return {
        "strategy": split.get("strategy"),
        "seed": split.get("seed"),
        "rows": {part: split["rows"][part] for part in parts},
        "total": sum(split["rows"].values()),
        "more": len(names) if len(names) > _TABLE_UP_TO else 0,
        "labels": {name: [labels.get(part, {}).get(name, 0) for part in parts] for name in shown},
        "audit": audit_view(split.get("audit")),
    }


def _flat(label_names: Any) -> list[str]:
    """List the labels as the counts of the split name them: with their output, if of several."""
    if isinstance(label_names, dict):
        return [f"{output}={label}" for output, labels in label_names.items() for label in labels]
    return [str(name) for name in label_names]
