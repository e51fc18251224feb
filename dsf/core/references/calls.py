"""References made into objects: first all are looked up and checked, then they are called."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from dsf.core.errors import BadReferenceError, ConfigError, DsfError, Problem
from dsf.core.references.arguments import check_arguments
from dsf.core.references.lookup import RefusedNameError, find_object
from dsf.core.references.policy import DEFAULT_PACKAGES
from dsf.core.references.spelling import check_spelling, is_reference, read_reference

__all__ = ["check_reference", "instantiate", "instantiate_tree", "resolve"]


def check_reference(
    reference: Any, *, where: str = "", packages: Collection[str] = DEFAULT_PACKAGES
) -> list[Problem]:
    """List what keeps :func:`resolve` from giving the object of a reference; nothing is called.

    Args:
        reference: Any spelling.
        where: Config path, for messages.
        packages: Those that the object may lie in.
    """
    planner = _Planner(packages)
    planner.plan_reference(reference, where, complete=False)
    return planner.problems


def resolve(
    reference: Any, *, where: str = "", packages: Collection[str] = DEFAULT_PACKAGES
) -> Any:
    """Give the object that a reference names.

    Args:
        reference: Any spelling; a live class or function is given back as it is.
        where: Config path, for messages.
        packages: Those that the object may lie in.

    Returns:
        The class or function itself; with arguments, a ``functools.partial`` of it.

    Raises:
        BadReferenceError: If it is misspelled, not allowed, not there, or does not take the
            arguments.
    """
    if callable(reference) and not isinstance(reference, str | Mapping):
        return reference
    planner = _Planner(packages)
    call = planner.plan_reference(reference, where, complete=False)
    planner.finish()
    if call.args or call.kwargs:
        return functools.partial(call.target, *_make(call.args), **_make(call.kwargs))
    return call.target


def instantiate(
    reference: Any,
    *,
    where: str = "",
    packages: Collection[str] = DEFAULT_PACKAGES,
    **runtime: Any,
) -> Any:
    """Call what a reference names, with its arguments and those of the caller.

    Args:
        reference: Any spelling, or a live class or function.
        where: Config path, for messages.
        packages: Those that the object may lie in.
        runtime: More arguments by name; they win over those of the reference.

    Raises:
        BadReferenceError: As :func:`resolve`, and if the call itself fails.
    """
    if callable(reference) and not isinstance(reference, str | Mapping):
        call = _Call(reference, getattr(reference, "__qualname__", repr(reference)), where)
        problems = check_arguments(
            reference, call.name, (), {}, where=where, runtime=runtime, complete=True
        )
        _raise_bad(problems)
    else:
        planner = _Planner(packages)
        call = planner.plan_reference(reference, where, runtime=runtime, complete=True)
        planner.finish()
    call.kwargs = {**call.kwargs, **{key: _Given(value) for key, value in runtime.items()}}
    return _make(call)


def instantiate_tree(
    value: Any, *, where: str = "", packages: Collection[str] = DEFAULT_PACKAGES
) -> Any:
    """Copy nested data, and put the object in place of every reference in it.

    References are the mapping spellings anywhere, and ``"pkg.module:name"`` as an item of a list:
    elsewhere text stays text. Each is called. Live objects are kept as they are. Nothing is called
    unless all references are right.

    Args:
        value: Mappings, lists and values, for example ``trainer_config``.
        where: Config path of ``value``, for messages.
        packages: Those that the objects may lie in.

    Raises:
        ConfigError: If any reference is misspelled, not allowed, not there, or does not take its
            arguments; lists all of them.
        BadReferenceError: If a call itself fails.
    """
    planner = _Planner(packages)
    planned = planner.plan(value, where)
    if planner.problems:
        raise ConfigError("The config names what cannot be used.", planner.problems)
    return _make(planned)


@dataclass
class _Call:
    """A call that was checked and not yet made."""

    target: Any
    name: str
    where: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Given:
    """A value of the caller's: it is handed on as it is, whatever it holds."""

    value: Any


class _Planner:
    """Looks up every reference of a tree, and collects what is wrong with them."""

    def __init__(self, packages: Collection[str]) -> None:
        self.problems: list[Problem] = []
        self._packages = packages

    def plan(self, value: Any, where: str) -> Any:
        """Copy a tree, with a checked call in place of every reference."""
        if isinstance(value, Mapping):
            if is_reference(value):
                return self.plan_reference(value, where, complete=True)
            return self.plan_items(value, where)
        if type(value) in (list, tuple):
            return type(value)(
                self.plan_reference(item, _join(where, index), complete=True)
                if isinstance(item, str) and is_reference(item)
                else self.plan(item, _join(where, index))
                for index, item in enumerate(value)
            )
        return value

    def plan_items(self, value: Mapping[str, Any], where: str) -> dict[str, Any]:
        """Plan what stands under each key of a mapping that is no reference itself."""
        return {key: self.plan(item, _join(where, key)) for key, item in value.items()}

    def plan_reference(
        self, value: Any, where: str, *, complete: bool, runtime: Mapping[str, Any] | None = None
    ) -> _Call:
        """Look up one reference, and check that it can be called."""
        call = _Call(None, "", where)
        if problems := check_spelling(value, where):
            self.problems += problems
            return call
        reference = read_reference(value)
        call.name = reference.full_name
        try:
            call.target = find_object(call.name, self._packages)
        except RefusedNameError as error:
            self.problems.append(Problem(where, str(error)))
        # The arguments may hold references with problems of their own.
        key = reference.kwargs_key
        call.args = self.plan(tuple(reference.args), _join(where, "args"))
        call.kwargs = self.plan_items(reference.kwargs, _join(where, key))
        if call.target is not None and (complete or call.args or call.kwargs):
            self.problems += check_arguments(
                call.target,
                call.name,
                call.args,
                call.kwargs,
                where=where,
                key=key,
                runtime=runtime or (),
                complete=complete,
            )
        return call

    def finish(self) -> None:
        """Raise what was found."""
        _raise_bad(self.problems)


def _join(where: str, key: str | int) -> str:
    return f"{where}.{key}".strip(".")


def _raise_bad(problems: list[Problem]) -> None:
    if problems:
        raise BadReferenceError("\n".join(map(str, problems)))


def _make(value: Any) -> Any:
    """Make the planned calls of a tree, the innermost first."""
    if isinstance(value, _Given):
        return value.value
    if isinstance(value, dict):
        return {key: _make(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_make(item) for item in value)
    if not isinstance(value, _Call):
        return value
    args, kwargs = _make(value.args), _make(value.kwargs)
    try:
        return value.target(*args, **kwargs)
    except DsfError:
        raise
    except Exception as error:
        problem = Problem(
            value.where, f"calling {value.name!r} failed: {type(error).__name__}: {error}"
        )
        raise BadReferenceError(str(problem)) from error
