"""The sections of a multi-label YAML that say what the model is and how it learns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from dsf.core.config.sections import Section
from dsf.core.references import check_reference, is_reference
from dsf.tasks.multilabel.from_yaml.hooked_section import HookedSection, name_component

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dsf.core.errors import Problem

__all__ = ["LightningModuleSection"]

Positive = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, lt=1)]


def _kind_of_model(value: Any) -> str:
    return "reference" if isinstance(value, str) or is_reference(value) else "network"


class EncoderOptionsSection(Section):
    """Values in place of those in the encoder's own config; it must have them."""

    only_given = True

    attention_dropout: Share | None = None
    """Share of attention to drop while training."""
    attention_probs_dropout_prob: Share | None = None
    """The same, as BERT and its kin call it."""
    dropout: Share | None = None
    """Share of activations to drop while training."""
    embedding_dropout: Share | None = None
    """Share of the embeddings to drop while training."""
    hidden_dropout_prob: Share | None = None
    """Share of activations to drop while training, as BERT and its kin call it."""
    mlp_dropout: Share | None = None
    """Share of activations within a feed-forward block to drop while training."""


class PretrainedModelSection(Section):
    """The encoder."""

    path: str
    """A folder, a name on the hub, package:NAME/path or scratch:FOLDER."""
    kwargs: EncoderOptionsSection | None = None
    """How it is to differ from its own config: its dropout. All else is as it was trained."""


class NetworkSection(HookedSection):
    """An encoder with a linear layer."""

    hooks = ("calculate_predictions",)

    pretrained_model: PretrainedModelSection
    dropout_prob: Share = 0.1
    """Share of a text's vector to drop before the linear layer, while training."""
    hidden_size: Positive | None = None
    """Length of a text's vector: that of the encoder, which it must be if it is given."""
    num_classes: Positive | None = None
    """Number of labels, which it must be if it is given."""
    pooling: Literal["cls", "mean", "pooler"] = "pooler"
    """How the vectors of a text's tokens become one; without a pooler it is cls."""
    calculate_predictions: Any = Field(
        default_factory=lambda: name_component("predictions", "calculate_predictions")
    )
    """Takes probabilities and thresholds, gives 0 or 1 for each label."""


class LightningModuleSection(HookedSection):
    """The model, and how it learns."""

    hooks = (
        *("calculate_metrics", "optimizer", "define_loss", "predict"),
        *("calculate_best_thresholds", "calculate_predictions"),
    )

    model_name: str = "TMLC"
    """Name of the model; the report shows it."""
    model: Annotated[
        Annotated[NetworkSection, Tag("network")] | Annotated[Any, Tag("reference")],
        Discriminator(_kind_of_model),
    ]
    """An encoder with a linear layer, or a reference to a network of your own."""
    calculate_metrics: Any = Field(
        default_factory=lambda: name_component("metrics", "calculate_metrics")
    )
    """Takes labels, predictions and element (val or test), gives numbers by name."""
    optimizer: Any
    """Takes params."""
    define_loss: Any = Field(
        default_factory=lambda: name_component("loss", "bceloss_inverse_frequency_weighted")
    )
    """Takes the labels of all training rows, gives a function of scores and targets."""
    predict: Any = Field(default_factory=lambda: {"module": "torch", "func": "sigmoid"})
    """Turns scores into probabilities."""
    calculate_best_thresholds: Any = Field(
        default_factory=lambda: name_component(
            "calculate_best_thresholds", "calculate_best_thresholds"
        )
    )
    """Takes labels and probabilities of the validation rows, gives a threshold for each label."""
    calculate_predictions: Any = None
    """As that of the model, where the model is a reference."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check also the model, where it is a reference."""
        model = values.get("model")
        problems = [*super().check_together(values)]
        if model is not None and _kind_of_model(model) == "reference":
            problems += check_reference(model, where="model")
        return problems
