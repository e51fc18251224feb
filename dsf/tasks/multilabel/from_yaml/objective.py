"""What is learned, with the config's own functions in the places where it names any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dsf.lightning.objectives import MultiLabelObjective
from dsf.metrics import apply_thresholds, best_thresholds
from dsf.metrics.thresholds import threshold_options
from dsf.tasks.multilabel.components.metrics import calculate_metrics
from dsf.tasks.multilabel.from_yaml.hooks import Hook
from dsf.tasks.parts.labels import build_objective

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["find_hook", "make_objective"]

_LOSSES = ("loss", "epoch_loss")


def make_objective(
    model_config: Mapping[str, Any],
    metrics_config: Mapping[str, Any],
    train_labels: Callable[[], NDArray[np.float32]],
) -> MultiLabelObjective:
    """Put loss, thresholds and metrics together.

    Args:
        model_config: Section of the config, with what the data says filled in.
        metrics_config: Section of the config.
        train_labels: Gives 0 or 1 for every label of all training rows; called only for a loss
            of one's own. Shape: ``(rows, labels)``.

    Raises:
        HookRaisedError: If a hook fails.
        HookResultError: If the loss cannot be called.
    """
    loss = _own_loss(model_config, train_labels)
    ours = build_objective(model_config, metrics_config)
    predict = find_hook(model_config, "predict")
    return MultiLabelObjective(
        ours.loss_function if loss is None else loss,
        ours.labels,
        metrics_config,
        model_config["average"],
        predict=torch.sigmoid if predict is None else predict,
        find_thresholds=_thresholds(model_config),
        decide=_decision(model_config),
        more_numbers=_numbers(model_config),
    )


def find_hook(model_config: Mapping[str, Any], name: str) -> Hook | None:
    """Give the function that the config puts in the place of ours; ``None`` if it does not."""
    reference = model_config["hooks"].get(name)
    return None if reference is None else Hook(reference, f"model_config.hooks.{name}")


def _own_loss(
    model_config: Mapping[str, Any], train_labels: Callable[[], NDArray[np.float32]]
) -> Any:
    hook = find_hook(model_config, "define_loss")
    if hook is None:
        return None
    loss = hook(labels=torch.from_numpy(train_labels()))
    if not callable(loss):
        raise hook.wrong(f"must give a function of scores and targets, but gave {loss!r}")
    return loss


def _thresholds(model_config: Mapping[str, Any]) -> Callable[..., Any]:
    hook = find_hook(model_config, "calculate_best_thresholds")
    labels = len(model_config["label_names"])

    def find(targets: NDArray[np.int8], probabilities: NDArray[np.float64]) -> Any:
        if hook is None:
            return best_thresholds(targets, probabilities, **threshold_options(model_config))
        found = np.asarray(_plain(hook(labels=targets, probabilities=probabilities)), dtype=float)
        if found.shape not in ((labels,), ()) or not ((found >= 0) & (found <= 1)).all():
            raise hook.wrong(f"must give {labels} numbers between 0 and 1, but gave {found}")
        return np.broadcast_to(found, (labels,)).copy()

    return find


def _decision(model_config: Mapping[str, Any]) -> Callable[..., Any]:
    hook = find_hook(model_config, "calculate_predictions")
    if hook is None:
        return apply_thresholds

    def decide(probabilities: NDArray[np.float64], thresholds: NDArray[np.float64]) -> Any:
        answers = np.asarray(_plain(hook(probabilities=probabilities, thresholds=thresholds)))
        if answers.shape != probabilities.shape or not np.isin(answers, (0, 1)).all():
            shape = f"shape {probabilities.shape}, but gave {answers.dtype} of {answers.shape}"
            raise hook.wrong(f"must give 0 or 1 in {shape}")
        return answers.astype(np.int8)

    return decide


def _numbers(model_config: Mapping[str, Any]) -> Callable[..., Mapping[str, float]]:
    hook, bars = find_hook(model_config, "calculate_metrics"), model_config["error_bars"]

    def measure(
        phase: str, targets: NDArray[np.int8], answers: NDArray[np.int8]
    ) -> dict[str, float]:
        if hook is None:
            ours = calculate_metrics(targets, answers, phase, **bars)
            return {name.removeprefix(f"{phase}_"): one for name, one in ours.items()}
        return _own_numbers(hook, phase, hook(labels=targets, predictions=answers, element=phase))

    return measure


def _own_numbers(hook: Hook, phase: str, given: Any) -> dict[str, float]:
    """Check what a function of one's own measured, and name it without the phase."""
    if not isinstance(given, Mapping):
        raise hook.wrong(f"must give numbers by name, but gave {given!r}")
    numbers = {}
    for name, one in given.items():
        short, value = str(name).removeprefix(f"{phase}_"), np.asarray(_plain(one))
        if short in _LOSSES:
            taken = f"{phase}_{short} is the mean of the loss, which may choose the best model"
            raise hook.wrong(f"must not give a number {name!r}, but did: {taken}. Rename it")
        if value.shape != () or value.dtype.kind not in "biuf":
            raise hook.wrong(f"must give numbers by name, but gave {one!r} as {name!r}")
        numbers[short] = float(value)
    return numbers


def _plain(value: Any) -> Any:
    return value.detach().cpu().numpy() if isinstance(value, Tensor) else value
