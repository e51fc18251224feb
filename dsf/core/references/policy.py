"""What a reference may name. A guard against accidents and crude payloads, not a sandbox.

Names are looked at twice: as they are spelled, before anything is imported, and as the object
itself says where it is from, because ``torch.os.system`` is really ``posix.system``.
"""

from __future__ import annotations

import builtins
import functools
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = [
    "DEFAULT_PACKAGES",
    "allow_folder",
    "explain_outside",
    "find_denied",
    "find_replacement",
    "has_dunder",
    "is_harmless_builtin",
    "name_of_object",
    "rewrite_alias",
]

DEFAULT_PACKAGES: frozenset[str] = frozenset(
    {
        "dsf",
        "lightning_fabric",
        "numpy",
        "optuna",
        "pandas",
        "pytorch_lightning",
        "sklearn",
        "tokenizers",
        "torch",
        "torchmetrics",
        "trainer",
        "transformers",
    }
)

# The two distributions of Lightning hold the same classes twice, and do not accept each other's.
# tmlc is the system whose YAML the multilabel task reads.
_ALIASES = {
    "lightning.fabric.": "lightning_fabric.",
    "lightning.pytorch.": "pytorch_lightning.",
    "tmlc.components.": "dsf.tasks.multilabel.components.",
}

# Lightning's makes a run of its own, and ends a fit when the server is away.
_REPLACED = {
    "pytorch_lightning.loggers.MLFlowLogger": "dsf.lightning.mlflow_logger.MLFlowLogger",
    "pytorch_lightning.loggers.mlflow.MLFlowLogger": "dsf.lightning.mlflow_logger.MLFlowLogger",
}

_own_folders: set[Path] = set()

# Inside the allowed packages: what loads pickles, compiles or runs source, starts processes,
# imports by name, or resolves references itself. Not `torch._*`: F.linear lives in torch._C._nn.
_DENIED = (
    "dsf.cli",
    "dsf.core",
    "lightning_fabric.cli",
    "lightning_fabric.strategies.launchers",
    "lightning_fabric.utilities.cloud_io",
    "numpy.ctypeslib",
    "numpy.distutils",
    "numpy.f2py",
    "numpy.fromfile",
    "numpy.lib.format",
    "numpy.load",
    "numpy.testing",
    "optuna.cli",
    "pandas.compat",
    "pandas.eval",
    "pandas.core.computation",
    "pandas.io.clipboard",
    "pandas.io.pickle",
    "pandas.read_pickle",
    "pandas.to_pickle",
    "pytorch_lightning.cli",
    "pytorch_lightning.core.saving",
    "pytorch_lightning.strategies.launchers",
    "pytorch_lightning.utilities.migration",
    "sklearn.externals",
    "sklearn.utils._testing",
    "torch._C.PyTorchFileReader",
    "torch._C.import_ir_module",
    "torch._C._import_ir_module_from_package",
    "torch._dynamo",
    "torch._inductor",
    "torch._weights_only_unpickler",
    "torch.classes",
    "torch.distributed.elastic",
    "torch.distributed.launch",
    "torch.distributed.launcher",
    "torch.distributed.rpc",
    "torch.distributed.run",
    "torch.export.load",
    "torch.fx",
    "torch.hub",
    "torch.jit.load",
    "torch.jit._serialization",
    "torch.load",
    "torch.multiprocessing",
    "torch.ops.load_library",
    "torch._ops._Ops.load_library",
    "torch.package",
    "torch.serialization",
    "torch.testing",
    "torch.utils.bottleneck",
    "torch.utils.collect_env",
    "torch.utils.cpp_extension",
    "torch.utils.hipify",
    "torch.utils.model_zoo",
    "transformers.dynamic_module_utils",
    "transformers.utils.import_utils",
)

# Builtins that only compute: no code from text, no files, no attributes by name.
_HARMLESS_BUILTINS = {
    "abs", "bool", "bytes", "complex", "dict", "float", "frozenset", "int", "len", "list", "max",
    "min", "pow", "range", "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple",
}  # fmt: skip


