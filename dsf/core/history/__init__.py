"""The runs of a project, read from their folders for looking back: listed, told, compared."""

from __future__ import annotations

from dsf.core.history.choosing import NO_VERDICT, Choice, sort_runs
from dsf.core.history.conditions import Condition, parse_conditions
from dsf.core.history.folders import find_run, list_folders
from dsf.core.history.git_changes import find_changes_in_git
from dsf.core.history.moments import parse_since, read_moment
from dsf.core.history.run_details import describe_run
from dsf.core.history.run_differences import describe_differences
from dsf.core.history.run_status import STATUSES
from dsf.core.history.run_summary import RunSummary
from dsf.core.history.values import FIELDS, check_known, find_value, known_metrics

__all__ = [
    "FIELDS",
    "NO_VERDICT",
    "STATUSES",
    "Choice",
    "Condition",
    "RunSummary",
    "check_known",
    "describe_differences",
    "describe_run",
    "find_changes_in_git",
    "find_run",
    "find_value",
    "known_metrics",
    "list_folders",
    "parse_conditions",
    "parse_since",
    "read_moment",
    "sort_runs",
]
