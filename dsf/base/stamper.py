"""What would decide a step's result now: its part of the config, its files, its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dsf.base.named_files import hash_file, list_texts, names_file
from dsf.base.project_code import hash_code
from dsf.base.stamp import Stamp
from dsf.base.starting_point import SOURCE_KEY
from dsf.base.steps import INERT_KEYS
from dsf.base.warm_start import hash_warm_start
from dsf.core.config import diff_configs, freeze_config, hash_config, read_frozen_config
from dsf.core.errors import RunNotFoundError
from dsf.core.hashing import hash_files, hash_value
from dsf.core.run_folder import CONFIG_FILE

if TYPE_CHECKING:
    from dsf.base.main import Main
    from dsf.base.steps import Step
    from dsf.core.run_folder import RunFolder

__all__ = ["Stamper"]

_WARM_START = SOURCE_KEY.partition(".")[0]


class Stamper:
    """Makes the stamps of steps for one config in one run.

    Args:
        project: Names the project's classes.
        config: The resolved config.
        run: The run.
    """

    def __init__(self, project: Main, config: Mapping[str, Any], run: RunFolder) -> None:
        self._project = project
        self._run = run.path
        self._root = project.project_dir()
        self._config = config
        self._frozen = freeze_config(config)

    def make(self, step: Step, inputs: Mapping[str, str] | None = None) -> Stamp:
        """Make the stamp of a step; equal keys, equal results.

        Args:
            step: What is to be done.
            inputs: Hashes of what it reads from outside the run.

        Raises:
            RunNotFoundError: If a file that it reads is not there.
        """
        missing = [name for name in step.reads if not (self._run / name).is_file()]
        if missing:
            raise RunNotFoundError(
                f"{self._run}: {step.name} reads {missing}, which must be here, but are not."
            )
        config = self.hash_config(step)
        decisive: dict[str, Any] = {
            "config": config,
            "files": hash_files([self._run / name for name in step.reads], self._run),
            "named": self._hash_named_files(step),
            "inputs": dict(inputs or {}),
        }
        if step.is_decided_by(SOURCE_KEY):
            decisive["warm_start"] = hash_warm_start(self._config, self._root, self._run)
        key = hash_value(decisive)
        return Stamp(step.name, key, config, dict(inputs or {}), self.hash_code(step))

    def hash_config(self, step: Step) -> str:
        """Hash the part of the config that decides a step."""
        sections = {section: _pick(self._frozen, section) for section in step.sections}
        return hash_config(_nest(sections), ignore=INERT_KEYS)

    def hash_code(self, step: Step) -> dict[str, str]:
        """Hash the project's files that do a step."""
        classes = [getattr(self._project, name) for name in step.classes]
        return hash_code(classes, self._root)

    def list_changes(self, step: Step) -> str:
        """List what differs in a step's config from what the run was made with, one a line."""
        old = read_frozen_config(self._run / CONFIG_FILE)
        changes = [
            change for change in diff_configs(old, self._frozen) if step.is_decided_by(change.path)
        ]
        return "\n".join(f"  - {change.path}: {change.old} -> {change.new}" for change in changes)

    def _hash_named_files(self, step: Step) -> dict[str, str]:
        """Hash the files that a step's config names: an existing model, say."""
        named = {
            text
            for section in step.sections
            if section != _WARM_START  # what it names counts in its own way
            for path, text in list_texts(_pick(self._frozen, section), section)
            if path not in INERT_KEYS and names_file(self._root, text)
        }
        return {name: hash_file(self._root / name) for name in sorted(named)}


def _pick(config: Mapping[str, Any], path: str) -> Any:
    value: Any = config
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Put dotted paths back into sections, so that they can be named by dotted paths again."""
    nested: dict[str, Any] = {}
    for path, value in flat.items():
        *sections, last = path.split(".")
        place = nested
        for name in sections:
            place = place.setdefault(name, {})
        place[last] = value
    return nested
