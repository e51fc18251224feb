"""The numbers of a step as a tracker has them: flat names, one number each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dsf.core.measures import (
    SUPPORT,
    is_number,
    read_label_measures,
    read_measures,
    read_outputs,
    read_support,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

__all__ = ["read_logged_numbers"]

_MOST_LABELS = 20  # of more, single numbers are only in the report

_COMPARED = ("lower", "upper", "p_value", "p_holm")


def read_logged_numbers(step: str, folder: Path) -> dict[str, float]:
    """Read what a step has measured.

    A metric of the test is ``test_f1``, the ends of its interval ``test_f1_lower`` and
    ``test_f1_upper``; of an output ``test_f1.mood``, of a label ``test_f1.label.SPAM``. Those of
    the existing model begin with ``eval_``; the comparison gives ``difference_f1`` with its ends.

    Args:
        step: Name of the step.
        folder: Where its files are.

    Returns:
        Name → number; empty for a step that measures nothing.
    """
    reader = _READERS.get(step)
    if reader is None:
        return {}
    file, read = reader
    content = json.loads((folder / file).read_text(encoding="utf-8"))
    return {name: float(value) for name, value in read(content) if is_number(value)}


def _of_test(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return _of_results(content, "test")


def _of_eval(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return _of_results(content, "eval")


def _of_results(content: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    yield from _of_metrics(content, prefix, "")
    for output, numbers in read_outputs(content).items():
        yield from _of_metrics(numbers, prefix, f".{output}")


def _of_metrics(content: Mapping[str, Any], prefix: str, suffix: str) -> Iterator[tuple[str, Any]]:
    for metric, one in read_measures(content).items():
        yield f"{prefix}_{metric}{suffix}", one.value
        yield f"{prefix}_{metric}_lower{suffix}", one.lower
        yield f"{prefix}_{metric}_upper{suffix}", one.upper
    labels: dict[str, dict[str, float]] = {
        metric: {label: one.value for label, one in cells.items()}
        for metric, cells in read_label_measures(content).items()
    }
    labels[SUPPORT] = dict(read_support(content))
    for metric, values in labels.items():
        if len(values) <= _MOST_LABELS:
            for label, value in values.items():
                yield f"{prefix}_{metric}{suffix}.label.{label}", value


def _of_comparison(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for metric, found in (content.get("differences") or {}).items():
        yield f"difference_{metric}", found.get("difference")
        for part in _COMPARED:
            yield f"difference_{metric}_{part}", found.get(part)


def _of_fit(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    best = content.get("best") or {}
    yield "epochs", content.get("epochs")
    yield "best_epoch", best.get("epoch")
    if best.get("monitor"):
        yield f"best_{best['monitor']}", best.get("score")


def _of_split(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for part, rows in (content.get("rows") or {}).items():
        yield f"rows_{part}", rows


_READERS: dict[str, tuple[str, Callable[[Mapping[str, Any]], Iterator[tuple[str, Any]]]]] = {
    "split": ("split.json", _of_split),
    "fit": ("fit.json", _of_fit),
    "test": ("metrics.json", _of_test),
    "eval": ("metrics.json", _of_eval),
    "compare": ("comparison.json", _of_comparison),
}
