"""The templates that `dsf-cli new-project` can write: folders that hold a ``cookiecutter.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dsf
from dsf.cli.questions import Question
from dsf.core.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Template", "find_template", "list_templates"]

_VARIABLES_FILE = "cookiecutter.json"
_QUESTIONS_FILE = "prompts.yml"


@dataclass(frozen=True)
class Template:
    """One folder of ``templates/``.

    Attributes:
        name: Name of the folder.
        path: The folder.
        variables: Default answers; a list is a choice, its first item the default.
    """

    name: str
    path: Path
    variables: Mapping[str, Any]

    def questions(self) -> list[Question]:
        """Read ``prompts.yml``: what to ask, in its order."""
        import yaml  # not for the help, which lists the templates

        text = (self.path / _QUESTIONS_FILE).read_text(encoding="utf-8")
        questions = []
        for name, fields in yaml.safe_load(text).items():
            default = self.variables[name]
            choices = tuple(default) if isinstance(default, list) else ()
            first = choices[0] if choices else default
            questions.append(Question(name, default=first, choices=choices, **fields))
        return questions


def list_templates() -> dict[str, Template]:
    """Find all templates: name → template."""
    found = {}
    for path in sorted(_templates_folder().glob(f"*/{_VARIABLES_FILE}")):
        variables = json.loads(path.read_text(encoding="utf-8"))
        found[path.parent.name] = Template(path.parent.name, path.parent, variables)
    return found


def find_template(name: str) -> Template:
    """Find a template by name.

    Raises:
        ProjectError: If there is none of that name.
    """
    templates = list_templates()
    if name not in templates:
        raise ProjectError(f"The template must be one of {', '.join(templates)}, but got {name!r}.")
    return templates[name]


def _templates_folder() -> Path:
    """Give the folder: installed as ``dsf.templates``, or beside ``dsf/`` in a bare checkout."""
    try:
        return Path(str(resources.files("dsf.templates")))
    except ModuleNotFoundError:
        return Path(dsf.__file__).resolve().parents[1] / "templates"
