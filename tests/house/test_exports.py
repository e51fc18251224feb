"""An ``__init__.py`` is one sentence and a sorted list of public names, and nothing else."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "dsf"


def _inits() -> list[Path]:
    found = sorted(PACKAGE.rglob("__init__.py"))
    assert len(found) > 3, f"only {len(found)} packages found in {PACKAGE}"
    return found


def _modules() -> list[Path]:
    found = sorted(path for path in PACKAGE.rglob("*.py") if path.name[0] != "_")
    assert len(found) > 5, f"only {len(found)} modules found in {PACKAGE}"
    return found


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _exported(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names = ast.literal_eval(node.value)
            assert all(isinstance(name, str) for name in names)
            return list(names)
    return None


def _bound(tree: ast.Module) -> set[str]:
    """Public names that the imports and assignments of a module make."""
    bound = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            bound |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            bound |= {ast.unparse(target) for target in node.targets}
    return {name for name in bound if name == "__version__" or not name.startswith("_")}


@pytest.mark.parametrize("path", _inits(), ids=_name)
def test_an_init_says_one_sentence_and_lists_its_names(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstring = ast.get_docstring(tree)
    assert docstring, "it needs a docstring that says what the folder is for"
    assert docstring.splitlines()[0].endswith(".")
    logic = [
        ast.unparse(node)
        for node in tree.body[1:]
        if not isinstance(node, ast.ImportFrom | ast.Assign)
    ]
    assert not logic, f"only imports and assignments belong here, not:\n{logic}"
    assert sorted(_exported(tree) or []) == sorted(_bound(tree))


@pytest.mark.parametrize("path", [*_inits(), *_modules()], ids=_name)
def test_the_list_of_names_is_sorted_without_repetition(path: Path) -> None:
    exported = _exported(ast.parse(path.read_text(encoding="utf-8")))
    if exported is None:
        assert path.name == "__init__.py", "every public module lists its names in __all__"
        return
    # As ruff sorts them (RUF022): constants, then classes, then functions.
    assert exported == sorted(set(exported), key=_rank)


def _rank(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("path", _inits(), ids=_name)
def test_every_listed_name_is_there(path: Path) -> None:
    module = importlib.import_module(_name(path))
    missing = [name for name in getattr(module, "__all__", []) if not hasattr(module, name)]
    assert not missing
