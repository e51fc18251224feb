"""The predictions of two models on the same rows, brought into the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import count, excerpt
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.row_matching import comparable_ids
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics.comparing.labels import share_labels
from dsf.metrics.comparing.truth import truth_problems

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["JoinedPredictions", "join_predictions"]

_HEADLINE = "The two models cannot be compared."


class JoinedPredictions(NamedTuple):
    """Two models on the same rows, with the same labels.

    Attributes:
        trained: What the new model answered.
        existing: What the existing one answered, in the same order.
        notes: What had to be done for that, in sentences for people.
    """

    trained: AnyPredictions
    existing: AnyPredictions
    notes: list[str]


def join_predictions(
    trained: AnyPredictions, existing: AnyPredictions, *, common_rows: bool = False
) -> JoinedPredictions:
    """Join two models' predictions by row id.

    The order of the rows may differ, and a model may know labels that the other does not: it
    never answers them then, and that counts.

    Args:
        trained: What the new model answered.
        existing: What the existing one answered.
        common_rows: Whether rows that only one of them answered are left out, not refused.

    Raises:
        DataError: If the kinds differ, a row was answered by one alone, there is no row in
            common, or they do not agree on the truth; names the rows.
    """
    if type(trained) is not type(existing):
        message = (
            f"must be of one kind, but the trained model gives {_kind(trained)} and the existing "
            f"one {_kind(existing)}."
        )
        raise DataError(_HEADLINE, [Problem("predictions", message)])
    first, second, notes = _match_rows(trained, existing, common_rows=common_rows)
    trained, existing = trained.take(first), existing.take(second)
    trained, existing, more = share_labels(trained, existing)
    if problems := truth_problems(trained, existing):
        raise DataError(_HEADLINE, problems)
    return JoinedPredictions(trained, existing, notes + more)


def _match_rows(
    trained: AnyPredictions, existing: AnyPredictions, *, common_rows: bool
) -> tuple[NDArray[np.intp], NDArray[np.intp], list[str]]:
    """Find the places of the same rows on both sides, in the order of the first."""
    mine, theirs = comparable_ids(trained.row_ids, existing.row_ids)
    places = theirs.get_indexer(mine)
    alone, other = mine[places < 0], theirs.difference(mine, sort=False)
    both = np.flatnonzero(places >= 0)
    problems = [
        Problem(
            "rows",
            f"must be answered by both models, but {count(len(rows), 'row')} "
            f"{'was' if len(rows) == 1 else 'were'} answered by the {name} model alone: "
            f"{excerpt(rows)}. Let both answer the same rows, or compare those in common alone: "
            "--common-rows (common_rows in Python).",
        )
        for name, rows in (("trained", alone), ("existing", other))
        if len(rows)
    ]
    if not len(both):
        examples = (
            f"must be some that both models answered, but there are none: the ids of the trained "
            f"model are like {excerpt(trained.row_ids, 1)}, those of the existing one like "
            f"{excerpt(existing.row_ids, 1)}."
        )
        problems = [Problem("rows", examples)]
    if problems and not (common_rows and len(both)):
        raise DataError(_HEADLINE, problems)
    notes = []
    if problems:
        notes.append(
            f"Only the {count(len(both), 'row')} that both models answered are compared; the "
            f"trained model answered {len(alone)} more, the existing one {len(other)}."
        )
    return both, places[both], notes


def _kind(predictions: AnyPredictions) -> str:
    if isinstance(predictions, MultiOutputPredictions):
        return "one label of each of several outputs"
    if isinstance(predictions, MultiLabelPredictions):
        return "any number of labels a row"
    return "a tag for each token" if isinstance(predictions, TagPredictions) else "one label a row"
