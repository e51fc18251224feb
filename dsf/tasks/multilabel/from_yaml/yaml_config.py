"""The YAML of a multi-label run, with one root key ``trainer_config``, as typed sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from dsf.core.config import TrainerConfig, load_config
from dsf.core.config.sections import Section
from dsf.core.config.value_types import Seed
from dsf.core.references import check_reference
from dsf.tasks.multilabel.from_yaml.yaml_data import DataModuleSection
from dsf.tasks.multilabel.from_yaml.yaml_model import LightningModuleSection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from dsf.core.config import Config
    from dsf.core.errors import Problem

__all__ = ["MultiLabelYaml", "read_yaml_config"]


class MlflowSection(Section, extra="allow"):
    """How the model is registered, and where its files are written as well."""

    artifact_folder: str | None = None
    """Folder of the files."""
    model_path: str | None = None
    """File of the exported network."""
    tokenizer_path: str | None = None
    """Folder of the tokenizer."""
    description: str | None = None
    """What people read about the version."""
    tags: dict[str, Any] = Field(default_factory=dict)
    """Tags of the version."""


class TrainerPartSection(Section):
    """All of a run."""

    seed: Seed = 42
    """Starts every random number."""
    kwargs: TrainerConfig | None = None
    """Arguments of pl.Trainer."""
    config_path: str | None = None
    """Not used: the file is known."""
    mlflow_config: MlflowSection | None = None
    callbacks: list[Any] = Field(default_factory=list)
    """References to callbacks."""
    loggers: list[Any] = Field(default_factory=list)
    """References to loggers."""
    lightning_module_config: LightningModuleSection
    data_module_config: DataModuleSection

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check that callbacks and loggers are there, and take what they are given."""
        return [
            problem
            for key in ("callbacks", "loggers")
            if isinstance(values.get(key), list)
            for index, item in enumerate(values[key])
            for problem in check_reference(item, where=f"{key}.{index}")
        ]


class MultiLabelYaml(Section):
    """The whole file."""

    trainer_config: TrainerPartSection


def read_yaml_config(path: Path, overrides: Sequence[str] = ()) -> Config:
    """Read and check a YAML file, with all that it names looked up.

    Args:
        path: The file.
        overrides: ``"trainer_config.seed=7"``, as of :func:`dsf.core.config.load_config`.

    Raises:
        ConfigError: If anything is wrong; lists everything that is, with its line.
    """
    return load_config(path, overrides=overrides, schema=MultiLabelYaml)
