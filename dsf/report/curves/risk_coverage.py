"""How often a model is wrong if it may keep silent where it is least sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.report.curves.ranking_curves import Curve

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["risk_coverage_curve"]


def risk_coverage_curve(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> Curve | None:
    """Give the share of wrong answers among the surest ones, for each share of them.

    Answers that are equally sure are given or withheld together. The area is the mean risk over
    all coverages, the smaller the better.

    Source: El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification",
    https://www.jmlr.org/papers/v11/el-yaniv10a.html; the area: Geifman, Uziel and El-Yaniv 2019,
    https://arxiv.org/abs/1805.08206.

    Args:
        sure: How sure the model is of each answer. Shape: ``(answers,)``.
        right: Whether the answer is right. Shape: ``(answers,)``.

    Returns:
        Coverage and risk, both from 0 to 1; ``None`` if there is no answer.
    """
    if not len(sure):
        return None
    order = np.argsort(-sure, kind="stable")
    ranked = sure[order]
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    wrong = np.cumsum(~right[order])[last]
    given = last + 1.0
    coverage, risk = given / len(sure), wrong / given
    area = float(np.sum(np.diff(coverage, prepend=0.0) * risk))
    return Curve(coverage, risk, area)
