"""A config as YAML in which each value says where it was set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.config import dump_config
from dsf.core.yaml_text import parse_yaml

if TYPE_CHECKING:
    from dsf.core.config import Config
    from dsf.core.yaml_text import KeyPath

__all__ = ["list_config"]


def list_config(config: Config) -> str:
    """Write a config as YAML, with a comment behind each value that is not a default.

    The text can be loaded as a config again.
    """
    text = dump_config(config)
    lines, document = text.splitlines(), parse_yaml(text)
    width = max(map(len, lines), default=0)
    for path, number in document.lines.items():
        source = config.sources.find(path)
        if source and source != _around(config, path) and not _has_children(document.data, path):
            # dump_config writes every value on a line of its own, however long it is.
            lines[number - 1] = f"{lines[number - 1]:<{width}}  # {source}"
    head = [f"# {layer}" for layer in ("defaults", *config.sources.layers)]
    return "\n".join(["# From the weakest layer to the strongest:", *head, *lines, ""])


def _around(config: Config, path: KeyPath) -> str | None:
    """Give the place of the section; that of a key which is not written in it is the same."""
    return config.sources.find(path[:1]) if len(path) == 2 else None


def _has_children(tree: Any, path: KeyPath) -> bool:
    for key in path:
        tree = tree[key]
    return isinstance(tree, dict | list) and bool(tree)
