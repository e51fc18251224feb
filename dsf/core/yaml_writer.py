"""YAML as dsf writes it: text that every reader understands as it was meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from dsf.core.yaml_text import RESOLVERS, TAG

if TYPE_CHECKING:
    from yaml.nodes import ScalarNode

__all__ = ["dump_yaml"]


class _Dumper(yaml.SafeDumper):
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Write equal objects out twice: a reader should not have to follow anchors."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Set the items of a list in from their key."""
        super().increase_indent(flow, False)


for _name, _pattern, _first in RESOLVERS:
    _Dumper.add_implicit_resolver(f"{TAG}{_name}", re.compile(rf"(?:{_pattern})\Z"), _first)


def dump_yaml(data: Any) -> str:
    """Write plain data so that :func:`dsf.core.yaml_text.parse_yaml` reads the same data back.

    Keys keep their order. Text that another YAML reader might take for something else is quoted.
    """
    return str(yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000))


def _represent_text(dumper: yaml.SafeDumper, text: str) -> ScalarNode:
    style = None
    if not text.isprintable():
        style = '"'  # the only style that can escape
    elif any(
        pattern.match(text)
        for resolvers in (_Dumper.yaml_implicit_resolvers, yaml.SafeLoader.yaml_implicit_resolvers)
        for _, pattern in resolvers.get(text[:1], ())
    ):
        style = "'"
    return dumper.represent_scalar(f"{TAG}str", text, style=style)


_Dumper.add_representer(str, _represent_text)
