"""YAML files that hold a mapping, with the line of every key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.core.yaml_text import KeyPath

__all__ = ["YamlFile", "read_yaml_file", "show_path"]

# A config is written by hand; a file of this size is another file, or made to exhaust us.
MAX_BYTES = 1024 * 1024


@dataclass(frozen=True)
class YamlFile:
    """A file that was read.

    Attributes:
        name: How to show the file to a person.
        data: Its mapping; empty if the file is.
        lines: Path of each key and item → its line, counted from 1.
        is_empty: Whether nothing stands in it but remarks.
    """

    name: str
    data: dict[str, Any]
    lines: Mapping[KeyPath, int]
    is_empty: bool = False


def read_yaml_file(path: Path) -> YamlFile:
    """Read a YAML file whose top level is a mapping.

    Raises:
        ConfigError: If the file is not there, cannot be read, is over 1 MiB, is not UTF-8, not
            YAML, has a key twice, or is not a mapping. Lists all of these that can be seen.
    """
    name = show_path(path)
    document = parse_yaml(_read_text(path, name))
    problems = [
        Problem(name if fault.line is None else f"{name}, line {fault.line}", fault.message)
        for fault in document.faults
    ]
    data = {} if document.data is None else document.data
    if not problems and not isinstance(data, dict):
        problems.append(Problem(name, f"must be a mapping of keys to values, not {_kind(data)}"))
    if problems:
        raise ConfigError(f"{name} cannot be used.", problems)
    return YamlFile(name, data, document.lines, is_empty=document.data is None)


def show_path(path: Path) -> str:
    """Give a path as short as it can be: relative to the current folder, if it is in there."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def _read_text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _error(name, f"must be there, but is not.{_neighbours(path)}") from None
    except IsADirectoryError:
        raise _error(name, "must be a file, but is a folder.") from None
    except OSError as error:
        raise _error(name, f"must be readable, but is not: {error.strerror or error}.") from error
    if len(content) > MAX_BYTES:
        raise _error(name, f"must be at most {MAX_BYTES} bytes, but is larger.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"0x{content[error.start]:02x}"
        raise _error(
            f"{name}, line {line}",
            f"must be UTF-8, but has the byte {byte}. Save the file as UTF-8.",
        ) from None


def _neighbours(path: Path) -> str:
    if not path.parent.is_dir():
        return f" The folder {show_path(path.parent)} is not there either."
    # A glob passes over folders that may not be looked into.
    found = sorted(file.name for file in path.parent.glob("*.y*ml"))
    return f" In its folder are: {', '.join(found[:20])}." if found else ""


def _error(where: str, message: str) -> ConfigError:
    return ConfigError("The config cannot be read.", [Problem(where, message)])


def _kind(value: Any) -> str:
    return "a list" if isinstance(value, list) else f"the single value {str(value)[:40]!r}"
