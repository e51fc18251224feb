"""What differs between two runs, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.history.git_changes import find_changes_in_git
from dsf.core.history.tolerant import read_config, read_object
from dsf.core.measures import as_mapping
from dsf.core.run_record import STEP_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsf.core.history.run_summary import RunSummary

__all__ = ["describe_differences"]

_OF_SPLIT = ("strategy", "seed", "ratios", "rows", "labels", "label_counts", "reading")


def describe_differences(
    old: RunSummary, new: RunSummary, *, repository: Path | None = None
) -> dict[str, Any]:
    """Give all in which two runs differ.

    Args:
        old: A run.
        new: Another one.
        repository: A folder that may lie in the git repository of the code, beside the runs' own.

    Returns:
        What JSON can hold. ``config``, ``data`` and ``versions`` are lists of ``{"path", "old",
        "new"}``, where ``None`` stands for what is not there; ``same_test_rows`` is ``None`` where
        nobody can tell.
    """
    faults = [*old.problems, *new.problems]
    config = [read_config(run.path, faults) for run in (old, new)]
    stamps = [_read_stamps(run.path) for run in (old, new)]
    records = [run.record for run in (old, new)]
    return {
        "old": _name(old),
        "new": _name(new),
        "config": _list_changes(config[0], config[1]) if all(config) else [],
        "data": _list_changes(*(_read_data(run, faults) for run in (old, new))),
        "same_test_rows": _same_rows(stamps[0], stamps[1]),
        "seed": _pair(*(record.seed if record else None for record in records)),
        "code": _list_code(stamps[0], stamps[1]),
        "git": _describe_git(old, new, repository),
        "versions": _list_changes(*(_read_versions(run) for run in (old, new))),
        "scores": _list_scores(old, new),
        "verdicts": {"old": old.verdict or None, "new": new.verdict or None},
        "problems": list(dict.fromkeys(faults)),
    }


def _name(run: RunSummary) -> dict[str, Any]:
    return {"run_dir": str(run.path), "version": run.version, "status": run.status}


def _pair(old: Any, new: Any) -> dict[str, Any] | None:
    return None if old == new else {"old": old, "new": new}


def _list_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    from dsf.core.config import ABSENT, diff_configs

    return [
        {
            "path": one.path,
            "old": None if one.old is ABSENT else one.old,
            "new": None if one.new is ABSENT else one.new,
        }
        for one in diff_configs(old, new)
    ]


def _read_data(run: RunSummary, faults: list[str]) -> dict[str, Any]:
    split = read_object(run.path / "1_split/split.json", faults)
    data = {"hash": run.record.data_hash} if run.record and run.record.data_hash else {}
    return data | {name: split[name] for name in _OF_SPLIT if name in split}


def _read_versions(run: RunSummary) -> dict[str, str]:
    if run.record is None:
        return {}
    return {"dsf": run.record.dsf_version, **run.record.versions}


def _read_stamps(run_dir: Path) -> dict[str, dict[str, Any]]:
    """Give step → what its stamp says."""
    stamps = [read_object(path, []) for path in sorted(run_dir.glob(f"*/{STEP_FILE}"))]
    return {str(stamp["step"]): stamp for stamp in stamps if "step" in stamp}


def _same_rows(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool | None:
    """Whether both models were tested on the same rows; ``None`` if that is not known."""
    rows = [
        as_mapping(as_mapping(stamps.get("test")).get("inputs")).get("rows")
        for stamps in (old, new)
    ]
    return None if None in rows else rows[0] == rows[1]


def _list_code(
    old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """List the project's files that differ, and the steps that were done with them.

    Only steps that both runs have done are compared: what one of them has not done differs in
    nothing.
    """
    steps: dict[tuple[str, str], list[str]] = {}
    for step in [name for name in old if name in new]:
        before, after = (as_mapping(stamps[step].get("code")) for stamps in (old, new))
        for file in sorted(before.keys() | after.keys()):
            if before.get(file) != after.get(file):
                change = "changed" if file in before and file in after else "added"
                change = "removed" if file not in after else change
                steps.setdefault((file, change), []).append(step)
    return [
        {"file": file, "change": change, "steps": names} for (file, change), names in steps.items()
    ]


def _describe_git(old: RunSummary, new: RunSummary, repository: Path | None) -> dict[str, Any]:
    states = [(run.record.git if run.record else None) or {} for run in (old, new)]
    commits = [str(state.get("commit") or "") for state in states]
    folders = [new.path, old.path, *([repository] if repository else [])]
    return {
        "old": states[0] or None,
        "new": states[1] or None,
        "stat": find_changes_in_git(folders, commits[0], commits[1]),
    }


def _list_scores(old: RunSummary, new: RunSummary) -> list[dict[str, Any]]:
    rows = []
    for name in [*old.scores, *(one for one in new.scores if one not in old.scores)]:
        before, after = old.scores.get(name), new.scores.get(name)
        both = before is not None and after is not None
        rows.append(
            {
                "metric": name,
                "old": before._asdict() if before else None,
                "new": after._asdict() if after else None,
                "difference": after.value - before.value if both and before and after else None,
            }
        )
    return rows
