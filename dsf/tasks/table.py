"""Every task by its name; a task is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from dsf.core.errors import ConfigError, Problem
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["FUNCTIONS", "TASKS", "find_task"]

TASKS: dict[str, str] = {
    "intent_classification": "dsf.tasks.intent_classification",
    "multilabel": "dsf.tasks.multilabel",
    "ner": "dsf.tasks.ner",
    "pos": "dsf.tasks.pos",
    "text_classification": "dsf.tasks.text_classification",
}
"""Name → package with the functions :data:`FUNCTIONS`."""

FUNCTIONS = (
    "load_rows",
    "create_data_module",
    "build_network",
    "build_objective",
    "make_predictions",
    "answer_baseline",
)
"""What every task has, in the order in which a run calls them."""


def find_task(name: str) -> ModuleType:
    """Import a task.

    Raises:
        ConfigError: If there is none of that name.
    """
    if name not in TASKS:
        message = f"must be one of {', '.join(TASKS)}, not {name!r}.{did_you_mean(name, TASKS)}"
        raise ConfigError("The task cannot be found.", [Problem("task", message)])
    return import_module(TASKS[name])
