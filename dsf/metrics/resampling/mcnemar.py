"""Whether one of two models is right more often than the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import bdtr

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["mcnemar_p_value"]


def mcnemar_p_value(first: ArrayLike, second: ArrayLike) -> float:
    """Test whether two models are right equally often, on the rows that only one gets right.

    If they were, each would be the right one in half of these rows. The test is the exact one, of
    the binomial distribution, two-sided.

    Source: McNemar 1947, https://doi.org/10.1007/BF02295996; for classifiers Dietterich 1998,
    https://doi.org/10.1162/089976698300017197.

    Args:
        first: Whether one model is right. Shape: ``(rows,)``.
        second: Whether the other one is. Shape: ``(rows,)``.

    Returns:
        From 0 to 1; 1 where both are right on the same rows.
    """
    one, other = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    only_one, only_other = int((one & ~other).sum()), int((~one & other).sum())
    discordant = only_one + only_other
    if not discordant:
        return 1.0
    # Both tails of a binomial of one half are alike.
    return min(1.0, 2 * float(bdtr(min(only_one, only_other), discordant, 0.5)))
