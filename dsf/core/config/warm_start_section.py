"""What a fit begins with, if not with a fresh model."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dsf.core.config.sections import Section
from dsf.core.config.value_types import PathText

__all__ = ["WarmStartConfig"]


class WarmStartConfig(Section):
    """Weights of another model that the fit begins with; nothing else of it."""

    source: PathText | None = None
    """A version of this project (v3), the folder of a run, the file of a model or a folder with
    model.safetensors; null: a fresh model."""
    parts: Annotated[list[str], Field(min_length=1)] | None = None
    """Beginnings of the names of the weights to take, such as encoder; null: all of them."""
    allow_differences: bool = False
    """Whether weights that the source has not, or in another shape, may begin at random."""
