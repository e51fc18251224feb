"""A plain word for what the interval of a difference says, and whether a rule is passed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsf.metrics.comparing.differences import Difference

__all__ = ["VERDICTS", "Rule", "Verdict", "VerdictWord", "judge_difference", "passes", "worst"]

VerdictWord: TypeAlias = Literal["better", "not worse", "undecided", "worse"]

VERDICTS: tuple[VerdictWord, ...] = ("better", "not worse", "undecided", "worse")
"""From the best to the worst."""

Rule: TypeAlias = Literal["superiority", "non_inferiority"]


@dataclass(frozen=True)
class Verdict:
    """What a comparison comes to.

    Attributes:
        verdict: One of :data:`VERDICTS`; of several metrics the worst.
        reason: Why, in a sentence.
        passed: Whether the rule is passed, in every slice too if slices have one.
        rule: What had to be shown.
        margin: How much worse is still not worse.
        metrics: Each metric that it is about and its word.
    """

    verdict: VerdictWord
    reason: str
    passed: bool
    rule: Rule
    margin: float
    metrics: dict[str, VerdictWord] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Give plain values."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "passed": self.passed,
            "rule": self.rule,
            "margin": self.margin,
            "metrics": dict(self.metrics),
        }


def judge_difference(difference: Difference, margin: float) -> VerdictWord:
    """Say what the interval of a difference shows.

    ``better`` if all of it is above 0; else ``not worse`` if all of it is above ``-margin``; else
    ``worse`` if all of it is below 0; else ``undecided``.

    Source: Piaggio et al. 2012, "Reporting of Noninferiority and Equivalence Randomized Trials",
    https://doi.org/10.1001/jama.2012.87802, figure 1.

    Args:
        difference: Of one metric.
        margin: In units of the metric; not negative.
    """
    _, lower, upper = difference.gain
    if lower > 0:
        return "better"
    if lower > -margin:
        return "not worse"
    return "worse" if upper < 0 else "undecided"


def passes(word: VerdictWord, rule: Rule) -> bool:
    """Whether a verdict passes a rule."""
    return word == "better" or (rule == "non_inferiority" and word == "not worse")


def worst(words: Sequence[VerdictWord]) -> VerdictWord:
    """Give the worst of several verdicts: what holds of all of them."""
    return max(words, key=VERDICTS.index)


def tell_reason(
    differences: Mapping[str, Difference],
    words: Mapping[str, VerdictWord],
    margin: float,
    rows: int,
) -> str:
    """Say in a sentence why the verdict is what it is.

    Args:
        differences: Metrics that the verdict is about.
        words: Their verdicts.
        margin: As of the verdict.
        rows: How many rows were compared.
    """
    told = "; ".join(
        _tell(name, difference, words[name], margin) for name, difference in differences.items()
    )
    return f"On {rows} rows, {told}."


def _tell(name: str, difference: Difference, word: VerdictWord, margin: float) -> str:
    values = f"{name} is {difference.trained:.4f} against {difference.existing:.4f}"
    ends = f"the difference lies between {difference.lower:+.4f} and {difference.upper:+.4f}"
    limit = margin if difference.less_is_better else -margin
    why = {
        "better": "all of it on the better side of 0",
        "not worse": f"all of it on the better side of the margin of {limit:+g}, but not of 0",
        "worse": "all of it on the worse side of 0",
        "undecided": f"from beyond the margin of {limit:+g} to the better side of 0: it takes more "
        "rows to tell",
    }
    return f"{values}: {ends}, {why[word]}"
