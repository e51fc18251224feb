"""YAML as dsf reads it: the core schema of YAML 1.2, and nothing that surprises.

Common YAML readers turn ``1e-6`` into text, ``no`` into false, ``12:30:45`` into 45045 and
``2026-11-21`` into a date, and let the second of two equal keys win. Here only ``null``, ``true``,
``false`` and numbers are not text, a key may stand once, and no tag makes an object.

Source: https://yaml.org/spec/1.2.2/#103-core-schema.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["RESOLVERS", "TAG", "Fault", "KeyPath", "YamlDocument", "parse_yaml"]

KeyPath = tuple[str | int, ...]

# An alias counts each time it is used: nine lines of aliases to aliases are a thousand million.
MAX_VALUES = 100_000

TAG = "tag:yaml.org,2002:"
_MERGE = f"{TAG}merge"
_BOOLEANS = {"true": True, "false": False}
_KINDS = {"bool": "true or false", "int": "a whole number", "float": "a number"}
RESOLVERS = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
    ("merge", r"<<", ["<"]),
)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a text.

    Attributes:
        line: Counted from 1; ``None`` if it is the whole text.
        message: What must hold and what came.
    """

    line: int | None
    message: str


@dataclass
class YamlDocument:
    """What a text says, and where it says it.

    Attributes:
        data: The value; of no use if there are faults.
        lines: Path of each key and item → its line, counted from 1.
        faults: All that is wrong; empty if the text can be used.
    """

    data: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]


for _name, _pattern, _first in RESOLVERS:
    _Loader.add_implicit_resolver(f"{TAG}{_name}", re.compile(rf"(?:{_pattern})\Z"), _first)


def parse_yaml(text: str) -> YamlDocument:
    """Read one YAML document; never raises: what is wrong with it is in ``faults``."""
    builder = _Builder()
    try:
        # Ours is a SafeLoader: it can make nothing but plain data.
        node = yaml.compose(text, Loader=_Loader)
        if node is not None:
            builder.document.data = builder.build(node, ())
    except yaml.MarkedYAMLError as error:
        return YamlDocument(faults=[_syntax_fault(error)])
    except yaml.YAMLError as error:
        return YamlDocument(faults=[Fault(None, f"must be YAML, but {_one_line(error)}")])
    except RecursionError:
        return YamlDocument(faults=[Fault(None, "is nested too deeply to be read")])
    except _TooManyValuesError:
        message = f"holds more than {MAX_VALUES} values once its aliases are written out"
        return YamlDocument(faults=[Fault(None, message)])
    return builder.document


class _TooManyValuesError(Exception):
    """Raised when aliases make a small text a huge value."""


class _Builder:
    """Turns YAML's nodes into plain data, and notes lines and faults on the way."""

    def __init__(self) -> None:
        self.document = YamlDocument()
        self._count = 0
        self._open: set[int] = set()

    def build(self, node: Node, path: KeyPath) -> Any:
        """Give the value of a node; the children of lists and mappings note their lines."""
        self._count += 1
        if self._count > MAX_VALUES:
            raise _TooManyValuesError
        if id(node) in self._open:
            self._fault(node, "an alias must not stand inside what it stands for")
            return None
        self._open.add(id(node))
        try:
            return self._build_kind(node, path)
        finally:
            self._open.discard(id(node))

    def _build_kind(self, node: Node, path: KeyPath) -> Any:
        if isinstance(node, MappingNode) and node.tag == f"{TAG}map":
            return self._build_mapping(node, path)
        if isinstance(node, SequenceNode) and node.tag == f"{TAG}seq":
            return self._build_list(node, path)
        if isinstance(node, ScalarNode):
            return self._build_scalar(node)
        self._fault_tag(node)
        return None

    def _build_list(self, node: SequenceNode, path: KeyPath) -> list[Any]:
        values = []
        for index, item in enumerate(node.value):
            self.document.lines[(*path, index)] = _line(item)
            values.append(self.build(item, (*path, index)))
        return values

    def _build_mapping(self, node: MappingNode, path: KeyPath) -> dict[str | int, Any]:
        values: dict[str | int, Any] = {}
        # Keys written here win over merged ones, wherever `<<` stands.
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                values.update(self._build_merged(value_node, path))
        seen: dict[str | int, int] = {}
        for key_node, value_node in node.value:
            key = "<<" if key_node.tag == _MERGE else self._build_key(key_node)
            if key is None:
                continue
            if key in seen:
                message = f"the key {key!r} must stand once, but is on line {seen[key]} too"
                self._fault(key_node, message)
                continue
            seen[key] = _line(key_node)
            if key_node.tag != _MERGE:
                self.document.lines[(*path, key)] = _line(key_node)
                values[key] = self.build(value_node, (*path, key))
        return values

    def _build_merged(self, node: Node, path: KeyPath) -> dict[str | int, Any]:
        sources = node.value if isinstance(node, SequenceNode) else [node]
        values: dict[str | int, Any] = {}
        for source in reversed(sources):
            if isinstance(source, MappingNode):
                values.update(self.build(source, path) or {})
            else:
                self._fault(node, "what `<<` merges must be a mapping or a list of mappings")
        return values

    def _build_key(self, node: Node) -> str | int | None:
        key = self._build_scalar(node) if isinstance(node, ScalarNode) else None
        if isinstance(key, str) or (isinstance(key, int) and not isinstance(key, bool)):
            return key
        shown = node.value if isinstance(node, ScalarNode) else "a list or mapping"
        self._fault(node, f"a key must be text or a whole number, not {shown}: put it in quotes")
        return None

    def _build_scalar(self, node: ScalarNode) -> Any:
        text, tag = node.value, node.tag.removeprefix(TAG)
        try:
            match tag:
                case "str" | "merge":
                    text.encode("utf-8")  # "\ud800" would break whoever writes it to a file
                    return text
                case "null":
                    return None
                case "bool":
                    return _BOOLEANS[text.lower()]
                case "int":
                    return int(text, 0 if text[:2] in ("0o", "0x") else 10)
                case "float":
                    # Python knows "inf" and "nan", YAML writes ".inf" and ".nan".
                    return float(text.replace(".", "") if text[-1:] in "fFnN" else text)
                case _:
                    self._fault_tag(node)
        except (KeyError, ValueError):
            kind = _KINDS.get(tag, "text that UTF-8 can hold")
            self._fault(node, f"must be {kind}, not {text[:40]!r}")
        return None

    def _fault_tag(self, node: Node) -> None:
        tag = node.tag.replace(TAG, "!!")
        self._fault(node, f"the tag {tag} must not be used: only plain data is read")

    def _fault(self, node: Node, message: str) -> None:
        fault = Fault(_line(node), message)
        if fault not in self.document.faults:
            self.document.faults.append(fault)


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _syntax_fault(error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    said = ", ".join(part for part in (error.context, error.problem) if part)
    if "'\\t'" in said:
        said = "a tab cannot indent: use spaces"
    place = "" if mark is None else f" (column {mark.column + 1})"
    return Fault(None if mark is None else mark.line + 1, f"must be YAML, but {said}{place}")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
