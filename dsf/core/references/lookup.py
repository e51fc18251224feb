"""From a dotted name to the object, with a look at the name before and at the object after."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import TYPE_CHECKING, Any

from dsf.core.references.policy import (
    explain_outside,
    find_denied,
    is_harmless_builtin,
    name_of_object,
)
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["RefusedNameError", "find_object"]


class RefusedNameError(Exception):
    """Raised when a name is not allowed or leads nowhere; its text says which."""


def find_object(name: str, packages: Collection[str]) -> Any:
    """Import and walk to the object of a dotted name.

    Args:
        name: Full name, aliases rewritten; its spelling was checked.
        packages: Those that it may lie in.

    Raises:
        RefusedNameError: If it is outside the packages, as spelled or as the object itself says,
            or is not there.
    """
    if reason := explain_outside(name, packages):
        raise RefusedNameError(f"{name!r} {reason}")
    if denied := find_denied(name):
        raise RefusedNameError(f"{name!r} must not be used: {denied!r} can run or load any code")
    walked = _walk(name)
    # The object first: that torch.os.system is posix.system says more than that torch.os is os.
    for exposed_as, value in reversed(walked):
        _check_object(name, exposed_as, value, packages)
    if isinstance(walked[-1][1], ModuleType):
        raise RefusedNameError(f"{name!r} must be a class or function, but is a module")
    return walked[-1][1]


def _walk(name: str) -> list[tuple[str, Any]]:
    """Give each object on the way with the name that led there; the last is the one wanted."""
    parts = name.split(".")
    value: Any
    value, length = _import_longest(parts)
    walked = [(".".join(parts[:length]), value)]
    for end in range(length, len(parts)):
        part, owner = parts[end], ".".join(parts[:end])
        try:
            value = getattr(value, part)
        except AttributeError:
            hint = did_you_mean(part, _names_in(value))
            message = f"{name!r} must be there, but there is no {part!r} in {owner!r}.{hint}"
            raise RefusedNameError(message) from None
        except ImportError as error:  # packages that import their parts when asked for them
            raise RefusedNameError(f"{name!r} cannot be imported: {error}") from error
        walked.append((".".join(parts[: end + 1]), value))
    return walked


def _import_longest(parts: list[str]) -> tuple[ModuleType, int]:
    """Import as much of the name as are modules; the last part never is."""
    for length in range(max(1, len(parts) - 1), 0, -1):
        module = ".".join(parts[:length])
        try:
            return importlib.import_module(module), length
        except ModuleNotFoundError as error:
            # Shorten the name if it is the reason; a module that lacks what it needs is another.
            if error.name is None or not f"{module}.".startswith(f"{error.name}."):
                message = f"{module!r} cannot be imported: it needs {error.name!r}, not installed"
                raise RefusedNameError(message) from error
        except Exception as error:  # whatever a module of the user's does when it is imported
            said = (
                str(error) if isinstance(error, ImportError) else f"{type(error).__name__}: {error}"
            )
            raise RefusedNameError(f"{module!r} cannot be imported: {said}") from error
    raise RefusedNameError(f"{'.'.join(parts)!r}: there is no package {parts[0]!r} here")


def _names_in(owner: Any) -> list[str]:
    names = [name for name in dir(owner) if not name.startswith("__")]
    if isinstance(owner, ModuleType):
        names += [module.name for module in pkgutil.iter_modules(getattr(owner, "__path__", ()))]
    return names


def _check_object(name: str, exposed_as: str, value: Any, packages: Collection[str]) -> None:
    """Refuse an object that is from elsewhere than its name says."""
    real = name_of_object(value, exposed_as)
    if is_harmless_builtin(real):
        return
    if explain_outside(real, packages):
        raise RefusedNameError(f"{name!r} is really {real!r}, outside the allowed packages")
    if denied := find_denied(real):
        raise RefusedNameError(
            f"{name!r} is really {real!r}, and {denied!r} can run or load any code"
        )
