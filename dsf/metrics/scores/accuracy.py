"""Share of the answers that are exactly right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.metrics.answers.outputs import OutputAnswers
from dsf.metrics.label_counts import divide
from dsf.metrics.scores.of_labels import of_all
from dsf.metrics.statistics.outputs import Outputs

if TYPE_CHECKING:
    from dsf.metrics.answers.answers import Answers
    from dsf.metrics.answers.label_sums import LabelSums
    from dsf.metrics.statistics.statistic import Statistic

__all__ = ["accuracy"]


def accuracy(answers: Answers) -> Statistic:
    """Share of the rows answered right, in all labels and all outputs; of tags, of the tokens.

    Args:
        answers: Of any kind.
    """
    whole = of_all(answers, _share)
    if isinstance(answers, OutputAnswers):
        return Outputs({name: accuracy(one) for name, one in answers.outputs.items()}, whole)
    return whole


def _share(sums: LabelSums):  # type: ignore[no-untyped-def]
    return divide(sums.right, sums.units)
