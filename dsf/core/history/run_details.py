"""All of one run, as plain data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dsf.core.history.scores import read_scores
from dsf.core.history.tolerant import read_config, read_object
from dsf.core.measures import as_mapping, is_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.core.history.run_summary import RunSummary
    from dsf.core.measures import Measure

__all__ = ["describe_run"]

_TO_LOOK_AT = (
    *("5_compare/report.html", "5_compare/report.txt", "5_compare/model_card.md"),
    *("5_compare/comparison.json", "3_test/metrics.json", "3_test/predictions.parquet"),
    *("2_fit/learning_curve.png", "2_fit/history.csv", "6_export/bundle", "config.yaml"),
)


def describe_run(run: RunSummary, defaults: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Give all that there is to say of a run; what its folder does not have is empty.

    Args:
        run: The run.
        defaults: A frozen config without any setting; ``None``: what differs from it is not told.

    Returns:
        What JSON can hold.
    """
    faults: list[str] = []
    comparison = read_object(run.path / "5_compare/comparison.json", [])
    config = read_config(run.path, faults)
    record = run.record
    return {
        "run_dir": str(run.path),
        "version": run.version,
        "status": run.status,
        "step": run.step,
        "seconds": run.seconds,
        "created": record.created if record else None,
        "project": record.project if record else None,
        "task": record.task if record else None,
        "seed": record.seed if record else None,
        "name": run.name,
        "description": run.description,
        "tags": dict(run.tags),
        "steps": [
            {"step": name, **asdict(step)}
            for name, step in (record.steps if record else {}).items()
        ],
        "data": _describe_data(run, faults),
        "main_metric": run.main_metric,
        "scores": _describe_scores(run, comparison),
        "verdict": as_mapping(comparison.get("verdict")) or None,
        "config": _describe_config(config, defaults),
        "versions": dict(record.versions) if record else {},
        "dsf_version": record.dsf_version if record else None,
        "git": record.git if record else None,
        "files": [str(run.path / name) for name in _TO_LOOK_AT if (run.path / name).exists()],
        "problems": list(dict.fromkeys([*run.problems, *faults])),
    }


def _describe_data(run: RunSummary, faults: list[str]) -> dict[str, Any]:
    split = read_object(run.path / "1_split/split.json", faults)
    audit = as_mapping(split.get("audit"))
    findings = audit.get("findings")
    return {
        "hash": (run.record.data_hash if run.record else "") or split.get("data_hash"),
        "strategy": split.get("strategy"),
        "seed": split.get("seed"),
        "rows": {
            name: one for name, one in as_mapping(split.get("rows")).items() if is_number(one)
        },
        "audited": bool(audit),
        "on_leak": audit.get("on_leak"),
        "findings": [
            _describe_finding(one)
            for one in (findings if isinstance(findings, list) else [])
            if isinstance(one, dict) and isinstance(one.get("parts"), list)
        ],
    }


def _describe_finding(finding: Mapping[str, Any]) -> dict[str, Any]:
    parts = [str(part) for part in finding["parts"]]
    rows = {part: finding.get(f"{part}_rows") for part in parts}
    return {"kind": str(finding.get("kind")), "parts": parts, "rows": rows}


def _describe_scores(run: RunSummary, comparison: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give metric → both numbers and what is known of their difference."""
    found = as_mapping(comparison.get("differences"))
    intervals = _read_intervals(run)
    described = {}
    for name in [*run.scores, *(one for one in run.existing if one not in run.scores)]:
        difference = as_mapping(found.get(name))
        described[name] = {
            "trained": _describe_score(run.scores.get(name)),
            "existing": _describe_score(
                _with_interval(run.existing.get(name), intervals.get(name))
            ),
            "difference": {
                key: difference[key]
                for key in ("difference", "lower", "upper", "p_holm", "verdict")
                if difference.get(key) is not None
            }
            or None,
        }
    return described


def _read_intervals(run: RunSummary) -> dict[str, Measure]:
    return read_scores(read_object(run.path / "4_eval/metrics.json", []))


def _with_interval(score: Measure | None, own: Measure | None) -> Measure | None:
    """Take the interval of the existing model's own results, if they are those compared."""
    same = score is not None and own is not None and abs(own.value - score.value) < 1e-9
    return own if same else score


def _describe_score(score: Measure | None) -> dict[str, float | None] | None:
    return None if score is None else score._asdict()


def _describe_config(
    config: Mapping[str, Any], defaults: Mapping[str, Any] | None
) -> list[dict[str, Any]] | None:
    """List what was set; ``None`` if there is nothing to compare with."""
    from dsf.core.config import ABSENT, diff_configs

    if defaults is None or not config:
        return None
    return [
        {"path": one.path, "default": None if one.old is ABSENT else one.old, "value": one.new}
        for one in diff_configs(defaults, config)
        if one.new is not ABSENT
    ]