def allow_folder(folder: Path) -> None:
    """Let references name what lies in a folder, as if it lay beside a project's ``trainer``.

    For the rest of the process: what runs a config knows the folder that its code is in. The
    folder must be on the path of imports.
    """
    _own_folders.add(folder.resolve())


def rewrite_alias(name: str) -> str:
    """Give a dotted name under the package that we use; ``lightning.pytorch.`` is an alias."""
    for alias, package in _ALIASES.items():
        if name.startswith(alias):
            return package + name.removeprefix(alias)
    return name


def find_replacement(name: str) -> str:
    """Give the dotted name of what stands in the place of another; else the name itself."""
    return _REPLACED.get(name, name)


def find_denied(name: str) -> str | None:
    """Give the prefix of a dotted name that may never be used; ``None`` if there is none."""
    for denied in _DENIED:
        if name == denied or name.startswith(f"{denied}."):
            return denied
    return None


def has_dunder(name: str) -> bool:
    """Say whether a dotted name goes through ``__globals__``, ``__class__`` or their like."""
    return any(part.startswith("__") for part in name.split("."))


def explain_outside(name: str, packages: Collection[str]) -> str | None:
    """Say why a dotted name is outside the packages; ``None`` if it is inside.

    A package may be dotted: ``my_company.models`` allows that and what lies below it. What lies
    beside the project's ``trainer`` is the project's own, and always inside.
    """
    if any(name == package or name.startswith(f"{package}.") for package in packages):
        return None
    root = name.partition(".")[0]
    if _is_of_the_project(root):
        return None
    advice = did_you_mean(root, packages) or (
        " What lies in your project is always allowed, in trainer/ or a package beside it: write "
        "a function or subclass there that uses it, and name that, 'trainer.mine:name' say."
    )
    return f"must lie in an allowed package ({', '.join(sorted(packages))}).{advice}"


def _is_of_the_project(root: str) -> bool:
    """Say whether a top-level module lies where the project's ``trainer`` does, or was allowed."""
    trainer = sys.modules.get("trainer")
    homes = {Path(place).resolve().parent for place in getattr(trainer, "__path__", ())}
    homes |= _own_folders
    if not homes or not root.isidentifier():
        return False
    try:
        spec = importlib.util.find_spec(root)  # imports nothing: the name has no dots
    except (ImportError, ValueError):
        return False
    if spec is None:
        return False
    # A module that is built into Python has an origin too, but it is no file.
    files = [spec.origin] if spec.has_location and spec.origin else []
    places = list(spec.submodule_search_locations or files)
    return any(Path(place).resolve().parent in homes for place in places)


def name_of_object(value: Any, exposed_as: str) -> str:
    """Give the dotted name that an object itself is known by.

    Args:
        value: What a reference led to.
        exposed_as: The name that led there, for objects that do not know where they are from.
    """
    if isinstance(value, ModuleType):
        return value.__name__
    if isinstance(value, functools.partial):
        return name_of_object(value.func, exposed_as)
    module = getattr(value, "__module__", None)
    name = getattr(value, "__qualname__", None)
    if isinstance(module, str) and isinstance(name, str):
        return exposed_as if _is_mislabelled(module, name, value) else f"{module}.{name}"
    if isinstance(name, str) and (owner := getattr(value, "__objclass__", None)) is not None:
        return f"{name_of_object(owner, exposed_as)}.{value.__name__}"
    # An instance, or a builtin that tells nothing: its type says where it is from.
    kind = type(value)
    return exposed_as if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def is_harmless_builtin(name: str) -> bool:
    """Say whether the full name is that of a builtin that only computes."""
    package, _, rest = name.partition(".")
    return package == "builtins" and rest in _HARMLESS_BUILTINS


def _is_mislabelled(module: str, name: str, value: Any) -> bool:
    """Say whether an object claims to be a builtin and is none, as some of C extensions do."""
    return module == "builtins" and getattr(builtins, name, None) is not value
