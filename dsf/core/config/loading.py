"""From layers to one config that is checked and whole."""

from __future__ import annotations

import glob
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.config.environment import fill_environment
from dsf.core.config.named_objects import check_names, wanted_names
from dsf.core.config.near_misses import warn_near_misses
from dsf.core.config.overrides import read_environ, read_overrides
from dsf.core.config.schema import ProjectConfig
from dsf.core.config.sources import Layers, Sources
from dsf.core.config.tree import copy_tree, dotted
from dsf.core.config.validation import validate_config
from dsf.core.errors import ConfigError, Problem
from dsf.core.suggestions import did_you_mean
from dsf.core.yaml_file import read_yaml_file, show_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsf.core.config.sections import Section
    from dsf.core.yaml_text import KeyPath

__all__ = ["Config", "load_config", "resolve_config"]

ENV_VARIABLE = "DSF_ENV"
HEADLINE = "The config has problems:"

_EMPTY = "must hold the config, but is empty. If only defaults are wanted, write {}."
_ENV = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")


class Config(dict[str, Any]):
    """A resolved config: nested dicts and lists, every key of the schema there.

    Attributes:
        sources: Where each value was set.
    """

    def __init__(self, values: Mapping[str, Any], sources: Sources) -> None:
        super().__init__(values)
        self.sources = sources

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (dict(self), self.sources))

    def describe_sources(self) -> str:
        """Name the layers that the config was made of, the weakest first."""
        return " < ".join(["defaults", *self.sources.layers])


def load_config(
    path: Path | str,
    *,
    env: str | None = None,
    overrides: Sequence[str] = (),
    environ: Mapping[str, str] | None = None,
    schema: type[Section] = ProjectConfig,
) -> Config:
    """Load a config from its layers.

    From the weakest to the strongest: defaults of the schema, the file at ``path``, the file of
    the environment beside it (``config.<env>.yaml``), variables ``DSF__section__key``, overrides.
    Then ``${env:NAME}`` in values is filled from the environment. A key of your own that looks
    like another one misspelled is warned of.

    Args:
        path: A YAML file.
        env: Name of an environment; ``None``: what the variable ``DSF_ENV`` says, if it is set.
        overrides: ``"section.key=value"``, with an index for an item of a list
            (``"trainer_config.callbacks.0.init_args.patience=3"``). Values are YAML.
        environ: Environment variables; ``None``: those of the process.
        schema: What the config must look like.

    Raises:
        ConfigError: If anything is wrong; lists everything that is.
    """
    environ = os.environ if environ is None else environ
    overrides = [overrides] if isinstance(overrides, str) else overrides
    layers = Layers()
    problems = _add_files(layers, Path(path), env, environ, schema)
    readable = not problems
    for edits, found in (read_environ(environ), read_overrides(overrides)):
        problems += found
        if readable:
            problems += [problem for edit in edits if (problem := layers.add_edit(edit))]
    if not readable:  # what is missing in half of a config says nothing
        raise ConfigError(HEADLINE, problems)
    filled, unset = fill_environment(layers.tree, environ, layers.where_from)
    known = {problem.where for problem in unset}
    resolved, found = validate_config(filled, schema, layers.where_from)
    problems += [*unset, *(problem for problem in found if problem.where not in known)]
    names = [name for name in wanted_names(filled) if not _is_blamed(name[0], problems)]
    problems += check_names(names, layers.where_from)
    told = {problem.where for problem in problems}
    warn_near_misses(filled, schema, layers.where_from, layers.newcomers, told)
    if problems:
        raise ConfigError(HEADLINE, problems)
    return Config(resolved, layers.sources)


def resolve_config(
    mapping: Mapping[str, Any], schema: type[ProjectConfig] = ProjectConfig
) -> Config:
    """Check a config that was made or changed in Python, and fill in the defaults.

    Args:
        mapping: Nested; live objects are allowed where a reference is. It is not changed.
        schema: What the config must look like.

    Raises:
        ConfigError: If anything is wrong; lists everything that is.
    """
    data = _drop_empty(copy_tree(mapping), schema)
    resolved, problems = validate_config(data, schema, lambda *_: "")
    if not isinstance(mapping, Config):
        warn_near_misses(data, schema, told={problem.where for problem in problems})
    if problems:
        raise ConfigError(HEADLINE, problems)
    if isinstance(mapping, Config):
        return Config(resolved, mapping.sources)
    sources = Sources()
    sources.layers.append("Python")
    return Config(resolved, sources)


def _add_files(
    layers: Layers,
    path: Path,
    env: str | None,
    environ: Mapping[str, str],
    schema: type[Section],
) -> list[Problem]:
    """Lay the file and that of the environment; gives what keeps them from being read."""
    problems: list[Problem] = []
    wanted = [(path, "")]
    if name := env or environ.get(ENV_VARIABLE):
        note = f"(--env {name})" if env else f"({ENV_VARIABLE}={name})"
        beside = path.with_name(f"{path.stem}.{name}{path.suffix}") if _ENV.match(name) else None
        if beside is not None and beside.is_file():
            wanted.append((beside, note))
        else:
            problems.append(_no_environment(path, name, note))
    for one, note in wanted:
        try:
            file = read_yaml_file(one)
        except ConfigError as error:
            problems += error.problems
            continue
        if file.is_empty and not note:
            problems.append(Problem(file.name, _EMPTY))
        else:
            layers.add_file(file, _drop_empty(file.data, schema), note)
    return problems


def _no_environment(path: Path, name: str, note: str) -> Problem:
    """Say which environments there are, in place of the one that was named."""
    start = f"{path.stem}."
    found = sorted(path.parent.glob(f"{glob.escape(start)}*{glob.escape(path.suffix)}"))
    names = [file.stem.removeprefix(start) for file in found if file.stem.startswith(start)]
    files = ", ".join(show_path(file) for file in found) or "none"
    shown = name if _ENV.match(name) else "<name>"
    wanted = show_path(path.with_name(f"{start}{shown}{path.suffix}"))
    message = (
        f"the environment {name!r} must have a file {wanted}, but has none. "
        f"Files of environments here: {files}.{did_you_mean(name, names)}"
    )
    return Problem(note.strip("()"), message)


def _is_blamed(path: KeyPath, problems: Sequence[Problem]) -> bool:
    """Say whether something is known to be wrong with a value, or with what is in it."""
    where = dotted(path)
    return any(
        problem.where == where or problem.where.startswith(f"{where}.") for problem in problems
    )


def _drop_empty(data: dict[Any, Any], schema: type[Section]) -> dict[Any, Any]:
    """Leave out sections without a key: in YAML, such a section is null."""
    return {
        key: value
        for key, value in data.items()
        if value is not None or schema.child_section(key) is None
    }
