"""The tasks: working defaults for every hook, one folder a task."""

from dsf.tasks.table import TASKS, find_task

__all__ = ["TASKS", "find_task"]
