"""A project's name, and the names that are made from it.

``my-new-project`` is a folder; its package-safe name is ``my_new_project`` and its classes begin
with ``MyNewProject``.
"""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata
from dataclasses import dataclass

from dsf.core.errors import ProjectError

__all__ = ["MAX_LENGTH", "ProjectNames", "name_project", "suggest_name"]

MAX_LENGTH = 40
"""Longest name allowed, in characters: class names made from it must fit into a line of code."""

_ALLOWED = re.compile(r"[A-Za-z][A-Za-z0-9_-]*", re.ASCII)

# Import names. A project called like one of them would hide it, or be hidden by it.
_OURS = frozenset({"dsf", "dsf_cli", "dsf_trainer", "templates", "test", "tests", "trainer"})
_STOOD_ON = frozenset(
    {
        *{"captum", "click", "cookiecutter", "fastapi", "filelock", "hypothesis", "jinja2"},
        *{"lightning", "lightning_fabric", "matplotlib", "metaflow", "mlflow", "mypy", "numba"},
        *{"numpy", "onnx", "onnxruntime", "onnxscript", "optuna", "packaging", "pandas", "pip"},
        *{"prometheus_client", "pyarrow", "pydantic", "pytest", "pytorch_lightning", "rich"},
        *{"ruff", "safetensors", "scipy", "setuptools", "sklearn", "starlette", "tensorboard"},
        *{"tokenizers", "torch", "torchmetrics", "torchvision", "transformers", "uvicorn"},
        *{"wheel", "yaml"},
    }
)
_WINDOWS = frozenset(
    {"aux", "con", "nul", "prn"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10)}
)
# Written without quotes, YAML would read these as a truth value or as nothing.
_YAML = frozenset({"false", "no", "null", "off", "on", "true", "yes"})

# Letters that are no letter with an accent, and umlauts, which are spelled with an e.
_SPELLED_OUT = str.maketrans(
    {
        **{"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe"},
        **{"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS", "Æ": "Ae", "Œ": "Oe", "Ø": "Oe"},
        **{"ł": "l", "đ": "d", "ð": "d", "þ": "th"},
        **{"Ł": "L", "Đ": "D", "Ð": "D", "Þ": "Th"},
    }
)


@dataclass(frozen=True)
class ProjectNames:
    """The three spellings of one name.

    Attributes:
        project_name: As given, and the name of the folder: ``my-new-project``.
        package_name: Can be imported: ``my_new_project``.
        class_prefix: Begins the name of each of the project's classes: ``MyNewProject``.
    """

    project_name: str
    package_name: str
    class_prefix: str


def name_project(text: str) -> ProjectNames:
    """Check a project's name and give its spellings.

    Raises:
        ProjectError: If the name breaks a rule; the message has the rule and a name that passes.

    Example:
        >>> name_project("my-new-project").class_prefix
        'MyNewProject'
    """
    broken = _broken_rule(text)
    if broken:
        suggested = suggest_name(text)
        hint = f" Try {suggested!r}." if suggested else ""
        raise ProjectError(f"A project's name {broken}, but got {text!r}.{hint}")
    return ProjectNames(text, _package_name(text), _class_prefix(text))


def suggest_name(text: str) -> str | None:
    """Give an allowed name that is near to ``text``; ``None`` if letters of it would be lost.

    Example:
        >>> suggest_name("../Größe 2"), suggest_name("random"), suggest_name("проект")
        ('Groesse-2', 'my-random', None)
    """
    spelled = unicodedata.normalize("NFKC", text).translate(_SPELLED_OUT)
    letters = [sign for sign in unicodedata.normalize("NFKD", spelled) if sign.isalnum()]
    if not all(sign.isascii() for sign in letters):
        return None
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode("ascii")
    words = re.findall(r"[A-Za-z0-9_]+", plain)
    name = re.sub(r"^[^A-Za-z]+", "", "-".join(words))[:MAX_LENGTH].rstrip("-_")
    if name and _broken_rule(name):
        name = f"my-{name}"
    return name or "my-project"


def _broken_rule(name: str) -> str | None:
    """Say which rule a name breaks, as the end of a sentence; ``None`` if it is fine."""
    if not _ALLOWED.fullmatch(name):
        return "must begin with a letter and hold only ASCII letters, digits, '-' and '_'"
    if len(name) > MAX_LENGTH:
        return f"must have at most {MAX_LENGTH} characters"
    package = _package_name(name)
    if keyword.iskeyword(name) or keyword.iskeyword(package):
        return "must not be a keyword of Python"
    if package in sys.stdlib_module_names or name in sys.stdlib_module_names:
        return "must not be that of a module of Python's standard library"
    if package in _OURS:
        return "must not be one that dsf uses itself"
    if package in _STOOD_ON:
        return "must not be that of a package that dsf stands on"
    if package in _WINDOWS:
        return "must not be reserved on Windows"
    if package in _YAML:
        return "must not be a word that YAML reads as a value"
    return None


def _package_name(name: str) -> str:
    return name.replace("-", "_").lower()


def _class_prefix(name: str) -> str:
    """Join the parts, each with its first letter in upper case; the others stay as they are."""
    return "".join(part[:1].upper() + part[1:] for part in re.split("[-_]+", name))
