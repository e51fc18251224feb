"""Whether the existing model that a config names is there, before anything is computed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dsf.base.steps import FIT, FIT_FILE
from dsf.core.bundle_manifest import MANIFEST_FILE
from dsf.core.config.eval_section import REFERENCES
from dsf.core.endpoints import check_token
from dsf.core.errors import ConfigError, Problem
from dsf.core.references import check_reference, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["check_existing_model", "find_trained_model"]

_SECTION = "eval_config"
_WANTED = {
    "bundle": f"the folder of a bundle (with {MANIFEST_FILE})",
    "checkpoint": f"a run with a trained model ({FIT.folder}/{FIT_FILE}) or the file of one",
    "file": "a CSV or Parquet file",
}


def check_existing_model(config: Mapping[str, Any], root: Path) -> None:
    """Check, before anything is computed, that what ``eval_config`` names is there.

    A step that comes long after would find it missing only when the model has been trained.

    Args:
        config: The resolved config.
        root: Folder of the project, which paths are relative to.

    Raises:
        ConfigError: If a file, a run, a function or a token is not there; lists all.
    """
    problems = list(_find_missing(config[_SECTION], root))
    if problems:
        raise ConfigError("The existing model (eval_config) could not be asked.", problems)


def find_trained_model(run: Path) -> Path | None:
    """Give the file of the model that a run has trained; ``None`` if there is none."""
    fit = run / FIT.folder / FIT_FILE
    if not fit.is_file():
        return None
    model = fit.parent / str(json.loads(fit.read_text(encoding="utf-8"))["model"])
    return model if model.is_file() else None


def _find_missing(section: Mapping[str, Any], root: Path) -> Iterator[Problem]:
    named = section.get("incumbent")
    if named is None:
        return  # its other keys are the project's own
    if isinstance(named, str) and named in _WANTED:
        path = root / section["path"]
        if not _is_there(named, path):
            message = f"must be {_WANTED[named]}, relative to {root}, but {path} is none."
            yield Problem(f"{_SECTION}.path", message)
    elif named == "http" and section.get("token_env"):
        yield from check_token(section["token_env"], f"{_SECTION}.token_env")
    for key in ("incumbent", *REFERENCES):
        given = section.get(key)
        # What is no reference is a short name, or a live function.
        if is_reference(given):
            yield from check_reference(given, where=f"{_SECTION}.{key}")


def _is_there(named: str, path: Path) -> bool:
    if named == "bundle":
        return (path / MANIFEST_FILE).is_file()
    return path.is_file() or (named == "checkpoint" and find_trained_model(path) is not None)
