"""One model's answers next to the truth, as the arrays that metrics are computed from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dsf.metrics.statistics.row_kinds import RowKinds

__all__ = ["Answers"]


class Answers(ABC):
    """What a model answered on rows, and what is true of them.

    All that is computed is kept, so that metrics share it.

    Attributes:
        kind: ``single``, ``multi_output``, ``multilabel``, ``tags`` or ``entities``.
        labels: What is counted, in the order of all arrays.
        row_ids: Identity of each row. Shape: ``(rows,)``.
        predictions: What they were made of.
    """

    kind: ClassVar[str]
    labels: Sequence[Any]
    row_ids: NDArray[Any]
    predictions: Any

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.row_ids)

    @cached_property
    @abstractmethod
    def label_sums(self) -> RowKinds:
        """What each row adds to the counts of :mod:`dsf.metrics.answers.label_sums`."""
