"""Imports point down only, and each folder stays free of what it must not need.

The table below is the architecture; docs/concepts.md explains it. Imports inside functions count
as much as those at the top of a file, and relative ones as much as absolute ones.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsf.tasks import TASKS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "dsf"

# From the top to the bottom. Folders on one line do not know each other.
LAYERS = (
    ("cli", "testing"),
    ("pipelines",),
    ("tuning", "serving"),
    ("components", "distillation"),
    ("tasks",),
    ("incumbents",),
    ("lightning",),
    ("base",),
    ("registry",),
    ("export", "inference", "report"),
    ("data", "metrics", "losses", "networks", "tracking"),
    ("core",),
)

# Folders that may import less than all that lies below them.
NARROWED = {"serving": {"core", "data", "metrics", "inference"}}

# (file, folder it imports for type checking although the layers say no): none so far.
FOR_TYPES_ONLY: frozenset[tuple[str, str]] = frozenset()

LIGHTNING = {"pytorch_lightning", "lightning", "lightning_fabric"}

# Packages that no line of a folder may import.
NEVER = {
    "core": {"torch", *LIGHTNING, "transformers", "mlflow"},
    "data": {*LIGHTNING, "mlflow"},
    "metrics": {"torch", *LIGHTNING},
    "losses": LIGHTNING,
    "networks": LIGHTNING,
    "export": {*LIGHTNING, "mlflow"},
    "inference": {*LIGHTNING, "transformers", "mlflow"},
    "report": {"torch", *LIGHTNING},
    "tracking": {"torch"},
    "registry": {"torch", *LIGHTNING},
    "base": {"torch", *LIGHTNING, "mlflow"},
    "serving": {*LIGHTNING, "transformers", "mlflow"},
}

HEAVY = {
    *{"torch", *LIGHTNING, "torchmetrics", "transformers", "mlflow", "optuna", "onnxruntime"},
    *{"numpy", "pandas", "pyarrow", "sklearn", "scipy", "matplotlib", "cookiecutter"},
}

# Packages that may be imported inside a function, but not when the folder is imported.
NOT_AT_IMPORT = {
    "inference": {"torch"},
    "serving": {"torch"},
    "cli": HEAVY,
}


@dataclass(frozen=True)
class Found:
    """One import: where it stands, what it names, and when it runs."""

    file: str
    line: int
    target: str
    at_import: bool
    for_types: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.target}"


class _Imports(ast.NodeVisitor):
    """Collects every import of a module, with relative names made absolute."""

    def __init__(self, path: Path) -> None:
        self.file = path.relative_to(ROOT).as_posix()
        parts = path.relative_to(ROOT).with_suffix("").parts
        self.package = parts[:-1]
        self.in_function = 0
        self.for_types = False
        self.found: list[Found] = []

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.in_function += 1
        self.generic_visit(node)
        self.in_function -= 1

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" not in ast.unparse(node.test):
            self.generic_visit(node)
            return
        self.for_types = True
        for statement in node.body:
            self.visit(statement)
        self.for_types = False
        for statement in node.orelse:
            self.visit(statement)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(node.lineno, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        start = self.package[: len(self.package) - node.level + 1] if node.level else ()
        base = ".".join([*start, *([node.module] if node.module else [])])
        # `from dsf import base` names a folder only together with what it imports.
        for alias in node.names:
            self._add(node.lineno, f"{base}.{alias.name}")

    def _add(self, line: int, target: str) -> None:
        at_import = not self.in_function and not self.for_types
        self.found.append(Found(self.file, line, target, at_import, self.for_types))


def imports_of(path: Path) -> list[Found]:
    visitor = _Imports(path)
    visitor.visit(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
    return visitor.found


def folders() -> list[str]:
    found = sorted(
        path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.rglob("*.py"))
    )
    assert found, f"no folder with Python files in {PACKAGE}"
    return found


def allowed_below(folder: str) -> set[str]:
    row = next(i for i, names in enumerate(LAYERS) if folder in names)
    below = {name for names in LAYERS[row + 1 :] for name in names}
    return below & NARROWED.get(folder, below) | {folder}


def imports_in(folder: str) -> list[Found]:
    found = [hit for path in sorted((PACKAGE / folder).rglob("*.py")) for hit in imports_of(path)]
    assert found, f"dsf/{folder} imports nothing at all: is the search broken?"
    return found


def our_folder(target: str) -> str | None:
    """The folder of dsf that an import names, if any."""
    parts = target.split(".")
    known = {name for names in LAYERS for name in names}
    return parts[1] if parts[0] == "dsf" and len(parts) > 1 and parts[1] in known else None


def test_every_folder_has_its_layer() -> None:
    known = {name for names in LAYERS for name in names}
    assert set(folders()) <= known, "add the new folder to LAYERS, and to the design"


@pytest.mark.parametrize("folder", folders())
def test_imports_point_down(folder: str) -> None:
    allowed = allowed_below(folder)
    wrong = [
        str(hit)
        for hit in imports_in(folder)
        if (target := our_folder(hit.target)) is not None
        and target not in allowed
        and not (hit.for_types and (hit.file, target) in FOR_TYPES_ONLY)
    ]
    assert not wrong, f"dsf/{folder} may import only {sorted(allowed)}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("folder", folders())
def test_folders_stay_free_of_what_they_must_not_need(folder: str) -> None:
    wrong = [
        str(hit)
        for hit in imports_in(folder)
        if (root := hit.target.partition(".")[0]) in NEVER.get(folder, ())
        or (hit.at_import and root in NOT_AT_IMPORT.get(folder, ()))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("task", TASKS)
def test_a_task_never_imports_a_task(task: str) -> None:
    others = [f"dsf.tasks.{other}" for other in TASKS if other != task]
    wrong = [
        str(hit)
        for hit in imports_in(f"tasks/{task}")
        if any(hit.target == other or hit.target.startswith(f"{other}.") for other in others)
    ]
    assert not wrong, "what tasks share belongs into dsf/tasks/parts:\n" + "\n".join(wrong)


def test_the_parts_of_tasks_know_no_task() -> None:
    names = tuple(f"dsf.tasks.{task}" for task in TASKS)
    wrong = [str(hit) for hit in imports_in("tasks/parts") if hit.target.startswith(names)]
    assert not wrong, "\n".join(wrong)


def test_dsf_itself_imports_nothing() -> None:
    """``import dsf`` must cost nothing: each name is imported from its own folder."""
    targets = {hit.target for hit in imports_of(PACKAGE / "__init__.py")}
    assert targets <= {"__future__.annotations"}


_PROBE = """
import importlib, json, sys
modules, banned = json.loads(sys.argv[1])
for name in modules:
    importlib.import_module(name)
    came = sorted(set(banned) & {module.partition(".")[0] for module in sys.modules})
    if came:
        sys.exit(f"importing {name} also imports {came}")
