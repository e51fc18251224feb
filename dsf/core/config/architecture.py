"""What differs between two configs of a model, apart from how it is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.config.diff import ABSENT, Change, diff_configs
from dsf.core.config.freeze import freeze_config

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["architecture_changes", "list_labels"]

_TRAINING = frozenset(
    {
        *("learning_rate", "optimizer", "weight_decay", "schedule", "num_warmup_steps"),
        *("loss_function", "batch_size", "num_workers", "average", "seed", "deterministic"),
        *("save_last_model", "model_name", "max_length", "dropout", "recipe", "betas", "epsilon"),
        *("max_grad_norm", "warmup_share", "layer_decay", "freeze_layers", "reduce_embedding"),
        *("max_tokens", "batch_order", "loss", "loss_options", "threshold_grid"),
        *("threshold_search", "threshold_metric", "threshold_maximize", "tag_subtokens"),
        *("window_stride", "loader_options", "error_bars", "scheduler"),
    }
)
"""Keys of ``model_config`` that say how a network learns or is asked, not what it is."""

_LABELS = frozenset({"label_names", "num_classes", "label_counts", "train_rows", "tag_scheme"})
"""Keys that come from the rows: labels are compared by themselves."""

_INPUT = frozenset({"encoder", "tokenizer"})
"""Keys that say which numbers stand for which words."""


def architecture_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], *, whole: bool = True
) -> list[Change]:
    """List where two models are not the same network.

    A key of the project's own counts: nobody but the project knows what it does. One that only one
    of them has, and that is null there, does not.

    Args:
        old: ``model_config`` of the other model.
        new: The same of ours.
        whole: Whether all of the network matters; else only what its input means.

    Returns:
        In the order of the keys.
    """
    aside = _TRAINING | _LABELS
    changes = []
    for change in diff_configs(freeze_config(old), freeze_config(new)):
        key = change.path.partition(".")[0]
        nothing = {change.old, change.new} == {ABSENT, None} if _is_plain(change) else False
        if key not in aside and not nothing and (whole or key in _INPUT):
            changes.append(change)
    return changes


def list_labels(names: Any) -> list[list[Any]] | None:
    """Give the labels of each output in order; ``None`` if they are not known.

    Args:
        names: As ``model_config.label_names`` has them: a list, or one for each output.
    """
    if not names:
        return None
    return [list(one) for one in (names.values() if isinstance(names, dict) else [names])]


def _is_plain(change: Change) -> bool:
    """Whether both values can be put into a set."""
    return not any(isinstance(value, dict | list) for value in (change.old, change.new))
