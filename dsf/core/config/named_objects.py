"""Whether the losses, optimizers and callbacks that a config names are there.

Looking them up imports their packages, so a config is loaded without, unless the caller asks::

    with looking_up_names(everywhere=True):
        load_config("trainer/config.yaml")
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from dsf.core.config.environment import EnvironmentText
from dsf.core.config.tree import dotted
from dsf.core.errors import Problem
from dsf.core.references import check_reference, is_reference

if TYPE_CHECKING:
    from dsf.core.yaml_text import KeyPath

__all__ = ["check_names", "find_names", "looking_up_names", "wanted_names"]

# Keys under which plain text is a reference; elsewhere it is one in lists only.
_NAMED = frozenset(
    {
        ("eval_config", "function"),
        ("eval_config", "incumbent"),
        ("eval_config", "read_response"),
        ("eval_config", "write_request"),
        ("model_config", "loss"),
        ("model_config", "loss_function"),
        ("model_config", "optimizer"),
        ("model_config", "threshold_metric"),
    }
)
# What dsf itself makes objects of; what is elsewhere is for the project to use as it likes.
_USED = "trainer_config"

_everywhere: ContextVar[bool | None] = ContextVar("everywhere", default=None)


@contextlib.contextmanager
def looking_up_names(*, everywhere: bool) -> Iterator[None]:
    """Let every ``load_config`` in the block look up what the config names.

    It is by context and not by argument, because a project's own ``load`` stands between.

    Args:
        everywhere: In all sections; otherwise only where dsf itself will use the name.
    """
    token = _everywhere.set(everywhere)
    try:
        yield
    finally:
        _everywhere.reset(token)


def wanted_names(data: Any) -> list[tuple[KeyPath, Any]]:
    """Give the references that are to be looked up now; none outside of the block."""
    everywhere = _everywhere.get()
    if everywhere is None:
        return []
    return [
        (path, reference)
        for path, reference in find_names(data)
        if everywhere or path in _NAMED or path[0] == _USED
    ]


def find_names(value: Any, path: KeyPath = (), *, in_list: bool = False) -> Iterator[Any]:
    """Give the outermost references with their paths; those inside are looked up with them.

    Text of an environment variable counts only where nothing but a reference can stand: it may be
    a secret, and must not appear in a message.
    """
    textual = isinstance(value, str) and (
        path in _NAMED
        or _is_own_metric(path)
        or (in_list and not isinstance(value, EnvironmentText))
    )
    if is_reference(value) and (textual or isinstance(value, Mapping)):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from find_names(item, (*path, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from find_names(item, (*path, index), in_list=True)


def _is_own_metric(path: KeyPath) -> bool:
    """Whether text at a path can only name a metric of the project's own."""
    return path[:1] == ("metrics",) and (len(path) == 2 or path[2:] == ("function",))


def check_names(
    names: list[tuple[KeyPath, Any]], where_from: Callable[[KeyPath], str]
) -> list[Problem]:
    """Look up references, with their arguments; nothing is called.

    Args:
        names: From :func:`find_names`.
        where_from: Says where a path was set; empty if it is not known.
    """
    problems = []
    for path, reference in names:
        for problem in check_reference(reference, where=dotted(path)):
            place: KeyPath = tuple(problem.where.split("."))
            if problem.where == dotted(path) and isinstance(reference, Mapping):
                # A stronger layer may have set the name alone.
                place = (*path, "class_path" if "class_path" in reference else "func")
            problems.append(Problem(problem.where, problem.message + where_from(place)))
    return problems
