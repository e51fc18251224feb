"""Each value knows the layer that it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.config.overrides import Edit
from dsf.core.config.sources import Layers, Sources
from dsf.core.yaml_file import read_yaml_file

if TYPE_CHECKING:
    from pathlib import Path


def test_a_path_is_found_by_what_lies_around_it() -> None:
    sources = Sources()
    sources.note(("a",), "line 1")
    sources.note(("a", "b", 0), "line 2")
    assert sources["a.b.0"] == "line 2"
    assert sources["a.b"] == sources["a.x.y"] == "line 1"
    assert sources["b"] == "default"


def test_the_last_layer_that_sets_a_path_is_named(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("a:\n  b: 1\n  c: [1, 2]\n")
    layers = Layers()
    file = read_yaml_file(path)
    layers.add_file(file, file.data)
    assert layers.add_edit(Edit(("a",), {"b": {"d": 2}}, "--set x")) is None
    assert layers.tree == {"a": {"b": {"d": 2}, "c": [1, 2]}}
    assert layers.where_from(("a", "b", "d")) == " (--set x)"
    assert layers.where_from(("a", "c", 1)) == f" ({path}, line 3)"
    assert layers.where_from(("z",)) == ""


def test_an_edit_that_leads_nowhere_is_no_layer() -> None:
    layers = Layers()
    assert layers.add_edit(Edit(("a", "0"), 1, "--set a.0=1")) is not None
    assert layers.sources.layers == []
    assert layers.tree == {}
