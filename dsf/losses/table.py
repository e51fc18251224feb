"""Losses by name."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.suggestions import did_you_mean
from dsf.losses.binary_cross_entropy import BinaryCrossEntropy
from dsf.losses.class_balanced_focal import ClassBalancedFocal
from dsf.losses.cross_entropy import CrossEntropy
from dsf.losses.inverse_frequency_bce import InverseFrequencyBCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.losses.loss import Loss

__all__ = ["LOSSES", "build_loss"]

LOSSES: dict[str, type[Loss]] = {
    "bce": BinaryCrossEntropy,
    "class_balanced_focal": ClassBalancedFocal,
    "cross_entropy": CrossEntropy,
    "inverse_frequency_bce": InverseFrequencyBCE,
}
"""Name in the config → class."""

_FROM_DATA = {"counts", "rows", "self"}


def build_loss(name: str, *, kind: str, counts: Sequence[int], rows: int, **options: Any) -> Loss:
    """Make the loss of that name for a data set.

    Args:
        name: A name in :data:`LOSSES`.
        kind: ``"single"`` or ``"multilabel"``: what the task's targets are.
        counts: How many training rows have each label, in label order.
        rows: How many training rows there are.
        **options: The loss's own, such as ``label_smoothing``, or ``beta`` and ``gamma``.

    Raises:
        ConfigError: If there is no such loss, it is for other targets, or it has no such option.
    """
    fitting = sorted(key for key, loss in LOSSES.items() if loss.kind == kind)
    if name not in fitting:
        hint = did_you_mean(str(name), fitting)
        known = ", ".join(fitting)
        why = f"with {kind} targets it must be one of {known}, not {name!r}.{hint}"
        raise ConfigError("The loss cannot be made.", [Problem("loss", why)])
    taken = sorted(set(inspect.signature(LOSSES[name]).parameters) - _FROM_DATA)
    if "args" in taken or "kwargs" in taken:  # a constructor that is nn.Module's own
        taken = []
    problems = [
        Problem(
            f"loss option {key!r}",
            f"{name} takes {', '.join(taken) or 'no options'}.{did_you_mean(key, taken)}",
        )
        for key in sorted(set(options) - set(taken))
    ]
    if problems:
        raise ConfigError("The loss cannot be made.", problems)
    return LOSSES[name].from_counts(counts, rows, **options)
