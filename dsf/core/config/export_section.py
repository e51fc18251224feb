"""What leaves a run: a bundle, and a name for it in a registry."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dsf.core.config.sections import Section
from dsf.core.config.tracking_section import Tag
from dsf.core.config.value_types import PathText

__all__ = ["ExportConfig", "ModelName", "RegisterConfig"]

Text = Annotated[str, Field(min_length=1)]
# What MLflow takes, and what stays readable in models:/NAME/3 and models:/NAME@champion.
ModelName = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"^[^/:@.%\"'\s][^/:@%\"']*$")
]


class ExportConfig(Section):
    """The bundle that a run exports: all that is needed to answer."""

    enabled: bool | None = None
    """Whether a bundle is made; null: if the model can be one, else it is said and the run ends."""
    tolerance: float = Field(default=1e-4, gt=0, le=0.1, allow_inf_nan=False)
    """How far a probability of the bundle may lie from that of the test; else it is refused."""
    artifact_folder: PathText | None = None
    """Folder that gets a copy of the bundle, as bundle/ in it; relative to the project."""
    model_path: PathText | None = None
    """File that gets a copy of the network (.safetensors); relative to the project."""
    tokenizer_path: PathText | None = None
    """Folder that gets a copy of the tokenizer; relative to the project."""


class RegisterConfig(Section):
    """The name under which the bundle is registered, where the run is tracked."""

    name: ModelName | None = None
    """Name of the registered model; null: nothing is registered."""
    description: str | None = None
    """What people read about the version, in Markdown; null: its verdict."""
    tags: dict[Text, Tag] = Field(default_factory=dict)
    """Tags of the version."""
    tolerance: float = Field(default=1e-4, gt=0, le=0.1, allow_inf_nan=False)
    """How far a probability of the registered model, loaded back, may lie from the bundle's."""
