"""A plain word for what the interval of a difference says, and whether a rule is passed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from dsf.core.excerpts import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsf.metrics.comparing.differences import Difference

__all__ = [
    "FEWEST_UNITS",
    "VERDICTS",
    "Rule",
    "Verdict",
    "VerdictWord",
    "fewest_units",
    "judge_difference",
    "passes",
    "tell_reason",
    "worst",
]

VerdictWord: TypeAlias = Literal["better", "not worse", "undecided", "worse"]

VERDICTS: tuple[VerdictWord, ...] = ("better", "not worse", "undecided", "worse")
"""From the best to the worst."""

FEWEST_UNITS = 6
"""Rows, or clusters, below which nothing can be shown: if all five favour one of two equal models,
that is chance once in 16 times (the sign test, on both sides)."""

_UNSEEN = 0.025
_MOST_MISSING = 0.05

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
        failing_slices: Slices that do not pass the rule for slices, if there is one.
    """

    verdict: VerdictWord
    reason: str
    passed: bool
    rule: Rule
    margin: float
    metrics: dict[str, VerdictWord] = field(default_factory=dict)
    failing_slices: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Give plain values."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "passed": self.passed,
            "rule": self.rule,
            "margin": self.margin,
            "metrics": dict(self.metrics),
            "failing_slices": list(self.failing_slices),
        }


def judge_difference(difference: Difference, margin: float) -> VerdictWord:
    """Say what the interval of a difference shows.

    ``better`` if all of it is above 0; else ``not worse`` if all of it is above ``-margin``; else
    ``worse`` if all of it is below 0; else ``undecided``. A model and its copy are ``not worse``.

    Samples cannot show what the rows do not have. So it is ``undecided``, too, if there are fewer
    than :data:`FEWEST_UNITS` rows or clusters, too few samples to have such ends, or many samples
    without the metric; and nothing is ``not worse`` on fewer than :func:`fewest_units` rows or
    clusters: losses of that size could go unseen.

    Source: Piaggio et al. 2012, "Reporting of Noninferiority and Equivalence Randomized Trials",
    https://doi.org/10.1001/jama.2012.87802, figure 1.

    Args:
        difference: Of one metric.
        margin: In units of the metric; not negative.
    """
    _, lower, upper = difference.gain
    if difference.same_answers:
        return "not worse"
    if _doubt(difference):
        return "undecided"
    if lower > 0:
        return "better"
    if lower > -margin and not _too_few(difference, margin):
        return "not worse"
    return "worse" if upper < 0 else "undecided"


def fewest_units(margin: float) -> int:
    """Count the rows that it takes to rule out a loss which none of them shows.

    If a model loses on the share ``margin`` of all rows, it does on none of n with the chance
    ``(1 - margin) ** n``; it takes so many that this is at most 2.5 %.

    Source: Hanley and Lippman-Hand 1983, "If Nothing Goes Wrong, Is Everything All Right?",
    https://doi.org/10.1001/jama.1983.03330370053031.

    Args:
        margin: In units of the metric; above 0.
    """
    return 1 if margin >= 1 else math.ceil(math.log(_UNSEEN) / math.log1p(-margin))


def _too_few(difference: Difference, margin: float) -> bool:
    return difference.units is not None and difference.units < fewest_units(margin)


def _doubt(difference: Difference) -> str:
    """Say why no interval of these rows shows anything; empty if it may."""
    units, missing = difference.units, difference.missing_samples
    if units is not None and units < FEWEST_UNITS:
        few = count(units, "cluster") if difference.of_clusters else "so few rows"
        return f"{few} cannot show which model is better: it takes {FEWEST_UNITS} at least"
    if difference.samples_needed:
        return (
            "an interval of so few samples shows nothing: it takes "
            f"{difference.samples_needed} at least (bootstrap_config.n_iterations)"
        )
    if missing > _MOST_MISSING:
        return f"{100 * missing:.0f} % of the samples do not have it: it rests on too few rows"
    return ""


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
        values += ", and so is that of the existing model, whichever rows are drawn"
        return values if word == "not worse" else f"{values}{_explain(difference, word, margin)}"
    return (
        f"{values} against {difference.existing:.4f}, and the difference lies between "
        f"{lower:+.4f} and {upper:+.4f}{_explain(difference, word, margin)}"
    )


def _words(metric: str) -> str:
    """Write a metric's name inside a sentence: ``macro_f1`` becomes ``macro F1``."""
    short = r"\b(f(?=\d)|roc|auc|mcc|fpr|tpr|fnr|tnr)(?![a-z])"
    return re.sub(short, lambda found: found[0].upper(), metric.replace("_", " "))


def _explain(difference: Difference, word: VerdictWord, margin: float) -> str:
    if word == "better":
        return ", all of it a gain"
    if word == "worse":
        return ", all of it a loss"
    if word == "not worse":
        return f": a gain is not shown, but a loss of {margin:g} or more is ruled out"
    if doubt := _doubt(difference):
        return f"; {doubt}"
    _, lower, upper = difference.gain
    if lower > -margin:
        units = fewest_units(margin)
        what = "clusters" if difference.of_clusters else "rows"
        return (
            f"; a loss of {margin:g} that these {what} never show is ruled out by {units:,} {what}"
        )
    limit = f" by {margin:g} or more" if margin else ""
    may = f"may be better, or worse{limit}" if upper > 0 else f"may be worse{limit}"
    return f", so that it {may}: more rows would tell"
