"""Which rows got two different answers, without writing any of them down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.tag_predictions import TagPredictions
from dsf.core.tagging import tags_to_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.core.predictions import Predictions

__all__ = ["find_differences"]


def find_differences(trained: AnyPredictions, existing: AnyPredictions) -> NDArray[np.bool_]:
    """Say which rows got two different answers, in any label, output, entity or tag.

    Args:
        trained: Answers of one model.
        existing: Those of another one of the same kind, to the same rows in the same order.

    Returns:
        Shape: ``(rows,)``.
    """
    if isinstance(trained, MultiOutputPredictions):
        assert isinstance(existing, MultiOutputPredictions)
        names = [name for name in trained.outputs if name in existing.outputs]
        each = [_of_one(trained.outputs[name], existing.outputs[name]) for name in names]
        more = len(names) < max(len(trained.outputs), len(existing.outputs))
        return np.asarray(np.any(each, axis=0)) | more
    if isinstance(trained, MultiLabelPredictions):
        assert isinstance(existing, MultiLabelPredictions)
        return _of_labels(trained, existing)
    if isinstance(trained, TagPredictions):
        assert isinstance(existing, TagPredictions)
        scheme = trained.scheme if trained.scheme == existing.scheme else None
        pairs = zip(trained.predictions, existing.predictions, strict=True)
        return np.array([_differ(mine, theirs, scheme) for mine, theirs in pairs], dtype=bool)
    assert not isinstance(existing, MultiOutputPredictions | MultiLabelPredictions | TagPredictions)
    return _of_one(trained, existing)


def _of_one(trained: Predictions, existing: Predictions) -> NDArray[np.bool_]:
    mine, theirs = np.asarray(trained.predictions), np.asarray(existing.predictions)
    if mine.dtype.kind != theirs.dtype.kind:  # a CSV has text where a table has numbers
        mine, theirs = mine.astype(str), theirs.astype(str)
    return np.asarray(mine != theirs, dtype=bool)


def _of_labels(
    trained: MultiLabelPredictions, existing: MultiLabelPredictions
) -> NDArray[np.bool_]:
    """Compare label by label; one that a model does not know is not answered by it."""
    mine, theirs = (
        dict(zip(map(str, side.labels), side.predictions.T.astype(bool), strict=True))
        for side in (trained, existing)
    )
    never = np.zeros(len(trained.row_ids), dtype=bool)
    differ = never.copy()
    for label in {**mine, **theirs}:
        differ |= mine.get(label, never) != theirs.get(label, never)
    return differ


def _differ(mine: Sequence[str], theirs: Sequence[str], scheme: str | None) -> bool:
    """Whether tags differ; where they have a scheme, whether their entities do."""
    if list(mine) == list(theirs):
        return False
    if scheme is None:
        return True
    return list(tags_to_spans(mine, scheme)) != list(tags_to_spans(theirs, scheme))
