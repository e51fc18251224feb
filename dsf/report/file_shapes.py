"""What the report reads in a run's JSON files, and a check that it is there as it must be."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from dsf.core.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

__all__ = ["Comparison", "Decision", "Fit", "Results", "Split", "Stamp", "check_shape"]

# Read by pydantic. Keys that are not named here may hold anything.


@dataclass
class Results:
    """``metrics.json``, or what it has of one output."""

    intervals: dict[str, dict[str, float | None]] | None = None
    labels: dict[str, dict[str, Any]] | None = None
    outputs: dict[str, Results] | None = None
    undefined: dict[str, str] | None = None
    bootstrap: dict[str, Any] | None = None


@dataclass
class _Difference:
    difference: float | None = None
    lower: float | None = None
    upper: float | None = None
    trained: float | None = None
    eval: float | None = None
    p_value: float | None = None
    p_holm: float | None = None
    less_is_better: bool = False
    significant: bool = False
    verdict: str | None = None
    test: str | None = None


@dataclass
class _SliceMetric:
    trained: float
    eval: float
    difference: float
    lower: float | None = None
    upper: float | None = None
    less_is_better: bool = False
    verdict: str | None = None


@dataclass
class _Slice:
    column: str
    value: Any
    rows: int
    metrics: dict[str, _SliceMetric] | None = None
    undefined: dict[str, str] | None = None


@dataclass
class _Verdict:
    verdict: str | None = None
    reason: str | None = None
    rule: str | None = None
    margin: float | None = None
    passed: bool = False
    metrics: dict[str, str] | None = None


@dataclass
class Comparison:
    """``comparison.json``; ``metrics`` may be a sentence, where results are missing."""

    differences: dict[str, _Difference] | None = None
    outputs: dict[str, dict[str, _Difference]] | None = None
    verdict: _Verdict | None = None
    slices: list[_Slice] | None = None
    undefined: dict[str, str] | None = None
    notes: list[str] | None = None
    rows: int | None = None
    covers: str | None = None
    bootstrap: dict[str, Any] | None = None


@dataclass
class _Finding:
    kind: Literal["exact", "normalised", "near", "group"]
    parts: tuple[str, str]
    examples: list[dict[str, Any]]


@dataclass
class _Audit:
    sizes: dict[str, int] | None = None
    checked: dict[str, bool] | None = None
    findings: list[_Finding] | None = None
    on_leak: str | None = None


@dataclass
class Split:
    """``split.json``."""

    rows: dict[str, int] | None = None
    labels: dict[str, dict[str, int]] | None = None
    strategy: str | None = None
    audit: _Audit | None = None


@dataclass
class _Best:
    epoch: int
    monitor: str
    score: float


@dataclass
class Fit:
    """``fit.json``."""

    epochs: int | None = None
    best: _Best | None = None


@dataclass
class Decision:
    """``thresholds.json``, ``calibration.json`` or ``abstain.json``."""

    thresholds: dict[str, float] | None = None
    rows_with_label: dict[str, int] | None = None
    metric: str | None = None
    confidence: float | None = None
    test: dict[str, Any] | None = None


@dataclass
class Stamp:
    """``step.json``."""

    inputs: dict[str, str] | None = None


@cache
def _adapter(shape: type) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(shape)


def check_shape(content: dict[str, Any], shape: type, path: Path) -> None:
    """Check what a file holds.

    Args:
        content: The file's JSON.
        shape: One of the classes of this module.
        path: The file, for messages.

    Raises:
        RunError: If anything is not as it must be; names the file and every key.
    """
    from pydantic import ValidationError

    # As JSON again: only there does a strict check take mappings for classes. A text may hold half
    # a surrogate pair, which is no reason to refuse it.
    text = json.dumps(content, ensure_ascii=False).encode("utf-8", errors="replace")
    try:
        _adapter(shape).validate_json(text, strict=True)
    except ValidationError as error:
        raise _refuse(path, [_explain(one) for one in error.errors(include_url=False)]) from error
    if shape is Results and (faults := _find_faults_of_numbers(content)):
        raise _refuse(path, faults)
    if shape is Split and (faults := _find_faults_of_audit(content.get("audit") or {})):
        raise _refuse(path, faults)


def _find_faults_of_numbers(content: dict[str, Any], path: str = "") -> list[str]:
    """Check the metrics themselves, whose names are any: numbers, or what belongs to one."""
    faults = [
        f"{path}{name} must be a number, not {json.dumps(value, ensure_ascii=False)[:60]}"
        for name, value in content.items()
        if value is not None and not isinstance(value, int | float | dict)
    ]
    for output, found in (content.get("outputs") or {}).items():
        faults += _find_faults_of_numbers(found, f"{path}outputs.{output}.")
    return faults


def _find_faults_of_audit(audit: dict[str, Any]) -> list[str]:
    """Check the keys whose names are those of parts."""
    faults = []
    for place, finding in enumerate(audit.get("findings") or ()):
        where = f"audit.findings.{place}"
        counts = [f"{part}_rows" for part in finding["parts"]]
        faults += [
            f"{where}.{key} must be a number" for key in counts if type(finding.get(key)) is not int
        ]
        if finding["parts"][1] not in (audit.get("sizes") or {}):
            faults.append(f"audit.sizes.{finding['parts'][1]} is missing")
    return faults


def _refuse(path: Path, faults: Sequence[str]) -> RunError:
    return RunError(
        f"{path}: the report cannot be drawn from it: {'; '.join(faults)}. It was edited by hand, "
        "or written by something else than dsf. Do its step again, or mend it."
    )


def _explain(fault: ErrorDetails) -> str:
    """Say one thing that is wrong, with the key and what came."""
    where = _name(fault["loc"])
    if fault["type"] == "missing":
        return f"{where} is missing"
    law = fault["msg"].removeprefix("Input should be ")
    came = json.dumps(fault["input"], ensure_ascii=False, default=str)
    return f"{where} must be {law}, not {came[:60]}"


def _name(keys: Sequence[int | str]) -> str:
    return ".".join(map(str, keys)) or "the file"
