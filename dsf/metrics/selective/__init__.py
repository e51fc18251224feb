"""When a model keeps still: below which confidence it does not answer."""

from __future__ import annotations

from dsf.metrics.selective.abstention import Abstention
from dsf.metrics.selective.choosing import choose_abstention
from dsf.metrics.selective.confidence import row_confidence

__all__ = ["Abstention", "choose_abstention", "row_confidence"]
