"""The answers of both models on the rows that both answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["Paired", "pair_predictions"]


class Paired(NamedTuple):
    """Two models on the same rows in the same order.

    Attributes:
        trained: Answers of the trained model.
        existing: Answers of the existing one.
    """

    trained: AnyPredictions
    existing: AnyPredictions


def pair_predictions(trained: AnyPredictions, existing: AnyPredictions) -> Paired | None:
    """Put the answers of the existing model into the order of the trained one's.

    Rows that only one of them answered are left out: what is drawn of both must be of the same
    rows.

    Returns:
        ``None`` if they are of different kinds or have no row in common.
    """
    if type(trained) is not type(existing):
        return None
    mine, theirs = pd.Index(trained.row_ids), pd.Index(existing.row_ids)
    if mine.inferred_type != theirs.inferred_type:  # a CSV has numbers where a table has text
        mine, theirs = mine.astype(str), theirs.astype(str)
    places = theirs.get_indexer(mine)
    both = np.flatnonzero(places >= 0)
    if not len(both):
        return None
    if len(both) == len(mine) == len(theirs) and np.array_equal(places, np.arange(len(mine))):
        return Paired(trained, existing)
    return Paired(trained.take(both), existing.take(places[both]))
