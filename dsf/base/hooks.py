"""How the base calls what a project wrote: nothing missing, nothing handed on unchecked."""

from __future__ import annotations

import contextlib
import inspect
from pathlib import Path
from typing import Any

from dsf.core.errors import HookResultError, Problem
from dsf.core.extras import require_extra

__all__ = ["call_hook", "hook_place", "missing_hooks", "result_error"]

# Every class of this folder imports this file first, so it is said here, and once.
require_extra("train", module="pandas", feature="A project's training")


def call_hook(owner: object, hook: str, attribute: str, product: str) -> Any:
    """Call a hook and take its product from what it returned or from the attribute it set.

    Args:
        owner: The project's object.
        hook: Name of the method.
        attribute: Attribute that the hook may set instead of returning; it holds the product
            afterwards either way.
        product: What the hook must give, in words, for the message.

    Raises:
        HookResultError: If the hook neither returned nor set anything.
    """
    returned = getattr(owner, hook)()
    result = getattr(owner, attribute, None) if returned is None else returned
    if result is None:
        raise result_error(
            owner, hook, f"must return {product} or set self.{attribute}, but did neither"
        )
    setattr(owner, attribute, result)
    return result


def result_error(owner: object, hook: str, message: str) -> HookResultError:
    """Make the error for a hook that gave the wrong thing: class, method, file and line."""
    return HookResultError(f"{hook_place(type(owner), hook)} {message}.")


def hook_place(owner: type, hook: str) -> str:
    """Name a method and where it stands: ``ShopData.create_data_module (trainer/data.py:14)``."""
    return f"{owner.__name__}.{hook} ({_source(getattr(owner, hook, owner))})"


def missing_hooks(owner: type, base: type) -> list[Problem]:
    """List the hooks of ``base`` that ``owner`` must write but has not."""
    abstract: frozenset[str] = getattr(owner, "__abstractmethods__", frozenset())
    return [
        Problem(
            f"{owner.__name__} ({_source(owner)})", f"must write {name}(): {_purpose(base, name)}"
        )
        for name in sorted(abstract)
    ]


def _purpose(base: type, hook: str) -> str:
    """The first sentence of the base's docstring for a hook."""
    text = inspect.getdoc(getattr(base, hook, None)) or "see its base class."
    return text.splitlines()[0]


def _source(thing: Any) -> str:
    """``file:line`` of a class or function, relative to the working folder where possible."""
    try:
        path = Path(inspect.getsourcefile(thing) or "")
        line = inspect.getsourcelines(thing)[1]
    except (OSError, TypeError):
        return getattr(thing, "__module__", "unknown place")
    with contextlib.suppress(ValueError):
        path = path.resolve().relative_to(Path.cwd())
    return f"{path}:{line}"
