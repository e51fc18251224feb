"""Labels that one of two models alone answers and that are true of no row: slips in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.predictions import Predictions
from dsf.metrics.comparing.known_labels import KnownLabels, tell_lone

if TYPE_CHECKING:
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["remark_on_lone_answers"]


def remark_on_lone_answers(trained: AnyPredictions, existing: AnyPredictions) -> list[str]:
    """Say, in sentences, which labels one model alone answers that are true of no row.

    A file does not list its labels. What stands in one of two is taken to be known to both, so that
    a slip in one of them would else go unnoticed. Labels that one model alone knows are told by
    :func:`dsf.metrics.join_predictions`.

    Args:
        trained: What the new model answered.
        existing: What the existing one answered.
    """
    if isinstance(trained, MultiOutputPredictions) and isinstance(existing, MultiOutputPredictions):
        return [
            f"{output}: {note}"
            for output in trained.outputs.keys() & existing.outputs.keys()
            for note in remark_on_lone_answers(trained.outputs[output], existing.outputs[output])
        ]
    if not (isinstance(trained, Predictions) and isinstance(existing, Predictions)):
        return []  # labels with columns of their own, and tags, are listed
    mine, theirs = KnownLabels.of("trained", trained), KnownLabels.of("existing", existing)
    return [*_tell(mine, theirs), *_tell(theirs, mine)]


def _tell(mine: KnownLabels, theirs: KnownLabels) -> list[str]:
    strange = mine.answered & set(theirs.labels)
    strange -= mine.true | theirs.true | theirs.answered
    alone = [label for label in mine.labels if label in strange]
    return [tell_lone(mine, alone)] if alone else []