"""


def _free_at_import() -> dict[str, set[str]]:
    banned = {name: NEVER.get(name, set()) | NOT_AT_IMPORT.get(name, set()) for name in folders()}
    # Only what would come in through a neighbour is left for this test: torch and Lightning.
    return {name: roots for name, roots in banned.items() if "torch" in roots}


@pytest.mark.parametrize("folder", sorted(_free_at_import()))
def test_nothing_forbidden_comes_in_through_a_neighbour(folder: str) -> None:
    """What the eye cannot see in the imports of one folder: a look at ``sys.modules``."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((PACKAGE / folder).rglob("*.py"))
        if path.name != "__main__.py"
    ]
    assert modules
    question = json.dumps([modules, sorted(_free_at_import()[folder])])
    answer = subprocess.run(
        [sys.executable, "-c", _PROBE, question], cwd=ROOT, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("from dsf.core import errors", ["dsf.core.errors"]),
        ("from ..lightning.module import PlModel", ["dsf.lightning.module.PlModel"]),
        ("from .. import lightning", ["dsf.lightning"]),
        ("from . import steps", ["dsf.base.steps"]),
        ("def f():\n    import torch.nn", ["torch.nn"]),
    ],
)
def test_the_search_sees_each_spelling(
    source: str, targets: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "dsf" / "base" / "main.py"
    file.parent.mkdir(parents=True)
    file.write_text(source, encoding="utf-8")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert [hit.target for hit in imports_of(file)] == targets
