"""A file with a program of torch: is it one that says what is computed, and nothing else?

torch's own reader unpickles some parts of such a file, evaluates others as Python, and looks up the
names of functions wherever they lead. So only what a program of ours needs is let through.

Source: ``torch/_export/serde/schema.py``, https://docs.pytorch.org/docs/stable/export.html.
"""

from __future__ import annotations

import ast
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["find_program_faults"]

_MODEL = "models/model.json"
_EXAMPLES = "data/sample_inputs/model.pt"
_PAYLOADS = ("data/weights/model_weights_config.json", "data/constants/model_constants_config.json")
_PLAIN = {
    *("archive_format", "archive_version", "byteorder", ".data/version", ".data/serialization_id"),
    *(_MODEL, _EXAMPLES, *_PAYLOADS),
}
_TENSOR = re.compile(r"(weight|tensor)_\d+")
_STORED = re.compile(rf"data/(weights|constants)/{_TENSOR.pattern}")

_OPERATION = re.compile(
    r"torch\.ops\.(aten|prims)\.(?!from_file\b)(_?[a-z]\w*|__(and|or|xor|lshift|rshift)__)\.\w+"
    r"|_operator\.(getitem|add|sub|mul|truediv|floordiv|mod|neg|eq|ne|lt|le|gt|ge|and_|or_|not_)"
    r"|math\.(ceil|floor|trunc)"
    r"|torch\.sym_(float|int|ite|max|min|not|sum)"
)
_NAME = re.compile(r"[A-Za-z_]\w*")
_SIZE = re.compile(r"[a-z]+\d+")
_TEXT = re.compile(r"[\w.:+-]*")
_STRUCTURES = {None, "builtins.dict", "builtins.list", "builtins.tuple"}
_SIZES = {"Symbol", "Integer", "Add", "Mul", "Mod", "FloorDiv", "Max", "Min"}
_REFUSED = ("guards_code", "custom_obj_values", "as_operator", "as_custom_obj", "metadata")


def find_program_faults(path: Path) -> list[str]:
    """List what a file holds beyond a program; it is only looked at.

    Args:
        path: A file that :func:`dsf.export.write_program` has written, or so it seems.

    Returns:
        What should not be there, in words; empty: it is such a file.

    Raises:
        ValueError: If it is no such file at all.
        OSError: If it cannot be read.
        zipfile.BadZipFile: If it is no archive.
    """
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        root = names[0].partition("/")[0] if names else ""
        own = [name.removeprefix(f"{root}/") for name in names]
        faults = [f"the file {name}" for name in own if not _is_ours(name)]
        faults += ["a file twice"] * (len(set(names)) < len(names))
        lacking = {_MODEL, *_PAYLOADS} - set(own)
        if lacking:
            raise ValueError(f"it has no {', '.join(sorted(lacking))}")
        if _EXAMPLES in own and archive.getinfo(f"{root}/{_EXAMPLES}").file_size:
            faults.append(f"the file {_EXAMPLES}")
        for name in _PAYLOADS:
            faults += _payload_faults(json.loads(archive.read(f"{root}/{name}")))
        faults += _walk(json.loads(archive.read(f"{root}/{_MODEL}")), "")
    return list(dict.fromkeys(faults))


def _is_ours(name: str) -> bool:
    return name in _PLAIN or _STORED.fullmatch(name) is not None


def _payload_faults(described: Any) -> Iterator[str]:
    """Find stored tensors that are none: torch goes by their names, and by what is said of them."""
    for one in described["config"].values():
        if one["use_pickle"] is not False or not _TENSOR.fullmatch(one["path_name"]):
            yield f"the object {one['path_name']}"


def _walk(value: Any, key: str) -> Iterator[str]:
    """Find texts that do not say what belongs there; ``key`` is that of the value."""
    if key in _REFUSED and value:
        yield f"{key} {str(value)[:80]}"
    elif isinstance(value, dict):
        for name, one in value.items():
            if not _TEXT.fullmatch(name):
                yield f"the key {name[:80]}"
            yield from _walk(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from _walk(one, key)
    elif isinstance(value, str) and not _belongs(value, key):
        yield f"{key} {value[:80]}"


def _belongs(text: str, key: str) -> bool:
    if key == "target":
        return _OPERATION.fullmatch(text) is not None
    if key in ("name", "forward_arg_names"):
        return _NAME.fullmatch(text) is not None
    if key == "expr_str":
        return _is_size(text)
    if key in ("in_spec", "out_spec"):
        return _is_structure(json.loads(text)[1])
    return key == "as_string" or _TEXT.fullmatch(text) is not None


def _is_structure(described: Any) -> bool:
    """Whether arguments are put together by nothing but dicts, lists and tuples."""
    if described["type"] not in _STRUCTURES or "__enum__" in str(described["context"]):
        return False
    return all(map(_is_structure, described["children_spec"]))


def _is_size(text: str) -> bool:
    """Whether an expression, which torch evaluates, counts rows and nothing else."""
    try:
        return _counts(ast.parse(text, mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError):
        return False


def _counts(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=bool() | int() | float()):
            return True
        case ast.Name(id=name):
            return _SIZE.fullmatch(name) is not None
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv() | ast.Mod()):
            return _counts(node.left) and _counts(node.right)
        case ast.UnaryOp(op=ast.USub()):
            return _counts(node.operand)
        case ast.Call(func=ast.Name(id="Symbol"), args=[ast.Constant(value=str(name))]):
            known = all(isinstance(one.value, ast.Constant) for one in node.keywords)
            return known and _SIZE.fullmatch(name) is not None
        case ast.Call(func=ast.Name(id=name), keywords=[]) if name in _SIZES:
            return all(map(_counts, node.args))
    return False
