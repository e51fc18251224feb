"""Losses by name."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from torch import nn

from dsf.core.errors import ConfigError, Problem
from dsf.core.references import is_reference, resolve
from dsf.core.suggestions import did_you_mean
from dsf.losses.binary_cross_entropy import BinaryCrossEntropy
from dsf.losses.class_balanced_focal import ClassBalancedFocal
from dsf.losses.cross_entropy import CrossEntropy
from dsf.losses.inverse_frequency_bce import InverseFrequencyBCE
from dsf.losses.loss import Loss

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LOSSES", "build_loss"]

LOSSES: dict[str, type[Loss]] = {
    "bce": BinaryCrossEntropy,
    "class_balanced_focal": ClassBalancedFocal,
    "cross_entropy": CrossEntropy,
    "inverse_frequency_bce": InverseFrequencyBCE,
}
"""Name in the config → class."""

_FROM_DATA = {"counts", "rows"}


def build_loss(name: str, *, kind: str, counts: Sequence[int], rows: int, **options: Any) -> Loss:
    """Make the loss of that name for a data set.

    Args:
        name: A name in :data:`LOSSES`, or a reference to a loss of your own, such as
            ``trainer.losses:MyLoss``.
        kind: ``"single"`` or ``"multilabel"``: what the task's targets are.
        counts: How many training rows have each label, in label order.
        rows: How many training rows there are.
        **options: The loss's own, such as ``label_smoothing``, or ``beta`` and ``gamma``.

    Raises:
        ConfigError: If there is no such loss, it is for other targets, or it does not take these
            options.
        BadReferenceError: If a reference leads nowhere, or out of the allowed packages.
    """
    loss = _find_own(name, kind) if is_reference(name) else _find(name, kind)
    taken = _list_options(loss)
    problems = [
        Problem(
            f"loss option {key!r}",
            f"{name} takes {', '.join(taken) or 'no options'}.{did_you_mean(key, taken)}",
        )
        for key in sorted(options)
        if taken is not None and key not in taken
    ]
    if problems:
        raise ConfigError("The loss cannot be made.", problems)
    try:
        return loss.from_counts(counts, rows, **options)
    except TypeError as error:
        given = ", ".join(options) or "none"
        why = f"{name} cannot be made with {given}: {error}."
        raise ConfigError("The loss cannot be made.", [Problem("loss options", why)]) from error


def _find(name: str, kind: str) -> type[Loss]:
    fitting = sorted(key for key, loss in LOSSES.items() if loss.kind == kind)
    if name not in fitting:
        hint = did_you_mean(str(name), fitting)
        known = ", ".join(fitting)
        why = f"with {kind} targets it must be one of {known}, not {name!r}.{hint}"
        raise ConfigError("The loss cannot be made.", [Problem("loss", why)])
    return LOSSES[name]


def _find_own(reference: str, kind: str) -> type[Loss]:
    found: Any = resolve(reference, where="loss")
    if not (isinstance(found, type) and issubclass(found, Loss)):
        why = (
            f"{reference} must be a subclass of dsf.losses.Loss, but is none. Write one around it."
        )
        raise ConfigError("The loss cannot be made.", [Problem("loss", why)])
    own = getattr(found, "kind", None)
    if own != kind:
        why = f"with {kind} targets it must have kind {kind!r}, but {reference} has {own!r}."
        raise ConfigError("The loss cannot be made.", [Problem("loss", why)])
    return found


def _list_options(loss: Any) -> list[str] | None:
    """List what the constructor and ``from_counts`` take by name; ``None``: only they know."""
    own = [*inspect.signature(loss).parameters.values()]
    if loss.__init__ is nn.Module.__init__:  # it takes anything, and refuses it
        own = []
    if any(one.kind is one.VAR_KEYWORD for one in own):
        return None
    own += inspect.signature(loss.from_counts).parameters.values()
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return sorted({one.name for one in own if one.kind in by_name} - _FROM_DATA)
