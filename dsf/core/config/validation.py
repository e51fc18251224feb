"""A config held against its schema: everything that is wrong with it, in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from dsf.core.config.sections import KeysProblem
from dsf.core.config.tree import dotted, lookup
from dsf.core.config.wording import explain_faults, show_value
from dsf.core.errors import Problem
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dsf.core.config.sections import Section
    from dsf.core.yaml_text import KeyPath

__all__ = ["validate_config"]


def validate_config(
    data: dict[Any, Any], schema: type[Section], where_from: Callable[..., str]
) -> tuple[dict[str, Any], list[Problem]]:
    """Check a config, and fill in what is not given.

    Args:
        data: Nested plain data, live objects allowed; not changed.
        schema: What it must look like.
        where_from: Says where a path was set, for messages; empty if it is not known. With paths
            of several keys as a second argument, where each of them was set.

    Returns:
        The resolved config, of no use if there are problems; and the problems.
    """
    resolved: dict[str, Any] = {}
    faults: dict[KeyPath, list[Any]] = {}
    try:
        resolved = schema.model_validate(data).to_plain()
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            faults.setdefault(_locate(fault["loc"], fault["type"], data), []).append(fault)
    problems = [
        Problem(dotted(path), _explain(path, found, data, schema) + where_from(path))
        for path, found in faults.items()
    ]
    for path, section in schema.find_sections(data):
        values = _values(section, path, resolved or data, faults)
        for problem in section.check_together(values):
            inner: KeyPath = tuple(problem.where.split(".")) if problem.where else ()
            keys = problem.keys if isinstance(problem, KeysProblem) else ()
            involved = ([(*path, key) for key in keys],) if keys else ()
            message = problem.message + where_from((*path, *inner), *involved)
            problems.append(Problem(dotted((*path, *inner)), message))
    return resolved, problems


def _values(
    section: type[Section], path: KeyPath, data: dict[Any, Any], faults: Mapping[KeyPath, Any]
) -> dict[str, Any]:
    """Give a section's good values, with the defaults of those that are not given."""
    given = lookup(data, path)
    depth = len(path)
    bad = {fault[depth] for fault in faults if len(fault) > depth and fault[:depth] == path}
    values = {
        key: info.get_default(call_default_factory=True)
        for key, _, info in section.key_fields()
        if not info.is_required()
    }
    values.update(given)
    return {key: value for key, value in values.items() if key not in bad}


def _locate(loc: tuple[int | str, ...], kind: str, data: Any) -> KeyPath:
    """Give the path of an error: pydantic's, without the names of types that it mixes in."""
    path: list[str | int] = []
    for position, part in enumerate(loc):
        inside = isinstance(data, dict) and part in data
        inside = inside or (isinstance(data, list) and isinstance(part, int) and part < len(data))
        if inside:
            path.append(part)
            data = data[part]
        elif kind == "missing" and position == len(loc) - 1:
            path.append(part)
    return tuple(path)


def _explain(path: KeyPath, faults: list[Any], data: Any, schema: type[Section]) -> str:
    kind = faults[0]["type"]
    if kind == "missing":
        return "must be given, but is not"
    if kind == "extra_forbidden":
        return f"is not a known key.{_suggest(path, data, schema)}"
    value = lookup(data, path)
    if kind == "invalid_key":
        return f"a key must be text, not {show_value(path[-1])}"
    return explain_faults(faults, value, secret=_is_secret(path, data, schema))


def _is_secret(path: KeyPath, data: Any, schema: type[Section]) -> bool:
    """Whether a value is one that no message may show, lies inside of one, or may hold one."""
    for where, section in schema.find_sections(data):
        if len(where) < len(path) and path[: len(where)] == where:
            key = path[len(where)]
            child = section.child_section(key)
            if key in section.secret_keys or (child and path[:-1] == where and child.secret_keys):
                return True
    return False


def _suggest(path: KeyPath, data: Any, schema: type[Section]) -> str:
    """Say what an unknown key may be meant to be: a known one, or one of another section."""
    section = dict(schema.find_sections(data)).get(path[:-1])
    key = str(path[-1])
    known = [name for name, _, _ in section.key_fields()] if section else []
    homes = [
        f"{name}.{key}"
        for name, _, _ in schema.key_fields()
        if (child := schema.child_section(name)) and key in [k for k, _, _ in child.key_fields()]
    ]
    if homes:
        return f" Did you mean {' or '.join(map(repr, homes))}?"
    hint = did_you_mean(key, known)
    return hint or (f" Known are: {', '.join(sorted(known))}." if known else " It has no keys.")
