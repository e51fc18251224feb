"""What a verdict is about, as the section ``comparison_config`` says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from dsf.metrics.comparing.verdict import Rule

__all__ = ["ComparisonRules"]

_RULES = ("superiority", "non_inferiority")


@dataclass(frozen=True)
class ComparisonRules:
    """How two models are judged.

    Attributes:
        metrics: What the verdict is about; ``None``: the main metric of the task.
        rule: What must be shown of each.
        margin: How much worse is still not worse, in units of the metric.
        alpha: Level below which a corrected p-value is called significant.
        slice_rule: What every slice must show, too; ``None``: slices decide nothing.
        smallest_slice: Rows that a slice must have to be compared.

    Raises:
        ConfigError: If they cannot be used; lists all that is wrong.
    """

    metrics: tuple[str, ...] | None = None
    rule: Rule = "superiority"
    margin: float = 0.01
    alpha: float = 0.05
    slice_rule: Rule | None = None
    smallest_slice: int = 30

    def __post_init__(self) -> None:
        problems = [*self._rule_problems(), *self._number_problems()]
        names = self.metrics
        if names is not None and not (_are_names(names) and names):
            message = f"must be names of metrics, at least one, but is {names!r}."
            problems.append(Problem("metrics", message))
        if problems:
            raise ConfigError("The models cannot be judged by such rules.", problems)

    def _rule_problems(self) -> list[Problem]:
        given = {"rule": self.rule}
        if self.slice_rule is not None:
            given["slice_rule"] = self.slice_rule
        return [
            Problem(
                name,
                f"must be one of {', '.join(_RULES)}, but is {value!r}."
                f"{did_you_mean(str(value), _RULES)}",
            )
            for name, value in given.items()
            if value not in _RULES
        ]

    def _number_problems(self) -> list[Problem]:
        smallest = self.smallest_slice
        whole = isinstance(smallest, int) and not isinstance(smallest, bool)
        checks = (
            ("margin", self.margin, _is_finite(self.margin) and self.margin >= 0,
             "must be a number of at least 0"),
            ("alpha", self.alpha, _is_finite(self.alpha) and 0 < self.alpha < 1,
             "must lie between 0 and 1"),
            ("smallest_slice", smallest, whole and smallest >= 1,
             "must be a whole number of at least 1"),
        )  # fmt: skip
        return [
            Problem(name, f"{law}, but is {value!r}.")
            for name, value, fits, law in checks
            if not fits
        ]


def _is_finite(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)


def _are_names(value: Any) -> bool:
    return isinstance(value, tuple | list) and all(isinstance(one, str) for one in value)
