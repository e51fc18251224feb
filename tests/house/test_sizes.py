"""One noun a file, one job a function: the size says when it is time to split."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("dsf", "trainer", "templates", "tests", "benchmarks")
FILE_LINES = 400
FUNCTION_LINES = 60


def _files() -> list[Path]:
    found = [path for name in FOLDERS for path in sorted((ROOT / name).rglob("*.py"))]
    assert len(found) > 10, f"only {len(found)} Python files found below {ROOT}"
    return found


def _lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the end; a docstring may be as long as it needs to be."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is None:
        return total
    first = function.body[0]
    return total - ((first.end_lineno or first.lineno) - first.lineno + 1)


def test_no_file_is_too_long() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in _files()}
    too_long = [f"{p.relative_to(ROOT)}: {n} lines" for p, n in sizes.items() if n > FILE_LINES]
    assert not too_long, f"over {FILE_LINES} lines:\n" + "\n".join(too_long)


def test_no_function_is_too_long() -> None:
    too_long, seen = [], 0
    for path in _files():
        if "{{" in path.read_text(encoding="utf-8"):
            continue  # A template is Python only once rendered; trainer/ is its rendered form.
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                seen += 1
                if (lines := _lines_of_code(node)) > FUNCTION_LINES:
                    too_long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines}")
    assert seen > 20, f"only {seen} functions found"
    assert not too_long, f"over {FUNCTION_LINES} lines:\n" + "\n".join(too_long)
