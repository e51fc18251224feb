"""A config as plain data: what is recorded, compared and hashed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.config.environment import escape_text, unescape_text
from dsf.core.config.recording import record
from dsf.core.hashing import hash_value
from dsf.core.yaml_file import read_yaml_file
from dsf.core.yaml_writer import dump_yaml

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

__all__ = ["dump_config", "dump_sections", "freeze_config", "hash_config", "read_frozen_config"]


def freeze_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a config, or a section of one, into what JSON can hold.

    A live object becomes ``{"class_path", "init_args"}``: its class, and those arguments of the
    constructor that it keeps under their own name. A function becomes ``"module:name"``, a partial
    ``{"module", "func", "args", "kwargs"}``. Paths become text, tuples lists, sets sorted lists,
    NumPy's numbers Python's. Text that came from ``${env:NAME}`` is recorded as it is spelled, not
    as what it stands for; a number or switch that came from there is recorded as its value.
    """
    return {key: record(value) for key, value in config.items()}


def hash_config(mapping: Mapping[str, Any], *, ignore: Collection[str] = ()) -> str:
    """Hash a config, or a part of one; the order of keys does not matter.

    Args:
        mapping: Frozen or not.
        ignore: Dotted paths to leave out; those that are not there do not matter.

    Returns:
        SHA-256 in hexadecimal.
    """
    frozen = freeze_config(mapping)
    for path in ignore:
        _leave_out(frozen, path.split("."))
    return hash_value(_name_keys(frozen))


def dump_config(config: Mapping[str, Any]) -> str:
    """Write a config as YAML that :func:`dsf.core.config.load_config` reads back.

    What was plain data comes back equal, and with the same hash; live objects come back as the
    references that they were recorded as.

    Args:
        config: Not frozen: text in it that looks like ``${env:NAME}`` is escaped.
    """
    return dump_yaml(_record_all(config))


def dump_sections(path: Path, config: Mapping[str, Any], sections: Collection[str]) -> str:
    """Write what :func:`dump_config` wrote before, with some sections taken from another config.

    Args:
        path: The file that :func:`dump_config` wrote.
        config: Not frozen.
        sections: Dotted paths to take from ``config``.

    Raises:
        ConfigError: If the file cannot be read.
    """
    merged, recorded = read_yaml_file(path).data, _record_all(config)
    for section in sections:
        *parents, last = section.split(".")
        place, source = merged, recorded
        for name in parents:
            place, source = place.setdefault(name, {}), source.get(name, {})
        if last in source:
            place[last] = source[last]
        else:
            place.pop(last, None)
    return dump_yaml(merged)


def read_frozen_config(path: Path) -> dict[str, Any]:
    """Read what :func:`dump_config` wrote, as :func:`freeze_config` gave it.

    For comparing: nothing is checked or filled in, and no environment variable is needed.

    Raises:
        ConfigError: If the file cannot be read.
    """
    frozen: dict[str, Any] = _unescape(read_yaml_file(path).data)
    return frozen


def _record_all(config: Mapping[str, Any]) -> dict[str, Any]:
    return {key: record(value, escape_text) for key, value in config.items()}


def _unescape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unescape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unescape(item) for item in value]
    return unescape_text(value) if isinstance(value, str) else value


def _leave_out(tree: Any, path: list[str]) -> None:
    for part in path[:-1]:
        if not isinstance(tree, dict) or part not in tree:
            return
        tree = tree[part]
    if isinstance(tree, dict):
        tree.pop(path[-1], None)


def _name_keys(value: Any) -> Any:
    """Make all keys text, as JSON would: whole numbers and text cannot be sorted together."""
    if isinstance(value, dict):
        return {str(key): _name_keys(item) for key, item in value.items()}
    return [_name_keys(item) for item in value] if isinstance(value, list) else value
