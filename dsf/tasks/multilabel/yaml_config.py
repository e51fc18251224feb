"""The YAML of a multi-label run, with one root key ``trainer_config``, as typed sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from dsf.core.config import TrainerConfig, load_config
from dsf.core.config.sections import Section
from dsf.core.config.value_types import PathText, Seed
from dsf.core.errors import Problem
from dsf.core.references import check_reference, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from dsf.core.config import Config

__all__ = ["COMPONENTS", "MultiLabelYaml", "read_yaml_config"]

COMPONENTS = "dsf.tasks.multilabel.components"
"""Package of the hooks that a run has where its YAML names no others."""

Positive = Annotated[int, Field(ge=1)]


def _ours(module: str, func: str) -> dict[str, str]:
    return {"module": f"{COMPONENTS}.{module}", "func": func}


def _kind_of_model(value: Any) -> str:
    return "reference" if isinstance(value, str) or is_reference(value) else "network"


class HookedSection(Section):
    """A section some of whose keys name functions or classes; each is looked up, none called."""

    hooks: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check that what is named is there, and takes the arguments that it is given."""
        return [
            problem
            for key in cls.hooks
            if values.get(key) is not None
            for problem in check_reference(values[key], where=key)
        ]


class PretrainedModelSection(Section):
    """The encoder."""

    path: str
    """A folder, a name on the hub, package:NAME/path or scratch:FOLDER."""
    kwargs: Annotated[dict[str, Any], Field(max_length=0)] | None = None
    """Must be empty: options of an encoder stand in its own config.json."""


class NetworkSection(HookedSection):
    """An encoder with a linear layer."""

    hooks = ("calculate_predictions",)

    pretrained_model: PretrainedModelSection
    dropout_prob: Annotated[float, Field(ge=0, lt=1)] = 0.1
    """Share of a text's vector to drop before the linear layer, while training."""
    hidden_size: Positive | None = None
    """Length of a text's vector: that of the encoder, which it must be if it is given."""
    num_classes: Positive | None = None
    """Number of labels, which it must be if it is given."""
    pooling: Literal["cls", "mean", "pooler"] = "pooler"
    """How the vectors of a text's tokens become one; without a pooler it is cls."""
    calculate_predictions: Any = Field(
        default_factory=lambda: _ours("predictions", "calculate_predictions")
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
    calculate_metrics: Any = Field(default_factory=lambda: _ours("metrics", "calculate_metrics"))
    """Takes labels, predictions and element (val or test), gives numbers by name."""
    optimizer: Any
    """Takes params."""
    define_loss: Any = Field(
        default_factory=lambda: _ours("loss", "bceloss_inverse_frequency_weighted")
    )
    """Takes the labels of all training rows, gives a function of scores and targets."""
    predict: Any = Field(default_factory=lambda: {"module": "torch", "func": "sigmoid"})
    """Turns scores into probabilities."""
    calculate_best_thresholds: Any = Field(
        default_factory=lambda: _ours("calculate_best_thresholds", "calculate_best_thresholds")
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


class TokenizerOptionsSection(Section):
    """What a tokenizer may be told."""

    add_special_tokens: Literal[True] = True
    """An encoder needs its special tokens."""
    padding: bool | Literal["max_length", "longest", "do_not_pad"] = False
    """Has no effect: there is no padding."""
    truncation: Literal[True, "longest_first", "only_first"] = True
    """A text that is too long loses its end."""


class TokenizerSection(Section):
    """How texts become tokens."""

    model_name: str | None = None
    """A name for it; not used."""
    path: str
    """As the path of the encoder."""
    max_length: Positive = 128
    """Most tokens of a text, special tokens included."""
    output_keys: Annotated[list[str], Field(min_length=1)] = Field(
        default_factory=lambda: ["input_ids", "attention_mask"]
    )
    """What a network of your own is given by name, of input_ids and attention_mask."""
    kwargs: TokenizerOptionsSection | None = None
    """What the tokenizer is told."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check that the keys are some that we make."""
        known = ("input_ids", "attention_mask", "token_type_ids")
        keys = values.get("output_keys", ())
        wrong = [key for key in keys if key not in known] if isinstance(keys, list) else []
        message = f"must be of {', '.join(known)}, not {wrong}"
        return [Problem("output_keys", message)] if wrong else []


class LoaderOptionsSection(Section):
    """How batches are loaded."""

    num_workers: Annotated[int, Field(ge=0)] = 0
    """Processes that load batches; 0 loads them in the main process."""


class DatasetSection(Section):
    """The batches."""

    batch_size: Positive = 32
    """Rows of a batch."""
    tokenizer_config: TokenizerSection
    kwargs: LoaderOptionsSection | None = None
    """How batches are loaded."""


class DataModuleSection(HookedSection):
    """The rows."""

    hooks = ("load_data", "process_data", "split")

    state_file: PathText | None = None
    """Keeps the rows as they were split; if it is there, they are taken from it."""
    dataset: DatasetSection
    load_data: Any
    """Takes nothing besides its kwargs, gives a table."""
    process_data: Any
    """Takes the table, gives one with texts and 0/1 labels."""
    split: Any = Field(
        default_factory=lambda: {
            **_ours("split_data", "split_data"),
            "kwargs": {"train_ratio": 0.8, "val_ratio": 0.1, "test_ratio": 0.1},
        }
    )
    """Takes the table, gives training, validation and test rows."""


class MlflowSection(Section, extra="allow"):
    """How the model is registered; kept for later."""

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
