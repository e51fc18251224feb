"""From a template and answers to a folder that is complete or not there."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dsf import __version__
from dsf.core.atomic import WORK_SUFFIX
from dsf.core.errors import ProjectError, StorageError
from dsf.core.names import name_project

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["complete_answers", "render_project"]

# What imports, runs and checks leave in a template's folder.
_LITTER = ("__pycache__", "*.py[co]", ".*_cache", "training_output")
_STALE = 3600.0  # seconds after which a left-over of a killed call cannot be in use


def complete_answers(answers: Mapping[str, str]) -> dict[str, str]:
    """Add the variables that are made from others and are never asked for.

    Raises:
        ProjectError: If ``answers["project_name"]`` is not an allowed name.
    """
    names = name_project(answers["project_name"])
    return {
        **answers,
        "package_name": names.package_name,
        "class_prefix": names.class_prefix,
        "dsf_version": __version__,
    }


def render_project(template: Path, answers: Mapping[str, str], output_dir: Path) -> Path:
    """Write the project ``answers["project_name"]`` into ``output_dir``.

    It is written to a hidden folder there and renamed when it is complete.

    Args:
        template: Folder with a ``cookiecutter.json``.
        answers: Variable → answer, as :func:`complete_answers` gives them. Variables of the
            template that are not there get their defaults.
        output_dir: Made when absent.

    Returns:
        The project's folder.

    Raises:
        ProjectError: If the folder exists already, or would lie elsewhere.
        StorageError: If it cannot be written.
    """
    target = output_dir.resolve() / answers["project_name"]
    if target.parent != output_dir.resolve():
        raise ProjectError(f"The project must lie in {output_dir}, but {target} does not.")
    _refuse_existing(target)
    try:
        output_dir.mkdir(parents=True, exist_ok=True)
        _remove_stale(target)
        with tempfile.TemporaryDirectory(
            prefix=f".{target.name}.", suffix=WORK_SUFFIX, dir=output_dir
        ) as work:
            rendered = _render(template, answers, Path(work))
            _refuse_existing(target)
            rendered.rename(target)
    except OSError as error:
        raise StorageError(
            f"{error.filename or target} must be writable, but: {error.strerror or error}. "
            "No project was made. Make room, or choose another place with --output-dir."
        ) from error
    return target


def _render(template: Path, answers: Mapping[str, str], work: Path) -> Path:
    """Let cookiecutter render below ``work``; nothing of it may touch the user's home."""
    from cookiecutter.main import cookiecutter  # type: ignore[import-untyped]

    # A copy, because pip compiles the Python files of an installed template, and cookiecutter
    # would put what it left into the project.
    copy = work / "template" / template.name
    for folder in (template, *_overlays(template, answers)):
        litter = shutil.ignore_patterns(*_LITTER)
        shutil.copytree(folder, copy, ignore=litter, dirs_exist_ok=True)
    config = work / "cookiecutter.yaml"
    places = {"replay_dir": "replay", "cookiecutters_dir": "cookiecutters"}
    config.write_text(
        "".join(f'{key}: "{(work / place).as_posix()}"\n' for key, place in places.items()),
        encoding="utf-8",
    )
    rendered = cookiecutter(
        str(copy),
        no_input=True,
        extra_context=dict(answers),
        output_dir=str(work / "output"),
        config_file=str(config),
        accept_hooks=False,
    )
    return Path(rendered)


def _overlays(template: Path, answers: Mapping[str, str]) -> list[Path]:
    """Find the folders whose files come over those of the template, for the chosen task."""
    variables = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
    choices = variables.get("task")
    first = choices[0] if isinstance(choices, list) else choices
    chosen = answers.get("task", first)
    names = variables.get("_overlays", {}).get(chosen, [])
    return [template.parent / "overlays" / name for name in names]


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise ProjectError(
            f"{target} must not exist, but does. Nothing is ever overwritten: choose another name, "
            "or another place with --output-dir."
        )


def _remove_stale(target: Path) -> None:
    """Remove what a call that was killed by force left behind."""
    for folder in target.parent.glob(f".{target.name}.*{WORK_SUFFIX}"):
        if time.time() - folder.stat().st_mtime > _STALE:
            shutil.rmtree(folder, ignore_errors=True)
