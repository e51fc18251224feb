"""The config of a run that began with a multi-label YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from dsf.core.config import DatasetConfig, Section
from dsf.core.config.value_types import PathText  # noqa: TC001  pydantic reads it
from dsf.core.errors import Problem
from dsf.tasks.config import TextModelConfig, TextProjectConfig

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["MultiLabelRunConfig"]

Positive = Annotated[int, Field(ge=1)]


class ErrorBarsSection(Section):
    """How far rates could lie from what was measured."""

    n_iterations: Positive = 1000
    """How often the rows are drawn again."""
    percentile: Annotated[float, Field(gt=0, lt=100)] = 2.5
    """Lower end of the bars; the upper one is as far from 100."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check that the bars have two ends."""
        if values.get("percentile") == 50:
            yield Problem("percentile", "must not be 50: both ends of the bars would be one")


class LoaderOptions(Section):
    """How batches are loaded."""

    pin_memory: bool = True
    """Whether batches are put where a GPU gets them fastest; without a GPU they are not."""
    prefetch_factor: Positive | None = None
    """Batches that each loading process is ahead; null: torch's own number."""


class MultiLabelModelConfig(TextModelConfig):
    """A text model whose parts may be replaced by references."""

    tokenizer: str | None = None
    """Where the tokenizer comes from; null: from the encoder."""
    hidden_size: Positive | None = None
    """What the encoder must have; null: any."""
    output_keys: list[str] = Field(default_factory=list)
    """What a network of one's own is given by name."""
    encoder_options: dict[str, float] = Field(default_factory=dict)
    """Values in place of those in the encoder's own config."""
    loader_options: LoaderOptions = Field(default_factory=LoaderOptions)
    """How batches are loaded."""
    error_bars: ErrorBarsSection = Field(default_factory=ErrorBarsSection)
    hooks: dict[str, Any] = Field(default_factory=dict)
    """Hook → reference to what stands in the place of ours."""


class MultiLabelDatasetConfig(DatasetConfig):
    """Rows whose reading and splitting may be replaced by references."""

    state_file: PathText | None = None
    """Keeps the rows as they were split; if it is there, they are taken from it."""
    hooks: dict[str, Any] = Field(default_factory=dict)
    """Hook → reference to what stands in the place of ours."""


class MultiLabelRunConfig(TextProjectConfig):
    """Everything that such a run may set."""

    model_section: MultiLabelModelConfig = Field(
        default_factory=MultiLabelModelConfig, alias="model_config"
    )
    dataset_config: MultiLabelDatasetConfig = Field(default_factory=MultiLabelDatasetConfig)
