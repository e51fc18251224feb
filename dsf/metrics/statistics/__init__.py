"""Numbers of rows as functions of how often each row counts: what every metric comes down to."""

from __future__ import annotations

from dsf.metrics.statistics.draws import Draws
from dsf.metrics.statistics.looped import Looped
from dsf.metrics.statistics.number import HEADLINE, Number
from dsf.metrics.statistics.outputs import Outputs
from dsf.metrics.statistics.ranked import Ranked
from dsf.metrics.statistics.ranking import Ranking
from dsf.metrics.statistics.rankings import Rankings
from dsf.metrics.statistics.row_kinds import RowKinds
from dsf.metrics.statistics.statistic import Statistic
from dsf.metrics.statistics.summed import Summed

__all__ = [
    "HEADLINE",
    "Draws",
    "Looped",
    "Number",
    "Outputs",
    "Ranked",
    "Ranking",
    "Rankings",
    "RowKinds",
    "Statistic",
    "Summed",
]
