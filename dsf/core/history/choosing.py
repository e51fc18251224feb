"""Which runs are shown, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.errors import UserError
from dsf.core.history.moments import read_moment
from dsf.core.history.values import check_known, find_value
from dsf.core.measures import is_number
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dsf.core.history.conditions import Condition
    from dsf.core.history.run_summary import RunSummary

__all__ = ["NO_VERDICT", "Choice", "sort_runs"]

NO_VERDICT = "none"
"""Stands for runs that were not compared."""


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see; each that is given must hold, and what is empty holds always.

    Attributes:
        statuses: Any of these.
        tasks: Any of these.
        verdicts: Any of these; :data:`NO_VERDICT` for runs without one.
        since: Created then or later.
        conditions: All of these.
    """

    statuses: Sequence[str] = ()
    tasks: Sequence[str] = ()
    verdicts: Sequence[str] = ()
    since: datetime | None = None
    conditions: Sequence[Condition] = ()

    def filter(self, runs: Sequence[RunSummary]) -> list[RunSummary]:
        """Keep the runs that are wanted, in their order.

        Raises:
            UserError: If a task or a key is named that none of the runs has.
        """
        self._check_tasks(runs)
        check_known((one.key for one in self.conditions), runs, "--where")
        return [run for run in runs if self._holds(run)]

    def _holds(self, run: RunSummary) -> bool:
        task = run.record.task if run.record else None
        return (
            (not self.statuses or run.status in self.statuses)
            and (not self.tasks or task in self.tasks)
            and (not self.verdicts or (run.verdict or NO_VERDICT) in self.verdicts)
            and (self.since is None or _is_since(run, self.since))
            and all(condition.holds(run) for condition in self.conditions)
        )

    def _check_tasks(self, runs: Sequence[RunSummary]) -> None:
        known = list(dict.fromkeys(run.record.task for run in runs if run.record))
        wrong = [name for name in self.tasks if known and name not in known]
        if wrong:
            hints = "".join(did_you_mean(name, known) for name in wrong)
            raise UserError(
                f"--task must be one that a run has learned: {', '.join(known)}; not "
                f"{', '.join(wrong)}.{hints}"
            )


def sort_runs(runs: Sequence[RunSummary], by: str, *, ascending: bool = False) -> list[RunSummary]:
    """Put runs in order; those without the value come last, equal ones stay as they were.

    Args:
        runs: The runs.
        by: Name of a value, as :func:`dsf.core.history.find_value` knows it; ``created`` is read
            as a moment.
        ascending: The smallest or oldest first, in place of the largest or newest.
    """
    keys = {id(run): _sort_key(run, by) for run in runs}
    there = [run for run in runs if keys[id(run)] is not None]
    if by == "created" and ascending:
        there.reverse()  # newest first is how they come: of two in a second, too
    there.sort(key=lambda run: keys[id(run)], reverse=not ascending)
    return [*there, *(run for run in runs if keys[id(run)] is None)]


def _is_since(run: RunSummary, since: datetime) -> bool:
    created = read_moment(run.record.created) if run.record else None
    return created is not None and created >= since


def _sort_key(run: RunSummary, by: str) -> Any:
    """Give what can be compared with that of every other run: numbers stand before texts."""
    value = find_value(run, by)
    if by == "created":
        moment = read_moment(value) if isinstance(value, str) else None
        value = moment.timestamp() if moment else None
    if value is None or value != value:  # nan has no place in an order
        return None
    return (0, float(value), "") if is_number(value) else (1, 0.0, str(value))
