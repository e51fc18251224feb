"""What a caller may change about answers, checked against the bundle."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import excerpt
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from dsf.core.bundle import BundleLabels

__all__ = ["Params"]

_NAMES = ("thresholds", "batch_size", "top_k")


@dataclass(frozen=True)
class Params:
    """How rows are answered, where it is not as the bundle says.

    Attributes:
        thresholds: Label → threshold from 0 to 1, of calibrated probabilities; what is not named
            keeps the bundle's.
        batch_size: Rows of a batch; ``None``: four times those of the fit.
        top_k: How many labels with their probabilities are given in place of all; ``None``: all.
    """

    thresholds: dict[str, float]
    batch_size: int | None = None
    top_k: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any] | None, labels: BundleLabels) -> Params:
        """Check what a caller gave.

        Args:
            given: ``thresholds`` (a number for all labels, or label → number), ``batch_size``,
                ``top_k``; what is absent or ``None`` is as the bundle says.
            labels: What the bundle answers.

        Raises:
            ConfigError: Lists all that cannot be used.
        """
        if given is not None and not isinstance(given, Mapping):
            message = f"must be a mapping such as {{'top_k': 3}}, but are {given!r}."
            raise ConfigError("The parameters cannot be used.", [Problem("params", message)])
        values = {name: value for name, value in (given or {}).items() if value is not None}
        problems = [
            Problem(str(name), f"must be one of {', '.join(_NAMES)}.{did_you_mean(name, _NAMES)}")
            for name in values
            if name not in _NAMES
        ]
        for name in ("batch_size", "top_k"):
            value = values.get(name, 1)
            if type(value) is not int or value < 1:
                problems.append(Problem(name, f"must be a whole number from 1, but is {value!r}."))
        if "top_k" in values and labels.kind == "tags":
            problems.append(Problem("top_k", "must be left out: each word has one tag."))
        thresholds = values.get("thresholds", {})
        problems += _threshold_problems(thresholds, labels)
        if problems:
            raise ConfigError("The parameters cannot be used.", problems)
        if not isinstance(thresholds, dict):
            thresholds = dict.fromkeys(labels.only, float(thresholds))
        numbers = {name: float(value) for name, value in thresholds.items()}
        return cls(numbers, values.get("batch_size"), values.get("top_k"))


def _threshold_problems(given: Any, labels: BundleLabels) -> list[Problem]:
    if given == {}:
        return []
    if labels.kind != "multilabel":
        message = "must be left out: only where a row may have several labels, each has one."
        return [Problem("thresholds", message)]
    if not isinstance(given, dict):
        return _number_problems("thresholds", given)
    unknown = [name for name in given if name not in labels.only]
    problems = []
    if unknown:
        message = f"must be of labels, {excerpt(labels.only, 20)}, but {excerpt(unknown)} are none."
        problems.append(Problem("thresholds", message))
    for name, value in given.items():
        problems += _number_problems(f"thresholds.{name}", value)
    return problems


def _number_problems(where: str, value: Any) -> list[Problem]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and math.isfinite(value) and 0 <= value <= 1:
        return []
    return [Problem(where, f"must be a number from 0 to 1, but is {value!r}.")]
