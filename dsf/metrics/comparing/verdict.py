"""A plain word for what the interval of a difference says, and whether a rule is passed."""

from __future__ import annotations

import re
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
    number = "the only row" if rows == 1 else f"{rows:,} rows"
    return f"{_HEADS[worst(list(words.values()))]}: on {number}, {told}."


_HEADS: dict[VerdictWord, str] = {
    "better": "The trained model is better",
    "not worse": "The trained model is not worse",
    "undecided": "It cannot be told which model is better",
    "worse": "The trained model is worse",
}


def _tell(name: str, difference: Difference, word: VerdictWord, margin: float) -> str:
    less = " (less is better)" if difference.less_is_better else ""
    values = f"its {_words(name)}{less} is {difference.trained:.4f}"
    lower, upper = difference.lower, difference.upper
    if lower == upper == difference.difference == 0:
        return f"{values}, and so is that of the existing model, whichever rows are drawn"
    return (
        f"{values} against {difference.existing:.4f}, and the difference lies between "
        f"{lower:+.4f} and {upper:+.4f}{_explain(word, margin)}"
    )


def _words(metric: str) -> str:
    """Write a metric's name inside a sentence: ``macro_f1`` becomes ``macro F1``."""
    short = r"\b(f(?=\d)|roc|auc|mcc|fpr|tpr|fnr|tnr)(?![a-z])"
    return re.sub(short, lambda found: found[0].upper(), metric.replace("_", " "))


def _explain(word: VerdictWord, margin: float) -> str:
    if word == "better":
        return ", all of it a gain"
    if word == "worse":
        return ", all of it a loss"
    if word == "not worse":
        return f": a gain is not shown, but a loss of {margin:g} or more is ruled out"
    limit = f" by {margin:g} or more" if margin else ""
    return f", so that it may be better, or worse{limit}: more rows would tell"
