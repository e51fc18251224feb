"""How the base calls what a project wrote: nothing missing, nothing handed on unchecked."""

from __future__ import annotations

import contextlib
import inspect
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.base.project_code import find_root
from dsf.core.atomic import is_storage_error
from dsf.core.errors import DsfError, HookRaisedError, HookResultError, Problem
from dsf.core.extras import require_extra
from dsf.core.places import shorten
from dsf.core.raised import raised_error

__all__ = [
    "call_hook",
    "hook_errors",
    "hook_place",
    "missing_hooks",
    "result_error",
]

_OURS = Path(__file__).resolve().parents[1]
_NO_PRODUCTS = (str, bytes, int, float, complex)

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        HookResultError: If the hook neither returned nor set anything, or gave a mere number or
            text.
        HookRaisedError: If it ended with an error of its own.
    """
    with hook_errors(owner, hook):
        returned = getattr(owner, hook)()
    result = getattr(owner, attribute, None) if returned is None else returned
    if result is None:
        raise result_error(
            owner, hook, f"must return {product} or set self.{attribute}, but did neither"
        )
    if isinstance(result, _NO_PRODUCTS) and attribute in ("data_module", "model", "trainer"):
        raise result_error(owner, hook, f"must return {product}, but gave {result!r}")
    setattr(owner, attribute, result)
    return result


@contextlib.contextmanager
def hook_errors(owner: object, hook: str) -> Iterator[None]:
    """Say of an error out of a hook which hook it was, and where in the project it happened.

    Errors that dsf raises on purpose pass unchanged, and so do those that come from dsf's own
    lines, which are our fault, and those of the disk and of the memory.

    Raises:
        HookRaisedError: From the error.
    """
    try:
        yield
    except (DsfError, MemoryError, OSError) as error:
        if not isinstance(error, OSError) or is_storage_error(error):
            raise
        raise _hook_error(owner, hook, error) from error
    except Exception as error:
        if _innermost(error).is_relative_to(_OURS):
            raise
        raise _hook_error(owner, hook, error) from error


def result_error(owner: object, hook: str, message: str) -> HookResultError:
    """Make the error for a hook that gave the wrong thing: class, method, file and line."""
    return HookResultError(f"{hook_place(type(owner), hook)} {message.removesuffix('.')}.")


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


def _hook_error(owner: object, hook: str, error: Exception) -> HookRaisedError:
    name, written = f"{type(owner).__name__}.{hook}", _source(getattr(owner, hook))
    return raised_error(name, error, root=find_root(type(owner)), otherwise=written)


def _innermost(error: BaseException) -> Path:
    """Give the file in which an error was raised."""
    return Path(traceback.extract_tb(error.__traceback__)[-1].filename)


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
    return f"{shorten(path.resolve())}:{line}"
